"""What is made of an issue: its page, the same for WeChat's editor, covers, pictures; into the folder made in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from courseware.errors import Problem
from courseware.lessons.column import Column
from courseware.lessons.settings import Office
from courseware.lessons.workspace import Workspace
from courseware.reviews.subjects import Subject, SubjectItem, hashed, stand
from playlists.columns.covers import COVERS, cover_picture, make_covers, make_pictures
from playlists.columns.placing import put_files
from playlists.columns.reading import ReadIssue, Sources, read_issue
from playlists.columns.writing import MadePicture, Manner, wechat_manner, written_out
from templates.pages.column import IssuePage, dump_for_wechat, dump_issue
from templates.pages.week import Imprint
from templates.tokens import colour

FOLDER = "made"
_PAGE = "index.html"
_COLOURS = ("red", "gold", "cream", "ink", "soft")


@dataclass(frozen=True, slots=True)
class BuiltIssue:
    """An issue that was just made.

    Attributes:
        item: how its review stands.
        draft: whether 草稿 stands on it.
        kept: what was kept of a person's.
    """

    read: ReadIssue
    item: SubjectItem
    folder: Path
    files: tuple[Path, ...]
    draft: bool
    kept: tuple[Problem, ...]


def build_issue(workspace: Workspace, column: Column, number: int) -> BuiltIssue:
    """Make everything of an issue.

    Raises:
        InputError: all that is wrong with it; nothing is written then.
    """
    sources = Sources.of(workspace)
    read = read_issue(sources, column, number)
    item = stand(subject_of_issue(read), sources.book)
    draft = is_draft(workspace, item)
    made = made_files(workspace, read, item, draft=draft)
    folder = read.issue.folder / FOLDER
    kept = put_files(workspace, folder, made)
    return BuiltIssue(read, item, folder, tuple(folder / name for name in made), draft, kept)


def look_at_issue(workspace: Workspace, column: Column, number: int, content: str) -> str:
    """The page that would be made of an issue if its article said this, with its pictures in it.

    Nothing is written but pictures of the video that it names.

    Raises:
        InputError: all that is wrong with it.
    """
    sources = Sources.of(workspace)
    read = read_issue(sources, column, number, content=content)
    item = stand(subject_of_issue(read), sources.book)
    pictures = {name: replace(made, name=made.uri) for name, made in make_pictures(read.issue, read.article).items()}
    body = written_out(read.article, pictures, Manner())
    return dump_issue(_page(workspace, read, item, body, draft=is_draft(workspace, item)))


def is_draft(workspace: Workspace, item: SubjectItem) -> bool:
    """Whether approval is asked for, and it has none; what was rejected never has."""
    return item.state == "rejected" or (workspace.settings.review.columns and item.state != "approved")


def subject_of_issue(read: ReadIssue) -> Subject:
    """What is reviewed: all that the issue's pages show, but not how they look.

    Raises:
        OSError: a picture cannot be read.
    """
    issue, said = read.issue, read.issue.said
    cover = cover_picture(issue, read.article)
    parts = {
        "title": said.title,
        "date": said.day.isoformat() if said.day else "",
        "author": said.author,
        "summary": said.summary,
        "lesson": said.lesson,
        "link": issue.link,
        "credit": issue.credit,
        "article.md": hashed(_bare_body(read).encode()),
    }
    pictures = dict.fromkeys((*read.article.pictures, *([cover.name] if cover else [])))
    parts |= {name: hashed((issue.folder / name).read_bytes()) for name in pictures}
    if cover:
        parts["cover"] = cover.name
    return Subject(issue.subject, said.title, parts)


def made_files(workspace: Workspace, read: ReadIssue, item: SubjectItem, *, draft: bool) -> dict[str, bytes]:
    """Name → bytes of everything.

    Raises:
        InputError: a picture cannot be shown.
    """
    issue = read.issue
    pictures = make_pictures(issue, read.article)
    covers = make_covers(issue, read.article, workspace.settings, draft=draft)
    own = Manner()
    page = _page(workspace, read, item, written_out(read.article, pictures, own), draft=draft)
    manner = wechat_manner()
    pasted = _page(workspace, read, item, written_out(read.article, pictures, manner), draft=draft)
    tones = {**manner.styles, **{name: colour(name) for name in _COLOURS}}
    return {
        _PAGE: dump_issue(page).encode(),
        **covers,
        **{one.name: one.content for one in pictures.values()},
        "wechat.html": dump_for_wechat(pasted, tones).encode(),
        "wechat.txt": _fields(read).encode("utf-8-sig"),
    }


def public_files(made: Mapping[str, bytes]) -> dict[str, bytes]:
    """Those that everybody reads."""
    return {name: content for name, content in made.items() if not name.startswith("wechat.")}


def imprint_of(office: Office) -> Imprint:
    """Who publishes."""
    return Imprint(office.name, office.county, office.phone, office.url)


def printed_day(day: date | None) -> str:
    """Like "2026年11月29日"; "" for none."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def _page(workspace: Workspace, read: ReadIssue, item: SubjectItem, body: str, *, draft: bool) -> IssuePage:
    issue, said = read.issue, read.issue.said
    signed = () if draft else item.approvers
    credits_ = [("编辑", said.author), ("审核", "、".join(signed)), ("素材", issue.credit)]
    return IssuePage(
        column=issue.column.name,
        heading=f"第{issue.number}期",
        title=said.title,
        date=printed_day(said.day),
        summary=said.summary,
        body=body,
        link=issue.link,
        code=_code(issue.link),
        credits=tuple(pair for pair in credits_ if pair[1]),
        imprint=imprint_of(workspace.settings.office),
        draft=draft,
    )


def _bare_body(read: ReadIssue) -> str:
    """The article without its pictures' sizes, which depend on how they are made smaller."""
    pictures = {name: MadePicture(name, 1, 1, b"") for name in read.article.pictures}
    return written_out(read.article, pictures, Manner())


def _code(link: str) -> str:
    """A PNG: WeChat's editor takes no SVG as a picture."""
    import segno

    return segno.make_qr(link).png_data_uri(scale=6, border=3) if link else ""


def _fields(read: ReadIssue) -> str:
    """What is typed beside the article, for whoever has WeChat's editor open."""
    said = read.issue.said
    rows: Sequence[str] = (
        f"标题：{said.title}",
        f"作者：{said.author}",
        f"摘要：{said.summary}",
        f"原文链接：{read.issue.link}",
        "封面：" + "、".join(f"{name}（{width}×{height}）" for name, (width, height) in COVERS.items()),
        "",
        "正文：用浏览器打开 wechat.html，按 Ctrl+A 全选、Ctrl+C 复制，到公众号编辑器里按 Ctrl+V 粘贴。",
        "如有图片没有上传，把本文件夹里同一张 picture-….jpg 插到原处。",
    )
    return "\r\n".join(rows) + "\r\n"
