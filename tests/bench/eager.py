"""The command line for workers of tests: `python -m tests.bench.eager worker …`.

They do not let other programs go first, as workers of an office do: beside other tests they would hardly be run.
"""

from __future__ import annotations

import sys


def main() -> None:
    """As yuanjiao's."""
    import cli
    from render.work import machine

    vars(machine)["lower_priority"] = lambda **_: None
    cli.main(sys.argv[1:])


if __name__ == "__main__":
    main()
