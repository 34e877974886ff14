"""The RSS feed of a column (https://www.rssboard.org/rss-specification)."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import format_datetime
from xml.etree import ElementTree as ET

from courseware.lessons.column import Column
from courseware.lessons.settings import Office
from playlists.columns.issue import folder_name, subject_of
from playlists.columns.record import PublishedIssue
from playlists.lists.markup import as_document, child

FEED = "rss.xml"
_ATOM = "http://www.w3.org/2005/Atom"
_MOST = 50


def dump_feed(column: Column, office: Office, issues: Mapping[int, PublishedIssue]) -> bytes | None:
    """The newest issues; None for a column that is on no web, whose links would lead nowhere."""
    if not column.base:
        return None
    ET.register_namespace("atom", _ATOM)
    root = ET.Element("rss", {"version": "2.0"})
    channel = child(root, "channel")
    child(channel, "title", column.name)
    child(channel, "link", f"{column.base}index.html")
    child(channel, "description", column.summary or f"{office.county}{column.name}")
    child(channel, "language", "zh-cn")
    if issues:
        child(channel, "lastBuildDate", format_datetime(max(one.at for one in issues.values())))
    child(channel, f"{{{_ATOM}}}link", href=f"{column.base}{FEED}", rel="self", type="application/rss+xml")
    for number in sorted(issues, reverse=True)[:_MOST]:
        _add_item(channel, column, number, issues[number])
    return as_document(root)


def _add_item(channel: ET.Element, column: Column, number: int, issue: PublishedIssue) -> None:
    link = f"{column.base}{folder_name(number)}/index.html"
    item = child(channel, "item")
    child(item, "title", f"第{number}期　{issue.title}")
    child(item, "link", link)
    child(item, "description", issue.summary or issue.title)
    child(item, "pubDate", format_datetime(issue.at))
    child(item, "guid", f"yuanjiao:{column.slug}:{subject_of(column, number)}", isPermaLink="false")
