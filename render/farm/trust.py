"""What a farm believes: Dask sends code as pickles, and here none is loaded but that of our one kind of task.

`contain` is called before a scheduler, worker or client begins. From then on every pickle that Dask reads may name
only what `_OURS` lists; whoever is in the farm can have pieces made by it, and nothing else.
"""

from __future__ import annotations

import importlib.util
import io
import pickle
from collections.abc import Callable, Iterable
from typing import Any, Self

from courseware.errors import Problem, ToolError, text

# All that a task of ours names. `str` is the type of its answer.
_OURS = frozenset(
    {
        ("builtins", "str"),
        ("dask._expr", "Expr._reconstruct"),
        ("dask._expr", "LLGExpr"),
        ("dask._task_spec", "Task"),
        ("render.farm.lending.tasks", "carry_out"),
    }
)
# A worker that dies again and again takes its task along; this task is looked at then, not the tenth worker.
_FAILURES = 20
# The engine watches itself 50 times a second, which takes 2% of a core of each computer, idle or not.
WATCHING = {
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.tick.cycle": "10s",
    "distributed.admin.system-monitor.interval": "10s",
    "distributed.client.scheduler-info-interval": "60s",  # we ask ourselves
}
_SETTINGS = {
    **WATCHING,
    "distributed.scheduler.allowed-imports": [],
    "distributed.scheduler.allowed-failures": _FAILURES,
    "distributed.scheduler.worker-ttl": "60s",
    "distributed.scheduler.work-stealing": True,
    "distributed.scheduler.work-stealing-interval": "200ms",  # jobs are few and long: an idle computer asks soon
    "distributed.scheduler.preload": [],
    "distributed.scheduler.http.routes": ["distributed.http.scheduler.info", "distributed.http.health"],
    "distributed.worker.preload": [],
    "distributed.worker.http.routes": ["distributed.http.health"],
    "distributed.worker.profile.enabled": False,
    "distributed.client.preload": [],
    "distributed.comm.timeouts.connect": "10s",
    "distributed.comm.timeouts.tcp": "60s",
}


class ForeignPickleError(pickle.UnpicklingError):
    """Something was sent that is no task of ours; nothing of it was run."""


class _Inert:
    """Stands for what a client is sent and does not believe, such as another's exception."""

    def __new__(cls, *_given: object, **_named: object) -> Self:
        return super().__new__(cls)

    def __setstate__(self, _state: object) -> None:
        """Forget it."""


class _Strict(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401  (pickle's own signature)
        if (module, name) not in _OURS:
            raise ForeignPickleError(f"{module}.{name}")
        return super().find_class(module, name)


class _Lenient(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401  (pickle's own signature)
        return super().find_class(module, name) if (module, name) in _OURS else _Inert


class _Pickle:
    """What the modules of Dask see as the module `pickle`."""

    HIGHEST_PROTOCOL = pickle.HIGHEST_PROTOCOL
    Pickler = pickle.Pickler
    dumps = staticmethod(pickle.dumps)

    def __init__(self, reader: type[pickle.Unpickler]) -> None:
        self._reader = reader

    def loads(self, content: bytes, *, buffers: Iterable[Any] = ()) -> Any:  # noqa: ANN401  (whatever was sent)
        """As pickle's, but for what is not ours."""
        return self._reader(io.BytesIO(content), buffers=buffers).load()


def contain(*, lenient: bool = False) -> None:
    """Let Dask in this process load nothing but our tasks.

    Args:
        lenient: for clients: what is not ours becomes nothing at all, instead of ending the connection.

    Raises:
        ToolError: Dask is not installed.
    """
    require_dask()
    import dask.config
    import distributed.client
    import distributed.protocol.pickle

    guarded: Any = _Pickle(_Lenient if lenient else _Strict)
    for module in (distributed.protocol.pickle, distributed.client):
        vars(module)["pickle"] = guarded
    dask.config.set(_SETTINGS)
    quieten()


def quieten() -> None:
    """Dask's log is for its makers; what a person should know is told in our words."""
    import logging

    for name in ["distributed", *logging.root.manager.loggerDict]:
        if name.split(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def keep_only(handlers: dict[str, Callable[..., Any]], wanted: Iterable[str]) -> None:
    """Take away what another computer may ask for beyond what our tasks need: running, uploading, plugins."""
    kept = frozenset(wanted)
    for name in [name for name in handlers if name not in kept]:
        del handlers[name]


def require_dask() -> None:
    """Say in plain words that the extra is not installed.

    Raises:
        ToolError: it is not.
    """
    if importlib.util.find_spec("distributed") is None or importlib.util.find_spec("fsspec") is None:
        what = text('working on several computers needs a further part: pip install "yuanjiao[farm]"')
        raise ToolError(Problem("", what))
