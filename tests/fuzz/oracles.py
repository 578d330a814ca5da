"""What must hold of every parser, whatever it is fed: these raise ``AssertionError`` when it does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

T = TypeVar("T")

BYTEWISE = 48
"""Streams up to this length are fed byte by byte, longer ones in the pieces that were asked for."""


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

    ``places`` says where to cut, each byte as a 256th of the length.
    """
    whole = _fed(make(), [stream], pending, most)
    if len(stream) <= BYTEWISE:
        pieces = [stream[at : at + 1] for at in range(len(stream))]
    else:
        bounds = sorted({0, len(stream), *(len(stream) * place // 256 for place in places)})
        pieces = [stream[a:b] for a, b in zip(bounds, bounds[1:], strict=False)]
    assert _fed(make(), pieces, pending, most) == whole, "cut elsewhere, the stream says something else"
    return whole


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
