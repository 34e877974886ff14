"""播放.html of a kit: its plan and our script in one page that fetches nothing. What it does is in the .js files."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from playlists.kits.plan import KitPlan

FILE_NAME = "播放.html"
HOME = Path(__file__).parent
# In the order in which they need each other; one scope, which nothing outside can reach.
_SCRIPTS = (
    "words", "dates", "sha256", "plan", "clock", "wishes", "record", "deck", "cards", "screen", "show", "board",
    "keys", "main",
)  # fmt: skip


def make_page(plan: KitPlan) -> str:
    """The page of a plan.

    Only the script and the style that stand in it may run: their sums are in its security policy. Titles are data.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(loader=FileSystemLoader(HOME), autoescape=True, undefined=StrictUndefined)
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "sort_keys": True, "separators": (",", ":")}
    script, style = read_script(), (HOME / "page.css").read_text(encoding="utf-8")
    return environment.get_template("page.html.j2").render(
        title=f"{plan.venue.name}　远教播放",
        venue=plan.venue.name,
        plan=plan.model_dump(mode="json", by_alias=True),
        script=Markup(script),  # noqa: S704  (ours, not a user's)
        style=Markup(style),  # noqa: S704  (ours, not a user's)
        script_hash=_policy_hash(script),
        style_hash=_policy_hash(style),
    )


def read_script() -> str:
    """All that the page does, as one script."""
    parts = "\n".join((HOME / f"{name}.js").read_text(encoding="utf-8") for name in _SCRIPTS)
    return f'"use strict";\n(() => {{\n{parts}}})();\n'


def _policy_hash(content: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}"
