"""Every sentence a user may see is in the Chinese catalogue, with the same values in it."""

import re
import string
from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from rich.cells import cell_len

import cli
from tests import catalogue
from tests.catalogue import Sentence

SAME_IN_BOTH = {"ffmpeg", "Python"}
HAN = "[\u4e00-\u9fff]"


@pytest.fixture(scope="module")
def known() -> dict[Sentence, str]:
    """The readable catalogue."""
    return catalogue.load()


def fields(pattern: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(pattern) if name}


def same_values(sentence: Sentence, translation: str) -> bool:
    if isinstance(sentence, str):
        return fields(sentence) == fields(translation)
    # Chinese has one form for one and for several; click gives it the values of both.
    return fields(translation) <= fields(sentence[0]) | fields(sentence[1])


def test_the_chinese_catalogue_is_complete(known: dict[Sentence, str]) -> None:
    assert [one for one in catalogue.all_sentences() if not known.get(one)] == []


def test_the_catalogue_holds_nothing_that_is_no_longer_said(known: dict[Sentence, str]) -> None:
    assert known.keys() - catalogue.all_sentences() == set()


def test_translations_name_the_same_values(known: dict[Sentence, str]) -> None:
    assert [one for one, said in known.items() if said and not same_values(one, said)] == []


def test_translations_are_chinese_with_chinese_punctuation(known: dict[Sentence, str]) -> None:
    said = {one: re.sub(r"\{.*?\}", "", translation).split("\n\n")[0] for one, translation in known.items()}
    assert {
        one for one, words in said.items() if re.search(r"\w", words) and not re.search(HAN, words)
    } <= SAME_IN_BOTH
    assert [words for words in said.values() if re.search(rf"{HAN}[,;:!?.()]|[,;:!?()]{HAN}", words)] == []


def test_examples_are_the_same_commands_in_both_languages(known: dict[Sentence, str]) -> None:
    for sentence, translation in known.items():
        if isinstance(sentence, str) and sentence.startswith("Example"):
            assert translation.split("\n")[0] == "示例："
            assert translation.split("\n")[1:] == sentence.split("\n")[1:]


def test_the_compiled_catalogue_is_made_from_the_readable_one(known: dict[Sentence, str]) -> None:
    made = catalogue.made_from(known)
    assert catalogue.COMPILED.read_bytes() == catalogue.compiled(made)


def helps() -> Iterator[tuple[str, ...]]:
    yield ()
    for name in cli.COMMANDS:
        yield (name,)
        yield from ((name, one) for one in getattr(cli.load_command(name), "commands", ()))


@pytest.mark.parametrize("command", list(helps()), ids=" ".join)
def test_chinese_help_fits_the_terminal(command: tuple[str, ...]) -> None:
    done = CliRunner().invoke(cli.main, [*command, "--help", "--lang", "zh"], terminal_width=80)
    lines = [line for line in done.output.splitlines() if not line.strip().startswith("yuanjiao ")]
    assert max(map(cell_len, lines)) <= 80
    assert not re.search(
        r"\b(Usage|Options|OPTIONS|COMMAND|ARGS|TEXT|INTEGER|DIRECTORY|required(?! =)|default)\b", done.output
    )
    shown = "\n".join(lines)
    assert not re.search(r"[；;] |<=|用法： |--\S+ (?:文字|[A-Z:]+)\b", shown)
    assert not re.search(r"\[(?:必|默|范)[^\]\n]*$", shown, re.MULTILINE)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rendr"], "没有命令“rendr”，是否应为“render”？"),
        (["xyz"], "没有命令“xyz”。"),
        (["render", "--nonsense"], "没有选项“--nonsense”。"),
        (["render", "--jobs", "99"], "“-j”的值有误：99 不在范围 1～64 之内。"),
        (["render", "--jobs", "two"], "“two”不是整数。"),
        (["status", "--week"], "选项“--week”后面要写内容。"),
        (["status", "--json=3"], "选项“--json”后面不要写内容。"),
        (["import"], "请补写“表格”。"),
        (["transcode", "cli.py"], "请补写选项“--profile”或“-p”。"),
        (["doctor", "more"], "多写了内容，请删去：more"),
        (["render", "--job", "3"], "没有选项“--job”，是否应为“--jobs”“--json”“--on”？"),
        (["--nonsense"], "没有选项“--nonsense”。"),
    ],
    ids=lambda part: " ".join(part) if isinstance(part, list) else "",
)
def test_what_click_says_of_wrong_arguments_is_chinese(arguments: list[str], said: str) -> None:
    done = CliRunner().invoke(cli.main, ["--lang", "zh", *arguments])
    assert done.exit_code == 2
    assert said in done.output
    assert not re.search(r"\b(Usage|Error|Try|Missing|Invalid|Option|No such)\b", done.output)


def test_the_same_is_english_for_others() -> None:
    done = CliRunner().invoke(cli.main, ["--lang", "en", "rendr"])
    assert "there is no command “rendr”; did you mean “render”?" in done.output
