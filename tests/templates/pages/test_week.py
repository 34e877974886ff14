from __future__ import annotations

import dataclasses
import io
import re
import unicodedata
from html.parser import HTMLParser
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from templates.pages import looks
from templates.pages.looks import SetPage, WebPage, dump_html, picture_of, poster_of
from templates.pages.typeset import PHONE_WIDTH_PX, typeset
from templates.pages.week import (
    CorrectionPage,
    CountyPage,
    DayLine,
    DayName,
    DayPage,
    DayPicture,
    Edition,
    EventNote,
    Group,
    HoursLine,
    Imprint,
    Listed,
    NewLesson,
    Place,
    PrintedShowing,
    SeriesShelf,
    SeriesTitles,
    Tag,
    TownPage,
    VenueLine,
    VenuePage,
    WeekHead,
)

SKILLS = Tag("扶贫实用技术", "#1E5B3A", "s0")
OFFICE = Imprint("汉滨区远教办", "汉滨区", "0915-1234567", "")
HEAD = WeekHead("2026-W48", "11月23日—11月29日（2026年第48周）", OFFICE, Edition(3, "2026年11月20日 15:30"))
HOSTILE = "<script>alert('1')</script> {x} {{ y }} {% z %} #let $a$ \\n *b* _"
WEEKDAYS = "一二三四五六日"
DAYS = tuple(DayName(f"2026-11-{23 + n}", f"11月{23 + n}日", f"星期{WEEKDAYS[n]}", "十月十五") for n in range(7))
LECTURE = EventNote(
    "lecture", "宣讲", DAYS[2], "15:30–16:00", "政策解读", "讲师 王建国", "天宝村站点", begin=930, end=960
)
# From two metres away; see reference values of legibility in docs/quality.md.
FAR_PT = 16.4


def open_day(number: int, *entries: DayLine) -> DayPage:
    showings = tuple(PrintedShowing("lessons", "14:30:00", "《逐条》", SKILLS) for _ in entries)
    return DayPage(DAYS[number], ("14:30–16:30",), "", entries, showings)


def lesson(title: str, time: str = "14:30–15:00") -> DayLine:
    return DayLine("lessons", time, "", (SeriesTitles(SKILLS, (title,)),))


def lecture() -> DayLine:
    return DayLine("lecture", LECTURE.time, "宣讲", (SeriesTitles(None, (LECTURE.title,)),), note=LECTURE.note)


def venue_page(*entries: DayLine, lessons: tuple[str, ...] = ("《养蜂》",), **changes: Any) -> VenuePage:
    """A station that is open on Wednesday."""
    rest = (0, 1, 3, 4, 5, 6)
    closed = [DayPage(DAYS[n], (), "不安排播放", (), ()) for n in rest]
    days = (*closed[:2], open_day(2, *entries), *closed[2:])
    brief = (DayLine("lessons", "14:30–16:30", "集中学习", ()),)
    page = VenuePage(
        slug="st1",
        name="天宝村站点",
        kind="站点",
        place="汉滨区双龙镇",
        town="双龙镇",
        head=HEAD,
        opening=("星期三 14:30–16:30",),
        days=days,
        groups=(Group((2,), "星期三", ("14:30–16:30",), "", entries), Group(rest, "其余", (), "不安排播放", ())),
        brief=(Group((2,), "星期三", ("14:30–16:30",), "", brief), Group(rest, "其余", (), "不安排播放", ())),
        events=(LECTURE,),
        news=(),
        shelves=(SeriesShelf(SKILLS, tuple(Listed(title, "5分30秒") for title in lessons)),),
        titles=len(lessons),
    )
    return dataclasses.replace(page, **changes)


def news(count: int, title: str = "《第{}部新课》") -> tuple[NewLesson, ...]:
    times = ("星期一 18:40", "星期三 19:05", "星期五 20:10")
    return tuple(NewLesson(title.format(n), SKILLS, times, 4) for n in range(count))


def town_page(venues: int = 3, **changes: Any) -> TownPage:
    hours = ("星期一至星期五 19:00–20:30", "星期六、星期日 09:00–10:30、18:30–21:00")
    page = TownPage(
        slug="双龙镇",
        name="双龙镇",
        head=HEAD,
        days=DAYS,
        hours=(HoursLine("广场", "；".join(hours), venues),),
        off=("11月25日（星期三）考试：3个站点不播放",),
        events=(dataclasses.replace(LECTURE, place="3个广场", places=(Place("a", "甲"), Place("b", "乙"))),),
        news=news(2),
        venues=tuple(VenueLine(f"sq{n}", f"第{n}村文化广场", "广场", hours, n) for n in range(venues)),
    )
    return dataclasses.replace(page, **changes)


def county_page() -> CountyPage:
    town = town_page()
    return CountyPage(
        "county", "汉滨区", HEAD, DAYS, town.hours, town.off, town.events, town.news, (town, town), len(town.venues)
    )


def day_picture(events: int = 1, lessons: int = 1) -> DayPicture:
    town = town_page()
    return DayPicture("汉滨区", HEAD, DAYS[2], town.hours, town.off, town.events * events, news(lessons), 3)


def correction(places: int = 1) -> CorrectionPage:
    told = ("11月25日（星期三）宣讲“政策解读”改到16:00–16:30", "《养蜂》不再播放")
    return CorrectionPage(HEAD, "汉滨区", tuple((f"第{n}村", told) for n in range(places)))


EVERY_PAGE: tuple[SetPage, ...] = (venue_page(lesson("《养蜂》")), town_page(), county_page(), correction())


def pdf_pages(page: SetPage) -> list[str]:
    """The text of each page, without white space: Typst breaks lines where it wants."""
    reader = PdfReader(io.BytesIO(typeset(poster_of(page))))
    return [squeezed(found.extract_text()) for found in reader.pages]


def squeezed(content: str) -> str:
    return re.sub(r"[\s\u200b\u2060\x00]", "", unicodedata.normalize("NFKC", content))


def size_of(page: SetPage) -> tuple[int, int]:
    with Image.open(io.BytesIO(typeset(picture_of(page)))) as picture:
        assert picture.mode == "P"
        width, height = picture.size
    return width, height


def type_sizes(page: SetPage, wanted: str) -> list[float]:
    """In which sizes text with this in it is printed on the first sheet."""
    sizes: list[float] = []

    def see(found: str, _cm: object, matrix: list[float], _font: object, size: float) -> None:
        if wanted in squeezed(found):
            sizes.append(abs(matrix[3]) * size)

    PdfReader(io.BytesIO(typeset(poster_of(page)))).pages[0].extract_text(visitor_text=see)
    return sizes


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


def web(page: WebPage, home: str = "") -> Seen:
    return Seen(dump_html(page, home=home))


def test_html_shows_a_hostile_title_literally() -> None:
    seen = web(venue_page(lesson(f"《{HOSTILE}》"), name=HOSTILE))
    assert f"《{HOSTILE}》" in seen.text
    assert seen.text.count(HOSTILE) >= 3
    assert seen.tags.count("script") == 2


def test_html_runs_nothing_and_styles_nothing_of_its_own_and_asks_no_network() -> None:
    imprint = dataclasses.replace(OFFICE, url="https://example.gov.cn/?a=1&b='2'")
    head = dataclasses.replace(HEAD, imprint=imprint)
    for page, home in ((venue_page(lesson("《养蜂》"), head=head), ""), (county_page(), ""), (town_page(), "../")):
        seen = web(page, home)
        assert not {"style", "iframe", "object"} & set(seen.tags)
        assert not any(name == "style" or name.startswith("on") for name, _ in seen.attributes)
        links = [value or "" for name, value in seen.attributes if name in {"src", "href"}]
        assert all(re.match(r"data:|#|(\.\./)*[\w%./-]+\.(html|pdf|png|txt|js|css)(#all)?$", link) for link in links)
        policy = next(
            value or "" for name, value in seen.attributes if name == "content" and "default-src" in (value or "")
        )
        assert "unsafe" not in policy
        assert "http" not in policy


def test_html_keeps_the_full_list_to_the_second_folded_away() -> None:
    html = dump_html(venue_page(lesson("《养蜂》")))
    folded = html[html.index('<details class="day"') :]
    assert "14:30:00" in folded
    assert "《逐条》" in folded
    assert "14:30:00" not in html[: html.index('<details class="day"')]


def test_a_qr_code_is_shown_only_when_the_office_has_an_address() -> None:
    linked = dataclasses.replace(HEAD, imprint=dataclasses.replace(OFFICE, url="https://example.gov.cn"))
    plain, coded = venue_page(lesson("《养蜂》")), venue_page(lesson("《养蜂》"), head=linked)
    assert "img" not in web(plain).tags
    assert "img" in web(coded).tags
    assert "手机扫码观看" not in pdf_pages(plain)[0]
    assert "手机扫码观看" in pdf_pages(coded)[0]


def test_print_shows_a_hostile_title_literally() -> None:
    assert squeezed(HOSTILE) in pdf_pages(venue_page(lesson("《养蜂》"), name=HOSTILE))[0]


def test_a_word_of_sixty_letters_stays_on_the_page() -> None:
    page = venue_page(lesson("《养蜂》"), events=(dataclasses.replace(LECTURE, title="W" * 60),))
    lines = PdfReader(io.BytesIO(typeset(poster_of(page)))).pages[0].extract_text().splitlines()
    assert sum(line.count("W") for line in lines) == 60
    assert len([line for line in lines if "W" in line]) > 1


def test_html_and_print_have_the_same_times_titles_and_days() -> None:
    page = venue_page(lesson("《养蜂先看天气》"), lecture(), lesson("《柑橘清园》", "16:00–约16:30"))
    wanted = [
        "14:30–15:00",
        "《养蜂先看天气》",
        "15:30–16:00",
        "政策解读",
        "讲师王建国",
        "16:00–约16:30",
        "《柑橘清园》",
    ]
    for content in (squeezed(web(page).text), pdf_pages(page)[0]):
        assert [one for one in wanted if squeezed(one) not in content] == []


@pytest.mark.parametrize("page", EVERY_PAGE, ids=lambda page: type(page).__name__)
def test_every_page_and_print_says_which_edition_it_is_and_who_made_it_when(page: Any) -> None:
    for content in (squeezed(web(page).text), pdf_pages(page)[0]):
        assert "第3版" in content
        assert squeezed("2026年11月20日 15:30更新") in content
        assert "汉滨区远教办" in content
        assert "0915-1234567" in content


@pytest.mark.parametrize("page", EVERY_PAGE, ids=lambda page: type(page).__name__)
def test_the_same_page_is_always_the_same_bytes(page: Any) -> None:
    assert dump_html(page) == dump_html(page)
    made = typeset(poster_of(page))
    assert made == typeset(poster_of(page))
    assert b"/CreationDate" not in made
    assert typeset(picture_of(venue_page(lesson("《养蜂》")))) == typeset(picture_of(venue_page(lesson("《养蜂》"))))


def test_print_embeds_our_fonts_only() -> None:
    used: set[str] = set()
    page = venue_page(lesson("《CO₂与P₂O₅》"))
    PdfReader(io.BytesIO(typeset(poster_of(page)))).pages[0].extract_text(
        visitor_text=lambda _text, _cm, _tm, font, _size: used.add(str((font or {}).get("/BaseFont", "")))
    )
    assert {"NotoSansSC-Bold", "NotoSans-Regular"} <= {name.split("+")[-1].split("-Identity")[0] for name in used}
    assert all("NotoSans" in name for name in used if name)


@pytest.mark.parametrize("count", [0, 1, 5, 12, 30])
@pytest.mark.parametrize("blocks", [1, 5, 40])
def test_a_venues_poster_is_one_sheet_with_a_time_for_every_new_lesson(count: int, blocks: int) -> None:
    entries = [lesson(f"《冬季果园管理第{n}讲：怎样整形修剪》") for n in range(blocks)]
    page = venue_page(*entries, news=news(count), lessons=tuple(f"《第{n}部》" for n in range(60)))
    (sheet,) = pdf_pages(page)
    assert all(squeezed(f"《第{n}部新课》") in sheet for n in range(count))
    assert sheet.count("星期一18:40") == count


def test_when_what_is_new_and_who_speaks_is_read_from_two_metres() -> None:
    page = venue_page(*[lesson(f"《第{n}讲》") for n in range(40)], news=news(5))
    for wanted in ("14:30–16:30", "《第0", "政策解读", "星期一18:40", "星期三14:30"):
        assert max(type_sizes(page, squeezed(wanted))) >= FAR_PT, wanted


def test_titles_of_sixty_characters_leave_the_poster_one_sheet() -> None:
    page = venue_page(lesson("《养蜂》"), name="长" * 40, news=news(8, f"《{'新' * 57}{{}}》"))
    assert len(pdf_pages(page)) == 1


@pytest.mark.parametrize("venues", [1, 20, 80, 160])
def test_a_towns_poster_is_one_sheet_with_every_venue(venues: int) -> None:
    (sheet,) = pdf_pages(town_page(venues))
    assert all(f"第{n}村文化广场" in sheet for n in range(venues))


def test_a_large_town_is_shown_by_the_hours_that_venues_share() -> None:
    (sheet,) = pdf_pages(town_page(80))
    assert "各播放场所" in sheet
    assert sheet.count("星期一至星期五19:00–20:30") == 2
    assert pdf_pages(town_page(3))[0].count("星期一至星期五19:00–20:30") == 4


@pytest.mark.parametrize("much", [1, 6, 40])
def test_the_picture_of_a_day_is_never_longer_than_chat_programs_take(much: int) -> None:
    width, height = size_of(day_picture(much, much))
    assert width == PHONE_WIDTH_PX
    assert height <= 2400
    assert len(typeset(picture_of(day_picture(much, much)))) <= 500_000


def test_a_correction_names_the_places_and_what_is_different() -> None:
    for content in (squeezed(web(correction()).text), pdf_pages(correction())[0]):
        assert "更正通知" in content
        assert "第0村" in content
        assert squeezed("改到16:00–16:30") in content
    assert size_of(correction(60))[1] <= 8000


def test_a_changed_week_is_marked_on_its_pages() -> None:
    head = dataclasses.replace(HEAD, changes=("《养蜂》不再播放",))
    page = venue_page(lesson("《柑橘》"), head=head)
    for content in (squeezed(web(page).text), pdf_pages(page)[0]):
        assert "更正" in content
        assert "《养蜂》不再播放" in content
    assert "更正" not in pdf_pages(venue_page(lesson("《柑橘》")))[0]


def test_a_loop_of_all_lessons_says_so_and_the_list_names_them() -> None:
    lessons = tuple(f"《第{number}部》" for number in range(6))
    loop = DayLine("lessons", "18:30–19:00", "黄金档", (), looped=True, whole=True, titles=6)
    page = venue_page(loop, lessons=lessons)
    for content in (squeezed(web(page).text), pdf_pages(page)[0]):
        assert "本周6部课件循环播放" in content
        assert all(content.count(title) == 1 for title in lessons)
        assert content.count("5分30秒") == 6


def test_the_style_sheet_has_the_tokens_the_fonts_and_a_class_for_each_series() -> None:
    from courseware.lessons.series import BUILT_IN_SERIES

    style = looks.style_sheet(BUILT_IN_SERIES)
    assert "--red: #A61F17" in style
    assert f".s1 {{ --tone: {BUILT_IN_SERIES[1].colour}; }}" in style
    assert "url(../fonts/yuanjiao-sc-Regular.woff)" in style
    assert "http" not in style
