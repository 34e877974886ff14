from __future__ import annotations

import threading
from pathlib import Path

import pytest

from courseware.errors import ToolError
from render.plan.plan import ident_of
from render.work import idents
from render.work.idents import ident_arguments, ready_ident
from render.work.verify import is_steady
from render.work.workshop import Workshop, open_workshop
from tests.render.engine import LED, change_byte, litter
from tests.render.samples import ORDER

IDENT = ident_of(ORDER, LED)


def test_an_ident_is_made_once_also_when_two_ask_at_once(
    workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, drawn = open_workshop(workshop.tool, tmp_path), []

    def counted(*args: object) -> object:
        drawn.append(1)
        return ident_arguments(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(idents, "ident_arguments", counted)
    threads = [threading.Thread(target=ready_ident, args=(shop, IDENT)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(drawn) == 1
    assert is_steady(ready_ident(shop, IDENT).path, 75, IDENT.fps)
    change_byte(ready_ident(shop, IDENT).path)
    assert is_steady(ready_ident(shop, IDENT).path, 75, IDENT.fps)
    assert len(drawn) == 2


def test_an_ident_that_cannot_be_made_leaves_nothing(
    workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = open_workshop(workshop.tool, tmp_path)
    monkeypatch.setattr(idents, "ident_arguments", lambda *_: ("-i", "gone.mp4", "out.mkv"))
    with pytest.raises(ToolError):
        ready_ident(shop, IDENT)
    assert not litter(tmp_path)
    assert not shop.store.root.exists()
