"""Holds the design in place: who may import whom, who may start processes, who may talk to click."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {
    "courseware": set[str](),
    "templates": {"courseware"},
    "render": {"courseware", "templates"},
    "playlists": {"courseware", "templates"},
    "cli": {"courseware", "templates", "render", "playlists"},
}
# Inside playlists/: what each part may import besides itself. Modules at the top of playlists/ serve all.
PARTS = {
    "almanac": set[str](),
    "schedules": {"almanac"},
    "files": {"almanac", "schedules"},
    "planning": {"almanac", "schedules", "files"},
    "people": {"almanac", "schedules", "files"},
    "checking": {"almanac", "schedules", "files", "people"},
    "lists": {"almanac", "schedules", "files"},
    "kits": {"almanac", "schedules", "files", "checking", "lists", "publishing"},
    "reviews": {"schedules", "files", "lists"},
    "publishing": {"almanac", "schedules", "files", "checking", "lists"},
    "reports": {"almanac", "schedules", "files"},
    "overview": {"almanac", "schedules", "files", "people"},
    "weeks": {"almanac", "schedules", "files", "planning", "checking", "publishing"},
}
STARTERS = {"subprocess", "multiprocessing", "asyncio.subprocess", "pty"}
OS_STARTERS = {"system", "popen", "fork", "posix_spawn", "startfile"}
FILES = sorted([ROOT / "cli.py", *(path for home in MAY_IMPORT for path in (ROOT / home).rglob("*.py"))])


def imported(tree: ast.AST) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def home_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def parse(path: Path) -> ast.AST:
    return ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_point_down(path: Path) -> None:
    ours = {name.split(".")[0] for name in imported(parse(path))} & MAY_IMPORT.keys()
    assert ours <= MAY_IMPORT[home_of(path)] | {home_of(path)}


@pytest.mark.parametrize("part", PARTS)
def test_inside_playlists_imports_point_down_too(part: str) -> None:
    files = list((ROOT / "playlists" / part).glob("*.py"))
    assert files
    for path in files:
        names = [name.split(".") for name in imported(parse(path)) if name.startswith("playlists.")]
        assert {name[1] for name in names} & PARTS.keys() <= PARTS[part] | {part}, path.name


def test_every_part_of_playlists_has_its_place() -> None:
    assert {path.parent.name for path in (ROOT / "playlists").glob("*/*.py")} == PARTS.keys()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_only_the_command_line_knows_click(path: Path) -> None:
    uses = any(name.split(".")[0] == "click" for name in imported(parse(path)))
    assert not uses or path.name in {"cli.py", "commands.py", "options.py"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_only_render_ffmpeg_starts_processes(path: Path) -> None:
    tree = parse(path)
    called = {
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "os"
    }
    starts = bool(imported(tree) & STARTERS) or bool(called & OS_STARTERS)
    assert not starts or path.relative_to(ROOT).as_posix() == "render/ffmpeg.py"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_files_get_their_names_in_one_place_and_nothing_is_linked(path: Path) -> None:
    called = {
        node.func.attr
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert not called & {"link", "symlink", "hardlink_to", "symlink_to", "copyfile"}
    # A new workspace moves its files in one by one, and out again when one cannot be.
    renames = bool(called & {"rename", "renames"})
    assert not renames or path.relative_to(ROOT).as_posix() in {"courseware/files.py", "templates/skeleton.py"}


def test_the_rules_look_at_every_package() -> None:
    """A rule that reads no file would pass for ever."""
    homes = {home_of(path) for path in FILES}
    assert homes == MAY_IMPORT.keys()
    assert "subprocess" in imported(parse(ROOT / "render" / "ffmpeg.py"))
