from __future__ import annotations

import pytest

from templates.cards.alerts import AlertCard, alert_pages, alert_seconds, draw_alert, plan_alert
from templates.cards.drawing import TextLine
from templates.type.fonts import advance

SHORT = "今晚停水"
LONG = (
    "据县气象台19:40发布暴雨橙色预警信号：预计未来3小时江北镇、汉阴镇降雨量将达50毫米以上，可能引发山洪、滑坡、泥石流。\n"
    "一、居住在河边、山脚、低洼处的群众请立即转移到村委会、学校等安全地点，不要返回取物。\n"
    "二、车辆行人不要涉水通过漫水桥。"
)
CANVASES = [(96, 64), (320, 160), (512, 320), (1920, 1080), (320, 480), (768, 64)]


def card(width: int, height: int, content: str, **changes: int) -> AlertCard:
    return AlertCard(width, height, "紧急通知", content, "测试县远教办　2026年11月28日20:50", **changes)


def lines(one: AlertCard) -> list[TextLine]:
    return [part for part in plan_alert(one) if isinstance(part, TextLine)]


def words(one: AlertCard) -> list[TextLine]:
    return [part for part in lines(one) if part.tone == "white"]


@pytest.mark.parametrize(("width", "height"), CANVASES)
@pytest.mark.parametrize("content", [SHORT, LONG])
def test_every_word_is_on_some_page_inside_the_canvas(width: int, height: int, content: str) -> None:
    pages = alert_pages(card(width, height, content))
    shown = "".join(line.text for page in pages for line in words(page))
    assert content.replace("\n", "") in shown
    for line in (line for page in pages for line in lines(page)):
        assert line.x >= 0
        assert line.x + advance(line.text, line.em, line.weight) <= width
        assert line.em <= line.baseline + line.em * 0.1
        assert line.baseline <= height


def test_the_words_touch_neither_band_nor_signature() -> None:
    for page in alert_pages(card(320, 160, LONG)):
        title = next(line for line in lines(page) if line.tone == "deep")
        foot = next(line for line in lines(page) if line.tone == "accent")
        for line in words(page):
            assert line.baseline - 0.88 * line.em > title.baseline
            assert line.baseline + 0.12 * line.em < foot.baseline - 0.8 * foot.em


def test_few_words_are_large_and_stand_in_the_middle() -> None:
    (line,) = words(card(1920, 1080, SHORT))
    assert line.em >= 240
    assert line.x + advance(SHORT, line.em, "Bold") / 2 == pytest.approx(960, abs=2)


def test_many_words_are_shared_out_over_pages_that_are_equally_full_and_numbered() -> None:
    pages = alert_pages(card(320, 160, LONG))
    assert len(pages) > 1
    counts = [len(words(page)) for page in pages]
    assert max(counts) - min(counts) <= 1
    assert [f"{n}/{len(pages)}" in [line.text for line in lines(page)] for n, page in enumerate(pages, 1)] == [
        True
    ] * len(pages)


def test_a_page_stands_long_enough_to_be_read_and_never_less_than_a_quarter_of_a_minute() -> None:
    assert alert_seconds(card(1920, 1080, SHORT)) == 15
    (page,) = alert_pages(card(1920, 1080, "请各户提前储水，互相转告。" * 8))
    assert alert_seconds(page) == 30


def test_what_must_be_read_from_afar_is_larger_and_what_a_ticker_covers_stays_free() -> None:
    near, far = (words(alert_pages(card(512, 320, LONG, least_px=px))[0])[0].em for px in (0, 48))
    assert (near < 48, far) == (True, 48)
    for line in lines(card(512, 320, LONG, clear_top_px=40, clear_bottom_px=30)):
        assert line.baseline - 0.88 * line.em >= 40
        assert line.baseline + 0.2 * line.em <= 290


def test_a_strip_shows_line_after_line() -> None:
    pages = alert_pages(card(768, 64, SHORT))
    assert [[line.text for line in lines(page)] for page in pages][:2] == [["紧急通知"], [SHORT]]
    assert alert_seconds(pages[0]) == 5


def test_a_page_is_drawn_in_the_canvas_size() -> None:
    picture = draw_alert(card(96, 64, SHORT))
    assert (picture.size, picture.mode) == ((96, 64), "RGB")
    assert len(set(picture.getdata())) > 20


def test_on_a_small_screen_the_date_gives_way_and_then_the_office() -> None:
    said = [
        [line.text for line in lines(card(width, height, SHORT)) if line.tone == "accent"]
        for width, height in ((320, 160), (192, 96), (64, 64))
    ]
    assert said == [["测试县远教办　2026年11月28日20:50"], ["测试县远教办"], []]
