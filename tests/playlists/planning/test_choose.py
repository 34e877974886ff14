"""How often each lesson is offered before any is chosen."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from playlists.planning.choose import rounds
from playlists.planning.showings import Candidate, History, stand
from tests.playlists.factories import candidates

SIX = candidates([60] * 6)
NOBODY = frozenset[str]()


def names(offer: Iterable[Candidate]) -> list[str]:
    return [candidate.lesson[-1] for candidate in offer]


def test_each_round_offers_what_is_behind_before_what_is_even() -> None:
    uses = {one.lesson: 5 for one in SIX if one != SIX[4]} | {SIX[4].lesson: 4}
    standing = stand(SIX, History(uses=uses), 0, NOBODY)
    offered = islice(rounds(standing.order, standing, NOBODY, 600, None), 3)
    everyone = ["0", "1", "2", "3", "5", "4"]
    assert [names(offer) for offer in offered] == [["4"], everyone, everyone]


def test_a_lesson_is_offered_no_more_often_than_it_may_come() -> None:
    standing = stand(SIX, History(), 0, NOBODY)
    assert len(list(rounds(standing.order, standing, NOBODY, 600, 2))) == 2
    assert len(list(rounds(standing.order, standing, frozenset([SIX[5].lesson]), 600, 2))) == 3
