"""Who comes first in the queue of a day."""

from __future__ import annotations

from playlists.planning.showings import Candidate, History, stand
from tests.playlists.factories import SERIES, candidates

SIX = candidates([60] * 6)
NOBODY = frozenset[str]()


def names(order: tuple[Candidate, ...]) -> list[str]:
    return [candidate.lesson[-1] for candidate in order]


def test_the_longest_not_shown_come_first_and_the_circle_decides_among_equals() -> None:
    history = History(last={SIX[0].lesson: 86400 * 3, SIX[4].lesson: 86400 * 2})
    assert names(stand(SIX, history, 2, NOBODY).order) == ["2", "3", "5", "1", "4", "0"]


def test_what_was_asked_for_comes_first_and_what_was_just_shown_last() -> None:
    history = History(previous=SIX[0])
    assert names(stand(SIX, history, 0, frozenset([SIX[3].lesson])).order) == ["3", "1", "2", "4", "5", "0"]


def test_a_lesson_is_compared_with_its_own_series_only() -> None:
    uses = {SIX[n].lesson: 9 for n in (0, 4)} | {SIX[1].lesson: 3, SIX[5].lesson: 2}
    ahead = stand(SIX, History(uses=uses), 0, NOBODY).ahead
    assert SIX[0].series == SIX[4].series == SERIES[0]
    assert ahead[SIX[0].lesson] == ahead[SIX[4].lesson]
    assert ahead[SIX[1].lesson] == ahead[SIX[5].lesson] + 1


def test_what_has_been_shown_goes_to_the_end_and_one_further_ahead() -> None:
    before = stand(SIX, History(), 0, NOBODY)
    after = before.after([SIX[1], SIX[0], SIX[1]])
    assert names(after.order) == ["2", "3", "4", "5", "0", "1"]
    assert [after.ahead[one.lesson] for one in SIX] == [1, 2, 0, 0, 0, 0]
    assert after.place[SIX[1].lesson] == 5
