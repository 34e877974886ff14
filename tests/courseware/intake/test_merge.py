from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from courseware.intake.merge import Merge, fingerprint

VALUES = st.sampled_from([None, "一", "二", "三"])


def test_what_nobody_changed_stays() -> None:
    merge = Merge({"title": "一"})
    assert merge.settle("title", "一", "一") == "一"
    assert (merge.changed, merge.kept, merge.conflicts) == ([], [], {})


def test_what_only_the_sheet_changed_is_taken() -> None:
    merge = Merge({"title": "一"})
    assert merge.settle("title", "一", "二") == "二"
    assert merge.changed == ["title"]


def test_what_only_a_person_changed_is_kept() -> None:
    merge = Merge({"title": "一"})
    assert merge.settle("title", "三", "一") == "三"
    assert merge.kept == ["title"]


def test_what_both_changed_is_a_conflict_until_it_is_settled() -> None:
    merge = Merge({"title": "一"})
    assert merge.settle("title", "三", "二") == "三"
    assert merge.conflicts == {"title": ("三", "二")}
    again = Merge(merge.remembered)
    again.settle("title", "三", "二")
    assert again.conflicts


def test_overwrite_gives_a_conflict_to_the_sheet_but_not_what_only_a_person_changed() -> None:
    merge = Merge({"title": "一", "form": "甲"}, overwrite=True)
    assert merge.settle("title", "三", "二") == "二"
    assert merge.settle("form", "乙", "甲") == "乙"


def test_without_memory_whatever_stands_there_is_a_persons() -> None:
    assert Merge({}).settle("title", "三", "二") == "三"


def test_a_value_taken_out_of_the_sheet_goes() -> None:
    merge = Merge({"link": "一"})
    assert merge.settle("link", "一", None) is None
    assert merge.remembered == {}


@given(VALUES, VALUES, VALUES)
def test_a_second_import_of_the_same_sheet_changes_nothing(
    base: str | None, mine: str | None, theirs: str | None
) -> None:
    first = Merge({"key": base})
    result = first.settle("key", mine, theirs)
    second = Merge(first.remembered)
    assert second.settle("key", result, theirs) == result
    assert not second.changed


@given(VALUES, VALUES, VALUES)
def test_a_persons_own_value_is_never_lost(base: str | None, mine: str | None, theirs: str | None) -> None:
    if mine not in (base, None):
        assert Merge({"key": base}).settle("key", mine, theirs) == mine


def test_a_change_at_either_end_of_a_file_changes_its_fingerprint(tmp_path: Path) -> None:
    file = tmp_path / "a.mp4"
    found = set()
    for content in (b"a" * 3_000_000, b"b" + b"a" * 2_999_999, b"a" * 2_999_999 + b"b", b"a" * 2_999_999, b""):
        file.write_bytes(content)
        found.add(fingerprint(file))
    assert len(found) == 5
