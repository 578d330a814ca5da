"""OFD by GB/T 33190-2016: one page of text and lines, and the structured original as its attachment.

Text objects name fonts that every reader of OFD brings along; glyphs are not embedded, as in the OFD invoices that are
issued. Lengths are millimetres from the upper left corner. The package carries no electronic seal: OFD is sealed by SM2
(GB/T 38540), which a seal server adds.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from xml.etree import ElementTree

NAMESPACE = "http://www.ofdspec.org/2016"
FONTS = ("宋体", "楷体")
"""What is printed on the form, and what is filled in (the two faces of a 数电票)."""
LABEL, FILLED = range(2)
INK, BROWN = "0 0 0", "128 0 0"
_FIRST_FONT = 2
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""Of every file within: the same invoice gives the same bytes."""


@dataclass(frozen=True, slots=True)
class Text:
    """Words whose baseline begins at ``x``, ``y``; ``size`` in mm; ``end`` right-aligns them there instead."""

    x: float
    y: float
    size: float
    words: str
    font: int = LABEL
    colour: str = BROWN
    end: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A line."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class Squares:
    """Filled squares side by side (a QR code): the rows of it, as text of ``1`` and ``0``."""

    x: float
    y: float
    side: float
    rows: Sequence[str]


@dataclass(frozen=True, slots=True)
class Page:
    """One page and what stands on it."""

    width: float
    height: float
    objects: tuple[Text | Rule | Squares, ...]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file within the document."""

    name: str
    content: bytes


def write(page: Page, doc_id: str, title: str, day: date, attachment: Attachment) -> bytes:
    """The package. ``doc_id`` is the document's own id, 32 hexadecimal digits in the standard's words."""
    files = {
        "OFD.xml": _root(doc_id, title, day),
        "Doc_0/Document.xml": _document(page),
        "Doc_0/PublicRes.xml": _fonts(),
        "Doc_0/Pages/Page_0/Content.xml": _content(page),
        "Doc_0/Attachs/Attachments.xml": _attachments(attachment, day),
        f"Doc_0/Attachs/{attachment.name}": attachment.content,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def width_of(words: str, size: float) -> float:
    """How wide the words are in mm: a Chinese character is square, any other half as wide."""
    return sum(size if ord(c) > 0x2E7F else size / 2 for c in words)


def _root(doc_id: str, title: str, day: date) -> bytes:
    """OFD.xml (7.4): the entrance of the package."""
    root = _element("OFD", Version="1.1", DocType="OFD")
    body = _sub(root, "DocBody")
    info = _sub(body, "DocInfo")
    for name, value in (("DocID", doc_id), ("Title", title), ("CreationDate", day.isoformat())):
        _sub(info, name).text = value
    _sub(body, "DocRoot").text = "Doc_0/Document.xml"
    return _bytes(root)


def _document(page: Page) -> bytes:
    """Document.xml (7.5): the root of the document."""
    root = _element("Document")
    common = _sub(root, "CommonData")
    _sub(common, "MaxUnitID").text = str(_FIRST_FONT + len(FONTS) + len(page.objects) + 100)
    area = _sub(common, "PageArea")
    _sub(area, "PhysicalBox").text = f"0 0 {page.width:g} {page.height:g}"
    _sub(common, "PublicRes").text = "PublicRes.xml"
    pages = _sub(root, "Pages")
    _sub(pages, "Page", ID="1", BaseLoc="Pages/Page_0/Content.xml")
    _sub(root, "Attachments").text = "Attachs/Attachments.xml"
    return _bytes(root)


def _fonts() -> bytes:
    root = _element("Res", BaseLoc="Res")
    fonts = _sub(root, "Fonts")
    for number, name in enumerate(FONTS, _FIRST_FONT):
        _sub(fonts, "Font", ID=str(number), FontName=name, FamilyName=name)
    return _bytes(root)


def _content(page: Page) -> bytes:
    """Content.xml (7.7): the objects of the page, in the order in which they are drawn."""
    root = _element("Page")
    area = _sub(root, "Area")
    _sub(area, "PhysicalBox").text = f"0 0 {page.width:g} {page.height:g}"
    first = _FIRST_FONT + len(FONTS)
    layer = _sub(_sub(root, "Content"), "Layer", ID=str(first), Type="Body")
    for number, one in enumerate(page.objects, first + 1):
        if isinstance(one, Text):
            _text(layer, number, one)
        elif isinstance(one, Rule):
            _rule(layer, number, one)
        else:
            _squares(layer, number, one)
    return _bytes(root)


def _text(layer: ElementTree.Element, number: int, text: Text) -> None:
    """A text object (11.2): its code begins one ascent below the top of its box."""
    width = width_of(text.words, text.size)
    left = text.x - width if text.end else text.x
    box = f"{left:.3f} {text.y - text.size:.3f} {width:.3f} {text.size * 1.3:.3f}"
    font = str(_FIRST_FONT + text.font)
    made = _sub(layer, "TextObject", ID=str(number), Boundary=box, Font=font, Size=f"{text.size:g}")
    _sub(made, "FillColor", Value=text.colour)
    steps = " ".join(f"{width_of(c, text.size):.3f}" for c in text.words[:-1])
    code = _sub(made, "TextCode", X="0", Y=f"{text.size:g}", **({"DeltaX": steps} if steps else {}))
    code.text = text.words


def _rule(layer: ElementTree.Element, number: int, rule: Rule) -> None:
    """A path object (9.1) of one stroke."""
    width, height = rule.x2 - rule.x1, rule.y2 - rule.y1
    box = f"{rule.x1:.3f} {rule.y1:.3f} {max(width, 0.4):.3f} {max(height, 0.4):.3f}"
    made = _sub(layer, "PathObject", ID=str(number), Boundary=box, LineWidth="0.25")
    _sub(made, "StrokeColor", Value=BROWN)
    _sub(made, "AbbreviatedData").text = f"M 0 0 L {width:.3f} {height:.3f}"


def _squares(layer: ElementTree.Element, number: int, squares: Squares) -> None:
    """A path object that is filled and not stroked: one closed figure a run of dark squares."""
    size = squares.side / len(squares.rows)
    box = f"{squares.x:.3f} {squares.y:.3f} {squares.side:.3f} {squares.side:.3f}"
    made = _sub(
        layer, "PathObject", ID=str(number), Boundary=box, Stroke="false", Fill="true", LineWidth="0.1"
    )
    _sub(made, "FillColor", Value=INK)
    data = []
    for y, row in enumerate(squares.rows):
        for x, dark in enumerate(row):
            if dark == "1":
                left, top, right, foot = (f"{size * side:.3f}" for side in (x, y, x + 1, y + 1))
                data.append(f"M {left} {top} L {right} {top} L {right} {foot} L {left} {foot} C")
    _sub(made, "AbbreviatedData").text = " ".join(data)


def _attachments(attachment: Attachment, day: date) -> bytes:
    """Attachments.xml (20.1)."""
    root = _element("Attachments")
    size = f"{len(attachment.content) / 1024:.2f}"
    one = _sub(
        root,
        "Attachment",
        ID="1",
        Name=attachment.name,
        Format="xml",
        CreationDate=day.isoformat(),
        Size=size,
        Visible="true",
    )
    _sub(one, "FileLoc").text = attachment.name
    return _bytes(root)


def _element(name: str, **attributes: str) -> ElementTree.Element:
    return ElementTree.Element(f"{{{NAMESPACE}}}{name}", attributes)


def _sub(parent: ElementTree.Element, name: str, **attributes: str) -> ElementTree.Element:
    return ElementTree.SubElement(parent, f"{{{NAMESPACE}}}{name}", attributes)


def _bytes(root: ElementTree.Element) -> bytes:
    ElementTree.register_namespace("ofd", NAMESPACE)
    return bytes(ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True))
