"""Exact sums: compared with what trying everything finds."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from playlists.planning.showings import Candidate
from playlists.planning.sums import (
    SeriesChoice,
    can_reach,
    earliest_subset,
    fair_subset,
    first_subset,
    most_fillable,
    nearest_choice,
    sums_of,
)
from tests.playlists.factories import candidates

LENGTHS = st.lists(st.integers(1, 40), min_size=1, max_size=8)


def lasting(some: list[Candidate] | tuple[Candidate, ...]) -> int:
    return sum(one.seconds for one in some)


def every_subset(some: tuple[Candidate, ...]) -> list[tuple[Candidate, ...]]:
    return [chosen for size in range(len(some) + 1) for chosen in combinations(some, size)]


def fair_ways(choice: SeriesChoice) -> list[list[Candidate]]:
    """Some of the first level; all of it and some of the second; all of both and some of the third."""
    before, coming = tuple(choice.before), (*choice.chosen, *choice.others)
    return [
        *(list(some) for some in every_subset(before)),
        *([*before, *some] for some in every_subset(coming)),
        *([*before, *coming, *some] for some in every_subset(tuple(choice.following))),
    ]


@st.composite
def choices(draw: st.DrawFn) -> tuple[SeriesChoice, SeriesChoice]:
    some = candidates(draw(st.lists(st.integers(1, 30), min_size=4, max_size=12)))
    cuts = sorted(draw(st.integers(0, len(some))) for _ in range(7))
    parts = [some[first:last] for first, last in zip([0, *cuts], [*cuts, len(some)], strict=True)]
    return SeriesChoice(*parts[:4]), SeriesChoice(*parts[4:])


@given(LENGTHS, st.integers(1, 3), st.integers(1, 80))
def test_what_can_be_reached_under_a_cap_is_what_a_queue_of_so_many_reaches(
    lengths: list[int], cap: int, target: int
) -> None:
    found, _ = first_subset(target, candidates(lengths) * cap)
    assert can_reach(target, tuple(lengths), cap) == (found is not None)


@given(target=st.integers(1, 120), lengths=LENGTHS)
def test_the_shortest_beginning_with_an_exact_subset_is_found(target: int, lengths: list[int]) -> None:
    some = candidates(lengths)
    found, looked_at = first_subset(target, some)
    exact = [any(lasting(one) == target for one in every_subset(some[:number])) for number in range(len(some) + 1)]
    if found is None:
        assert not any(exact)
    else:
        assert (lasting(found), looked_at) == (target, exact.index(True))
        assert len(set(found)) == len(found)


@given(seconds=st.integers(1, 120), lengths=LENGTHS, spare=st.integers(0, 20))
def test_the_earliest_subset_leaves_no_more_than_is_allowed(seconds: int, lengths: list[int], spare: int) -> None:
    some = candidates(lengths)
    found = earliest_subset(seconds, some, spare)
    possible = any(seconds - spare <= lasting(one) <= seconds for one in every_subset(some))
    assert (found is not None) == possible
    if found is not None:
        assert seconds - spare <= lasting(found) <= seconds


@given(pair=choices(), target=st.integers(1, 150))
@settings(max_examples=60, deadline=None)
def test_a_fair_subset_is_found_whenever_there_is_one(pair: tuple[SeriesChoice, SeriesChoice], target: int) -> None:
    ways = [fair_ways(one) for one in pair]
    found = fair_subset(target, pair)
    assert (found is not None) == any(lasting(one) + lasting(other) == target for one in ways[0] for other in ways[1])
    if found is not None:
        assert lasting(found) == target
        own = [{*one.before, *one.chosen, *one.others, *one.following} for one in pair]
        for mine, way in zip(own, ways, strict=True):
            assert sorted(one for one in found if one in mine) in [sorted(some) for some in way]


@given(pair=choices(), target=st.integers(1, 150))
@settings(max_examples=60, deadline=None)
def test_the_nearest_choice_changes_as_few_lessons_as_can_be(
    pair: tuple[SeriesChoice, SeriesChoice], target: int
) -> None:
    taken = [{*one.before, *one.chosen} for one in pair]
    ways = [fair_ways(one) for one in pair]
    found = nearest_choice(target, pair, 10_000, 5)
    changes = [
        len(taken[0] ^ set(one)) + len(taken[1] ^ set(other))
        for one in ways[0]
        for other in ways[1]
        if lasting(one) + lasting(other) == target
    ]
    if found is None:
        assert min(changes, default=6) > 5
    else:
        assert lasting(found) == target
        assert len((taken[0] | taken[1]) ^ set(found)) == min(changes)


def test_every_sum_is_known_when_asked_for() -> None:
    lengths = (7, 11)
    some = sums_of(18, lengths, every=True)
    assert [n for n in range(19) if some >> n & 1] == [0, 7, 11, 14, 18]
    assert most_fillable(17, lengths) == 14
