"""What a user gets: the wheel holds the packages with their data, and nothing else."""

import re
import tomllib
import zipfile
from pathlib import Path

import pytest
from hatchling.build import build_wheel

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        name = build_wheel(str(folder))
    return zipfile.ZipFile(folder / name)


def test_the_wheel_holds_the_packages_and_never_the_tests(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist() if ".dist-info/" not in name}
    assert tops == {"cli.py", "courseware", "desk", "playlists", "render", "templates"}


def test_the_wheel_holds_fonts_licences_translations_and_the_sample_county(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    for needed in (
        "templates/fonts/NotoSansSC-Regular.ttf",
        "templates/fonts/NotoSansSC-Bold.ttf",
        "templates/fonts/NotoSans-Bold.ttf",
        "templates/fonts/OFL-NotoSansSC.txt",
        "templates/locale/zh_CN/LC_MESSAGES/yuanjiao.mo",
        "templates/county/catalogue.xlsx",
        "templates/county/texts/apple-pruning.md",
        "templates/county/texts/saw-cuts.png",
        "templates/county/courseware/river-song/lesson.toml",
    ):
        assert needed in names
    assert any(name.endswith("licenses/NOTICE") for name in names)


def test_every_data_file_in_the_tree_is_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    homes = (ROOT / "templates", ROOT / "playlists" / "kits" / "player", ROOT / "courseware" / "speaking")
    found = [path for home in homes for path in home.rglob("*") if path.is_file()]
    files = [path for path in found if "__pycache__" not in path.parts]
    assert [path.name for path in files if path.relative_to(ROOT).as_posix() not in names] == []


def test_the_sample_county_is_at_most_15_megabytes() -> None:
    size = sum(path.stat().st_size for path in (ROOT / "templates" / "county").rglob("*") if path.is_file())
    assert 0 < size <= 15_000_000


def test_every_dependency_is_explained() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    said = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8").lower()
    everything = project["dependencies"] + project["optional-dependencies"]["dev"]
    names = {re.split(r"[ <>=;\[]", one)[0].lower() for one in everything} - {
        "types-openpyxl",
        "types-protobuf",
        "hatchling",
    }
    assert sorted(name for name in names if name not in said) == []


def test_the_two_readmes_give_the_same_commands() -> None:
    blocks = [
        re.findall(r"^```\n(.*?)^```", (ROOT / name).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
        for name in ("README.md", "README.zh-CN.md")
    ]
    commands = [[line.split("#")[0].strip() for block in one for line in block.splitlines()] for one in blocks]
    assert commands[0] == commands[1]
    assert commands[0][0] == "pip install . && yuanjiao demo"
