"""The office's sheets on the desk: problems beside the row, nothing written over, nothing typed lost."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from starlette.testclient import TestClient

from desk.county.registers import PAGE
from tests.desk.conftest import browser_of, desk_on
from tests.playlists.factories import write_workspace

REQUESTS = """\
点播登记表
场所,课件,日期,点播人,备注
square-01,lesson-001,2026-11-20,张三,电话
square-01,没有的课件,2026-11-21,李四,
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    found = write_workspace(tmp_path, (31, 31))
    (found / "requests.csv").write_text(REQUESTS, encoding="gb18030")
    return found


@pytest.fixture
def browser(root: Path) -> TestClient:
    return browser_of(desk_on(root, root))


def form_of(page: str) -> dict[str, object]:
    """What the browser would send of the page as it stands."""
    body = page.partition("data-unsaved>")[2]
    fields: dict[str, object] = dict(re.findall(r'name="(version|page|width)" value="([^"]*)"', body))
    fields["row"] = re.findall(r'name="row" value="([^"]*)"', body)
    return {**fields, **dict(re.findall(r'<input name="([^"]*)" value="([^"]*)"', body))}


def test_what_is_wrong_stands_beside_its_row(browser: TestClient) -> None:
    page = browser.get("/tables/requests").text
    wrong = page.partition('id="wrong-3"')[2].partition("</tr>")[0]
    assert "没有的课件" in wrong
    assert 'id="wrong-2"' not in page
    assert re.findall(r'<input name="([^"]+)"[^>]*aria-invalid', page) == ["3-1"]
    assert 'value="电话"' in page


def test_rows_are_changed_added_and_taken_away_and_the_rest_stays(browser: TestClient, root: Path) -> None:
    form = form_of(browser.get("/tables/requests").text)
    form |= {
        "3-1": "lesson-000",
        "gone": ["2"],
        "new3-0": "square-02",
        "new3-1": "=lesson-001",
        "new3-2": "2026-11-22",
    }
    answer = browser.post("/tables/requests", data=form)
    assert "requests.csv.bak" in answer.text
    assert (root / "requests.csv.bak").read_text(encoding="gb18030") == REQUESTS
    assert (root / "requests.csv").read_text(encoding="utf-8-sig") == (
        "点播登记表\n场所,课件,日期,点播人,备注\nsquare-01,lesson-000,2026-11-21,李四,\nsquare-02,'=lesson-001,2026-11-22,,\n"
    )
    again = browser.post("/tables/requests", data=form_of(browser.get("/tables/requests").text))
    assert again.status_code == 303
    assert not (root / "requests.csv.2.bak").exists()


def test_the_second_of_two_is_told_and_keeps_what_was_typed(browser: TestClient, root: Path) -> None:
    form = form_of(browser.get("/tables/requests").text)
    meanwhile = REQUESTS.replace("张三", "赵六")
    (root / "requests.csv").write_text(meanwhile, encoding="gb18030")
    answer = browser.post("/tables/requests", data={**form, "3-1": "我写的"})
    assert answer.status_code == 422
    assert "somebody else has changed it" in answer.text
    assert 'value="我写的"' in answer.text
    assert (root / "requests.csv").read_text(encoding="gb18030") == meanwhile


def test_a_sheet_that_is_not_there_begins_with_its_headings(browser: TestClient, root: Path) -> None:
    form = form_of(browser.get("/tables/lecturers").text)
    browser.post("/tables/lecturers", data={**form, "new1-0": "<b>王芳</b>", "new1-1": "讲天气"})
    assert (root / "lecturers.csv").read_text(encoding="utf-8-sig").startswith("姓名,宣讲内容,")
    page = browser.get("/tables/lecturers").text
    assert "&lt;b&gt;王芳" in page
    assert "讲天气" in page.partition('id="wrong-1"')[2].partition("</tr>")[0]


def test_long_sheets_have_pages_of_which_one_is_written(browser: TestClient, root: Path) -> None:
    rows = [f"square-01,lesson-001,2026-11-{day:02},{number}" for number in range(PAGE) for day in (1, 2)]
    (root / "requests.csv").write_text("场所,课件,日期,点播人\n" + "\n".join(rows) + "\n", encoding="utf-8")
    form = form_of(browser.get("/tables/requests?page=2").text)
    browser.post("/tables/requests", data={**form, f"{PAGE + 1}-3": "changed"})
    written = (root / "requests.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    assert [number for number, row in enumerate(written) if row != rows[number]] == [PAGE]


def test_a_sheet_is_sent_as_a_workbook(browser: TestClient) -> None:
    answer = browser.get("/tables/requests/sheet.xlsx")
    (sheet,) = load_workbook(io.BytesIO(answer.content)).worksheets
    cells = [cell.value for row in sheet.iter_rows() for cell in row]
    assert {"课件", "没有的课件", "张三"} <= set(cells)
    assert browser.get("/tables/none").status_code == 422


def sheet_of(*rows: tuple[str, ...]) -> bytes:
    book, stream = Workbook(), io.BytesIO()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(stream)
    return stream.getvalue()


def sent(browser: TestClient, content: bytes, name: str = "点播.xlsx") -> str:
    """Where what it would change is shown."""
    answer = browser.post("/tables/requests/taken", files={"files": (name, content)})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


HEADINGS = ("课件", "场所", "日期", "点播人", "电话")


def test_what_a_sheet_would_change_and_all_that_is_wrong_in_it_is_shown_before_it_is_taken(
    browser: TestClient, root: Path
) -> None:
    before = (root / "requests.csv").read_bytes()
    rows = (
        ("lesson-001", "square-01", "2026-11-20", "张三", ""),
        ("lesson-000", "square-01", "2026-11-22", "王五", "137"),
        ("没有", "没有的场所", "哪天", "赵六", ""),
    )
    place = sent(browser, sheet_of(HEADINGS, *rows))
    page = browser.get(place).text
    assert "new: 2, gone: 1, as before: 1" in page
    assert page.index("王五") < page.index("李四")
    assert "哪天" in page.partition('class="problems"')[2].partition("</div>")[0]
    assert (root / "requests.csv").read_bytes() == before
    version = re.findall(r'name="version" value="([^"]*)"', page)[0]
    assert browser.post(place, data={"do": "take", "version": version}).status_code in {200, 303}
    kept = (root / "requests.csv").read_text(encoding="utf-8-sig").splitlines()
    assert kept[0] == "课件,场所,日期,点播人,电话"
    assert len(kept) == 4
    assert browser.get(place).status_code == 422, "it was taken"


def test_a_sheet_is_not_taken_over_what_somebody_has_changed_meanwhile_nor_when_it_is_none_of_these(
    browser: TestClient, root: Path
) -> None:
    place = sent(browser, sheet_of(HEADINGS, ("lesson-000", "square-01", "2026-11-22", "王五", "")))
    version = re.findall(r'name="version" value="([^"]*)"', browser.get(place).text)[0]
    (root / "requests.csv").write_text(REQUESTS + "square-01,lesson-000,2026-11-25,钱七,\n", encoding="utf-8")
    assert browser.post(place, data={"do": "take", "version": version}).status_code == 422
    assert "钱七" in (root / "requests.csv").read_text(encoding="utf-8")
    assert browser.post(place, data={"do": "drop"}).status_code == 303
    for odd in (sheet_of(("甲", "乙"), ("1", "2")), b"PK\x03\x04 no book", sheet_of()):
        assert browser.get(sent(browser, odd)).status_code == 422
    assert browser.post("/tables/requests/taken", files={"files": ("a.pdf", b"%PDF")}).status_code == 422
