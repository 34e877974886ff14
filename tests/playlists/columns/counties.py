"""A workspace with a column, and issues in it."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result
from PIL import Image

from cli import main

SETTINGS = '[office]\nname = "示例县远教办"\ncounty = "示例县"\n'
WEB = '[[columns]]\nname = "扶贫振兴之路"\nslug = "road"\nlink = "https://example.org/road"\n'
ARTICLE = "老李种了三十年枣。\n\n## 看树势\n\n![剪枝](a.jpg)\n\n见[说明](https://example.org/a)。\n"
NAME = "columns/扶贫振兴之路"


def make_workspace(root: Path, settings: str = SETTINGS + WEB) -> Path:
    (root / "yuanjiao.toml").write_text(settings, encoding="utf-8")
    return root


def write_draft(folder: Path, content: str = ARTICLE, title: str = "枣树下的课堂") -> Path:
    """A draft with its picture beside it."""
    folder.mkdir(exist_ok=True)
    Image.new("RGB", (640, 360), "#805030").save(folder / "a.jpg")
    (folder / "draft.md").write_text(f"# {title}\n\n{content}", encoding="utf-8")
    return folder / "draft.md"


def run(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--lang", "en", *arguments, "--workspace", str(root)])


def new_issue(root: Path, content: str = ARTICLE, title: str = "枣树下的课堂") -> Path:
    """The folder of one more issue."""
    before = set((root / NAME).glob("*"))
    found = run(root, "column", "new", "--from", str(write_draft(root / "drafts", content, title)))
    assert found.exit_code == 0, found.output
    (made,) = set((root / NAME).glob("*")) - before
    return made


def approve(root: Path, number: int = 1) -> None:
    """By one person each for handing in and for approving."""
    for arguments in (("submit", "--by", "王芳"), ("approve", "--by", "李主任")):
        found = run(root, "review", arguments[0], f"column:{number}", *arguments[1:])
        assert found.exit_code == 0, found.output
