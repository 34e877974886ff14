"""A lesson's script (文稿): what of it is spoken, by whom. Reads .txt, .md and .docx.

Headings, speakers' names, stage directions and numbering are set apart with their places: whether they are spoken the
recording tells (courseware/align/doubts.py); without one they are left out. Nothing is guessed into the text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from courseware.errors import InputError, Problem, text
from courseware.script.files import ENDS, Paragraph, joined, read_paragraphs

DoubtKind = Literal["heading", "speaker", "direction", "numbering", "mark"]
LONGEST = 200_000  # characters; the text of twelve hours
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
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
    r"\s*(?:(?:同期声?|画外音|采访|现场)\s+)?"
    r"([^\s：:，。、；！？“”《》（）()]{1,10}(?:[（(][^（）()]{0,12}[)）])?|[A-Z][A-Za-z .]{1,24})\s*[:：]\s*"
)
_TITLES = (
    "老师|教授|专家|主任|书记|医生|大夫|先生|女士|大爷|大妈|大叔|大姐|大哥|师傅|经理|站长|所长|局长|场长|农艺师|"
    "研究员"
)
_ROLE = re.compile(
    r"(?:旁白|解说词?|画外音|同期声?|主持人?|讲解员?|播音员?|配音|记者|专家|技术员|农技员|老师|教师|学生|村民|农户|"
    r"农民|群众|支书|书记|主任|镇长|村长|县长|问|答|男|女|男声|女声|甲|乙|丙|丁|host|narrator|speaker|teacher|"
    r"voice ?over|[qa])\s*[\dA-Za-z一二三四]?"
    rf"|.{{1,6}}(?:{_TITLES})|[老小][\u4e00-\u9fff]",
    re.IGNORECASE,
)
_NO_SPEAKER = re.compile(
    "注意|例如|比如|提示|提醒|警告|结论|问题|方法|原因|步骤|要点|重点|目的|特点|优点|缺点|分别是|包括|总之|口诀|俗话说|常言道|"
    "谚语说|即|如下"
)
_MARK = re.compile(r"[\W_\d]*")
_WIDEST_WRAP, _LEAST_WRAP, _NEAR, _LEAST_WRAPPED = 100, 25, 0.85, 3  # signs of lines cut at a width
_LONG, _LONGEST_HEADING, _LONGEST_LABEL, _LONGEST_NAME = 60, 30, 30, 4  # characters
_PROSE = 0.6  # share of lines with a mark at their end


@dataclass(frozen=True, slots=True)
class ScriptLine:
    """A paragraph that is spoken.

    Attributes:
        text: without numbering, names and directions.
        speaker: whose it is, when the script tells.
    """

    text: str
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that guides the reader, and is mostly not spoken.

    Attributes:
        text: as written.
        kind: "mark" has nothing to be spoken, such as a page's number.
        line: index of the line in or before which it stands.
        place: the character of that line before which it stands; None when it is a line of its own.
        spoken: whether it is in the recording, where that was heard.
    """

    text: str
    kind: DoubtKind
    line: int
    place: int | None = None
    spoken: bool = False


@dataclass(frozen=True, slots=True)
class Script:
    """What is spoken, in order, and what may be, in order."""

    lines: tuple[ScriptLine, ...]
    doubts: tuple[Doubt, ...] = ()

    @property
    def left_out(self) -> tuple[str, ...]:
        """Headings and directions that are not spoken, as written."""
        return tuple(one.text for one in self.doubts if not one.spoken and one.kind not in {"speaker", "numbering"})

    @property
    def spoken(self) -> tuple[str, ...]:
        """What was in doubt and is in the recording, each text once."""
        return tuple(dict.fromkeys(one.text for one in self.doubts if one.spoken))


def load_script(path: Path) -> Script:
    """Read a script; its suffix says what it is, its bytes how it is encoded.

    Raises:
        InputError: missing, damaged, not a script, too long, or nothing in it is spoken.
    """
    paragraphs = read_paragraphs(path)
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
    lines: list[ScriptLine] = []
    doubts: list[Doubt] = []
    speaker = ""
    for index, paragraph in enumerate(clean):
        if paragraph.heading or _is_heading(paragraph.text, first=index == 0, prose=prose):
            kind: DoubtKind = "mark" if _MARK.fullmatch(paragraph.text) else "heading"
            doubts.append(Doubt(paragraph.text, kind, len(lines)))
            continue
        said, name, aside = _taken_apart(paragraph.text, names, len(lines))
        # A name holds for what follows it, as in a play.
        speaker = name or speaker
        if re.search(r"\w", said):
            lines.append(ScriptLine(said, speaker))
            doubts += aside
        else:
            doubts += (replace(one, place=None) for one in aside)
    return Script(tuple(lines), tuple(doubts))


def _taken_apart(paragraph: str, names: frozenset[str], line: int) -> tuple[str, str, list[Doubt]]:
    """What of a paragraph is surely spoken, by whom, and what of it may be, in order.

    Args:
        line: the index that it will have.
    """
    said, asides = _without_asides(paragraph)
    label, name = _speaker_of(said, names)
    number = _NUMBERING.match(said, label)
    start = number.end() if number else label
    doubts = []
    if label:
        doubts.append(Doubt(said[:label].strip(), "speaker", line, 0))
    if number and re.search(r"\w", number[0]):
        doubts.append(Doubt(number[0].strip(), "numbering", line, 0))
    for place, aside in asides:
        doubts.append(Doubt(aside, "direction", line, len(_tidied(said[start : max(start, place)]))))
    return _tidied(said[start:]), name, doubts


def _tidied(said: str) -> str:
    return re.sub(r"\s+", " ", said).strip()


def _unwrapped(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Join lines that an editor cut at a fixed width: nearly as long as the longest, and not at a sentence's end."""
    longest = max((len(one.text) for one in paragraphs), default=0)
    found: list[Paragraph] = []
    wrapped = longest <= _WIDEST_WRAP and _is_cut_at(longest, paragraphs)
    cut = False
    for paragraph in paragraphs:
        if cut and found and not paragraph.heading and not _NUMBERING.match(paragraph.text):
            found[-1] = Paragraph(joined((found[-1].text, paragraph.text)))
        else:
            found.append(paragraph)
        cut = wrapped and len(paragraph.text) >= max(_LEAST_WRAP, _NEAR * longest) and paragraph.text[-1] not in ENDS
    return found


def _is_cut_at(longest: int, paragraphs: Sequence[Paragraph]) -> bool:
    """Whether many are nearly as long as the longest, and most of these stop in the midst of a sentence."""
    near = [one.text for one in paragraphs if len(one.text) >= _NEAR * longest]
    return len(near) >= _LEAST_WRAPPED and 2 * sum(one[-1] not in ENDS for one in near) > len(near)


def _is_prose(paragraphs: Sequence[Paragraph]) -> bool:
    """Whether the spoken lines end with marks, so that one without may be a heading."""
    plain = [one for one in paragraphs if not one.heading]
    ended = sum(one.text[-1] in ENDS for one in plain)
    return ended >= _PROSE * len(plain) or any(len(one.text) > _LONG for one in plain)


def _is_heading(line: str, *, first: bool, prose: bool) -> bool:
    """A line that names what follows instead of saying it."""
    if _DIRECTION_LINE.match(line) or _MARK.fullmatch(line):
        return True
    if len(line) > _LONGEST_HEADING or not prose:
        return False
    if _CHAPTER.match(line) and line[-1] not in "。！？!?":
        return True
    if line[-1] in "：:" and _NUMBERING.match(line):
        return True
    if first and re.fullmatch(r"[《【].*[》】]", line):
        return True
    return line[-1] not in ENDS + "，,、" and not re.search("[，,；;。！？!?]", line) and not _SPEAKER.match(line)


def _without_asides(line: str) -> tuple[str, list[tuple[int, str]]]:
    """Take out what stands in brackets as a direction, wherever it stands, and all that fills a line of its own.

    Returns:
        The rest, and each direction with its place there.
    """
    timed = _TIME_CODE.sub("", line, count=1) if _TIME_CODE.match(line) else line
    rest, asides, at = "", [], 0
    for found in _ASIDE.finditer(timed):
        inside = next(group for group in found.groups() if group is not None)
        whole = found[0].strip() == line.strip().rstrip("。")
        if whole or _DIRECTION.match(inside) or found[0].startswith(("【", "[", "{", "〔")):
            rest += timed[at : found.start()]
            asides.append((len(rest), found[0]))
            at = found.end()
    rest += timed[at:]
    return rest, asides


def _names(paragraphs: Sequence[Paragraph]) -> frozenset[str]:
    """Who speaks: known roles, and short names that stand before a colon twice or, elsewhere, beside a title."""
    content = "\n".join(one.text for one in paragraphs)
    seen = Counter(
        found[1] for one in paragraphs if (found := _SPEAKER.match(one.text)) and found.end() <= _LONGEST_LABEL
    )
    return frozenset(
        name
        for name, times in seen.items()
        if not _NO_SPEAKER.fullmatch(_bare(name))
        and (
            _ROLE.fullmatch(_bare(name))
            or (len(_bare(name)) <= _LONGEST_NAME and (times > 1 or _has_title(_bare(name), content)))
        )
    )


def _has_title(name: str, content: str) -> bool:
    known = re.escape(name)
    return re.search(rf"{known}(?:{_TITLES})|(?:{_TITLES}|村民|农户|技术员|支书){known}", content) is not None


def _bare(name: str) -> str:
    return re.sub(r"[（(].*", "", name).strip()


def _speaker_of(line: str, names: frozenset[str]) -> tuple[int, str]:
    """Where the label of a speaker ends, and the name; 0 and "" without one."""
    found = _SPEAKER.match(line)
    if found is None or found[1] not in names:
        return 0, ""
    return found.end(), _bare(found[1])
