"""Pages of a card are turned when what stands on them is said."""

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from courseware.lessons.clips import Clip
from courseware.subtitles.cue import Cue
from courseware.times import Span
from render.footage.card import page_at
from render.footage.turning import turns_of
from render.narration.laying import with_said
from render.scene import Feed, Scene
from templates.cards.pictures import drawn_facts
from templates.cards.steps.card import StepCard
from templates.cards.steps.pages import page_shares, pages_of
from tests.render.samples import ORDER

LINES = (
    "1. 先剪去病枝和枯枝，再剪去交叉的枝条。",
    "2. 剪口要平，涂上愈合剂。",
    "3. 剪下来的病枝要烧掉，不能留在园子里过冬。",
)
CARD = StepCard(192, 96, ORDER.look, "冬季剪枝", LINES)
WORDS = (
    "冬季剪枝",
    "先剪去病枝和枯枝，再剪去交叉的枝条",
    "剪口要平，涂上愈合剂",
    "剪下来的病枝要烧掉，",
    "不能留在园子里过冬",
)
STARTS = (0, 1000, 9000, 11000, 15000, 20_000)
SAID = tuple(Cue(Span(start, end), words) for words, (start, end) in zip(WORDS, pairwise(STARTS), strict=True))


def first_words(page: int) -> str:
    return "".join(pages_of(CARD)[page].blocks[0].lines).removeprefix("3. ")


def test_a_page_begins_when_its_first_words_are_said() -> None:
    pages = pages_of(CARD)
    turns = turns_of(CARD, SAID, Fraction(25), 500)
    assert len(turns) == len(pages) - 1 > 1
    opening = {first_words(page)[:4]: frame for page, frame in enumerate(turns, 1)}
    assert opening["剪口要平"] == 9 * 25
    assert opening["剪下来的"] == 11 * 25
    feed = Feed(Scene("card"), "", Path(), 192, 96, Fraction(25), 500, 0, 500, card=CARD, turns=turns)
    seen = [page_at(CARD, number, feed) for number in range(500)]
    assert [seen.index(page) for page in range(1, len(pages))] == list(turns)


def test_a_page_that_is_not_said_stands_between_the_others_by_what_there_is_to_read() -> None:
    without = tuple(cue for cue in SAID if not cue.text.startswith("剪口"))
    turns, shares = turns_of(CARD, without, Fraction(25), 500), page_shares(CARD)
    assert list(turns) == sorted(set(turns))
    assert len(turns) == len(shares) - 1
    assert 11 * 25 in turns
    assert 9 * 25 not in turns
    assert turns_of(CARD, (Cue(Span(0, 5000), "另外说的话"),), Fraction(25), 500) == ()
    assert turns_of(CARD, SAID, Fraction(25), 2) == (), "there are more pages than pictures"


def test_keys_of_cards_that_nobody_speaks_of_stay_as_they_were() -> None:
    feed = Feed(Scene("card"), "", Path(), 192, 96, Fraction(25), 500, 0, 500, card=CARD)
    facts = drawn_facts(feed)
    assert not {"turns", "said"} & {*facts, *facts["scene"]}


def test_a_card_knows_what_is_heard_while_it_is_shown_in_its_own_time() -> None:
    clips = (Clip("clip.1", Path("a.png"), to_ms=9500), Clip("clip.2", Path(), to_ms=6000, fade_ms=500, card="剪口"))
    photo, card = with_said(clips, {}, SAID)
    assert photo.said == ()
    assert [(cue.span.start_ms, cue.text) for cue in card.said] == [(0, WORDS[2]), (2000, WORDS[3])]
