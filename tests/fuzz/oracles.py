"""What must hold of every parser, whatever it is fed: these raise ``AssertionError`` when it does not."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any, Protocol, TypeVar

T = TypeVar("T")

BYTEWISE = 64
"""Streams up to this length are fed byte by byte where the fuzzer asks for it, all others in pieces."""
_ASKS_FOR_BYTES = 0x20
"""A first place below this asks for single bytes: one input in eight by chance, as many as help in the corpus."""


class Feeder(Protocol):
    """A parser that takes a stream in pieces."""

    def feed(self, chunk: bytes, /) -> list[Any]:
        """What is complete with ``chunk``."""
        ...


F = TypeVar("F", bound=Feeder)


def cut_anywhere(
    make: Callable[[], F], stream: bytes, places: bytes, pending: Callable[[F], int], most: int
) -> list[Any]:
    """What the parser finds in ``stream``: the same however it is cut, holding back ``most`` bytes at the most.

    The fuzzer chooses the cuts, so that an input costs two passes and not one for each byte; over a campaign
    every place is cut. ``places`` says where, each byte as a 256th of the length.
    """
    whole = _fed(make(), [stream], pending, most)
    assert _fed(make(), cut_at(stream, places), pending, most) == whole, (
        "cut elsewhere, the stream says something else"
    )
    return whole


def cut_at(stream: bytes, places: bytes) -> list[bytes]:
    """``stream`` cut at ``places``, or into single bytes where these ask for it and it is short."""
    if len(stream) <= BYTEWISE and places[:1] < bytes((_ASKS_FOR_BYTES,)):
        return [stream[at : at + 1] for at in range(len(stream))]
    bounds = sorted({0, len(stream), *(len(stream) * place // 256 for place in places)})
    return [stream[a:b] for a, b in pairwise(bounds)]


def _fed(parser: F, pieces: list[bytes], pending: Callable[[F], int], most: int) -> list[Any]:
    found: list[Any] = []
    for piece in pieces:
        found += parser.feed(piece)
        held = pending(parser)
        assert held <= most, f"{held} bytes held back; {most} would do"
    return found


def refused_by(errors: type[Exception] | tuple[type[Exception], ...], read: Callable[[], T]) -> T | None:
    """What ``read`` gives, or None when it refuses by one of ``errors``; any other exception goes through."""
    try:
        return read()
    except errors as error:
        assert str(error), "refused without a word"
        return None
