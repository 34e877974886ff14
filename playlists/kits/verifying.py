"""Whether a kit is what an office built and signed: every byte of it. Writes nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from courseware.errors import InputError, Problem, reason_of, text
from courseware.files import sha256
from playlists.kits import plan as plan_file
from playlists.kits.delta import Since, find_kit
from playlists.kits.keys import PUBLIC_NAME, PublicKey, is_signed, parse_public, parse_signature
from playlists.kits.plan import KitPlan, media_path, parse_plan
from playlists.kits.sums import FILE_NAME, SEALS, SIGNATURE_NAME, SINCE_NAME, WINDOWS_NAME, parse_sums
from playlists.kits.writing import files_in

# Reading waits for the stick, hashing for the processor: with a few threads neither waits for the other.
_THREADS = 4


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found.

    Attributes:
        plan: None when it cannot be read.
        signer: whose signature it bears; None when nobody's, or nobody's that is known.
        problems: what makes it bad; empty for a good kit.
        notes: what is worth knowing and no fault.
        files, size: how many files were read, and their bytes.
    """

    folder: Path
    plan: KitPlan | None
    signer: PublicKey | None
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]
    files: int = 0
    size: int = 0

    @property
    def is_good(self) -> bool:
        """Whether a player may take it."""
        return not self.problems


def verify_kit(
    folder: Path,
    trusted: Mapping[str, PublicKey],
    now: datetime,
    newest: int = 0,
    progress: Callable[[int], None] = lambda _bytes: None,
) -> Verified:
    """Read every byte of a kit and hold it against its checksums, its signatures and its plan.

    Args:
        folder: the kit's, or a stick's.
        trusted: fingerprint → key.
        now: to tell what has ended.
        newest: the highest revision known for the venue; what is older is refused.
        progress: told the size of each file that was read.
    """
    home = find_kit(folder)
    try:
        said = (home / FILE_NAME).read_bytes()
        sums = parse_sums(said)
    except OSError as error:
        what = text(
            "cannot be read ({reason}): there is no finished kit here; build it again", reason=reason_of(error)
        )
        return Verified(home, None, None, (Problem(str(home / FILE_NAME), what),), ())
    except InputError as error:
        return Verified(home, None, None, error.problems, ())
    found = _hashes(home, sums, progress)
    signer, unsigned = _signer(home, said, trusted)
    plan, since, unreadable = _papers(home)
    problems = [*unsigned, *unreadable, *_files_problems(home, sums, found, since)]
    if plan:
        problems += [*_plan_problems(plan, sums), *_age_problems(plan, now, newest)]
    notes = _notes(plan, since, now)
    size = sum((home / path).stat().st_size for path, digest in found.items() if digest)
    return Verified(home, plan, signer, tuple(problems), tuple(notes), len(found), size)


def _hashes(home: Path, paths: Mapping[str, str], progress: Callable[[int], None]) -> dict[str, str]:
    """Path → sha256 of what lies there; "" for what cannot be read or is no plain file."""

    def read(path: str) -> str:
        place = home / path
        try:
            if any(one.is_symlink() for one in (place, *place.parents) if one.is_relative_to(home) and one != home):
                return ""
            found = sha256(place)
            progress(place.stat().st_size)
        except OSError:
            return ""
        return found

    with ThreadPoolExecutor(_THREADS) as pool:
        return dict(zip(paths, pool.map(read, paths), strict=True))


def _signer(home: Path, said: bytes, trusted: Mapping[str, PublicKey]) -> tuple[PublicKey | None, list[Problem]]:
    try:
        first, second = ((home / name).read_bytes() for name in (SIGNATURE_NAME, WINDOWS_NAME))
    except OSError:
        what = text("the kit is not signed, or was not finished; build it again")
        return None, [Problem(SIGNATURE_NAME, what)]
    signature = parse_signature(first)
    own = _own_key(home)
    key = trusted.get(signature.key) if signature else None
    key = key or (own if own and signature and own.fingerprint == signature.key else None)
    if not signature or not key or not is_signed(key, said, signature, second):
        what = text("the signature is wrong: the kit was changed after it was signed; do not use it")
        return None, [Problem(SIGNATURE_NAME, what)]
    if key.fingerprint in trusted:
        return key, []
    what = text(
        "is signed by a key that is not known here: {office}, {fingerprint}; if that office tells you the same "
        "number, run “yuanjiao key trust {file}”",
        office=key.office,
        fingerprint=key.fingerprint,
        file=home / PUBLIC_NAME,
    )
    return None, [Problem(PUBLIC_NAME, what)]


def _own_key(home: Path) -> PublicKey | None:
    try:
        return parse_public((home / PUBLIC_NAME).read_bytes())
    except (OSError, InputError):
        return None


def _papers(home: Path) -> tuple[KitPlan | None, Since | None, list[Problem]]:
    plan = since = None
    problems: list[Problem] = []
    try:
        plan = parse_plan((home / plan_file.FILE_NAME).read_bytes())
    except OSError:
        problems.append(Problem(plan_file.FILE_NAME, text("the file is missing")))
    except InputError as error:
        problems += error.problems
    try:
        if (home / SINCE_NAME).is_file():
            since = Since.model_validate_json((home / SINCE_NAME).read_bytes())
    except (OSError, ValidationError):
        problems.append(Problem(SINCE_NAME, text("is damaged; build the kit again")))
    return plan, since, problems


def _files_problems(
    home: Path, sums: Mapping[str, str], found: Mapping[str, str], since: Since | None
) -> Iterator[Problem]:
    excused = {media_path(short) for short in since.media} if since and SINCE_NAME in sums else set()
    for path, digest in sums.items():
        there = os.path.lexists(home / path)
        if not there and path not in excused:
            yield Problem(path, text("is missing; copy the whole kit again, or build it again"))
        elif there and found[path] != digest:
            yield Problem(path, text("is not as it was built: changed, damaged or half copied; build the kit again"))
    for path in files_in(home):
        if path not in sums and path not in SEALS:
            yield Problem(path, text("does not belong to the kit; move it away"))


def _plan_problems(plan: KitPlan, sums: Mapping[str, str]) -> Iterator[Problem]:
    wanted = {one.path: one.sha256 for one in plan.files.values()}
    pictures = (plan.fallback.ident, plan.fallback.card, plan.fallback.idle)
    needed = [*wanted, *(path for path in pictures if path), plan_file.FILE_NAME, PUBLIC_NAME]
    for path in needed:
        if path not in sums or wanted.get(path, sums[path]) != sums[path]:
            yield Problem(path, text("the plan needs it, and the checksums do not list it so; build the kit again"))


def _age_problems(plan: KitPlan, now: datetime, newest: int) -> Iterator[Problem]:
    if now >= plan.valid.end:
        what = text("has ended on {day}; build the kit of the present week", day=f"{plan.valid.end:%Y-%m-%d %H:%M}")
        yield Problem(plan.kit, what)
    if plan.revision < newest:
        what = text("is revision {number}, and there is a newer one, {newest}", number=plan.revision, newest=newest)
        yield Problem(plan.kit, what)


def _notes(plan: KitPlan | None, since: Since | None, now: datetime) -> Iterator[Problem]:
    if plan and now < plan.valid.start:
        what = text("begins on {day}", day=f"{plan.valid.start:%Y-%m-%d %H:%M}")
        yield Problem(plan.kit, what)
    if since:
        what = text(
            "holds only what is new since {kit}; for a venue that has that kit on its disk. Videos not on the stick: "
            "{count}",
            kit=since.kit,
            count=len(since.media),
        )
        yield Problem(plan.kit if plan else SINCE_NAME, what)
