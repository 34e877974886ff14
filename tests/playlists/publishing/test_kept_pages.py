"""Pages that a person changed: kept when they are published again, where nobody but the office sees them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli import main
from playlists.publishing import setting
from templates.type import webfont
from tests.playlists.factories import write_workspace

WEEK = ("--week", "2026-W48")
PAGES = ("county.pdf", "county.png", "index.html", *(f"station-01.{kind}" for kind in ("html", "pdf", "png")))


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Planned; typesetting and fonts take long and matter to nobody here."""
    monkeypatch.setattr(setting, "typeset_all", lambda sheets: (one.where.encode() for one in sheets))
    monkeypatch.setattr(webfont, "make_fonts", lambda _: {}.items())
    root = write_workspace(tmp_path)
    run(root, "schedule", "plan", *WEEK)
    return root


def run(workspace: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--lang", "en", *arguments, "--workspace", str(workspace)])


def test_pages_changed_by_hand_are_kept_outside_of_what_is_published(workspace: Path) -> None:
    folder, edited = workspace / "published" / "2026-W48", workspace / "edited" / "2026-W48"
    run(workspace, "publish", *WEEK)
    assert "by hand" not in run(workspace, "publish", *WEEK).stderr
    page, poster = folder / "station-01.html", folder / "station-01.pdf"
    page.write_text("improved", encoding="utf-8")
    poster.write_bytes(b"drawn")
    again = run(workspace, "publish", *WEEK)
    told = next(line for line in again.stderr.splitlines() if "station-01.html" in line)
    assert told.endswith("what stood in it is kept as edited/2026-W48/station-01.html.bak")
    assert {path.name: path.read_bytes() for path in edited.iterdir()} == {
        "station-01.html.bak": b"improved",
        "station-01.pdf.bak": b"drawn",
    }
    assert set(PAGES) <= {path.name for path in folder.iterdir()}
    assert poster.read_bytes() == b"station-01"
    assert not list(folder.glob("*.bak"))


def test_a_changed_page_of_a_venue_that_is_gone_is_kept_and_removed(workspace: Path) -> None:
    folder = workspace / "published" / "2026-W48"
    run(workspace, "publish", *WEEK)
    (folder / "station-01.html").write_text("improved", encoding="utf-8")
    venues = workspace / "venues.csv"
    lines = venues.read_text(encoding="utf-8").splitlines(keepends=True)
    venues.write_text("".join(line for line in lines if "station-01" not in line), encoding="utf-8")
    run(workspace, "publish", *WEEK)
    assert not list(folder.glob("station-01.*"))
    assert (workspace / "edited" / "2026-W48" / "station-01.html.bak").read_text(encoding="utf-8") == "improved"
