"""Deterministic CBOR, so that the same value has one encoding and a signature stands on something firm.

RFC 8949 section 4.2.1 (core deterministic encoding). What is decoded is accepted only when encoding it
again gives the same bytes, so there are never two spellings of one record.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import cbor2

from sync.errors import RecordError

MAX_DEPTH = 24
"""Deeper nesting than any body has; keeps hostile input from exhausting the stack."""
_INT_LIMIT = 1 << 64


def encode(value: object) -> bytes:
    """The one encoding of ``value``: None, bool, int, finite float, str, bytes, lists and maps.

    Maps have text keys, or small integer keys; not both, so that the order of RFC 7049 (shorter keys first) and
    that of RFC 8949 (by bytes) are the same. Raises ``RecordError`` for anything else (a ``Decimal`` or a date
    must be turned into whole fen or ISO text by whoever knows what it means).
    """
    try:
        _check(value, 0)
        return cbor2.dumps(value, canonical=True, default=_as_dict)
    except _Unfit as unfit:
        raise RecordError(f"${''.join(reversed(unfit.path))}: {unfit.reason}") from None
    except (cbor2.CBOREncodeError, UnicodeEncodeError) as error:
        raise RecordError(f"cannot be encoded: {error}") from error


def decode(raw: bytes) -> Any:
    """The value in ``raw``; raises ``RecordError`` unless it is deterministic CBOR and nothing more."""
    try:
        value = cbor2.loads(raw, allow_indefinite=False, allow_duplicate_keys=False, max_depth=MAX_DEPTH)
    except (cbor2.CBORDecodeError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise RecordError(f"not CBOR: {error}") from error
    if encode(value) != raw:
        raise RecordError("not in the deterministic encoding of RFC 8949, 4.2.1")
    return value


def _as_dict(encoder: cbor2.CBOREncoder, value: object) -> None:
    """Frozen and other mappings are maps too."""
    if not isinstance(value, Mapping):
        raise cbor2.CBOREncodeTypeError(f"cannot serialize {type(value).__name__}")
    encoder.encode(dict(value))


class _Unfit(Exception):
    """A value that has no place in a record; ``path`` grows from the inside out."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        self.path: list[str] = []


def _check(value: object, depth: int) -> None:
    """Raise ``_Unfit`` for what a record cannot hold. Hot: every record passes here, so nothing is copied."""
    if value is None or isinstance(value, (str, bytes, bool)):
        return
    if isinstance(value, int):
        if not -_INT_LIMIT <= value < _INT_LIMIT:
            raise _Unfit(f"{value} needs more than 64 bits")
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise _Unfit(f"{value} is not a number a record can hold")
    elif depth >= MAX_DEPTH:
        raise _Unfit(f"nested deeper than {MAX_DEPTH}")
    elif isinstance(value, (dict, Mapping)):
        _check_keys(value)
        _check_all(value.items(), depth)
    elif isinstance(value, (list, tuple)):
        _check_all(enumerate(value), depth)
    else:
        raise _Unfit(f"a {type(value).__name__} has no place in a record")


def _check_all(parts: Iterable[tuple[object, object]], depth: int) -> None:
    name: object = None
    try:
        for name, part in parts:  # noqa: B007 - used when a part does not fit
            _check(part, depth + 1)
    except _Unfit as unfit:
        unfit.path.append(f".{name}" if isinstance(name, str) else f"[{name}]")
        raise


def _check_keys(value: Mapping[object, object]) -> None:
    texts = 0
    for key in value:
        if isinstance(key, str):
            texts += 1
        elif not (isinstance(key, int) and not isinstance(key, bool) and 0 <= key < 1 << 16):
            raise _Unfit(f"{key!r} cannot be a map key")
    if 0 < texts < len(value):
        raise _Unfit("text and integer keys in one map")
