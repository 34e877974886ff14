"""A correction notice as a message for a chat group. Pure."""

from __future__ import annotations

from playlists.publishing.messages.towns import MOST
from templates.pages.week import CorrectionPage


def correction_message(page: CorrectionPage) -> str:
    """The notice for a chat group, at most 2,000 characters."""
    head = page.head
    lines = [
        f"【更正通知】{page.county} {head.dates}",
        f"节目单已改为第{head.edition.number}版（{head.edition.at}）：",
    ]
    lines += [f"· {place}：{'；'.join(changes)}" for place, changes in page.changes]
    foot = f"{head.imprint.office}{f'　电话：{head.imprint.phone}' if head.imprint.phone else ''}"
    most = MOST - len(foot) - 40
    told: list[str] = []
    for number, line in enumerate(lines):
        if sum(map(len, told)) + len(told) + len(line) > most:
            told.append(f"另有{len(lines) - number}处变动，详见网页。")
            break
        told.append(line)
    return "\n".join((*told, foot)) + "\n"
