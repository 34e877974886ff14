"""An article written out as HTML: for a page with a style sheet, or with all looks inside for editors that take none.

WeChat's editor keeps tags and inline styles, and drops classes, ids, style sheets, scripts and links to elsewhere. So
links become numbers with a list of addresses at the end, and pictures lie in the page itself, with their sizes.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from html import escape

from markdown_it.token import Token

from playlists.columns.article import Article, every, picture_name, reader
from templates.tokens import colour

WECHAT_WIDTH = 677  # pixels of its column; on a phone it shrinks
_LISTS = {"bullet_list_open", "ordered_list_open"}


@dataclass(frozen=True, slots=True)
class MadePicture:
    """A picture as pages show it.

    Attributes:
        name: of the file beside the page.
        content: JPEG or PNG.
    """

    name: str
    width: int
    height: int
    content: bytes

    @property
    def uri(self) -> str:
        """The picture itself, in the place of an address."""
        kind = "png" if self.name.endswith(".png") else "jpeg"
        return f"data:image/{kind};base64,{b64encode(self.content).decode()}"


@dataclass(frozen=True, slots=True)
class Manner:
    """How it is written out.

    Attributes:
        styles: tag → inline style; none for a page with a style sheet.
        is_alone: pictures and the addresses of links lie in the text itself.
    """

    styles: Mapping[str, str] = field(default_factory=dict)
    is_alone: bool = False


def written_out(article: Article, pictures: Mapping[str, MadePicture], manner: Manner) -> str:
    """The body of a page.

    Args:
        pictures: name in the article → the picture.
    """
    links: list[str] = []
    tokens = list(_blocks(article.tokens, pictures, manner, links))
    markdown = reader()
    made = str(markdown.renderer.render(tokens, markdown.options, {}))
    return made + _addresses(links, manner)


def plain_words(article: Article) -> str:
    """The words of the article, for a summary."""
    found = (token.content for token in every(article.tokens) if token.type in {"text", "code_inline", "softbreak"})
    return " ".join("".join(one or " " for one in found).split())


def _blocks(
    tokens: Sequence[Token], pictures: Mapping[str, MadePicture], manner: Manner, links: list[str]
) -> Iterator[Token]:
    """The same tokens with looks, a paragraph that is but a picture as a figure."""
    highest = min((int(one.tag[1]) for one in tokens if one.type == "heading_open"), default=2)
    depth = 0
    for index, token in enumerate(tokens):
        depth += (token.type in _LISTS) - (token.type.replace("_close", "_open") in _LISTS and token.nesting < 0)
        alone = _alone(tokens[index + 1]) if token.type == "paragraph_open" else None
        if alone:
            yield _html(_figure(alone, pictures[picture_name(alone)], manner))
        elif token.type == "fence":
            look = f' style="{manner.styles["pre"]}"' if manner.is_alone else ""
            yield _html(f"<pre{look}>{escape(token.content)}</pre>\n")
        elif not _belongs_to_figure(tokens, index):
            yield _styled(token, 2 - highest, manner, pictures, links, hidden=depth > 0)


def _alone(inline: Token) -> Token | None:
    """The picture that is all of a paragraph."""
    parts = inline.children or []
    return parts[0] if len(parts) == 1 and parts[0].type == "image" else None


def _belongs_to_figure(tokens: Sequence[Token], index: int) -> bool:
    inline = index if tokens[index].type == "inline" else index - 1
    return tokens[index].type in {"inline", "paragraph_close"} and bool(
        tokens[inline - 1].type == "paragraph_open" and _alone(tokens[inline])
    )


def _styled(
    token: Token,
    deeper: int,
    manner: Manner,
    pictures: Mapping[str, MadePicture],
    links: list[str],
    *,
    hidden: bool,
) -> Token:
    """A copy with its look.

    Args:
        hidden: a paragraph of a list, which editors would take for a second line.
    """
    made = copy(token)
    made.attrs = {} if token.tag in {"th", "td", "table"} else dict(token.attrs)
    if token.type.startswith("heading"):
        made.tag = f"h{min(4, int(token.tag[1]) + deeper)}"
    if token.type.startswith("paragraph"):
        made.hidden = token.hidden or (hidden and manner.is_alone)
    if token.nesting >= 0 and made.tag in manner.styles:
        made.attrSet("style", manner.styles[made.tag])
    if token.children is not None:
        made.children = list(_inline(token.children, manner, pictures, links))
    return made


def _inline(
    tokens: Sequence[Token], manner: Manner, pictures: Mapping[str, MadePicture], links: list[str]
) -> Iterator[Token]:
    target = ""
    for token in tokens:
        if token.type == "image":
            yield _html(_img(token, pictures[picture_name(token)], manner))
        elif token.type == "link_open" and manner.is_alone:
            target = str(token.attrGet("href") or "")
        elif token.type == "link_close" and manner.is_alone:
            links.append(target)
            yield _html(f'<sup style="{manner.styles["sup"]}">[{len(links)}]</sup>')
        else:
            yield _styled(token, 0, manner, pictures, links, hidden=False)


def _html(content: str) -> Token:
    made = Token("html_inline", "", 0)
    made.content = content
    return made


def _img(token: Token, picture: MadePicture, manner: Manner) -> str:
    alt = escape(token.content)
    if not manner.is_alone:
        size = f'width="{picture.width}" height="{picture.height}"'
        return f'<img src="{picture.name}" {size} alt="{alt}" loading="lazy">'
    wide = min(WECHAT_WIDTH, picture.width)
    size = f'width="{wide}" height="{round(picture.height * wide / picture.width)}"'
    return f'<img src="{picture.uri}" {size} alt="{alt}" style="max-width: {wide}px; {manner.styles["img"]}">'


def _figure(token: Token, picture: MadePicture, manner: Manner) -> str:
    image, said = _img(token, picture, manner), escape(token.content)
    if not manner.is_alone:
        caption = f"<figcaption>{said}</figcaption>" if said else ""
        return f"<figure>{image}{caption}</figure>\n"
    caption = f'<p style="{manner.styles["figcaption"]}">{said}</p>' if said else ""
    return f'<section style="{manner.styles["figure"]}">{image}{caption}</section>\n'


def _addresses(links: Sequence[str], manner: Manner) -> str:
    if not links:
        return ""
    rows = "".join(
        f'<p style="{manner.styles["small"]}">[{number}] {escape(link)}</p>\n' for number, link in enumerate(links, 1)
    )
    return f'<p style="{manner.styles["h4"]}">文中链接</p>\n{rows}'


def wechat_manner() -> Manner:
    """All looks inside, in pixels and plain colours."""
    ink, soft, red, line, sand = (colour(name) for name in ("ink", "soft", "red", "line", "sand"))
    words = f"color: {ink}; font-size: 16px; line-height: 1.8"
    head = f"color: {red}; font-weight: bold; line-height: 1.4"
    return Manner(
        {
            "p": f"margin: 0 0 18px; {words}; text-align: justify",
            "h2": f"margin: 34px 0 16px; padding: 0 0 0 10px; border-left: 4px solid {red}; font-size: 20px; {head}",
            "h3": f"margin: 26px 0 12px; font-size: 17px; {head}",
            "h4": f"margin: 22px 0 10px; font-size: 16px; {head}",
            "blockquote": f"margin: 0 0 18px; padding: 12px 14px 1px; border-left: 4px solid {line};"
            f" background-color: {sand}; {words}",
            "ul": f"margin: 0 0 18px; padding: 0 0 0 24px; list-style-type: disc; {words}",
            "ol": f"margin: 0 0 18px; padding: 0 0 0 24px; list-style-type: decimal; {words}",
            "li": f"margin: 0 0 8px; {words}",
            "strong": f"color: {colour('deep')}; font-weight: bold",
            "em": "font-style: italic",
            "s": f"color: {soft}; text-decoration: line-through",
            "code": f"background-color: {sand}; font-size: 15px",
            "pre": f"margin: 0 0 18px; padding: 10px; background-color: {sand}; white-space: pre-wrap",
            "hr": f"margin: 28px 0; border: 0; border-top: 1px solid {line}",
            "table": f"margin: 0 0 18px; width: 100%; border-collapse: collapse; {words}",
            "th": f"padding: 6px 8px; border: 1px solid {line}; background-color: {sand}; font-size: 15px",
            "td": f"padding: 6px 8px; border: 1px solid {line}; font-size: 15px",
            "sup": f"color: {soft}; font-size: 12px",
            "img": "width: 100%; height: auto; vertical-align: top",
            "figure": "margin: 6px 0 22px; text-align: center",
            "figcaption": f"margin: 6px 0 0; color: {soft}; font-size: 14px; line-height: 1.5; text-align: center",
            "small": f"margin: 0 0 6px; color: {soft}; font-size: 13px; line-height: 1.6; word-break: break-all",
        },
        is_alone=True,
    )
