"""Reads OFD as GB/T 33190-2016 tells a reader to, from the entrance of the package on; shares nothing with the writer."""

from __future__ import annotations

import io
import posixpath
import zipfile
from dataclasses import dataclass
from xml.etree import ElementTree

OFD = {"ofd": "http://www.ofdspec.org/2016"}


@dataclass(frozen=True)
class Words:
    """A text object: where its first character's baseline begins, its size, face, and the width of all of it."""

    x: float
    y: float
    size: float
    face: str
    text: str
    width: float


@dataclass(frozen=True)
class Document:
    """What a reader shows."""

    size: tuple[float, float]
    words: list[Words]
    paths: int
    attachments: dict[str, bytes]


def read(package: bytes) -> Document:
    """Follow DocRoot, PublicRes, Pages and Attachments; every object has an id of its own and lies on the page."""
    files = zipfile.ZipFile(io.BytesIO(package))
    assert files.testzip() is None
    body = _xml(files, "OFD.xml").find("ofd:DocBody", OFD)
    assert body is not None
    root = str(body.findtext("ofd:DocRoot", namespaces=OFD))
    base, document = posixpath.dirname(root), _xml(files, root)
    faces = _faces(files, base, document)
    (page,) = document.findall("ofd:Pages/ofd:Page", OFD)
    content = _xml(files, posixpath.join(base, page.attrib["BaseLoc"]))
    box = content.findtext("ofd:Area/ofd:PhysicalBox", namespaces=OFD) or document.findtext(
        "ofd:CommonData/ofd:PageArea/ofd:PhysicalBox", namespaces=OFD
    )
    _, _, width, height = (float(number) for number in str(box).split())
    layers = content.findall("ofd:Content/ofd:Layer", OFD)
    objects = [one for layer in layers for one in layer]
    ids = [one.attrib["ID"] for one in (*objects, *layers, page)] + list(faces)
    assert len(ids) == len(set(ids)), "an id stands for two things"
    most = document.findtext("ofd:CommonData/ofd:MaxUnitID", namespaces=OFD)
    assert max(map(int, ids)) <= int(str(most))
    for one in objects:
        x, y, w, h = (float(number) for number in one.attrib["Boundary"].split())
        assert 0 <= x <= x + w <= width + 0.5 and 0 <= y <= y + h <= height + 0.5, one.attrib
    words = [_words(one, faces) for one in objects if one.tag.endswith("}TextObject")]
    paths = sum(one.tag.endswith("}PathObject") for one in objects)
    return Document((width, height), words, paths, _attachments(files, base, document))


def _faces(files: zipfile.ZipFile, base: str, document: ElementTree.Element) -> dict[str, str]:
    place = str(document.findtext("ofd:CommonData/ofd:PublicRes", namespaces=OFD))
    fonts = _xml(files, posixpath.join(base, place)).findall("ofd:Fonts/ofd:Font", OFD)
    return {font.attrib["ID"]: font.attrib["FontName"] for font in fonts}


def _words(one: ElementTree.Element, faces: dict[str, str]) -> Words:
    x, y, *_ = (float(number) for number in one.attrib["Boundary"].split())
    code = one.find("ofd:TextCode", OFD)
    assert code is not None and code.text
    steps = [float(step) for step in code.attrib.get("DeltaX", "").split()]
    assert len(steps) == len(code.text) - 1, "one step between each two characters"
    at = (x + float(code.attrib["X"]), y + float(code.attrib["Y"]))
    return Words(*at, float(one.attrib["Size"]), faces[one.attrib["Font"]], code.text, sum(steps))


def _attachments(files: zipfile.ZipFile, base: str, document: ElementTree.Element) -> dict[str, bytes]:
    place = posixpath.join(base, str(document.findtext("ofd:Attachments", namespaces=OFD)))
    found = {}
    for one in _xml(files, place).findall("ofd:Attachment", OFD):
        location = str(one.findtext("ofd:FileLoc", namespaces=OFD))
        found[one.attrib["Name"]] = files.read(posixpath.join(posixpath.dirname(place), location))
    return found


def _xml(files: zipfile.ZipFile, name: str) -> ElementTree.Element:
    return ElementTree.fromstring(files.read(name))
