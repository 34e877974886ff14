"""Holds the design in place: who may import whom, who may start processes, who may talk to click."""

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {
    "courseware": set[str](),
    "templates": {"courseware"},
    "render": {"courseware", "templates"},
    "playlists": {"courseware", "templates"},
    "cli": {"courseware", "templates", "render", "playlists"},
    "desk": {"courseware", "templates", "render", "playlists", "cli"},
}
# Inside a package: what each part may import besides itself. Modules at the top of a package serve all of its parts.
PARTS = {
    "courseware": {
        "storage": set[str](),
        "sheets": {"terminal"},
        "subtitles": set[str](),
        "media": set[str](),
        "script": set[str](),
        "lessons": {"storage", "subtitles", "script"},
        "terminal": {"lessons"},
        "intake": {"lessons", "terminal", "sheets", "subtitles"},
        "origins": {
            "lessons",
            "terminal",
            "storage",
            "sheets",
            "script",
            "intake",
            "subtitles",
            "media",
            "slides",
            "timelines",
            "align",
        },
        "slides": {"lessons"},
        "timelines": {"lessons", "subtitles", "media"},
        "reviews": {"lessons", "storage"},
        "speech": {"media"},
        "align": {"lessons", "speech", "speaking", "script", "subtitles"},
        "music": {"storage", "speech"},
        "syncing": {"speech", "subtitles"},
        "speaking": {"speech"},
    },
    "templates": {
        "type": set[str](),
        "captions": set[str](),
        "cards": {"type", "captions"},
        "pages": {"type"},
        "guides": {"pages"},
        "start": {"captions"},
        "desk": set[str](),
    },
    "render": {
        "plan": set[str](),
        "work": {"plan"},
        "footage": {"plan", "work"},
        "sound": {"plan", "work"},
        "source": {"plan", "work", "sound", "footage"},
        "narration": {"plan", "work", "sound", "source"},
        "subtitles": {"plan", "source", "narration"},
        "quality": {"plan", "work", "source", "subtitles"},
        "loudspeaker": {"work", "sound", "source", "narration"},
        "pieces": {"plan", "work", "footage", "sound", "source", "quality"},
        "farm": {"plan", "work", "footage", "sound", "source", "pieces"},
        "alerts": {"plan", "work", "sound", "source", "loudspeaker", "making"},
        "making": {"plan", "work", "footage", "sound", "source", "narration", "quality", "pieces", "farm"},
        "covers": {"plan", "work", "source", "narration", "making"},
        "reviewing": {"plan", "work", "source", "quality", "making"},
    },
    "desk": {
        "lessons": set[str](),
        "cues": {"lessons"},
        "reviews": {"lessons"},
        "county": set[str](),
        "people": set[str](),
        "session": {"county", "people"},
        "rooms": {"lessons", "cues", "reviews", "county", "people", "session"},
        "serving": {"county", "people", "session", "rooms"},
    },
    "playlists": {
        "almanac": set[str](),
        "schedules": {"almanac"},
        "files": {"almanac", "schedules"},
        "opening": {"almanac", "schedules", "files"},
        "duties": {"almanac", "schedules", "files", "opening"},
        "county": {"almanac", "schedules", "files", "duties"},
        "planning": {"almanac", "schedules", "files", "opening"},
        "people": {"almanac", "schedules", "files", "opening"},
        "checking": {"almanac", "schedules", "files", "opening", "duties", "county", "people"},
        "exports": {"almanac", "schedules", "files", "county", "lists", "publishing"},
        "leaflets": set[str](),
        "lists": {"almanac", "schedules", "files", "county"},
        "keys": {"kits"},
        "kits": {"almanac", "schedules", "files", "lists"},
        "sticks": {"almanac", "schedules", "files", "county", "lists", "publishing", "kits"},
        "notices": {"almanac", "files", "opening", "county", "kits"},
        "columns": {"almanac", "lists", "publishing"},
        "reviews": {"almanac", "schedules", "files", "lists", "publishing", "columns", "kits"},
        "publishing": {"almanac", "schedules", "files", "county", "checking", "lists"},
        "asrun": {"almanac", "schedules", "files", "county", "kits"},
        "reports": {"almanac", "schedules", "files", "opening", "duties", "county", "asrun"},
        "overview": {"almanac", "schedules", "files", "opening", "duties", "county", "people", "lists", "columns"},
        "weeks": {
            "almanac",
            "schedules",
            "files",
            "opening",
            "duties",
            "county",
            "planning",
            "people",
            "checking",
            "publishing",
        },
    },
}
MOST_MODULES = 15
MOST_LINES, MOST_LINES_OF_A_FUNCTION = 350, 50
STARTERS = {"subprocess", "multiprocessing", "concurrent.futures.process", "asyncio.subprocess", "pty"}
# LibreOffice, ffmpeg, mpv, and copies of Python itself that set pages, plan weeks, or work beside those of the desk.
MAY_START = {
    "courseware/slides/office.py",
    "render/work/ffmpeg.py",
    "playlists/kits/mpv.py",
    "templates/pages/press.py",
    "desk/apart.py",
    "playlists/weeks/second.py",
}
OS_STARTERS = {"system", "popen", "fork", "posix_spawn", "startfile"}
FILES = sorted([ROOT / "cli.py", *(path for home in MAY_IMPORT for path in (ROOT / home).rglob("*.py"))])


def imported(tree: Iterable[ast.AST]) -> set[str]:
    names = set()
    for node in tree:
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def home_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.fixture(scope="module", autouse=True)
def _forgetting() -> Iterator[None]:
    """The trees of all modules are large, and no other test wants them."""
    yield
    nodes.cache_clear()
    imports_of.cache_clear()


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Everything in a module: to walk through its tree takes as long as to parse it."""
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


@cache
def imports_of(path: Path) -> set[str]:
    return imported(nodes(path))


def packages_of(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imports_of(path)}


def test_imports_point_down() -> None:
    up = {
        named(path): packages_of(path) & MAY_IMPORT.keys() - MAY_IMPORT[home_of(path)] - {home_of(path)}
        for path in FILES
    }
    assert {path: names for path, names in up.items() if names} == {}


@pytest.mark.parametrize(("package", "part"), [(package, part) for package in PARTS for part in PARTS[package]])
def test_inside_a_package_imports_point_down_too(package: str, part: str) -> None:
    parts = PARTS[package]
    files = list((ROOT / package / part).rglob("*.py"))
    assert files
    for path in files:
        names = [name.split(".") for name in imports_of(path) if name.startswith(f"{package}.")]
        assert {name[1] for name in names} & parts.keys() <= parts[part] | {part}, path.name


@pytest.mark.parametrize("package", PARTS)
def test_what_lies_at_the_top_of_a_package_knows_none_of_its_parts(package: str) -> None:
    for path in (ROOT / package).glob("*.py"):
        names = [name.split(".") for name in imports_of(path) if name.startswith(f"{package}.")]
        assert not {name[1] for name in names} & PARTS[package].keys(), path.name


@pytest.mark.parametrize("package", PARTS)
def test_every_part_has_its_place_and_no_more_modules_than_one_can_look_over(package: str) -> None:
    modules = [path for path in (ROOT / package).glob("*/**/*.py") if path.name != "__init__.py"]
    assert {path.relative_to(ROOT / package).parts[0] for path in modules} == PARTS[package].keys()
    found = Counter(path.parent for path in modules)
    assert [folder.name for folder, count in found.items() if count > MOST_MODULES] == []


@pytest.mark.parametrize("package", PARTS)
def test_the_table_of_parts_has_no_cycle(package: str) -> None:
    TopologicalSorter(PARTS[package]).prepare()


def test_only_the_command_line_knows_click() -> None:
    others = [path for path in FILES if path.name not in {"cli.py", "commands.py", "options.py", "help.py"}]
    assert [named(path) for path in others if "click" in packages_of(path)] == []


def test_only_the_desk_knows_a_server() -> None:
    others = [path for path in FILES if home_of(path) != "desk"]
    assert [named(path) for path in others if packages_of(path) & {"starlette", "uvicorn", "webbrowser"}] == []


def starts_processes(tree: Iterable[ast.AST]) -> bool:
    called = {
        node.func.attr
        for node in tree
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "os"
    }
    return bool(imported(tree) & STARTERS) or bool(called & OS_STARTERS)


def test_few_modules_start_processes() -> None:
    assert {named(path) for path in FILES if starts_processes(nodes(path))} <= MAY_START


def test_files_get_their_names_in_one_place_and_nothing_is_linked() -> None:
    called = {
        (node.func.attr, named(path))
        for path in FILES
        for node in nodes(path)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    linking = {"link", "symlink", "hardlink_to", "symlink_to", "copyfile"}
    assert [(name, path) for name, path in called if name in linking] == []
    # A new workspace moves its files in one by one, and out again when one cannot be.
    renaming = {path for name, path in called if name in {"rename", "renames"}}
    assert renaming <= {"courseware/files.py", "templates/start/skeleton.py"}


def test_modules_and_functions_are_short_enough_to_read_in_one_go() -> None:
    functions = [
        (named(path), node.name, (node.end_lineno or 0) - node.lineno + 1)
        for path in FILES
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert [found for found in functions if found[-1] > MOST_LINES_OF_A_FUNCTION] == []
    lengths = {named(path): len(path.read_text(encoding="utf-8").splitlines()) for path in FILES}
    assert {path: length for path, length in lengths.items() if length > MOST_LINES} == {}


def test_every_class_name_stands_once() -> None:
    """One word, one meaning: a reader who looks for a name finds what it is in one place."""
    defined = Counter(node.name for path in FILES for node in nodes(path) if isinstance(node, ast.ClassDef))
    assert [name for name, count in defined.items() if count > 1] == []


def test_what_a_loop_goes_through_is_named_where_its_body_is_longer_than_a_line() -> None:
    loops = [(named(path), node) for path in FILES for node in nodes(path) if isinstance(node, ast.For)]
    longer = [(path, loop) for path, loop in loops if (loop.body[-1].end_lineno or 0) > loop.body[0].lineno]
    through_one = [(path, loop.lineno) for path, loop in longer if getattr(loop.target, "id", "") == "one"]
    assert through_one == []


def test_nothing_is_fetched_by_two_numbers_where_fields_could_have_names() -> None:
    places = [
        (named(path), node.lineno)
        for path in FILES
        for node in nodes(path)
        if isinstance(node, ast.Subscript) and is_numbered(node) and is_numbered(node.value)
    ]
    assert places == []


def is_numbered(node: ast.AST) -> bool:
    """Whether it is something[0], something[1] and so on."""
    return isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and type(node.slice.value) is int


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def test_no_two_modules_need_each_other() -> None:
    """Also not for the names of types: what two modules share lies in one of them, or in a third."""
    known = {module_of(path) for path in FILES}
    needs = {module_of(path): imports_of(path) & known - {module_of(path)} for path in FILES}
    TopologicalSorter(needs).prepare()


def test_every_public_noun_stands_in_the_glossary_once() -> None:
    """Whoever meets a word in the code finds what it means, and how the office calls it."""
    public = {
        node.name
        for path in FILES
        if path.name not in {"cli.py", "commands.py", "options.py", "help.py"}
        for node in nodes(path)
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and not node.name.endswith("Error")
    }
    classes = (node for path in FILES for node in nodes(path) if isinstance(node, ast.ClassDef))
    defined = {node.name for node in classes}
    document = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    told = document.partition("## Words")[2].partition("\n## ")[0]
    rows = [row.split("|")[1] for row in told.splitlines() if row.startswith("| `")]
    words = Counter(word for row in rows for word in re.findall(r"`(\w+)`", row))
    assert sorted(public - words.keys()) == [], "to be added to the glossary"
    assert sorted(words.keys() - defined) == [], "no class of the project any more"
    assert [word for word, count in words.items() if count > 1] == []


def test_the_rules_look_at_every_package() -> None:
    """A rule that reads no file would pass for ever."""
    homes = {home_of(path) for path in FILES}
    assert homes == MAY_IMPORT.keys()
    assert "subprocess" in imports_of(ROOT / "render" / "work" / "ffmpeg.py")


def test_whoever_silences_a_rule_says_why_beside_it() -> None:
    silent = re.compile(r"# noqa(?!: [A-Z0-9, ]+  \(.+\))")
    bare = [
        f"{named(path)}:{number}"
        for path in sorted(ROOT.rglob("*.py"))
        if not path.relative_to(ROOT).parts[0].startswith(".") and path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if silent.search(line)
    ]
    assert bare == []
