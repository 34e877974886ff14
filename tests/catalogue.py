"""The Chinese catalogue: collects every sentence a user may see, keeps what is translated, compiles it.

Run as `python -m tests.catalogue` when a sentence has changed; it names those that want a translation.
"""

import ast
import io
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

import cli
from courseware.terminal.help import metavar_of
from templates.desk.pages import sentences as desk_sentences
from tests.test_architecture import FILES, ROOT, nodes

LOCALE = Path(cli.LOCALE_DIR) / "zh_CN" / "LC_MESSAGES"
READABLE = LOCALE / "yuanjiao.po"
COMPILED = LOCALE / "yuanjiao.mo"

Sentence = str | tuple[str, str]
"""A pattern, or one for a single thing and one for several."""

# What click says by itself of commands like ours; 8.2 and 8.5 differ in some words, and both are here.
CLICK: tuple[Sentence, ...] = (
    "Usage:",
    "Options",
    "Commands",
    "Show this message and exit.",
    "default: {default}",
    "required",
    "Error: {message}",
    "Try '{command} {option}' for help.",
    "No such command {name!r}.",
    "Missing command.",
    "No such option {name!r}.",
    "No such option: {name}",
    ("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    "Option {name!r} does not take a value.",
    ("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."),
    "Missing argument",
    "Missing option",
    "Missing parameter",
    ("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
    "Invalid value: {message}",
    "Invalid value for {param_hint}: {message}",
    ("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
    "{value!r} is not a valid {number_type}.",
    "{value} is not in the range {range}.",
    "{name} {filename!r} does not exist.",
    "{name} {filename!r} is a file.",
    "{name} {filename!r} is a directory.",
    "{name} {filename!r} is not readable.",
    "{name} {filename!r} is not writable.",
    "Aborted!",
    # Names of types.
    "text",
    "integer",
    "integer range",
    "float range",
    (
        "{value!r} does not match the format {format}.",
        "{value!r} does not match the formats {formats}.",
    ),
    "file",
    "directory",
    "path",
)


class PlainCatalog(Catalog):
    """A catalogue whose header is always the same: no dates, no version of the tool that wrote it."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Project-Id-Version", "yuanjiao"),
            ("Language", "zh_CN"),
            ("Plural-Forms", "nplurals=1; plural=0;"),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]

    @mime_headers.setter
    def mime_headers(self, value: Iterable[tuple[str, str]]) -> None:
        """Nothing: what a file says there is not kept."""


def sentences_in(path: Path) -> list[str]:
    """First arguments of text(...); a pattern that is no literal could not be translated."""
    found = []
    for node in nodes(path):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "text":
            pattern = node.args[0]
            assert isinstance(pattern, ast.Constant), f"{path.name}:{node.lineno}: text() wants a literal"
            assert isinstance(pattern.value, str)
            found.append(pattern.value)
    return found


def help_of(command: click.Command) -> list[str]:
    """Everything `translated` translates of a command and of those below it."""
    found = [command.help or "", command.short_help or "", command.epilog or "", command.options_metavar or ""]
    options = [one for one in command.params if isinstance(one, click.Option)]
    found += [one.help or "" for one in options] + [one.metavar or "" for one in options]
    found += [metavar_of(one) for one in command.params if isinstance(one, click.Argument)]
    if isinstance(command, click.Group):
        found.append(command.subcommand_metavar)
        for one in command.commands.values():
            found += help_of(one)
    return found


@cache
def said() -> tuple[tuple[Sentence, str], ...]:
    """Every sentence, with the file it stands in."""
    return tuple(_said())


def _said() -> Iterator[tuple[Sentence, str]]:
    for path in FILES:
        for pattern in sentences_in(path):
            yield pattern, path.relative_to(ROOT).as_posix()
    for name, patterns in desk_sentences().items():
        for pattern in patterns:
            yield pattern, f"templates/desk/{name}"
    ours = ((module, cli.load_command(name)) for name, (module, _) in commands())
    for module, command in (("cli", cli.main), *ours):
        for pattern in help_of(command):
            yield pattern, module.replace(".", "/") + ".py"
    for sentence in CLICK:
        yield sentence, "click"


def commands() -> list[tuple[str, tuple[str, str]]]:
    return sorted(cli.COMMANDS.items(), key=lambda one: (one[1][0], one[0]))


def all_sentences() -> set[Sentence]:
    return {sentence for sentence, _ in said() if sentence}


def load() -> dict[Sentence, str]:
    """The readable catalogue: sentence → translation, "" when it has none."""
    if not READABLE.is_file():
        return {}
    with READABLE.open("rb") as stream:
        return {_sentence(one.id): _first(one.string) for one in read_po(stream, locale="zh_CN") if one.id}


def made_from(translations: dict[Sentence, str]) -> Catalog:
    """What is said, in the order of the files, with the translations there are."""
    made = PlainCatalog("zh_CN", domain="yuanjiao", charset="utf-8", fuzzy=False)
    made.header_comment = "# What the toolkit says, in Simplified Chinese. Write translations here, then run\n"
    made.header_comment += "# `python -m tests.catalogue`."
    for sentence, file in said():
        if sentence:
            known = translations.get(sentence, "")
            made.add(sentence, (known,) if isinstance(sentence, tuple) else known, locations=[(file, 0)])
    return made


def compiled(catalogue: Catalog) -> bytes:
    """What gettext reads."""
    stream = io.BytesIO()
    write_mo(stream, catalogue)
    return stream.getvalue()


def main() -> None:
    """Bring both files up to date."""
    catalogue = made_from(load())
    stream = io.BytesIO()
    write_po(stream, catalogue, width=110, include_lineno=False)
    LOCALE.mkdir(parents=True, exist_ok=True)
    READABLE.write_bytes(stream.getvalue())
    COMPILED.write_bytes(compiled(catalogue))
    wanting = [repr(one) for one, translation in load().items() if not translation]
    sys.exit("\n".join(["These sentences want a translation:", *wanting]) if wanting else 0)


def _sentence(found: object) -> Sentence:
    return (str(found[0]), str(found[1])) if isinstance(found, list | tuple) else str(found)


def _first(found: object) -> str:
    return str(found[0]) if isinstance(found, list | tuple) else str(found)


if __name__ == "__main__":
    main()
