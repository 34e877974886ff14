"""XML written and read back, for the formats that are made of it. Reading refuses entities."""

from __future__ import annotations

from xml.etree import ElementTree as ET


def child(parent: ET.Element, tag: str, said: str = "", **attributes: str) -> ET.Element:
    """A new last child with this text."""
    made = ET.SubElement(parent, tag, attributes)
    made.text = said or None
    return made


def as_document(root: ET.Element, doctype: str = "") -> bytes:
    """The document in UTF-8, one element a line."""
    ET.indent(root, space="")
    declared = '<?xml version="1.0" encoding="UTF-8"?>\n' + (f"{doctype}\n" if doctype else "")
    body: bytes = ET.tostring(root, encoding="utf-8")
    return declared.encode() + body + b"\n"


def parsed(content: bytes, tag: str) -> ET.Element:
    """The root of a document.

    Raises:
        ValueError: no XML, or another kind of document.
    """
    from defusedxml import ElementTree

    try:
        root: ET.Element = ElementTree.fromstring(content)
    except ET.ParseError as error:
        raise ValueError(str(error)) from None
    if root.tag != tag:
        raise ValueError(root.tag)
    return root
