"""A draft says so on everything and publishes nothing; a week with a day of mourning has no colour."""

from __future__ import annotations

import json
import re
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli import main
from courseware.lessons.settings import Office
from courseware.lessons.workspace import open_workspace
from playlists.publishing import setting
from playlists.publishing.digest import digest_week
from playlists.publishing.pages import page_rules, plan_venue
from playlists.schedules.schedule import Schedule, load_schedule
from templates.pages.looks import picture_of, poster_of
from templates.pages.typeset import typeset
from templates.pages.week import Edition
from templates.type import webfont
from tests.playlists.factories import write_workspace
from tests.playlists.publishing.test_site import set_quickly

WEEK = ("--week", "2026-W48")
MOURNING = '[[closed]]\nvenues = "*"\nfrom = 2026-11-27\nto = 2026-11-27\nreason = "全国哀悼日"\n'


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A planned week; typesetting and fonts take long."""
    monkeypatch.setattr(setting, "typeset_all", set_quickly)
    monkeypatch.setattr(webfont, "make_fonts", lambda _: ((face.url, b"font") for face in webfont.FACES))
    root = write_workspace(tmp_path)
    assert run(root, "schedule", "plan", *WEEK).exit_code == 0
    return root


def run(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--lang", "en", *arguments, "--workspace", str(root)])


def kept(root: Path) -> Schedule:
    return load_schedule(root / "schedules" / "2026-W48" / "square-01.json")


def test_a_draft_says_so_on_every_file_and_nothing_is_published_by_it(root: Path) -> None:
    done = run(root, "publish", *WEEK, "--draft", "--json")
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    home = root / "drafts" / "2026-W48"
    names = {Path(one).relative_to(home).as_posix() for one in document["files"]}
    assert {"index.html", "square-01.html", "square-01.pdf", "square-01.png", "towns/江北镇.pdf"} <= names
    for name in names:
        content = (home / name).read_text("utf-8")
        if name.endswith(".html"):
            assert '<p class="draft"><b>草稿</b>' in content
        elif name.endswith((".pdf", ".png")):
            assert '"draft": true' in content
    assert not (root / "published").exists()
    assert not (root / "schedules" / "2026-W48" / "published").exists()


def test_a_draft_is_made_anew_as_a_whole_and_only_of_what_is_asked_for(root: Path) -> None:
    assert run(root, "publish", *WEEK, "--draft").exit_code == 0
    assert run(root, "publish", *WEEK, "--draft", "--venue", "square-01", "--only", "posters").exit_code == 0
    home = root / "drafts" / "2026-W48"
    assert {path.suffix for path in home.rglob("*") if path.is_file()} == {".pdf"}
    assert not (home / "station-01.pdf").exists()
    assert "no such schedule" in run(root, "publish", "--week", "2026-W50", "--draft").output


def test_what_is_published_bears_neither_draft_nor_grey(root: Path) -> None:
    assert run(root, "publish", *WEEK).exit_code == 0
    page = (root / "published" / "2026-W48" / "square-01.html").read_text("utf-8")
    assert "草稿" not in page
    assert '<html lang="zh-CN">' in page


def test_a_week_with_a_day_of_mourning_is_grey_on_pages_posters_and_pictures(root: Path) -> None:
    (root / "calendar.toml").write_text(MOURNING, encoding="utf-8")
    assert run(root, "schedule", "plan", *WEEK).exit_code == 0
    assert run(root, "publish", *WEEK).exit_code == 0
    home = root / "published" / "2026-W48"
    for name in ("square-01.html", "index.html", "towns/江北镇.html"):
        assert '<html lang="zh-CN" class="grey">' in (home / name).read_text("utf-8"), name
    for name in ("square-01.pdf", "county.png", "towns/江北镇.pdf"):
        assert '"grey": true' in (home / name).read_text("utf-8"), name


def test_a_grey_picture_has_no_colour_and_a_draft_poster_prints_its_mark(root: Path) -> None:
    from PIL import Image
    from pypdf import PdfReader

    schedule = kept(root)
    digest = digest_week(schedule, None)
    settings = page_rules("2026-W48", _office(root), ())
    grey = plan_venue(schedule, Edition(1, ""), settings, digest.model_copy(update={"grey": True}))
    with Image.open(BytesIO(typeset(picture_of(grey)))) as picture:
        colours = picture.convert("RGB").getcolors(1 << 24) or []
    assert colours
    assert all(max(rgb) - min(rgb) <= 2 for _, rgb in colours if isinstance(rgb, tuple))
    draft = plan_venue(schedule, Edition(1, ""), page_rules("2026-W48", _office(root), (), draft=True), digest)
    pages = PdfReader(BytesIO(typeset(poster_of(draft)))).pages
    assert all("草稿" in re.sub(r"\s", "", page.extract_text()) for page in pages)


def _office(root: Path) -> Office:
    return open_workspace(root).settings.office
