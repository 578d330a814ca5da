"""What a code scanner sends."""

from __future__ import annotations

from drivers.protocols.barcode import Splitter, aim_prefix, as_text, guess_symbology, normalised
from tests.fuzz.oracles import cut_anywhere

LONGEST = 128
PARSES = ("drivers.protocols.barcode",)
LIMIT = 64
NAMED = 8
"""Codes of a stream that are named and read: what one says depends on no other."""
SYMBOLOGIES = {"ean8", "upcA", "ean13", "code39", "qrCode", "symbologyUnknown", "code128"}


def check(data: bytes) -> None:
    """Any stream, cut anywhere, with each suffix; every code can be named and read."""
    suffix = (b"\r", b"\n", b"\r\n", b"\0\x03\0")[data[0] & 3] if data else b"\r"
    places, stream = data[1:4], data[4:]
    most = LIMIT + 2 * len(suffix)
    codes = cut_anywhere(
        lambda: Splitter(suffix, LIMIT),
        stream,
        places,
        lambda parser: len(parser._buffer),
        most,
    )
    assert all(0 < len(code) <= LIMIT and suffix not in code for code in codes)
    for code in codes[-NAMED:]:
        assert guess_symbology(code) in SYMBOLOGIES
        _, rest = aim_prefix(code)
        assert code.endswith(rest) and len(code) - len(rest) in (0, 3)
        text, plain = as_text(code), normalised(code)
        assert plain == (code if text is None else text.encode())
        assert normalised(plain) == plain


def seeds() -> list[bytes]:
    """An invoice's code in two encodings, shop codes, addresses, one too long, suffixes torn."""
    codes = [
        b"01,04,044001900211,00000001,118.00,20261012,12345678901234567890,A1B2,",
        "发票，云川".encode("gb18030"),
        "发票，云川".encode(),
        b"6901234567892",
        b"*ABC-12*",
        b"]Q1https://e.example/v/1",
        b"x" * 90,
    ]
    joined = [
        bytes((kind, 10, 99, 200)) + suffix.join(codes[:5]) + suffix
        for kind, suffix in enumerate([b"\r", b"\n", b"\r\n"])
    ]
    return [*joined, *(b"\0\x20\x80\xc0" + code + b"\r" for code in codes)]
