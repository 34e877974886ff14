"""An empty workspace, with comments that say what to fill in. Never writes over anything."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from courseware.errors import InputError, Problem, StorageError, reason_of, text
from courseware.files import flush, scratch_beside, sweep, write_bytes
from courseware.lessons.profiles import PROFILES
from courseware.lessons.settings import FILE_NAME, Office
from courseware.lessons.workspace import CACHE_NAME
from courseware.storage.locks import lock_workspace
from courseware.validate import find_wrong
from templates.captions import LOOKS

SKELETON_DIR = Path(__file__).parents[1] / "workspace"
PLACEHOLDER = "某某县"  # stands in the office's settings until somebody writes the county's name
# Name in the package → name in the workspace. In the package names are ASCII and visible, for every zip and wheel.
FILES = {
    "readme.txt": "说明.txt",
    "venues.csv": "venues.csv",
    "venues-example.csv": "venues-示例.csv",
    "programmes.toml": "programmes.toml",
    "calendar.toml": "calendar.toml",
    "obligations.toml": "obligations.toml",
    "standards.toml": "standards.toml",
    "lecturers.csv": "lecturers.csv",
    "courseware/_example/lesson.toml": "courseware/_示例/lesson.toml",
    "gitignore": ".gitignore",
    # Last: where it lies, there is a workspace.
    FILE_NAME: FILE_NAME,
}
_PROFILES = "#   {profiles}"  # stands in the settings where each is explained
_LOOKS = "{caption_looks}"
_OPTIONAL = {".gitignore"}  # one that is there already is as good as ours


def plan_skeleton(county: str = "") -> dict[str, bytes]:
    """Every file of a new workspace: its path below the workspace → its bytes.

    Args:
        county: written into the settings; a placeholder stays when empty.

    Raises:
        InputError: the county's name cannot be printed in one short line.
    """
    files = {there: (SKELETON_DIR / here).read_bytes() for here, there in FILES.items()}
    looks = "、".join(f"{name} {look.label}" for name, look in LOOKS.items())
    settings = files[FILE_NAME].decode().replace(_PROFILES, "\n".join(_profile_lines())).replace(_LOOKS, looks)
    files[FILE_NAME] = (_named(settings, county.strip()) if county else settings).encode()
    return files


def _profile_lines() -> Iterator[str]:
    for name, profile in PROFILES.items():
        yield f"#   {name:<16} {profile.label}，{profile.width}×{profile.height}"


def make_workspace(directory: Path, county: str = "") -> tuple[Path, ...]:
    """Write an empty workspace into `directory`, all of it or nothing.

    Returns:
        The files written, relative to the directory.

    Raises:
        InputError: there is a workspace already, a file is in the way, or the county's name is wrong.
        StorageError: the folder cannot be written, or another command is making a workspace there.
    """
    files = plan_skeleton(county)
    _refuse_conflicts(directory, files)
    own = next((path for path in (directory, directory / CACHE_NAME) if not path.exists()), None)
    try:
        with lock_workspace(directory / CACHE_NAME):
            # Who held the lock until now may have made one here.
            _refuse_conflicts(directory, files)
            files = {name: content for name, content in files.items() if not (directory / name).exists()}
            _write(directory, files)
    except OSError as error:
        if own:
            shutil.rmtree(own, ignore_errors=True)
        what = text("cannot be written: {reason}", reason=reason_of(error))
        raise StorageError(Problem(str(directory), what)) from error
    return tuple(Path(name) for name in files)


def _named(content: str, county: str) -> str:
    import tomlkit

    document = tomlkit.parse(content)
    office = document["office"]
    values = {"name": str(office["name"]).replace(PLACEHOLDER, county), "county": county}
    wrong = find_wrong(Office, values)
    if wrong:
        raise InputError(Problem("--name", wrong[-1].what))
    for key, value in values.items():
        office[key] = value
    return tomlkit.dumps(document)


def _refuse_conflicts(directory: Path, files: dict[str, bytes]) -> None:
    if directory.exists() and not directory.is_dir():
        raise InputError(Problem(str(directory), text("is a file; name a folder")))
    if (directory / FILE_NAME).exists():
        raise InputError(Problem(str(directory), text("is a workspace already; nothing was changed")))
    tops = dict.fromkeys(Path(name).parts[0] for name in files)
    taken = [name for name in tops if name not in _OPTIONAL and (directory / name).exists()]
    if taken:
        what = text("already holds {names}; name an empty folder, or move them away", names="、".join(taken))
        raise InputError(Problem(str(directory), what))


def _write(directory: Path, files: dict[str, bytes]) -> None:
    """Make everything beside, then move it in; what was moved goes again when something fails."""
    sweep(directory)
    scratch = scratch_beside(directory / "workspace")
    moved: list[Path] = []
    try:
        for name, content in files.items():
            write_bytes(scratch / name, content)
        for name in dict.fromkeys(Path(name).parts[0] for name in files):
            (scratch / name).rename(directory / name)
            moved.append(directory / name)
    except OSError:
        for path in moved:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        shutil.rmtree(scratch, ignore_errors=True)
        raise
    scratch.rmdir()
    flush(directory)
