from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from render.work.machine import workers

ROOT = Path(__file__).parents[3]


def hired(monkeypatch: pytest.MonkeyPatch, cores: int, gigabytes: float) -> int:
    monkeypatch.setattr(psutil.Process, "cpu_affinity", lambda _: list(range(cores)), raising=False)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=int(gigabytes * 1024**3)))
    return workers()


@pytest.mark.parametrize(
    ("cores", "gigabytes", "expected"), [(2, 8, 2), (8, 1.5, 2), (4, 0.1, 1), (64, 256, 16), (1, 8, 1)]
)
def test_there_is_a_worker_for_each_core_as_far_as_memory_allows(
    cores: int, gigabytes: float, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert hired(monkeypatch, cores, gigabytes) == expected


def test_a_nice_render_lets_other_programs_go_first() -> None:
    code = (
        "import psutil; from render.work.machine import lower_priority; before = psutil.Process().nice();"
        "lower_priority(False); assert psutil.Process().nice() == before;"
        "lower_priority(True); assert psutil.Process().nice() > before"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)
