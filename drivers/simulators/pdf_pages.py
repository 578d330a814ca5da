"""Counts the pages of a PDF as a printer must to know how many sheets it needs."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable

_OBJECT_STREAM = re.compile(rb"/Type\s*/ObjStm\b")
_STREAM = re.compile(rb"stream\r?\n")
_TREE = re.compile(rb"/Type\s*/Pages\b")
_COUNT = re.compile(rb"/Count\s+(\d+)")
_BRACKETS = re.compile(rb"<<|>>")
_LARGEST = 64 * 1024 * 1024


def count_pages(pdf: bytes) -> int | None:
    """Pages of the whole document; None when this is no PDF or has no page tree.

    The root of the page tree counts all pages (ISO 32000-1, 7.7.3.2), so the greatest count is the answer,
    also after an incremental update that wrote a page or the tree again.
    """
    if pdf.lstrip()[:5] != b"%PDF-":
        return None
    return max((count for text in (pdf, *_object_streams(pdf)) for count in _counts(text)), default=None)


def _counts(text: bytes) -> Iterable[int]:
    for found in _TREE.finditer(text):
        count = _COUNT.search(_dictionary(text, found.start()))
        if count is not None:
            yield int(count.group(1))


def _dictionary(text: bytes, inside: int) -> bytes:
    """The dictionary around a place."""
    depth, begin = 0, 0
    for bracket in reversed(list(_BRACKETS.finditer(text, max(0, inside - 100_000), inside))):
        depth += 1 if bracket.group() == b">>" else -1
        if depth < 0:
            begin = bracket.start()
            break
    depth = 0
    for bracket in _BRACKETS.finditer(text, inside):
        depth += 1 if bracket.group() == b"<<" else -1
        if depth < 0:
            return text[begin : bracket.end()]
    return text[begin:]


def _object_streams(pdf: bytes) -> Iterable[bytes]:
    for found in _OBJECT_STREAM.finditer(pdf):
        begin = _STREAM.search(pdf, found.end(), found.end() + 2000)
        if begin is None:
            continue
        try:
            yield zlib.decompressobj().decompress(pdf[begin.end() :], _LARGEST)
        except zlib.error:
            continue
