"""The next issue of a column, made for a person to write on: from a lesson, from a draft, or empty.

Its number is the smallest that is free, and taken by making its folder, which only one can.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path

from courseware.errors import InputError, Problem, text
from courseware.files import copy_file, is_plain, making_folder, write_text
from courseware.lessons.column import Column
from courseware.lessons.lesson import Lesson
from courseware.lessons.moments import kept_cues, lesson_moment
from courseware.lessons.workspace import Workspace, load_catalogue
from courseware.script.files import find_script
from courseware.script.script import load_script
from courseware.subtitles.cue import Cue
from courseware.validate import parse, read_text
from playlists.almanac.clock import today
from playlists.columns.article import read_article
from playlists.columns.issue import (
    ARTICLE_NAME,
    FILE_NAME,
    LONGEST_SUMMARY,
    IssueFile,
    folder_name,
    free_numbers,
)
from playlists.columns.record import load_record
from playlists.columns.stills import finished_video, still_name, take_stills, usual_moments

_HEADING = re.compile(r"\A\s*#[ \t]+(.+?)[ \t#]*(?:\n|\Z)")
_SIGNS = re.compile(r"([\\`*_\[\]<>#|~!&])")
_LISTLIKE = re.compile(r"\A(\s*)([-+=]|\d{1,9}[.)])")
_LONG_PARAGRAPH = 60  # characters of cues that are put together
_FULL_STOPS = tuple("。！？.!?")
_ENDS = (*_FULL_STOPS, *"；，、：;,:")
_TAKEN = {errno.ENOTEMPTY, errno.EEXIST, errno.EACCES}


@dataclass(frozen=True, slots=True)
class DraftIssue:
    """What stands in a new issue.

    Attributes:
        where: how messages name what it was taken from.
        pictures: files to be copied beside it.
        stills: pictures of the lesson's video.
    """

    title: str
    article: str
    summary: str = ""
    lesson: str = ""
    where: str = "column new"
    pictures: tuple[Path, ...] = ()
    stills: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewIssue:
    """An issue that was just made, and what is worth saying of it."""

    number: int
    folder: Path
    title: str
    notes: tuple[Problem, ...]


def new_issue(workspace: Workspace, column: Column, draft: DraftIssue) -> NewIssue:
    """Make the folder of the next issue.

    Raises:
        InputError: the title cannot be one; nothing is made then.
    """
    parse(IssueFile, {"title": draft.title, "summary": draft.summary}, draft.where)
    home = workspace.columns_dir / column.name
    for number in free_numbers(workspace, column, load_record(workspace, column).used):
        target = home / folder_name(number)
        try:
            with making_folder(target) as folder:
                notes = _write(workspace, folder, draft, number)
        except OSError as error:
            if error.errno in _TAKEN and target.exists():
                continue
            raise
        return NewIssue(number, target, draft.title, notes)
    raise AssertionError("numbers do not end")


def from_lesson(workspace: Workspace, lesson_id: str) -> DraftIssue:
    """A draft of what the lesson says, with pictures of its video where it has one.

    Raises:
        InputError: there is no such lesson, or its script or subtitles cannot be read.
    """
    (lesson,) = load_catalogue(workspace).select((lesson_id,))
    video = finished_video(workspace, lesson.id)
    moments = usual_moments(video) if video else ()
    stills = {still_name(at): lesson_moment(video, at) for at in moments} if video else {}
    summary = _shortened(" ".join(lesson.summary.split()))
    article = "\n\n".join(_laid_out(lesson, stills))
    return DraftIssue(lesson.title, article, summary, lesson.id, stills=tuple(stills))


def from_file(path: Path) -> DraftIssue:
    """A draft that a person wrote, its first heading as the title; pictures beside it come with it.

    Raises:
        InputError: it cannot be read, or holds what may not be shown; all problems at once.
    """
    content = read_text(path, path.name).replace("\r\n", "\n")
    heading = _HEADING.match(content)
    article = read_article(content, path.name, path.parent)
    pictures = tuple(path.parent / name for name in article.pictures if is_plain(name))
    title = heading[1].strip() if heading else path.stem
    rest = content[heading.end() :] if heading else content
    there = tuple(one for one in pictures if one.is_file())
    return DraftIssue(title, rest.strip(), where=path.name, pictures=there)


def titled(draft: DraftIssue, title: str) -> DraftIssue:
    """The draft with the title that a person gave, where one was given."""
    return replace(draft, title=title, where="--title") if title else draft


def _laid_out(lesson: Lesson, stills: Mapping[str, int | None]) -> Iterator[str]:
    """Paragraphs of what is said, and pictures spread among them, each with what is said then.

    Args:
        stills: name → moment of the lesson, in milliseconds; None where nobody knows.
    """
    cues, _ = kept_cues(lesson)
    said = list(_said(lesson, cues)) or [lesson.summary.strip() or lesson.title]
    share = -(-len(said) // max(1, len(stills)))
    parts = [said[start : start + share] for start in range(0, len(said), share)]
    for still, part in zip_longest(stills, parts):
        if still:
            now = (cue.text for cue in cues if _is_said(cue, stills[still]))
            then = next(now, "").rstrip("，。；：,.;:")
            yield f"![{_escaped(then or lesson.title)}]({still})"
        yield from map(_escaped, part or ())


def _is_said(cue: Cue, at_ms: int | None) -> bool:
    return at_ms is not None and cue.span.start_ms <= at_ms < cue.span.end_ms


def _said(lesson: Lesson, cues: Sequence[Cue]) -> Iterator[str]:
    script = find_script(lesson.folder)
    if script:
        yield from (line.text for line in load_script(script).lines)
        return
    paragraph = ""
    for cue in cues:
        words = " ".join(cue.text.split())
        paragraph += words if words.endswith(_ENDS) else f"{words}，"
        if len(paragraph) >= _LONG_PARAGRAPH and words.endswith(_FULL_STOPS):
            yield paragraph
            paragraph = ""
    if paragraph:
        yield _closed(paragraph)


def _shortened(summary: str) -> str:
    """Whole sentences, as many as a list of articles shows; of a very long one, its beginning."""
    if len(summary) <= LONGEST_SUMMARY:
        return summary
    shown = summary[:LONGEST_SUMMARY]
    end = max(shown.rfind(stop) for stop in _FULL_STOPS)
    return shown[: end + 1] if end > 0 else f"{shown[:-1]}…"


def _closed(paragraph: str) -> str:
    return paragraph if paragraph.endswith(_FULL_STOPS) else f"{paragraph.rstrip('，、；：,;:')}。"


def _escaped(said: str) -> str:
    """Words that Markdown takes for nothing else."""
    return _LISTLIKE.sub(r"\1\\\2", _SIGNS.sub(r"\\\1", " ".join(said.split())))


def _write(workspace: Workspace, folder: Path, draft: DraftIssue, number: int) -> tuple[Problem, ...]:
    write_text(folder / FILE_NAME, _issue_toml(workspace, draft, number))
    hint = f"<!-- 第{number}期的文章，用 Markdown 写：## 小标题，**重点**，图片另起一行写 ![说明](文件名.jpg)。\n"
    hint += "     图片放在本文件夹；写 still-1m05s.jpg 就从课件视频 1分05秒处截图。这段说明不会印出。 -->\n"
    write_text(folder / ARTICLE_NAME, f"{hint}\n{draft.article}".rstrip() + "\n")
    for picture in draft.pictures:
        copy_file(picture, folder / picture.name)
    return take_stills(workspace, folder, draft.stills, draft.lesson)


def _issue_toml(workspace: Workspace, draft: DraftIssue, number: int) -> str:
    from tomlkit import comment, document, item

    made = document()
    made.add(comment(f"第{number}期。文章写在 article.md；改好后运行  yuanjiao column build {number}"))
    values: dict[str, tuple[object, str]] = {
        "title": (draft.title, ""),
        "date": (today(workspace), ""),
        "author": ("", "作者、编辑，可空"),
        "summary": (draft.summary, f"摘要，最多 {LONGEST_SUMMARY} 字，显示在列表里"),
        "lesson": (draft.lesson, "写的是哪个课件，可空"),
        "link": ("", "看视频、看更多的网址；空着就用课件的"),
        "cover": ("", "封面图片；空着就用文章里第一张"),
    }
    for key, (value, hint) in values.items():
        made[key] = item(value)
        if hint:
            made[key].comment(hint)
    return made.as_string()


def needs_something(lesson: str, source: Path | None, title: str) -> None:
    """Refuse a new issue of nothing.

    Raises:
        InputError: neither a lesson, nor a draft, nor a title is given; or a lesson and a draft.
    """
    if lesson and source:
        raise InputError(Problem("column new", text("name a lesson or a draft, not both")))
    if not (lesson or source or title):
        what = text("name a lesson, or --from with a draft, or --title for an empty issue")
        raise InputError(Problem("column new", what))
