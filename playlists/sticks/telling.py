"""What is told of kits that were built or verified, for programs and for people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from courseware.errors import Text, text
from playlists.kits.mpv import windows_mpv
from playlists.kits.verifying import Verified
from playlists.kits.writing import WrittenKit
from playlists.sticks.building import Prepared


def megabytes(size: int) -> str:
    """Bytes as people read them on sticks."""
    return f"{size / 10**6:.1f}"


def tell_of_windows(note: Callable[[Text], None]) -> None:
    """Say so where kits will have no mpv.exe."""
    if not windows_mpv():
        note(
            text("no mpv.exe is at hand, so Windows PCs cannot play these kits; docs/player.md says where to get it")
        )


def document_of(prepared: Prepared, written: WrittenKit) -> dict[str, Any]:
    """A kit that was built, for --json."""
    plan = prepared.plan
    return {
        "venue": plan.venue.id,
        "kit": plan.kit,
        "revision": plan.revision,
        "folder": written.folder.as_posix(),
        "files": len(prepared.contents.sums) - len(prepared.contents.elsewhere),
        "bytes": written.size,
        "copied_bytes": written.copied_bytes,
        "foreign": list(written.foreign),
    }


def verdict_of(found: Verified) -> dict[str, Any]:
    """A kit that was verified, for --json."""
    plan = found.plan
    return {
        "good": found.is_good,
        "folder": found.folder.as_posix(),
        "kit": plan.kit if plan else None,
        "venue": plan.venue.id if plan else None,
        "revision": plan.revision if plan else None,
        "from": plan.valid.start.isoformat() if plan else None,
        "to": plan.valid.end.isoformat() if plan else None,
        "signed_by": found.signer.office if found.signer else None,
        "key": found.signer.fingerprint if found.signer else None,
        "files": found.files,
        "bytes": found.size,
    }
