from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playlists.asrun.chain import Written, join_chain
from playlists.asrun.line import parse_line
from playlists.asrun.reconcile import Reconciled, names_of, reconcile
from playlists.asrun.statement import Statement, statements_of
from playlists.schedules.schedule import Slot
from tests.playlists.asrun.screens import EVENING, Player, slots, talk

LATER = round((EVENING + timedelta(days=30)).timestamp() * 1000)


def said(*logs: Sequence[bytes]) -> list[Statement]:
    written = [Written(line, one) for log in logs for one in log if (line := parse_line(one))]
    starts = {(one.line.machine, one.line.boot) for one in written}
    return [
        one
        for start in sorted(starts)
        for one in statements_of(
            join_chain(part for part in written if (part.line.machine, part.line.boot) == start), "square-01", LATER
        )
    ]


def held_against(plan: Sequence[tuple[str, Slot]], *logs: Sequence[bytes]) -> Reconciled:
    return reconcile(plan, said(*logs), LATER)


def states(found: Reconciled) -> list[str]:
    return [one.state for one in found.outcomes]


def test_what_was_on_from_end_to_end_is_whole() -> None:
    found = held_against(slots(), Player().evening(slots()).lines)
    assert states(found) == ["whole"] * 4
    assert [one.ms for one in found.outcomes] == [100_000] * 4
    assert found.unplanned == ()


def test_two_players_never_count_twice_and_complete_each_other() -> None:
    first, second = Player(), Player(machine="pc2")
    (one,) = slots(1)
    first.play(one, until_ms=60_000)
    second.mono = 40_000
    second.play(one, from_ms=40_000)
    found = held_against([one], first.lines, second.lines)
    assert (states(found), found.outcomes[0].ms) == (["whole"], 100_000)
    assert held_against([one], first.lines, first.lines).outcomes[0].ms == 60_000


def test_switched_on_late_the_first_slot_is_late_and_the_next_whole() -> None:
    player = Player(mono=50_000)
    first, second = slots(2)
    player.play(first, from_ms=50_000)
    player.play(second)
    found = held_against((first, second), player.lines)
    assert states(found) == ["late", "whole"]
    assert found.outcomes[0].late_ms == 50_000
    assert not found.outcomes[0].is_shown


@pytest.mark.parametrize(("until_ms", "state"), [(95_000, "whole"), (94_999, "part"), (50_000, "part")])
def test_a_slot_is_whole_from_95_per_cent(until_ms: int, state: str) -> None:
    player = Player()
    player.play(slots(1)[0], until_ms=until_ms)
    assert states(held_against(slots(1), player.lines)) == [state]


def test_what_no_log_speaks_of_is_not_reported_and_what_a_running_player_did_not_show_is_missing() -> None:
    player = Player()
    player.write("boot")
    player.mono = 100_000
    player.write("idle")
    assert states(held_against(slots(2), player.lines)) == ["missing", "silent"]


def test_a_missing_file_is_missing_and_its_substitute_replaces_it() -> None:
    player = Player()
    first, second = slots(2)
    player.write("missing", slot=first[0], reason="no such file")
    player.mono = 100_000
    player.write("missing", slot=second[0])
    player.write("substitute", slot=second[0], sha16="f" * 16)
    player.mono = 200_000
    player.write("end", slot=second[0], sha16="f" * 16, pos=100_000)
    found = held_against((first, second), player.lines)
    assert states(found) == ["missing", "replaced"]
    assert found.outcomes[0].reason == "no such file"


def test_a_file_of_an_older_plan_replaces_the_planned_one() -> None:
    name, slot = slots(1)[0]
    older = (name, slot.model_copy(update={"sha256": "e" * 64}))
    assert states(held_against([(name, slot)], Player().evening([older]).lines)) == ["replaced"]


def test_a_clock_set_back_while_a_lesson_is_on_loses_nothing_of_it() -> None:
    player = Player()
    (one,) = slots(1)
    player.write("start", slot=one[0], sha16=one[1].sha256[:16])
    player.shift_ms, player.mono = -3_600_000, 100_000
    player.write("end", slot=one[0], sha16=one[1].sha256[:16], pos=100_000)
    found = held_against([one], player.lines)
    assert (states(found), found.outcomes[0].ms) == (["whole"], 100_000)


def test_a_picture_that_stood_still_was_on_no_longer_than_it_moved() -> None:
    player = Player()
    (one,) = slots(1)
    said_of = {"slot": one[0], "sha16": one[1].sha256[:16]}
    player.write("start", **said_of)
    player.mono = 60_000
    player.write("alive", pos=20_000, **said_of)
    player.mono = 100_000
    player.write("end", pos=20_000, **said_of)
    assert held_against([one], player.lines).outcomes[0].ms == 20_000


def test_killed_in_an_item_what_the_last_sign_of_life_tells_counts() -> None:
    player = Player()
    (one,) = slots(1, seconds=600)
    player.play(one)
    cut = player.lines[:4]  # start and three signs of life
    assert held_against([one], cut).outcomes[0].ms == 180_000


def test_the_card_of_an_event_stood_until_the_next_thing_began_unless_lines_between_are_lost() -> None:
    player = Player()
    event = talk(EVENING, seconds=100)
    (after,) = slots(1, start=EVENING + timedelta(seconds=100))
    player.write("event", slot=event[0])
    player.mono = 100_000
    player.play(after)
    assert states(held_against((event, after), player.lines)) == ["whole", "whole"]
    assert states(held_against((event, after), [player.lines[0], *player.lines[2:]]))[0] != "whole"


def test_what_stands_in_no_slot_is_unplanned() -> None:
    other = slots(1, start=EVENING + timedelta(hours=3))
    found = held_against(slots(1), Player(start=EVENING + timedelta(hours=3)).evening(other).lines)
    assert states(found) == ["silent"]
    assert len(found.unplanned) == 1


def test_a_slot_claimed_hours_from_its_time_is_doubtful() -> None:
    player = Player(start=EVENING + timedelta(hours=3))
    player.play(slots(1)[0])
    assert states(held_against(slots(1), player.lines)) == ["doubtful"]


def test_what_is_of_the_future_is_doubtful() -> None:
    log = Player().evening(slots(1)).lines
    chain = join_chain(Written(line, one) for one in log if (line := parse_line(one)))
    before = round(EVENING.timestamp() * 1000) - 1
    assert states(reconcile(slots(1), statements_of(chain, "square-01", before), LATER)) == ["doubtful"]


def test_a_changed_line_makes_what_hangs_on_it_doubtful_and_nothing_else() -> None:
    plan = slots(4)
    lines = list(Player().evening(plan).lines)
    place = next(n for n, line in enumerate(lines) if b'"start"' in line and plan[2][0].encode() in line)
    lines[place] = lines[place].replace(b'"late":0', b'"late":1')
    found = states(held_against(plan, lines))
    assert (found[0], found[2], found[3]) == ("whole", "doubtful", "whole")


def test_people_who_were_counted_belong_to_the_event_and_by_hand_goes_before_the_keys() -> None:
    player = Player()
    event = talk(EVENING)
    player.write("boot")
    player.mono = 60_000
    player.write("tally", reason="30")
    player.mono = 120_000
    player.write("tally", reason="35")
    found = held_against([event], player.lines)
    assert (states(found), found.outcomes[0].people) == (["whole"], 35)
    at = round(EVENING.timestamp() * 1000)
    by_hand = Statement("square-01", "sheet", "hand", "people", at, 600_000, people=33)
    assert reconcile([event], [*said(player.lines), by_hand], LATER).outcomes[0].people == 33


def test_a_sheet_kept_by_hand_speaks_of_all_that_lies_in_its_time() -> None:
    at = round(EVENING.timestamp() * 1000)
    yes = Statement("square-01", "sheet", "hand", "shown", at, 250_000)
    no = Statement("square-01", "sheet", "hand", "missing", at + 300_000, 100_000, reason="停电")
    found = reconcile(slots(5), [yes, no], LATER)
    assert states(found) == ["whole", "whole", "part", "missing", "silent"]
    assert found.outcomes[3].reason == "停电"


def test_another_players_file_counts_for_the_nearest_slot_of_its_name() -> None:
    at = round(EVENING.timestamp() * 1000)
    drifted = Statement("square-01", "ffplayout", "other", "shown", at + 108_000, 100_000, name="002_课件1.mp4")
    strange = replace(drifted, name="猫.mp4")
    found = reconcile(slots(2), [drifted, strange], LATER)
    assert states(found) == ["silent", "whole"]
    assert found.unplanned == (strange,)


def test_a_files_name_means_its_title_its_id_or_its_hash() -> None:
    assert "水稻育秧" in names_of("媒体/03 《水稻育秧》.mp4")
    assert "lesson-001" in names_of("lesson-001.mp4")
    assert "0123456789abcdef" in names_of("0123456789ABCDEF.mp4")


WHOLE_LOGS = tuple(
    Player(machine=f"pc{number}", boot=f"b{number}").evening(slots(6)[number : number + 5]).lines
    for number in range(2)
)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_logs_split_shuffled_and_doubled_give_the_same_totals(data: st.DataObject) -> None:
    """However the lines of several logs reach us, as long as all do, the same comes out."""
    every = [line for log in WHOLE_LOGS for line in log]
    doubled = data.draw(st.lists(st.sampled_from(every), max_size=20))
    mixed = data.draw(st.permutations([*every, *doubled]))
    cut = data.draw(st.integers(0, len(mixed)))
    assert held_against(slots(6), mixed[:cut], mixed[cut:]) == held_against(slots(6), *WHOLE_LOGS)


@settings(max_examples=60, deadline=None)
@given(st.sets(st.integers(0, len(WHOLE_LOGS[0]) - 1)))
def test_lines_that_are_lost_never_make_more_of_what_was_shown(lost: set[int]) -> None:
    rest = [line for number, line in enumerate(WHOLE_LOGS[0]) if number not in lost]
    whole = held_against(slots(6), WHOLE_LOGS[0])
    for one, all_of_it in zip(held_against(slots(6), rest).outcomes, whole.outcomes, strict=True):
        assert one.ms <= all_of_it.ms


def interrupted(player: Player, named: tuple[str, Slot], at_ms: int, ms: int) -> None:
    """A slot into which a notice breaks, as the player writes it: the notice is named first."""
    name, slot = named
    began, said = player.mono, {"slot": name, "sha16": slot.sha256[:16]}
    notice = {"slot": "notice-0007-000", "sha16": "d" * 16, "kit": "square-01_notice-0007_r1", "reason": "notice"}
    if at_ms:
        player.write("start", **said)
    player.mono = began + at_ms
    player.write("notice", reason="square-01_notice-0007_r1")
    if at_ms:
        player.write("end", pos=at_ms, **{**said, "reason": "next"})
    player.write("start", **notice)
    player.mono += ms
    player.write("end", pos=ms, **notice)


def test_a_slot_that_a_notice_replaced_is_told_as_such_and_the_notice_as_shown_beside_the_plan() -> None:
    player = Player()
    first, second = slots(2)
    interrupted(player, first, 0, 100_000)
    player.play(second)
    found = held_against((first, second), player.lines)
    assert [(one.state, one.reason) for one in found.outcomes] == [("replaced", "notice"), ("whole", "")]
    assert [(one.slot, one.ms) for one in found.unplanned] == [("notice-0007-000", 100_000)]


def test_what_was_on_until_a_notice_interrupted_it_counts_to_the_moment() -> None:
    player = Player()
    (one,) = slots(1)
    interrupted(player, one, 55_000, 45_000)
    found = held_against([one], player.lines).outcomes[0]
    assert (found.state, found.ms, found.reason) == ("part", 55_000, "notice")


def test_a_notice_of_a_moment_excuses_nothing_that_was_not_shown_anyway() -> None:
    player = Player()
    first, second = slots(2)
    player.write("missing", slot=first[0], reason="no such file")
    interrupted(player, first, 0, 15_000)
    player.mono = 100_000
    player.play(second)
    assert states(held_against((first, second), player.lines)) == ["missing", "whole"]
