"""A request as the rooms see it: who asks, in which language, what was filled in; and the answers they give."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, unquote

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from courseware.errors import InputError, Problem, Text, text
from courseware.lessons.workspace import Workspace
from courseware.terminal.console import Console
from desk.people.roles import Person, Roles, admits
from desk.session.state import Desk
from desk.work import TaskRun, Then
from templates.desk.pages import environment

if TYPE_CHECKING:
    from jinja2 import Template

_MOST_DIGITS = 6
_LONG = 60  # characters of a field that nobody likes to write twice
LANGUAGE_COOKIE, NAME_COOKIE, SESSION_COOKIE = "yuanjiao-lang", "yuanjiao-name", "yuanjiao-session"


class MenuItem(NamedTuple):
    """A line of the menu, for whom it is."""

    name: Text
    address: str
    roles: Roles


@dataclass(frozen=True, slots=True)
class Ask:
    """One request to a room.

    Attributes:
        form: what was filled in; empty for a page that is only looked at.
        person: who has logged in; None where nobody does, alone on this computer.
    """

    request: Request
    desk: Desk
    form: FormData
    menu: tuple[MenuItem, ...] = ()
    person: Person | None = None

    @property
    def who(self) -> str:
        """Who acts: the person who has logged in, else whom the form names, or named before; "" for nobody."""
        return self.said("by") if self.person is None and self.said("by") else self.known

    @property
    def known(self) -> str:
        """The person who has logged in; alone on this computer the name that the browser remembers, or ""."""
        return self.person.name if self.person else unquote(self.request.cookies.get(NAME_COOKIE, ""))

    @property
    def token(self) -> str:
        """Of the session, as the browser sent it."""
        return self.request.cookies.get(SESSION_COOKIE, "")

    @property
    def is_inside(self) -> bool:
        """Whether who asks is through the door, or there is none."""
        return self.desk.logins is None or self.person is not None

    @property
    def rooms(self) -> list[MenuItem]:
        """The lines of the menu that are for who asks."""
        return [item for item in self.menu if self.desk.logins is None or admits(item.roles, self.person)]

    def is_still_inside(self) -> bool:
        """Whether the session goes on, for who has been listening for a while."""
        logins = self.desk.logins
        return logins is None or logins.person(self.token, looks=True) is not None

    def sees(self, venue: str) -> bool:
        """Whether a venue is any business of who asks."""
        return self.person is None or self.person.sees(venue)

    @property
    def console(self) -> Console:
        """In the language that the browser chose."""
        wanted = self.request.cookies.get(LANGUAGE_COOKIE, self.desk.language)
        return self.desk.consoles.get(wanted, self.desk.consoles[self.desk.language])

    @property
    def workspace(self) -> Workspace:
        """The workspace that the desk stands on."""
        return self.desk.workspace()

    @property
    def is_part(self) -> bool:
        """Whether a script of ours asks for a part of a page."""
        return not {"desk-part", "hx-request"}.isdisjoint(self.request.headers)

    def path(self, name: str) -> str:
        """A part of the address."""
        return str(self.request.path_params[name])

    def number(self, name: str) -> int:
        """A part of the address that is a number.

        Raises:
            InputError: it is none.
        """
        said = self.path(name)
        if not (said.isascii() and said.isdigit() and len(said) <= _MOST_DIGITS):
            raise InputError(Problem(self.request.url.path, NOT_FOUND))
        return int(said)

    def several(self, name: str) -> tuple[str, ...]:
        """All that was chosen or filled in under the name."""
        return tuple(one.strip() for one in self.form.getlist(name) if isinstance(one, str) and one.strip())

    def said(self, name: str) -> str:
        """A field of the form, without the blanks around it; "" when it was not sent."""
        value = self.form.get(name, "")
        return "" if isinstance(value, UploadFile) else value.strip()

    def raw(self, name: str) -> str:
        """A field as it was typed: a password may begin or end with blanks."""
        value = self.form.get(name, "")
        return "" if isinstance(value, UploadFile) else value

    @property
    def client(self) -> str:
        """The address of the computer that asks."""
        return self.request.client.host if self.request.client else ""

    def query(self, name: str) -> str:
        """A word behind the question mark of the address."""
        return self.request.query_params.get(name, "").strip()

    def show(self, page: str, *, status: int = 200, **values: Any) -> Response:  # noqa: ANN401  (the page's business)
        """A page, or a part of one."""
        return HTMLResponse(render_page(self, page, values), status_code=status)

    def refuse(self, problems: Sequence[Problem], status: int = 422) -> Response:
        """What is wrong, as a page of its own or as the part that a script asked for."""
        page = "problems.html.j2" if self.is_part else "refused.html.j2"
        return self.show(page, status=status, problems=problems, written=self._written())

    def _written(self) -> list[str]:
        """What took somebody time to write; it is lost with the page that it was sent from."""
        sent = (value for name, value in self.form.multi_items() if isinstance(value, str) and "password" not in name)
        return [value for value in sent if len(value) > _LONG or "\n" in value.strip()]

    def go(self, address: str) -> Response:
        """Send the browser to another page of ours."""
        return RedirectResponse(address, status_code=303)

    def enter(self, address: str, token: str) -> Response:
        """Send the browser there with a session; it is told to no script and to no other site."""
        answer = self.go(address)
        answer.set_cookie(SESSION_COOKIE, token, httponly=True, samesite="strict")
        return answer

    def queue(
        self, name: Text, run: TaskRun, *, link: str = "", urgent: bool = False, then: Then = lambda _documents: None
    ) -> None:
        """Put long work into the queue, in the name of who asks.

        Args:
            run: a function of a module and plain values: it may be another process that runs it.
        """
        self.desk.work.add(name, run, self.console, link=link, by=self.who, urgent=urgent, then=then)

    @contextmanager
    def naming(self, fields: Mapping[str, Text]) -> Iterator[None]:
        """What is wrong with an option of a command is said of the field that has its place.

        Args:
            fields: what each is called on the page, by the option.

        Raises:
            InputError: as in the block.
        """
        try:
            yield
        except InputError as error:
            named = {option: self.console.tr(field) for option, field in fields.items()}
            raise InputError(
                *(replace(one, where=named.get(one.where, one.where)) for one in error.problems)
            ) from None


def render_page(ask: Ask, page: str, values: Mapping[str, Any]) -> str:
    """The page as HTML; every value is escaped."""
    console = ask.console
    return _template(page).render(
        **values,
        t=_speaker(console),
        say=_teller(console),
        language=console.language,
        kept=ask.desk.rows.on(page, console.language),
        here=ask.request.url.path,
        desk=ask.desk,
        menu=ask.rooms,
        person=ask.person,
        is_inside=ask.is_inside,
        address=lambda *parts: "/" + "/".join(quote(str(part), safe="") for part in parts),
    )


def ours(address: str) -> str:
    """A page of the desk; never another site."""
    return address if address.startswith("/") and not address.startswith(("//", "/\\")) else "/"


def _speaker(console: Console) -> Callable[..., str]:
    """What templates call with a sentence."""

    def speak(pattern: str, **values: object) -> str:
        return console.tr(Text(pattern, values))

    return speak


def _teller(console: Console) -> Callable[[Problem | Text], str]:
    """What templates call with a sentence of ours, or a problem."""
    return lambda said: said.render(console.translate)


@cache
def _template(page: str) -> Template:
    return environment().get_template(page)


NOT_FOUND = text("there is nothing at this address")
