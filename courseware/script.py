"""A lesson's script (文稿): what of it is spoken, by whom. Reads .txt, .md and .docx.

Headings, speakers' names, stage directions and numbering are left out and reported; nothing is guessed into the text.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from courseware.errors import InputError, Problem, text
from courseware.subtitles.encodings import decoded, read_bytes

if TYPE_CHECKING:
    from docx.table import Table

SUFFIXES = (".docx", ".txt", ".md")
LONGEST = 200_000  # characters; the text of twelve hours
_LARGEST_INSIDE = 200_000_000  # bytes in a .docx once unpacked
_LINE = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_ENDS = "。！？!?…；;.：:”’」』）)》"
_HAN_NUMBER = "[一二三四五六七八九十百]"
_NUMBERING = re.compile(
    rf"\s*(?:[-*•·●○■□◆◇▪▶★☆]\s*|[①-⑳⑴-⒇]\s*|[（(](?:\d{{1,3}}|{_HAN_NUMBER}{{1,3}})[)）]\s*"
    rf"|\d{{1,3}}(?:[、．)）]|[.](?!\d))\s*|{_HAN_NUMBER}{{1,3}}、\s*)"
)
_CHAPTER = re.compile(rf"第(?:\d{{1,3}}|{_HAN_NUMBER}{{1,4}})[章节讲课集篇部](?:分)?(?:$|[\s：:、.．])")
_TIME_CODE = re.compile(
    r"\s*[\[（(]?\d{1,2}[:：]\d{2}(?:[:：]\d{2})?(?:[.,]\d+)?[\])）]?(?:\s*[-–—~～至]\s*\d[\d:：.,]*)?\s+"
)
_DIRECTIONS = (
    "画面|镜头|音乐|字幕|配乐|音效|稍停|略停|稍顿|转场|特写|近景|中景|远景|全景|空镜|片头|片尾|插入|停顿|淡入|淡出|背景|黑场|定格|叠化|动画|"
    "图片|视频|切换|推近|拉远|航拍|现场声|掌声|笑声|铃声|鸟鸣|音响|道具|动作|场景|时间|地点|出现|展示|"
    "scene|music|sound|shot|cut|pause|video|image|fade"
)
_DIRECTION = re.compile(rf"\s*(?:{_DIRECTIONS})", re.IGNORECASE)
_DIRECTION_LINE = re.compile(
    r"\s*(?:画面|镜头|音乐|字幕|配乐|音效|转场|特写|空镜|片头|片尾|背景音乐|场景|时间|地点|人物|道具|"
    r"标题|片名|题目|作者|撰稿|编导|编辑|摄像|审核|时长|日期|单位|制作|主讲人?|来源|关键词|备注|镜号|景别)(?:[一二三\d]{1,2})?\s*[:：]"
)
_ASIDE = re.compile(r"[（(]([^（）()]*)[)）]|【([^【】]*)】|\[([^\[\]]*)\]|〔([^〔〕]*)〕|\{([^{}]*)\}")
_SPEAKER = re.compile(
    r"\s*([^\s：:，。、；！？“”《》（）()]{1,10}(?:[（(][^（）()]{0,12}[)）])?|[A-Z][A-Za-z .]{1,24})\s*[:：]\s*"
)
_ROLE = re.compile(
    r"(?:旁白|解说词?|画外音|同期声?|主持人?|讲解员?|播音员?|配音|记者|专家|技术员|农技员|老师|教师|学生|村民|农户|"
    r"农民|群众|支书|书记|主任|镇长|村长|县长|问|答|男|女|男声|女声|甲|乙|丙|丁|host|narrator|speaker|teacher|"
    r"voice ?over|[qa])\s*[\dA-Za-z一二三四]?"
    r"|.{1,6}(?:老师|教授|专家|主任|书记|医生|大夫|先生|女士|大爷|大妈|大叔|大姐|大哥|师傅|经理|站长|所长|局长|场长|"
    r"农艺师|研究员)|[老小][\u4e00-\u9fff]",
    re.IGNORECASE,
)
_NO_SPEAKER = re.compile(
    "注意|例如|比如|提示|提醒|警告|结论|问题|方法|原因|步骤|要点|重点|目的|特点|优点|缺点|分别是|包括|总之|口诀|俗话说|常言道|"
    "谚语说|即|如下"
)
_WIDEST_WRAP, _LEAST_WRAP, _NEAR, _LEAST_WRAPPED = 100, 25, 0.85, 3  # signs of lines cut at a width
_LONG, _LONGEST_HEADING, _LONGEST_LABEL, _LONGEST_NAME = 60, 30, 30, 4  # characters
_PROSE = 0.6  # share of lines with a mark at their end
_TABLE_HEADS = ("解说", "旁白", "台词", "配音", "文稿", "文案", "讲解", "对白", "narration", "voice")


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph that is spoken.

    Attributes:
        text: without numbering, names and directions.
        speaker: whose it is, when the script tells.
    """

    text: str
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Script:
    """What is spoken, in order, and what was left out, as written."""

    lines: tuple[Line, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the file; whether the file itself marks it as a heading."""

    text: str
    heading: bool = False


def load_script(path: Path) -> Script:
    """Read a script; its suffix says what it is, its bytes how it is encoded.

    Raises:
        InputError: missing, damaged, not a script, too long, or nothing in it is spoken.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        what = text("a script is a .docx, .txt or .md file; save it as one of these")
        raise InputError(Problem(path.name, what))
    if suffix == ".docx":
        paragraphs = _word_paragraphs(path)
    else:
        content = _decoded(path)
        paragraphs = (
            _marked_paragraphs(content) if suffix == ".md" else [Paragraph(one) for one in _LINE.split(content)]
        )
    if sum(len(one.text) for one in paragraphs) > LONGEST:
        raise InputError(Problem(path.name, text("the script has more than {limit} characters", limit=LONGEST)))
    script = read_script(paragraphs)
    if not script.lines:
        what = text("there is nothing in this script that is spoken; write what the speaker says")
        raise InputError(Problem(path.name, what))
    return script


def read_script(paragraphs: Iterable[Paragraph]) -> Script:
    """Tell what is spoken from what only guides the reader."""
    clean = [Paragraph(_INVISIBLE.sub("", one.text).strip(), one.heading) for one in paragraphs]
    clean = _unwrapped([one for one in clean if one.text])
    prose = _is_prose(clean)
    names = _names(clean)
    lines: list[Line] = []
    left_out: list[str] = []
    speaker = ""
    for index, paragraph in enumerate(clean):
        if paragraph.heading or _is_heading(paragraph.text, first=index == 0, prose=prose):
            left_out.append(paragraph.text)
            continue
        said, name = _without_speaker(_without_asides(paragraph.text, left_out), names)
        # A name holds for what follows it, as in a play.
        speaker = name or speaker
        said = re.sub(r"\s+", " ", _NUMBERING.sub("", said, count=1)).strip()
        if re.search(r"\w", said):
            lines.append(Line(said, speaker))
    return Script(tuple(lines), tuple(left_out))


def _decoded(path: Path) -> str:
    data = read_bytes(path)
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise InputError(Problem(path.name, text("this is a Word document by another name; save it as .docx")))
    if b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        # Text in UTF-16 without a mark at its beginning: every other byte of its spaces and digits is 0.
        even, odd = data[::2].count(0), data[1::2].count(0)
        content = data.decode("utf-16-le" if odd > even else "utf-16-be", "replace")
        if "\ufffd" in content or re.search("[\x00-\x08\x0e-\x1f]", content):
            raise InputError(Problem(path.name, text("this is not a text file; save the script as .txt or .docx")))
        return content
    return decoded(data, path.name)[0]


def _marked_paragraphs(content: str) -> list[Paragraph]:
    """Markdown: headings are marked, emphasis and links become plain text, code and comments are no speech."""
    content = re.sub(r"<!--.*?-->", "", content, flags=re.DOTALL)
    content = re.sub(r"\A---\n.*?\n---\n|^(```|~~~).*?^\1\s*$", "", content, flags=re.DOTALL | re.MULTILINE)
    found = []
    for block in re.split(
        r"\n\s*\n|(?=^\s*(?:[-*+]|\d+[.)])\s)|(?<=\n)(?=#)|(?<=\S)  \n", content, flags=re.MULTILINE
    ):
        for part in _heading_first(block):
            plain = re.sub(
                r"!\[[^\]]*\]\([^)]*\)|^\s*>\s?|^\s*(?:\*\s*){3,}$|^\s*-{3,}\s*$", "", part, flags=re.MULTILINE
            )
            plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", plain)
            plain = re.sub(r"(\*\*|__|`)(.+?)\1", r"\2", plain)
            heading = re.match(r"\s*#{1,6}\s+(.*)", plain)
            found.append(Paragraph(heading[1], heading=True) if heading else Paragraph(_joined(plain.split("\n"))))
    return found


def _heading_first(block: str) -> list[str]:
    """A heading and the text right below it are two paragraphs."""
    head, _, rest = block.strip("\n").partition("\n")
    return [head, rest] if head.lstrip().startswith("#") and rest else [block]


def _joined(lines: Sequence[str]) -> str:
    """Lines of one paragraph; between Latin words a blank takes the place of the line's end."""
    said = ""
    for line in (one.strip() for one in lines):
        gap = " " if said and line and said[-1].isascii() and line[0].isascii() else ""
        said += gap + line
    return said


def _word_paragraphs(path: Path) -> list[Paragraph]:
    """Paragraphs and tables of a Word document in order; its automatic numbering is no text and so is not there."""
    import docx
    from docx.opc.exceptions import OpcError
    from docx.table import Table

    try:
        with zipfile.ZipFile(path) as package:
            if sum(one.file_size for one in package.infolist()) > _LARGEST_INSIDE:
                raise InputError(Problem(path.name, text("this document is too large; save only its text as .txt")))
        document = docx.Document(str(path))
    except FileNotFoundError:
        raise InputError(Problem(path.name, text("the file is missing"))) from None
    except (zipfile.BadZipFile, OpcError, SyntaxError, KeyError, ValueError, OSError) as error:
        what = text("this is not a Word document (.docx), or a damaged one; open it in Word and save it anew")
        raise InputError(Problem(path.name, what)) from error
    found: list[Paragraph] = []
    for item in document.iter_inner_content():
        found += _cells(item) if isinstance(item, Table) else _lines(item)
    return found


def _lines(paragraph: Any) -> Iterator[Paragraph]:  # noqa: ANN401  (a paragraph of python-docx)
    style = paragraph.style.name if paragraph.style is not None else ""
    heading = bool(re.match(r"(?:heading|title|subtitle|标题|副标题|toc)", style or "", re.IGNORECASE))
    for line in _LINE.split(paragraph.text):
        yield Paragraph(line, heading)


def _cells(table: Table) -> Iterator[Paragraph]:
    """Of a table with a column for the spoken text that column; else every cell."""
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    heads = rows[0] if rows else []
    spoken = [at for at, head in enumerate(heads) if any(word in head.lower() for word in _TABLE_HEADS)]
    for row in rows[1:] if spoken else rows:
        chosen = [row[at] for at in spoken[:1] if at < len(row)] if spoken else list(dict.fromkeys(row))
        for cell in chosen:
            yield from (Paragraph(line) for line in _LINE.split(cell))


def _unwrapped(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Join lines that an editor cut at a fixed width: nearly as long as the longest, and not at a sentence's end."""
    longest = max((len(one.text) for one in paragraphs), default=0)
    found: list[Paragraph] = []
    wrapped = longest <= _WIDEST_WRAP and _count_near(paragraphs, longest) >= _LEAST_WRAPPED
    cut = False
    for one in paragraphs:
        if cut and found and not one.heading and not _NUMBERING.match(one.text):
            found[-1] = Paragraph(_joined((found[-1].text, one.text)))
        else:
            found.append(one)
        cut = wrapped and len(one.text) >= max(_LEAST_WRAP, _NEAR * longest) and one.text[-1] not in _ENDS
    return found


def _count_near(paragraphs: Sequence[Paragraph], longest: int) -> int:
    """How many are nearly as long as the longest; paragraphs each of another length were not cut by width."""
    return sum(len(one.text) >= _NEAR * longest for one in paragraphs)


def _is_prose(paragraphs: Sequence[Paragraph]) -> bool:
    """Whether the spoken lines end with marks, so that one without may be a heading."""
    plain = [one for one in paragraphs if not one.heading]
    ended = sum(one.text[-1] in _ENDS for one in plain)
    return ended >= _PROSE * len(plain) or any(len(one.text) > _LONG for one in plain)


def _is_heading(line: str, *, first: bool, prose: bool) -> bool:
    """A line that names what follows instead of saying it."""
    if _DIRECTION_LINE.match(line) or re.fullmatch(r"[\W_\d]*", line):
        return True
    if len(line) > _LONGEST_HEADING or not prose:
        return False
    if _CHAPTER.match(line) and line[-1] not in "。！？!?":
        return True
    if line[-1] in "：:" and _NUMBERING.match(line):
        return True
    if first and re.fullmatch(r"[《【].*[》】]", line):
        return True
    return line[-1] not in _ENDS + "，,、" and not re.search("[，,；;。！？!?]", line) and not _SPEAKER.match(line)


def _without_asides(line: str, left_out: list[str]) -> str:
    """Take out what stands in brackets as a direction, wherever it stands, and all that fills a line of its own."""

    def replace(found: re.Match[str]) -> str:
        inside = next(group for group in found.groups() if group is not None)
        whole = found[0].strip() == line.strip().rstrip("。")
        if whole or _DIRECTION.match(inside) or found[0][0] in "【[{〔":
            left_out.append(found[0])
            return ""
        return found[0]

    timed = _TIME_CODE.sub("", line, count=1) if _TIME_CODE.match(line) else line
    return _ASIDE.sub(replace, timed).strip()


def _names(paragraphs: Sequence[Paragraph]) -> frozenset[str]:
    """Who speaks: known roles, and short names that stand before a colon at least twice."""
    seen = Counter(
        found[1] for one in paragraphs if (found := _SPEAKER.match(one.text)) and found.end() <= _LONGEST_LABEL
    )
    return frozenset(
        name
        for name, times in seen.items()
        if not _NO_SPEAKER.fullmatch(_bare(name))
        and (_ROLE.fullmatch(_bare(name)) or (times > 1 and len(_bare(name)) <= _LONGEST_NAME))
    )


def _bare(name: str) -> str:
    return re.sub(r"[（(].*", "", name).strip()


def _without_speaker(line: str, names: frozenset[str]) -> tuple[str, str]:
    found = _SPEAKER.match(line)
    if found is None or found[1] not in names:
        return line, ""
    return line[found.end() :], _bare(found[1])
