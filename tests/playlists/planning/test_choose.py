"""How often each lesson is offered before any is chosen."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from playlists.planning.choose import rounds
from playlists.planning.showings import Candidate, History, ShareQueue, stand
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


def share_queue(wanted: frozenset[str] = NOBODY) -> ShareQueue:
    """Of three lessons, the first of which is due twice as often as the others."""
    strides = {one.lesson: 20 for one in SIX[1:3]} | {SIX[0].lesson: 10}
    place = {one.lesson: number for number, one in enumerate(SIX)}
    return ShareQueue(SIX[:3], wanted, strides, {}, place)


def test_who_has_the_greater_share_is_offered_as_much_more_often() -> None:
    assert names(islice(share_queue().offers(6000, 6000), 8)) == ["0", "0", "1", "2", "0", "0", "1", "2"]


def test_what_was_asked_for_is_offered_first_and_then_in_its_turn() -> None:
    assert names(islice(share_queue(frozenset([SIX[2].lesson])).offers(6000, 6000), 6)) == list("200100")


def test_one_queue_serves_for_any_time_and_any_cap() -> None:
    queue = share_queue()
    # Of 60 seconds each: two fit into 120, five into 300; one that fits nowhere is offered once.
    for seconds, cap, times in ((120, 600, 2), (300, 600, 5), (300, 3, 3), (300, 1, 1), (30, 600, 1), (6000, 40, 40)):
        offered = names(queue.offers(seconds, cap))
        assert sorted(offered) == sorted("012" * times)
        longer = names(islice(queue.offers(9000, 9000), 400))
        assert offered == [name for number, name in enumerate(longer) if longer[:number].count(name) < times]


def test_nobody_is_further_behind_than_two_showings() -> None:
    strides = dict.fromkeys((one.lesson for one in SIX), 10)
    place = {one.lesson: number for number, one in enumerate(SIX)}
    uses = {one.lesson: 9 for one in SIX[1:]} | {SIX[5].lesson: 30}
    queue = ShareQueue(SIX, NOBODY, strides, uses, place)
    assert names(islice(queue.offers(6000, 6000), 17)) == list("0" * 2 + "01234" * 2 + "01234")
