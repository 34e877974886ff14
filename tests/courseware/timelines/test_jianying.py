"""Drafts of 剪映: their form as versions 2 to 5.9 write it."""

import json
from pathlib import Path
from typing import Any

import pytest

from courseware.errors import InputError
from courseware.subtitles import load_cues
from courseware.timelines.edit_list import clip_tables
from courseware.timelines.jianying import parse_jianying

SECOND = 1_000_000
USUAL = {
    "rotation": 0.0,
    "scale": {"x": 1.0, "y": 1.0},
    "transform": {"x": 0.0, "y": 0.0},
    "flip": {"horizontal": False, "vertical": False},
    "alpha": 1.0,
}


def video(key: str, path: str, kind: str = "video") -> dict[str, Any]:
    return {"id": key, "path": path, "type": kind, "duration": 100 * SECOND}


def segment(
    key: str, source: tuple[float, float], target: tuple[float, float], *refs: str, **more: Any
) -> dict[str, Any]:
    ranges = {
        name: {"start": round(start * SECOND), "duration": round(length * SECOND)}
        for name, (start, length) in {"source_timerange": source, "target_timerange": target}.items()
    }
    speed = source[1] / target[1]
    return {
        "material_id": key,
        **ranges,
        "speed": speed,
        "volume": 1.0,
        "clip": USUAL,
        "extra_material_refs": refs,
    } | more


def caption(key: str, start: float, length: float) -> dict[str, Any]:
    target = {"start": round(start * SECOND), "duration": round(length * SECOND)}
    return {"material_id": key, "source_timerange": None, "target_timerange": target}


def draft(*segments: dict[str, Any], captions: tuple[dict[str, Any], ...] = (), **more: Any) -> str:
    styled = json.dumps({"styles": [], "text": "先剪病枝"}, ensure_ascii=False)
    tagged = '<font id="" path="D:/f.ttf"><color=(1.0, 1.0, 1.0, 1.0)><size=5.0>再剪弱枝</size></color></font>'
    materials = {
        "videos": [
            video("a", "D:/视频/开场.mp4"),
            video("b", "##_draftpath_placeholder_0E685133_##/大棚.mov"),
            video("p", "D:/x/图.jpg", "photo"),
        ],
        "transitions": [
            {"id": "叠", "name": "叠化", "duration": SECOND},
            {"id": "推", "name": "推近", "duration": 1},
        ],
        "texts": [
            {"id": "t1", "type": "subtitle", "content": styled},
            {"id": "t2", "type": "subtitle", "content": tagged},
            {"id": "t3", "type": "text", "content": "片名"},
        ],
        "audios": [{"id": "m", "path": "D:/music.mp3"}],
        "video_effects": [{"id": "e", "name": "胶片"}],
    }
    tracks = [{"type": "video", "segments": segments}, {"type": "text", "segments": captions}]
    document = {"name": "冬剪", "materials": materials, "tracks": tracks}
    document["tracks"] = [*tracks, *more.pop("tracks", ())]
    return json.dumps(document | more, ensure_ascii=False)


def test_the_main_track_becomes_clips() -> None:
    edit = parse_jianying(
        draft(
            segment("a", (3, 5), (0, 5), "叠"),
            segment("b", (10, 10), (5, 5), volume=0.5, clip=USUAL | {"rotation": -90.0}),
            segment("p", (0, 4), (10, 4)),
        ),
        "draft_content.json",
    )
    assert clip_tables(edit.clips) == [
        {"source": "开场.mp4", "from": "0:03", "to": "0:08.5"},
        {"source": "大棚.mov", "from": "0:09", "to": "0:20", "speed": 2, "gain": -6.0, "rotate": 270, "fade": 1},
        {"source": "图.jpg", "seconds": 4},
    ]
    assert (edit.title, edit.remarks) == ("冬剪", ())


def test_texts_become_subtitles_in_the_time_of_the_one_video_or_of_the_whole() -> None:
    captions = (caption("t1", 1, 2), caption("t2", 6, 2.5), caption("t3", 0, 5))
    one = parse_jianying(draft(segment("a", (3, 5), (0, 5)), segment("a", (20, 10), (5, 5)), captions=captions), "x")
    assert [(cue.span.start_ms, cue.span.end_ms, cue.text) for cue in one.cues] == [
        (4000, 6000, "先剪病枝"),
        (22_000, 27_000, "再剪弱枝"),  # at twice the speed
    ]
    several = parse_jianying(
        draft(segment("a", (3, 5), (0, 5)), segment("b", (0, 4), (6, 4)), captions=captions), "x"
    )
    assert [(cue.span.start_ms, cue.span.end_ms) for cue in several.cues] == [(1000, 3000), (5000, 7500)]
    assert any("empty stretches" in str(told) for told in several.remarks)


def test_what_a_lesson_cannot_say_is_told() -> None:
    beside = {"type": "video", "segments": [segment("p", (0, 1), (0, 1))]}
    sound = {"type": "audio", "segments": [segment("m", (0, 9), (0, 9))]}
    edit = parse_jianying(
        draft(
            segment("a", (0, 5), (0, 5), "推", "e", reverse=True, clip=USUAL | {"alpha": 0.5}),
            segment("b", (0, 5), (5, 5), visible=False),
            segment("b", (0, 50), (10, 5)),
            tracks=[beside, sound],
        ),
        "x",
    )
    told = "\n".join(map(str, edit.remarks))
    wanted = (
        "推近",
        "胶片",
        "forwards: 开场.mp4",
        "place",
        "off there was left out: 大棚.mov",
        "0.25 to 4",
        "图.jpg",
        "music.mp3",
    )
    assert all(one in told for one in wanted), told


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "not a draft"),
        ("{}", "not a draft"),
        ("[1]", "not a draft"),
        ('{"tracks": [], "materials": {}}', "no clips of videos"),
        ("q83vASNFZ4mrze8B" * 40, "encrypted"),
        ("\x01\x02\x7f" * 50, "encrypted"),
    ],
)
def test_what_is_no_readable_draft_is_refused_with_the_reason(content: str, why: str) -> None:
    with pytest.raises(InputError, match=why):
        parse_jianying(content, "draft_content.json")


def test_a_draft_is_a_subtitle_file_for_who_wants_its_texts_only(tmp_path: Path) -> None:
    path = tmp_path / "draft_content.json"
    captions = (caption("t2", 6, 2.5), caption("t1", 1, 2), caption("t3", 0, 5))
    path.write_text(draft(segment("a", (3, 5), (0, 5)), captions=captions), encoding="utf-8")
    cues, problems = load_cues(path)
    assert [(cue.span.start_ms, cue.text) for cue in cues] == [(1000, "先剪病枝"), (6000, "再剪弱枝")]
    assert problems == ()


def test_newer_drafts_say_their_zooms_and_compound_clips_and_name_transitions_in_their_own_language() -> None:
    """As CapCut 6.7 (form 140) and later write them."""
    grows = {"property_type": "KFTypeScaleX", "keyframe_list": [{"values": [1.0]}, {"values": [1.4]}]}
    stands = {"property_type": "KFTypeScaleX", "keyframe_list": [{"values": [1.0]}]}
    document = json.loads(
        draft(
            segment("a", (3, 5), (0, 5), "trộn", common_keyframes=[stands]),
            segment("b", (10, 10), (5, 10), common_keyframes=[grows]),
            segment("c", (0, 4), (15, 4), "compound"),
        )
    )
    materials = document["materials"]
    dissolve = {"id": "trộn", "name": "Hòa tan", "effect_id": "6724845717472416269", "duration": SECOND}
    materials["transitions"].append(dissolve)
    materials["videos"].append({"id": "c", "path": "", "material_name": "复合片段1", "type": "video"})
    materials["drafts"] = [{"id": "compound", "type": "combination", "draft": {}}]
    edit = parse_jianying(json.dumps(document | {"version": 360000, "new_version": "140.0.0"}), "x")
    assert [clip.fade for clip in edit.clips] == [0, 1]
    told = "\n".join(map(str, edit.remarks))
    assert "大棚.mov: keyframes" in told
    assert "开场.mp4" not in told
    assert "An edit inside of the edit was left out; export it as a video of its own: 复合片段1." in told


def test_numbers_without_measure_end_no_program() -> None:
    odd = segment("a", (0, 5), (0, 5)) | {"volume": 10**400, "speed": float("nan")}
    bad = segment("a", (0, 5), (5, 5)) | {"target_timerange": {"start": 10**400, "duration": "x"}}
    edit = parse_jianying(draft(odd, bad), "x")
    assert len(edit.clips) == 1
