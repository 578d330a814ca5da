"""Cuts a stream into chunks anywhere, for tests of codecs that must not care."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeVar

from hypothesis import strategies as st

T = TypeVar("T")

cuts = st.lists(st.integers(0, 4000), max_size=12)


def chunks(data: bytes, places: Sequence[int]) -> list[bytes]:
    """``data`` cut at ``places`` (modulo its length)."""
    bounds = sorted({0, len(data), *(place % (len(data) + 1) for place in places)})
    return [data[a:b] for a, b in pairwise(bounds)]


def fed(feed: Callable[[bytes], list[T]], data: bytes, places: Sequence[int]) -> list[T]:
    """Everything ``feed`` gives for ``data`` in pieces."""
    return [item for chunk in chunks(data, places) for item in feed(chunk)]
