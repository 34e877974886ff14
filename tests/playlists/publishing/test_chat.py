"""A town's message: never longer than a chat takes, and what it leaves out it says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from playlists.publishing.messages.towns import MOST, town_message
from templates.pages.week import DayName, Edition, EventNote, Imprint, NewLesson, Place, TownPage, VenueLine, WeekHead

DAY = DayName("2026-11-25", "11月25日", "星期三")
HEAD = WeekHead(
    "2026-W48",
    "11月23日—11月29日（2026年第48周）",
    Imprint("测试县远教办", "测试县", "0915-1234567", "https://example.org/yuanjiao"),
    Edition(2, "2026年11月22日 15:30"),
)


def page(events: int, venues: int, news: int) -> TownPage:
    names = [f"第{number}村文化广场" for number in range(venues)]
    places = tuple(Place(f"square-{number}", name) for number, name in enumerate(names))
    return TownPage(
        "江北镇",
        "江北镇",
        HEAD,
        (DAY,),
        (),
        ("11月28日（星期六）检修：2个广场不播放",),
        tuple(
            EventNote(
                "lecture", "宣讲", DAY, f"{8 + number % 12}:30", f"农家夜话{number}", "主讲：李老师", "", places
            )
            for number in range(events)
        ),
        tuple(NewLesson(f"新课件{number}", None, ("星期一 18:40", "星期三 19:10")) for number in range(news)),
        tuple(
            VenueLine(f"square-{number}", name, "广场", (f"每天 18:30–20:{30 + number % 3}",), number)
            for number, name in enumerate(names)
        ),
    )


def test_a_small_town_is_told_whole() -> None:
    said = town_message(page(1, 3, 1))
    assert said.splitlines() == [
        "【江北镇】11月23日—11月29日（2026年第48周）播放安排",
        "第2版，2026年11月22日 15:30更新",
        "▍宣讲和活动",
        "11月25日（星期三）8:30 宣讲：农家夜话0（主讲：李老师） 第0村文化广场、第1村文化广场、第2村文化广场",
        "▍播放时间",
        "每天 18:30–20:30：第0村文化广场",
        "每天 18:30–20:31：第1村文化广场",
        "每天 18:30–20:32：第2村文化广场",
        "11月28日（星期六）检修：2个广场不播放",
        "▍本周新课件",
        "《新课件0》 星期一 18:40、星期三 19:10",
        "https://example.org/yuanjiao",
        "测试县远教办　电话：0915-1234567",
    ]


@pytest.mark.parametrize(("events", "venues", "news"), [(3, 80, 5), (1, 5, 100), (60, 80, 40), (200, 300, 100)])
def test_a_large_town_is_shortened_says_so_and_keeps_its_hours_and_its_foot(
    events: int, venues: int, news: int
) -> None:
    said = town_message(page(events, venues, news))
    assert len(said) <= MOST
    assert said.endswith("全部内容见网页或海报。\nhttps://example.org/yuanjiao\n测试县远教办　电话：0915-1234567\n")
    assert "▍播放时间" in said
    assert "11月25日（星期三）8:30 宣讲：农家夜话0" in said
    assert any(word in said for word in ("等", "另有"))


def test_nothing_that_people_write_makes_it_longer() -> None:
    said = town_message(replace(page(4, 3, 0), off=("检修" * 3000,)))
    assert len(said) <= MOST
    assert said.endswith("电话：0915-1234567\n")
