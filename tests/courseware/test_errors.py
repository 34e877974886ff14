import errno
import pickle

import pytest

from courseware.errors import (
    BatchError,
    InputError,
    MediaError,
    Problem,
    StorageError,
    ToolError,
    YuanjiaoError,
    reason_of,
    text,
)

CHINESE = {"{name} is missing": "缺少 {name}", "the file {name}": "文件 {name}"}


def chinese(pattern: str) -> str:
    return CHINESE.get(pattern, pattern)


def test_a_sentence_is_translated_before_its_values_are_filled_in() -> None:
    assert text("{name} is missing", name="title").render(chinese) == "缺少 title"


def test_a_sentence_within_a_sentence_is_translated_too() -> None:
    inner = text("the file {name}", name="a.mp4")
    assert text("{name} is missing", name=inner).render(chinese) == "缺少 文件 a.mp4"


def test_a_value_with_braces_is_shown_as_it_is() -> None:
    assert str(text("{name} is missing", name="{0}{name!r}")) == "{0}{name!r} is missing"


def test_a_problem_is_one_line_with_its_place_first() -> None:
    assert Problem("venues.csv", text("{name} is missing", name="id")).render(str) == "venues.csv: id is missing"
    assert Problem("", text("nothing")).render(str) == "nothing"


def test_an_error_says_all_its_problems() -> None:
    error = InputError(Problem("a", text("one")), Problem("b", text("two")))
    assert str(error) == "a: one\nb: two"


def test_an_error_survives_the_way_between_two_processes() -> None:
    error = MediaError(Problem("a.mp4", text("cannot be read")))
    twin = pickle.loads(pickle.dumps(error))  # noqa: S301  (our own bytes)
    assert type(twin) is MediaError
    assert twin.problems == error.problems


@pytest.mark.parametrize("kind", [InputError, MediaError, ToolError, StorageError, BatchError])
def test_every_error_is_of_one_tree_and_has_an_exit_code(kind: type[YuanjiaoError]) -> None:
    assert issubclass(kind, YuanjiaoError)
    assert kind.exit_code == (2 if kind is InputError else 1)


def test_what_the_system_refuses_is_told_in_words_to_act_on() -> None:
    full = OSError(errno.ENOSPC, "No space left on device")
    assert str(reason_of(full)) == "the disk is full; free some space"
    assert str(reason_of(PermissionError(errno.EACCES, "Permission denied"))).startswith("it is read-only")


def test_a_rare_refusal_keeps_the_words_of_the_system() -> None:
    assert str(reason_of(OSError(errno.ELOOP, "Too many links"))) == "Too many links"
    assert str(reason_of(OSError("odd"))) == "odd"
