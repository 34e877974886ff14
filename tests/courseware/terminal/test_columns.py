import pytest
from rich.cells import cell_len

from courseware.terminal.columns import wrapped

SAID = "把指定的课件（不写时为全部课件）制作成 yuanjiao.toml 里的各种屏幕规格，或只做指定的“规格”。已有的不再重做。"


@pytest.mark.parametrize("columns", range(16, 80, 3))
def test_no_line_is_too_long_and_nothing_is_lost(columns: int) -> None:
    lines = wrapped(SAID, columns)
    assert max(map(cell_len, lines)) <= columns
    assert "".join(lines).replace(" ", "") == SAID.replace(" ", "")


@pytest.mark.parametrize("columns", range(16, 80, 3))
def test_signs_stay_with_their_words(columns: int) -> None:
    lines = wrapped(SAID, columns)
    assert not any(line[0] in "，。）”" or line[-1] in "（“" for line in lines)


def test_english_breaks_between_words() -> None:
    assert wrapped("Make the lessons for  the screens", 12) == ("Make the", "lessons for", "the screens")


def test_a_word_longer_than_the_line_stays_whole() -> None:
    assert wrapped("see --workspace-directory now", 8) == ("see", "--workspace-directory", "now")


def test_an_empty_text_is_an_empty_line() -> None:
    assert wrapped("", 10) == ("",)
