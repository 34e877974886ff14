from __future__ import annotations

import dataclasses
import io
import re
import struct
import unicodedata
from html.parser import HTMLParser
from typing import Any

import pytest

from templates.pages import week as pages
from templates.pages.week import (
    CountyPage,
    DayCell,
    DayLine,
    DayPage,
    EventNote,
    Group,
    Imprint,
    Listed,
    Page,
    PrintedShowing,
    SeriesShelf,
    SeriesTitles,
    Tag,
    Totals,
    VenuePage,
    VenueSummary,
)
from templates.type.webfont import FACES

SKILLS = Tag("扶贫实用技术", "#1E5B3A")
OFFICE = Imprint("汉滨区远教办", "汉滨区", "0915-1234567", "")
TOTALS = Totals(1, "2小时", 2, 2, 1, 0)
HOSTILE = "<script>alert('1')</script> {x} {{ y }} {% z %} #let $a$ \\n *b* _"
LECTURE = EventNote("lecture", "宣讲", "11月25日", "星期三", "15:30–16:00", "政策解读", "讲师 王建国", "天宝村站点")
WEEKDAYS = "一二三四五六日"


def closed(number: int) -> DayPage:
    return DayPage(f"11月{23 + number}日", f"星期{WEEKDAYS[number]}", (), "休息", (), ())


def open_day(*entries: DayLine) -> DayPage:
    showings = tuple(
        PrintedShowing("lessons", "14:30:00", title, SKILLS) for entry in entries for title in ("《逐条》",)
    )
    return DayPage("11月25日", "星期三", ("14:30–16:30",), "", entries, showings)


def lesson(title: str, time: str = "14:30–15:00") -> DayLine:
    return DayLine("lessons", time, "", (SeriesTitles(SKILLS, (title,)),))


def lecture() -> DayLine:
    return DayLine("lecture", LECTURE.time, "宣讲", (SeriesTitles(None, (LECTURE.title,)),), note=LECTURE.note)


def venue_page(
    day: DayPage, name: str = "天宝村站点", imprint: Imprint = OFFICE, lessons: tuple[str, ...] = ("《养蜂》",)
) -> VenuePage:
    rest = (0, 1, 3, 4, 5, 6)
    return VenuePage(
        slug="st1",
        name=name,
        kind="站点",
        place="汉滨区双龙镇",
        week="2026年第48周（11月23日—11月29日）",
        opening=("周三 14:30–16:30",),
        days=(closed(0), closed(1), day, closed(3), closed(4), closed(5), closed(6)),
        groups=(Group((2,), day.opening, "", day.entries), Group(rest, (), "休息", ())),
        events=(LECTURE,),
        shelves=(SeriesShelf(SKILLS, tuple(Listed(title, "5分30秒") for title in lessons)),),
        totals=dataclasses.replace(TOTALS, titles=len(lessons)),
        imprint=imprint,
    )


def week_of(*groups: tuple[DayLine, ...], lessons: tuple[str, ...] = ("《养蜂》",)) -> VenuePage:
    """A page on which each day differs from the others."""
    days = tuple(
        dataclasses.replace(open_day(*entries), weekday=f"星期{name}")
        for name, entries in zip(WEEKDAYS, groups, strict=False)
    )
    page = venue_page(days[0], lessons=lessons)
    numbered = tuple(Group((number,), (), "", day.entries) for number, day in enumerate(days))
    return dataclasses.replace(page, days=(*days, *page.days[len(days) :]), groups=numbered)


def county_page(rows: int = 1, events: int = 1) -> CountyPage:
    empty = DayCell((), 0, (), "休息")
    cells = (empty, empty, DayCell(("14:30–16:30",), 2, (LECTURE,), ""), empty, empty, empty, empty)
    venues = tuple(
        VenueSummary(f"st{number}", f"第{number}村站点", "站点", "双龙镇", ("周三 14:30–16:30",), cells, TOTALS)
        for number in range(1, rows + 1)
    )
    return CountyPage(
        slug="county",
        county="汉滨区",
        week="2026年第48周（11月23日—11月29日）",
        heads=tuple((f"11月{23 + number}日", f"星期{WEEKDAYS[number]}") for number in range(7)),
        rows=venues,
        events=(LECTURE,) * events,
        totals=TOTALS,
        imprint=OFFICE,
    )


def pdf_pages(page: Page) -> list[str]:
    """The text of each page, without white space: Typst breaks lines where it wants."""
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(pages.make_pdf(page)))
    return [squeezed(found.extract_text()) for found in reader.pages]


def squeezed(content: str) -> str:
    return re.sub(r"[\s\u200b\u2060\x00]", "", unicodedata.normalize("NFKC", content))


def png_size(content: bytes) -> tuple[int, int]:
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", content[16:24])
    return width, height


class Seen(HTMLParser):
    """What a browser makes of a page: its elements, attributes and text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def test_html_shows_a_hostile_title_literally() -> None:
    seen = Seen(pages.dump_html(venue_page(open_day(lesson(f"《{HOSTILE}》")), name=HOSTILE)))
    assert f"《{HOSTILE}》" in seen.text
    assert seen.text.count(HOSTILE) >= 3
    assert "script" not in seen.tags


def test_html_needs_no_script_no_network_and_no_other_file() -> None:
    imprint = dataclasses.replace(OFFICE, url="https://example.gov.cn/?a=1&b='2'")
    for page in (venue_page(open_day(lesson("《养蜂》")), imprint=imprint), county_page()):
        seen = Seen(pages.dump_html(page))
        assert not {"script", "iframe", "object"} & set(seen.tags)
        links = [value or "" for name, value in seen.attributes if name in {"src", "href"}]
        assert all(link.startswith(("data:", "#")) or re.fullmatch(r"[\w.]+\.html", link) for link in links)
        assert "@import" not in seen.text
        assert set(re.findall(r"url\(([^)]*)\)", seen.text)) == {face.url for face in FACES}


def test_html_keeps_the_full_list_to_the_second_folded_away() -> None:
    html = pages.dump_html(venue_page(open_day(lesson("《养蜂》"))))
    folded = html[html.index("<details>") : html.index("</details>")]
    assert "14:30:00" in folded
    assert "《逐条》" in folded


def test_a_qr_code_is_shown_only_when_the_office_has_an_address() -> None:
    day = open_day(lesson("《养蜂》"))
    linked = dataclasses.replace(OFFICE, url="https://example.gov.cn")
    assert "img" not in Seen(pages.dump_html(venue_page(day))).tags
    assert "img" in Seen(pages.dump_html(venue_page(day, imprint=linked))).tags
    assert "扫码看课件" not in pdf_pages(venue_page(day))[0]
    assert "扫码看课件" in pdf_pages(venue_page(day, imprint=linked))[0]


def test_print_shows_a_hostile_title_literally() -> None:
    content = pdf_pages(venue_page(open_day(lesson(f"《{HOSTILE}》")), name=HOSTILE))[0]
    assert content.count(squeezed(HOSTILE)) == 2


def test_a_word_of_sixty_letters_stays_on_the_page() -> None:
    from pypdf import PdfReader

    page = venue_page(open_day(lesson(f"《{'W' * 60}》")))
    sheet = PdfReader(io.BytesIO(pages.make_pdf(page))).pages[0]
    lines = [line for line in sheet.extract_text().splitlines() if "W" in line]
    assert len(lines) > 1
    assert sum(line.count("W") for line in lines) == 60


def test_what_the_planner_could_not_fill_is_not_printed() -> None:
    page = venue_page(open_day(lesson("《养蜂》")))
    assert "nothing is so short" not in pages.dump_html(page)
    assert "nothingissoshort" not in pdf_pages(page)[0]


def test_html_and_print_have_the_same_times_titles_and_days() -> None:
    page = venue_page(open_day(lesson("《养蜂先看天气》"), lecture(), lesson("《柑橘清园》", "16:00–16:30")))
    wanted = [
        "14:30–15:00",
        "《养蜂先看天气》",
        "15:30–16:00",
        "政策解读",
        "讲师王建国",
        "16:00–16:30",
        "《柑橘清园》",
    ]
    html, sheet = squeezed(Seen(pages.dump_html(page)).text), pdf_pages(page)[0]
    for content in (html, sheet):
        assert [one for one in wanted if squeezed(one) not in content] == []
    for day, name in enumerate(WEEKDAYS, 23):
        assert f"11月{day}日星期{name}" in html
        assert f"周{name}11月{day}日" in sheet


def test_the_same_page_is_always_the_same_bytes() -> None:
    for page in (venue_page(open_day(lesson("《养蜂》"))), county_page()):
        assert pages.dump_html(page) == pages.dump_html(page)
        assert pages.make_pdf(page) == pages.make_pdf(page)
        assert pages.make_png(page) == pages.make_png(page)
        assert b"/CreationDate" not in pages.make_pdf(page)


def test_print_embeds_our_fonts_only() -> None:
    from pypdf import PdfReader

    sheet = PdfReader(io.BytesIO(pages.make_pdf(venue_page(open_day(lesson("《CO₂与P₂O₅》")))))).pages[0]
    used: set[str] = set()
    sheet.extract_text(
        visitor_text=lambda _text, _cm, _tm, font, _size: used.add(str((font or {}).get("/BaseFont", "")))
    )
    assert {"NotoSansSC-Regular", "NotoSans-Regular"} <= {name.split("+")[-1].split("-Identity")[0] for name in used}
    assert all("NotoSans" in name for name in used if name)


def test_the_phone_image_is_1080_wide_and_as_long_as_it_must_be() -> None:
    short = png_size(pages.make_png(venue_page(open_day(lesson("《养蜂》")))))
    long = png_size(pages.make_png(venue_page(open_day(*[lesson("《养蜂》")] * 12))))
    assert short[0] == long[0] == pages.PHONE_WIDTH_PX
    assert long[1] > short[1] + 800
    assert png_size(pages.make_png(county_page()))[0] == pages.PHONE_WIDTH_PX


def loop(*titles: str, label: str = "黄金档", **changes: Any) -> DayLine:
    parts = (SeriesTitles(SKILLS, titles),) if titles else ()
    return dataclasses.replace(DayLine("lessons", "18:30–19:00", label, parts, looped=True), **changes)


def test_an_ordinary_week_is_one_sheet() -> None:
    assert len(pdf_pages(venue_page(open_day(*[lesson("《养蜂先看天气》")] * 12)))) == 1
    assert len(pdf_pages(county_page(rows=5, events=5))) == 1
    blocks = [
        loop(*(f"《第{number}部：怎样管理冬季的果园》" for number in range(5)), label=f"第{n}档") for n in range(3)
    ]
    assert len(pdf_pages(week_of(*[(blocks[0], lecture(), *blocks)] * 5))) == 1


def test_a_block_with_the_same_lessons_refers_to_the_day_that_names_them() -> None:
    titles = tuple(f"《第{number}部：怎样管理冬季的果园》" for number in range(6))
    (sheet,) = pdf_pages(week_of(*[(loop(*titles), lecture(), loop(*titles))] * 6))
    assert sheet.count(squeezed(titles[3])) == 1
    assert sheet.count("课件同上") == 1
    assert sheet.count("课件同周一") == 10


def test_a_loop_of_all_lessons_says_so_and_the_list_names_them() -> None:
    lessons = tuple(f"《第{number}部》" for number in range(6))
    page = venue_page(open_day(loop(whole=True, titles=6)), lessons=lessons)
    for content in (squeezed(Seen(pages.dump_html(page)).text), pdf_pages(page)[0]):
        assert "本周全部6部课件轮播" in content
        assert all(content.count(title) == 1 for title in lessons)
        assert content.count("5分30秒") == 6


def test_a_loop_of_too_many_titles_names_its_series_and_the_list_its_lessons() -> None:
    lessons = tuple(f"《第{number}部》" for number in range(40))
    many = dataclasses.replace(
        loop(label="综合", titles=40, more=True), parts=(SeriesTitles(SKILLS, ()), SeriesTitles(None, ()))
    )
    page = venue_page(open_day(many), lessons=lessons)
    for content in (squeezed(Seen(pages.dump_html(page)).text), pdf_pages(page)[0]):
        assert "扶贫实用技术其他课件" in content
        assert all(content.count(title) == 1 for title in lessons)


def test_single_showings_stand_behind_their_times() -> None:
    singles = tuple(PrintedShowing("lessons", f"18:{30 + n}", f"《第{n}课》", SKILLS) for n in range(20))
    page = venue_page(open_day(DayLine("lessons", "18:30–19:00", "课堂", (), singles=singles)))
    for content in (squeezed(Seen(pages.dump_html(page)).text), pdf_pages(page)[0]):
        assert all(f"{one.time}{one.title}" in content for one in singles)


def type_size(page: Page, wanted: str) -> float:
    """In which size the first text that begins like this is printed."""
    from pypdf import PdfReader

    sizes: list[float] = []

    def see(found: str, _cm: object, matrix: list[float], _font: object, size: float) -> None:
        if squeezed(found).startswith(wanted):
            sizes.append(abs(matrix[3]) * size)

    PdfReader(io.BytesIO(pages.make_pdf(page))).pages[0].extract_text(visitor_text=see)
    return sizes[0]


def test_type_grows_where_there_is_little_to_say_and_shrinks_where_there_is_much() -> None:
    little = venue_page(open_day(loop("《养蜂》")))
    much = week_of(*[tuple(loop(f"《第{day}天的课》", label=f"第{n}档") for n in range(4)) for day in range(7)])
    assert type_size(little, "黄金档") > 1.4 * type_size(much, "第0档")
    assert len(pdf_pages(much)) == 1


def test_the_last_sheet_is_never_nearly_empty() -> None:
    for blocks in range(3, 10):
        days = [tuple(loop(f"《第{day}天的课》", label=f"第{n}档") for n in range(blocks)) for day in range(7)]
        found = pdf_pages(week_of(*days))
        rows = [len(re.findall(r"第\d档", sheet)) for sheet in found]
        assert sum(rows) == 7 * blocks
        assert len(found) == 1 or rows[-1] * len(rows) * 2 >= sum(rows)


def test_a_long_day_goes_on_under_the_table_head() -> None:
    found = pdf_pages(venue_page(open_day(*[lesson("《养蜂先看天气》")] * 60)))
    assert len(found) > 1
    assert all("日期时间节目" in content for content in found)
    assert sum(content.count("《养蜂先看天气》") for content in found) == 60


def test_no_sheet_of_a_large_county_holds_a_single_row() -> None:
    for rows in range(12, 20):
        found = pdf_pages(county_page(rows=rows))
        held = [len(re.findall(r"第\d+村站点", content)) for content in found]
        assert sum(held) == rows
        assert min(held) > 1
        assert all("播放点11月23日" in content for content in found)


def test_the_phone_image_of_a_large_county_says_what_it_leaves_out() -> None:
    tall = png_size(pages.make_png(county_page(rows=61, events=61)))[1]
    taller = png_size(pages.make_png(county_page(rows=60, events=60)))[1]
    assert tall < taller


@pytest.mark.parametrize("phone", ["", "0915-1234567"])
def test_the_foot_names_the_office(phone: str) -> None:
    page = venue_page(open_day(lesson("《养蜂》")), imprint=dataclasses.replace(OFFICE, phone=phone))
    for content in (squeezed(Seen(pages.dump_html(page)).text), pdf_pages(page)[0]):
        assert "汉滨区远教办" in content
        assert ("电话:0915-1234567" in content) is bool(phone)
