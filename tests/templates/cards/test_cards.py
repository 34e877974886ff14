from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest
from PIL import Image

from courseware.errors import InputError
from courseware.lessons.series import BUILT_IN_SERIES, MOTIFS
from templates.cards.cards import EndCard, TitleCard, card_texts, draw_card, plan_card
from templates.cards.drawing import RIM_PERCENT, Bar, Code, Ground, Layer, Part, TextLine, draw_pages
from templates.cards.layout import fit_code
from templates.cards.looks import Look, look_of
from templates.cards.motifs import layer_count
from templates.cards.palette import Rgb, contrast, mix, palette_of, parse_colour
from templates.type.fonts import advance, missing_glyphs

CANVASES = [
    (1920, 1080),
    (1280, 720),
    (800, 480),
    (512, 320),
    (384, 192),
    (320, 160),
    (192, 96),
    (64, 64),
    (1080, 1920),
    (480, 800),
    (96, 192),
    (1920, 160),
]
TITLES = [
    "魔芋",
    "猕猴桃冬季修剪实用技术",
    "《汉阴县》2026年茶园冬季管理与CO₂、P₂O₅施肥要点",
    "岚皋县山地魔芋标准化栽培：选地、整地、配方施肥（N:P₂O₅:K₂O）与病虫害{综合}防治、采收贮藏全程实用技术要点50问",
    r"""'":{}\%#$@*_[]<>~`^&=+-/|;.,!?()""",
    "田" * 60,
    "W" * 60,
]
CREDIT = "影像：《Big Buck Bunny》© 2008 Blender Foundation（peach.blender.org），CC BY 3.0；朗读：AZ Corpus，MIT。"
LINK = "https://yj.example.cn/kj/101"
STORY = look_of(BUILT_IN_SERIES[0])


def title_card(width: int, height: int, title: str = TITLES[1], look: Look = STORY) -> TitleCard:
    producer = "安康市农村党员干部现代远程教育中心"
    return TitleCard(width, height, look, title, "我的扶贫故事", "公益广告", "张明华（高级农艺师）", producer)


def end_card(width: int, height: int, credit: str = CREDIT, link: str = LINK, look: Look = STORY) -> EndCard:
    office = "中共安康市委组织部远程教育办公室"
    return EndCard(width, height, look, TITLES[1], "汉阴县远教办", "市农科院 李建国", office, credit, link)


def cards() -> Iterator[TitleCard | EndCard]:
    for width, height in CANVASES:
        wanted = (CREDIT, "") if (width, height) == (64, 64) else (CREDIT, "田" * 200, "")
        yield from (title_card(width, height, title) for title in TITLES)
        yield from (end_card(width, height, credit, link) for credit in wanted for link in (LINK, ""))


@cache
def planned(card: TitleCard | EndCard) -> tuple[Part, ...]:
    return plan_card(card)


def lines_of(card: TitleCard | EndCard) -> tuple[TextLine, ...]:
    return tuple(part for part in planned(card) if isinstance(part, TextLine))


def code_of(card: TitleCard | EndCard) -> Code | None:
    return next((part for part in planned(card) if isinstance(part, Code)), None)


def drawn(card: TitleCard | EndCard) -> str:
    return "".join(line.text for line in lines_of(card)).replace(" ", "")


def colours_of(picture: Image.Image) -> set[Rgb]:
    found = picture.getcolors(1 << 21) or []
    return {(colour[0], colour[1], colour[2]) for _, colour in found if isinstance(colour, tuple)}


def area(part: Part) -> tuple[int, int, int, int]:
    match part:
        case TextLine(x=x, baseline=baseline, width=width, em=em):
            return x, baseline - round(0.88 * em), x + width - 2, baseline + round(0.12 * em)
        case Bar(x=x, y=y, width=width, height=height):
            return x, y, x + width, y + height
        case Code(x=x, y=y, side=side):
            return x, y, x + side, y + side
    raise AssertionError(part)


@pytest.mark.parametrize(("width", "height"), CANVASES)
def test_a_card_is_a_picture_of_exactly_the_canvas_without_alpha(width: int, height: int, tmp_path: Path) -> None:
    pair: tuple[TitleCard | EndCard, ...] = (title_card(width, height), end_card(width, height))
    for number, card in enumerate(pair):
        target = tmp_path / f"{number}.png"
        draw_card(card, target)
        with Image.open(target) as picture:
            assert (picture.size, picture.mode, picture.format) == ((width, height), "RGB", "PNG")
    assert len(list(tmp_path.iterdir())) == 2


def test_the_same_card_is_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        draw_card(end_card(512, 320), tmp_path / name)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_everything_stands_inside_the_safe_margin() -> None:
    for card in cards():
        for part in planned(card):
            left, top, right, bottom = area(part)
            assert left >= 0.04 * card.width, (card, part)
            assert right <= 0.96 * card.width, (card, part)
            assert top >= 0.04 * card.height, (card, part)
            assert bottom <= 0.96 * card.height, (card, part)


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (960, 540), (512, 320), (384, 192), (480, 800)])
def test_nothing_stands_under_the_clock_or_the_ticker_of_a_player(width: int, height: int) -> None:
    top, bottom = height * 15 // 100, height * 12 // 100
    for card in (title_card(width, height), end_card(width, height)):
        parts = planned(replace(card, clear_top_px=top, clear_bottom_px=bottom))
        assert all(top <= area(part)[1] and area(part)[3] <= height - bottom for part in parts)
        assert any(area(part)[1] < top or area(part)[3] > height - bottom for part in planned(card))


def test_nothing_stands_on_anything_else() -> None:
    for card in cards():
        for one, other in combinations(planned(card), 2):
            a, b = area(one), area(other)
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1], (card, one, other)


@pytest.mark.parametrize("title", TITLES)
def test_the_ink_of_a_title_stays_inside_the_safe_margin(title: str) -> None:
    for width, height in ((640, 360), (320, 160), (96, 192)):
        picture = draw_pages(width, height, STORY, [plan_card(title_card(width, height, title))])[0]
        left, top, right, bottom = picture.getchannel("A").getbbox() or (0, 0, 0, 0)
        assert left >= int(0.04 * width)
        assert top >= int(0.04 * height)
        assert right <= 0.96 * width + 1
        assert bottom <= 0.96 * height + 1


@pytest.mark.parametrize("title", TITLES)
def test_a_title_is_drawn_whole_on_every_canvas(title: str) -> None:
    for width, height in CANVASES:
        assert title.replace(" ", "") in drawn(title_card(width, height, title)), (width, height)


@pytest.mark.parametrize("credit", [CREDIT, "田" * 200])
def test_a_credit_is_drawn_whole_on_every_canvas(credit: str) -> None:
    for width, height in CANVASES:
        if (width, height) == (64, 64) and len(credit) == 200:
            continue
        assert credit.replace(" ", "") in drawn(end_card(width, height, credit)), (width, height)


@pytest.mark.parametrize("content", [*TITLES, "#pagebreak()", "*粗* _斜_ $x^2$", "\\u{41}", "// 注释", "a--b...c"])
def test_what_a_person_wrote_is_never_markup(content: str) -> None:
    width = round(advance(content, 20)) + 2
    line = TextLine(content, 10, 40, width, 20, "Bold", "white")
    pictures = draw_pages(width + 20, 60, STORY, [[line]])
    assert len(pictures) == 1
    left, _, right, _ = pictures[0].getchannel("A").getbbox() or (0, 0, 0, 0)
    # Full-width punctuation at the ends has up to half an em of air.
    assert left - 10 <= 12
    assert width + 10 - right <= 16


def test_a_backslash_and_an_n_are_two_characters_and_not_a_new_line() -> None:
    assert r"C:\new{a}" in drawn(title_card(800, 480, r"路径C:\new{a}"))


def test_subscripts_are_drawn_from_the_second_font() -> None:
    line = TextLine("₂₅", 10, 80, 100, 60, "Bold", "white")
    two_five = draw_pages(120, 100, STORY, [[line]])[0].getchannel("A")
    two_two = draw_pages(120, 100, STORY, [[replace(line, text="₂₂")]])[0].getchannel("A")
    assert two_five.getbbox() is not None
    # A font without these glyphs draws the same empty box for both.
    assert two_five.tobytes() != two_two.tobytes()


@pytest.mark.parametrize("series", BUILT_IN_SERIES, ids=lambda series: series.slug)
@pytest.mark.parametrize(("width", "height"), [(960, 540), (320, 160), (270, 480)])
def test_text_is_legible_on_every_pixel_of_the_scenery(series: object, width: int, height: int) -> None:
    look = next(look_of(one) for one in BUILT_IN_SERIES if one is series)
    scenery: tuple[Part, ...] = (Ground(), *(Layer(index) for index in range(layer_count(look.motif))))
    ground = draw_pages(width, height, look, [scenery])[0].convert("RGB")
    tones = palette_of(look)
    rim = parse_colour(tones.top)
    for card in (title_card(width, height, TITLES[3], look), end_card(width, height, look=look)):
        for line in lines_of(card):
            tone = parse_colour(getattr(tones, line.tone))
            around = {mix(colour, rim, RIM_PERCENT) for colour in colours_of(ground.crop(area(line)))}
            assert min(contrast(tone, colour) for colour in around) >= 4.5, line


def test_a_text_has_a_rim_of_the_dark_sky() -> None:
    line = TextLine("一", 10, 80, 60, 60, "Bold", "white")
    picture = draw_pages(80, 100, STORY, [[line]])[0]
    # The picture keeps colours only where something is drawn; fill and rim are what there is most of.
    seen = {colour for colour in colours_of(picture.convert("RGB")) if colour != (0, 0, 0)}
    assert (255, 255, 255) in seen
    assert parse_colour(palette_of(STORY).top) in seen


def test_a_credit_that_no_size_makes_fit_is_refused_in_words() -> None:
    with pytest.raises(InputError) as caught:
        plan_card(end_card(64, 64, "田" * 200))
    assert caught.value.problems[0].where == "credit"


def test_a_television_shows_everybody() -> None:
    assert "张明华（高级农艺师）" in drawn(title_card(1920, 1080))
    for name in ("汉阴县远教办", "市农科院李建国", "中共安康市委组织部远程教育办公室", "猕猴桃冬季修剪实用技术"):
        assert name in drawn(end_card(1280, 720))


def test_a_wall_shows_less_and_larger() -> None:
    card = title_card(192, 96)
    assert "主讲" not in drawn(card)
    assert max(line.em for line in lines_of(card)) >= 28
    assert max(line.em for line in lines_of(replace(card, title="魔芋"))) >= 40


@pytest.mark.parametrize(("width", "height"), [(320, 160), (384, 192), (512, 320), (800, 480)])
def test_no_character_of_a_title_card_is_under_20_pixels_where_that_is_possible(width: int, height: int) -> None:
    for title in TITLES:
        assert min(line.em for line in lines_of(title_card(width, height, title))) >= 20


def test_empty_names_leave_no_label_behind() -> None:
    card = replace(title_card(1280, 720), presenter="", producer="")
    assert "主讲" not in drawn(card)
    assert "制作" not in drawn(card)
    assert "审核" not in drawn(replace(end_card(1280, 720), reviewer=""))


def test_an_office_that_is_the_producer_is_named_once() -> None:
    card = replace(end_card(1280, 720), office="汉阴县远教办")
    assert drawn(card).count("汉阴县远教办") == 1


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (800, 480), (320, 160), (480, 800)])
def test_the_qr_code_is_crisp_and_has_its_quiet_zone(width: int, height: int, tmp_path: Path) -> None:
    import segno

    card = end_card(width, height, credit="")
    code = code_of(card)
    assert code is not None
    draw_card(card, tmp_path / "end.png")
    matrices = [
        [list(row) for row in segno.make(LINK, error=level, micro=False).matrix_iter(border=4)] for level in "ml"
    ]
    with Image.open(tmp_path / "end.png") as picture:
        pixels = picture.crop((code.x, code.y, code.x + code.side, code.y + code.side)).convert("L")
    assert set(pixels.tobytes()) == {0, 255}
    small = pixels.resize((code.side // code.module,) * 2, Image.Resampling.NEAREST)
    shown = [0 if level else 1 for level in small.tobytes()]
    assert shown in [[int(bool(dark)) for row in matrix for dark in row] for matrix in matrices]


def test_there_is_no_qr_code_without_a_link() -> None:
    assert code_of(end_card(1920, 1080, link="")) is None
    assert "扫码" not in drawn(end_card(1920, 1080, link=""))


def test_a_qr_code_has_at_least_two_pixels_a_module() -> None:
    assert fit_code(LINK, 40) is None
    found = fit_code(LINK, 70)
    assert found is not None
    assert found.module == 2


def test_a_long_link_does_not_push_the_credit_from_the_card() -> None:
    card = end_card(512, 320, "田" * 200, "https://yj.example.cn/" + "k" * 278)
    assert "田" * 200 in drawn(card)


def test_the_texts_to_check_are_the_texts_that_are_drawn() -> None:
    for card in cards():
        known = "".join(card_texts(card)).replace(" ", "")
        assert all(line.text.replace(" ", "") in known for line in lines_of(card))
        assert not missing_glyphs(known)


@pytest.mark.parametrize("motif", MOTIFS)
def test_every_motif_can_be_drawn_in_any_colours(motif: str, tmp_path: Path) -> None:
    for colour in ("#FFFFFF", "#000000", "#F5E050"):
        draw_card(title_card(160, 90, "魔芋", Look(colour, "#808080", motif)), tmp_path / "card.png")
        with Image.open(tmp_path / "card.png") as picture:
            assert len(picture.getcolors(1 << 16) or ()) > 50
