"""What --help says of commands: in the user's language, laid out by the columns of a terminal."""

from __future__ import annotations

import copy
import gettext
from collections.abc import Callable, Iterable, Iterator, MutableMapping

import click
from rich.cells import cell_len

from courseware.terminal.chinese import set_in_chinese
from courseware.terminal.columns import wrapped


def translated(command: click.Command, translate: Callable[[str], str]) -> click.Command:
    """A copy of the command, and of all below it, whose help is in the user's language."""
    twin = copy.copy(command)
    twin.context_class = HelpContext
    twin.help = translate(command.help or "")
    twin.short_help = translate(command.short_help) if command.short_help else None
    twin.epilog = translate(command.epilog or "")
    twin.options_metavar = translate(command.options_metavar or "")
    twin.params = [_translated_parameter(parameter, translate) for parameter in command.params]
    if isinstance(command, click.Group) and isinstance(twin, click.Group):
        twin.subcommand_metavar = translate(command.subcommand_metavar)
        twin.commands = TranslatedCommands(command, translate)
    return twin


class TranslatedCommands(MutableMapping[str, click.Command]):
    """The commands below one, translated when they are asked for: the help of the whole program asks for none."""

    def __init__(self, group: click.Group, translate: Callable[[str], str]) -> None:
        """Of the group as its module made it."""
        self._group, self._translate = group, translate

    def __getitem__(self, name: str) -> click.Command:
        """The command's twin."""
        return translated(self._group.commands[name], self._translate)

    def __iter__(self) -> Iterator[str]:
        """The names."""
        return iter(self._group.commands)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._group.commands)

    def __setitem__(self, name: str, command: click.Command) -> None:
        """Nothing is added to a twin."""
        raise NotImplementedError

    def __delitem__(self, name: str) -> None:
        """Nothing is taken from a twin."""
        raise NotImplementedError


def _translated_parameter(parameter: click.Parameter, translate: Callable[[str], str]) -> click.Parameter:
    twin = copy.copy(parameter)
    # click puts the type's name into usage lines and errors; it is shared with other parameters.
    twin.type = copy.copy(twin.type)
    twin.type.name = translate(twin.type.name)
    if isinstance(twin, click.Option):
        twin.help = translate(twin.help or "")
        twin.metavar = translate(twin.metavar or "") or None
    elif isinstance(twin, click.Argument):
        twin.metavar = translate(metavar_of(twin))
    return twin


def metavar_of(argument: click.Argument) -> str:
    """What stands for an argument in usage lines, in English."""
    name = argument.human_readable_name
    return name if argument.metavar or argument.required else f"[{name}]"


class HelpFormatter(click.HelpFormatter):
    """Lays out help by the columns of a terminal; click counts characters, and half of ours are two columns wide."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The usage line; no space follows a Chinese colon."""
        usage = prefix or gettext.gettext("Usage:")
        super().write_usage(prog, args, usage + " " * usage.isascii())

    def write_heading(self, heading: str) -> None:
        """The heading, in Chinese with a Chinese colon."""
        self.write(f"{heading}{':' if heading.isascii() else '：'}\n")

    def write_text(self, text: str) -> None:
        """Paragraphs; a command line among them stays whole, to be copied as it is."""
        indent = " " * self.current_indent
        paragraphs = (
            [f"  {one}"] if one.startswith("yuanjiao ") else wrapped(one, self.width - self.current_indent)
            for one in text.split("\n\n")
        )
        self.write("\n".join("".join(f"{indent}{line}\n" for line in lines) for lines in paragraphs))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Options or commands beside what they do."""
        listed = list(rows)
        indent = " " * self.current_indent
        left = min(max(cell_len(term) for term, _ in listed), col_max) + col_spacing
        for term, said in listed:
            first, *rest = wrapped(set_in_chinese(said), max(self.width - self.current_indent - left, 10))
            gap = left - cell_len(term)
            self.write(f"{indent}{term}{' ' * gap if gap > 0 else chr(10) + indent + ' ' * left}{first}\n")
            self.write("".join(f"{indent}{' ' * left}{line}\n" for line in rest))


class HelpContext(click.Context):
    """Where click looks for the formatter."""

    formatter_class = HelpFormatter
