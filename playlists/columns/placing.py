"""Files put into a folder all together: what a person touched is kept, what nothing says any more is removed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path

from courseware.errors import Problem
from courseware.files import moving_in, sweep
from courseware.lessons.workspace import Workspace
from courseware.storage.handwork import WrittenFiles, remembering


def put_files(
    workspace: Workspace,
    home: Path,
    files: Mapping[str, bytes],
    *,
    aside: Path | None = None,
    gone: Iterable[str] = (),
) -> tuple[Problem, ...]:
    """Put the files into their places when all of them are on the disk, and remove what they take the place of.

    Args:
        files: name below home → bytes; with "/" where it lies in a folder there.
        aside: where what a person changed is kept; None for beside it.
        gone: folders below home of which nothing is wanted any more.

    Returns:
        What was kept of a person's.

    Raises:
        OSError: e.g. a full disk; nothing has its place then.
    """
    sweep(home, home.parent)
    folders = {(home / name).parent for name in files} | {home / name for name in gone}
    kept: list[Problem] = []
    with ExitStack() as stack:
        records = {
            folder: stack.enter_context(
                remembering(workspace.root, folder, aside / folder.relative_to(home) if aside else None)
            )
            for folder in sorted(folders)
        }
        with moving_in(home) as scratch:
            for name, content in files.items():
                (scratch / name).parent.mkdir(parents=True, exist_ok=True)
                (scratch / name).write_bytes(content)
            for name, content in files.items():
                kept += records[(home / name).parent].spare(home / name, content)
        for folder, written in records.items():
            own = {path.name: content for name, content in files.items() if (path := home / name).parent == folder}
            kept += _settled(folder, written, own)
    return tuple(kept)


def _settled(folder: Path, written: WrittenFiles, own: Mapping[str, bytes]) -> list[Problem]:
    """Remove what was written there before and is not wanted any more; remember the rest."""
    stale = [name for name in written.marks if name not in own and (folder / name).is_file()]
    kept = [problem for name in stale for problem in written.remove(folder / name)]
    written.marks = {name: hashlib.sha256(content).hexdigest() for name, content in own.items()}
    if not own:
        with suppress(OSError):  # what a person put there keeps it
            folder.rmdir()
    return kept
