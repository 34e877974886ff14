from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pydantic
import pytest

from courseware.media.facts import MediaFacts
from render.plan.order import Order
from render.plan.plan import SourceStretch
from render.plan.profiles import Profile, profile_named, proxy_profile
from render.plan.screens import CornerMark, Screen
from render.work.jobs import MOST_FRAMES, Job, Missing, dump_job, load_job, plan_jobs
from templates.cards.pictures import Picture
from tests.render.samples import FACTS, ORDER, planned

LED, TV = profile_named("led-96x64"), profile_named("station-tv")
NEAR = replace(FACTS, duration_ms=60_000, keyframes_ms=tuple(range(0, 60_000, 2000)), longest_gap_ms=40)
HOSTILE = "老张's {a}:b\\N;[c],%s\"\n$(rm)"


def missing(profiles: list[Profile], order: Order = ORDER, facts: MediaFacts | None = NEAR) -> list[Missing]:
    """Everything of a lesson."""
    plans = [planned(order, facts, profile) for profile in profiles]
    return [
        Missing(plan, piece, f"{plan.profile.name} {number}")
        for plan in plans
        for number, piece in enumerate(plan.pieces)
    ]


def footage(found: tuple[Job, ...]) -> list[Job]:
    return [job for job in found if job.source]


def keys(found: Job) -> list[str]:
    return [one.key for one in found.outputs]


def test_each_missing_piece_is_made_by_exactly_one_job() -> None:
    wanted = missing([TV, LED])
    found = [key for job in plan_jobs(wanted) for key in keys(job)]
    assert sorted(found) == sorted(one.key for one in wanted)


def test_one_decode_of_a_stretch_serves_all_profiles() -> None:
    found = footage(plan_jobs(missing([TV, LED])))
    assert len(found) == 6
    for number, job in enumerate(found):
        assert sorted(keys(job)) == sorted([f"led-96x64 {number + 3}", f"station-tv {number + 3}"])
        assert (job.from_ms, job.to_ms) == (number * 10_000, number * 10_000 + 10_000)
        assert job.arguments.count("SOURCE") == 1


def test_a_last_chunk_that_is_longer_than_the_others_is_decoded_once_too() -> None:
    long_rest = replace(NEAR, duration_ms=21_000, keyframes_ms=tuple(range(0, 21_000, 2000)))
    found = footage(plan_jobs(missing([TV, LED], facts=long_rest)))
    assert [[one.frames for one in job.outputs] for job in found] == [[250, 250], [275, 275]]


def test_only_what_is_missing_is_made() -> None:
    wanted = [one for one in missing([TV, LED]) if one.key in {"led-96x64 4", "station-tv 0", "station-tv 6"}]
    ident, second, fourth = plan_jobs(wanted)
    assert keys(ident) == ["station-tv 0"]
    assert (keys(second), second.from_ms) == (["led-96x64 4"], 10_000)
    assert (keys(fourth), fourth.from_ms) == (["station-tv 6"], 30_000)


def test_profiles_of_another_rate_are_decoded_apart() -> None:
    fast = replace(LED, name="fast", fps=Fraction(50))
    for job in footage(plan_jobs(missing([TV, fast, LED]))):
        assert len({key.split()[0] == "fast" for key in keys(job)}) == 1
        assert "fast" in keys(job)[0] or len(keys(job)) == 2


@pytest.mark.parametrize(
    ("facts", "frames"),
    [
        (NEAR, 250),
        (replace(NEAR, keyframes_ms=(0, 20_000, 40_000)), MOST_FRAMES),
        (replace(NEAR, seekable=False), MOST_FRAMES),
        (replace(NEAR, keyframes_ms=tuple(range(0, 60_000, 5000))), 500),
    ],
    ids=["key frames near", "far", "unseekable", "between"],
)
def test_the_farther_key_frames_are_apart_the_more_chunks_go_together(facts: MediaFacts, frames: int) -> None:
    found = footage(plan_jobs(missing([LED], facts=facts)))
    assert max(job.frames for job in found) == frames
    assert max(job.frames for job in found) <= MOST_FRAMES
    assert sum(job.frames for job in found) == 1500


def test_what_is_made_quickly_is_one_job_whatever_its_key_frames() -> None:
    (job,) = footage(plan_jobs(missing([proxy_profile()], facts=NEAR)))
    assert (job.frames, {one.judged for one in job.outputs}) == (1500, {False})


def test_encoders_of_one_job_have_room_together() -> None:
    unseekable = replace(NEAR, seekable=False)
    for profile, stretches in ((TV, 1), (profile_named("led-1920x720"), 2), (profile_named("station-tv-720"), 4)):
        found = footage(plan_jobs(missing([profile], facts=unseekable)))
        assert max(len(job.outputs) for job in found) == stretches, profile.name


def test_a_chunk_in_which_the_picture_ends_before_its_sound_holds_it() -> None:
    short = replace(NEAR, last_picture_ms=31_960, keyframes_ms=tuple(range(0, 32_000, 2000)))
    for profiles in ([TV], [TV, LED]):
        found = footage(plan_jobs(missing(profiles, facts=short)))
        held = [job.from_ms for job in found if "tpad" in " ".join(job.arguments)]
        assert held == [job.from_ms for job in found if job.to_ms > 31_960]
        assert 10_000 not in held


def test_what_lies_apart_is_not_decoded_in_between() -> None:
    unseekable = replace(NEAR, seekable=False)
    wanted = [one for one in missing([LED], facts=unseekable) if one.key in {"led-96x64 3", "led-96x64 5"}]
    assert [keys(job) for job in footage(plan_jobs(wanted))] == [["led-96x64 3"], ["led-96x64 5"]]


def test_a_job_that_seeks_knows_the_patient_way_too() -> None:
    first, second, *_ = footage(plan_jobs(missing([LED])))
    assert first.patient == ()
    assert "-ss" in second.arguments
    assert second.patient
    assert "-ss" not in second.patient


def test_slogans_and_notices_need_no_source() -> None:
    for words in ({"slogan": "致富靠自己"}, {"notice": "本周六停水。", "title": "通知"}):
        order = replace(ORDER, source=None, cues=(), **words)  # type: ignore[arg-type]
        found = plan_jobs(missing([LED], order, None))
        assert {job.source for job in found} == {""}
        assert len(found) == (1 if order.slogan else len(missing([LED], order, None)))


def every_kind() -> list[Job]:
    pictured = Picture(Path("/p.png"), "1" * 64)
    marked = replace(ORDER, picture=pictured, screens=(Screen(mark=CornerMark(logo=pictured)),))
    slogan = replace(ORDER, source=None, cues=(), slogan="致富靠自己", picture=pictured)
    notice = replace(ORDER, source=None, cues=(), notice="本周六停水。", title="通知")
    found = [*plan_jobs(missing([TV, LED])), *plan_jobs(missing([TV], marked))]
    for order in (slogan, notice):
        found += plan_jobs(missing([TV], order, None))
    return found


def test_a_job_is_plain_data_and_comes_back_as_it_was() -> None:
    found = every_kind()
    assert {type(step).__name__ for job in found for step in job.steps} == {
        "WriteText",
        "DrawCard",
        "DrawMark",
        "LayIdent",
    }
    for job in found:
        assert load_job(dump_job(job)) == job
        assert json.loads(dump_job(job))["name"] == "dose"


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"name": "x"}'])
def test_what_is_no_job_is_refused(content: str) -> None:
    with pytest.raises(pydantic.ValidationError):
        load_job(content)


def test_no_text_of_a_user_reaches_an_argument() -> None:
    texts = dict.fromkeys(("title", "presenter", "producer", "reviewer", "credit", "lesson"), HOSTILE)
    cues = tuple(replace(cue, text=HOSTILE) for cue in ORDER.cues)
    hostile = replace(ORDER, cues=cues, screens=(Screen(mark=CornerMark(words=HOSTILE)),), **texts)  # type: ignore[arg-type]
    plain = replace(ORDER, screens=(Screen(mark=CornerMark(words="标志")),))
    assert [job.arguments for job in plan_jobs(missing([LED], hostile))] == [
        job.arguments for job in plan_jobs(missing([LED], plain))
    ]
    for words in ("slogan", "notice"):
        order = replace(ORDER, source=None, cues=(), **{words: HOSTILE.replace("\n", " ")})  # type: ignore[arg-type]
        said = " ".join(word for job in plan_jobs(missing([LED], order, None)) for word in job.arguments)
        assert "张" not in said
        assert "rm" not in said.replace("format", "")


def test_where_the_source_lies_is_not_among_the_arguments() -> None:
    order = replace(ORDER, source=Path("-rf http:x.mp4"))
    for job in footage(plan_jobs(missing([LED], order))):
        assert job.source == str(Path("-rf http:x.mp4").absolute())
        assert not any("x.mp4" in word for word in job.arguments)


def test_a_job_knows_how_much_it_encodes() -> None:
    plan = planned(ORDER, NEAR, LED)
    body = sum(piece.chunk.frames for piece in plan.pieces if isinstance(piece.picture, SourceStretch))
    assert sum(job.frames for job in footage(plan_jobs(missing([LED, TV])))) == 2 * body
