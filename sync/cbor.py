"""Deterministic CBOR, so that the same value has one encoding and a signature stands on something firm.

RFC 8949 section 4.2.1 (core deterministic encoding). What is decoded is accepted only when encoding it
again gives the same bytes, so there are never two spellings of one record.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import cbor2

from sync.errors import RecordError

MAX_DEPTH = 24
"""Deeper nesting than any body has; keeps hostile input from exhausting the stack."""
_INT_LIMIT = 1 << 64


def encode(value: object) -> bytes:
    """The one encoding of ``value``: None, bool, int, finite float, str, bytes, lists and string-keyed maps.

    Maps have text keys, or small integer keys; not both, so that the order of RFC 7049 (shorter keys first) and
    that of RFC 8949 (by bytes) are the same. Raises ``RecordError`` for anything else (a ``Decimal`` or a date must be
    turned into whole fen or ISO text by whoever knows what it means).
    """
    try:
        return cbor2.dumps(_plain(value, "$", 0), canonical=True)
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


def _plain(value: object, where: str, depth: int) -> object:
    if depth >= MAX_DEPTH:
        raise RecordError(f"{where}: nested deeper than {MAX_DEPTH}")
    if isinstance(value, bool) or value is None or isinstance(value, (str, bytes)):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, int):
        if not -_INT_LIMIT <= value < _INT_LIMIT:
            raise RecordError(f"{where}: {value} needs more than 64 bits")
        return int(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise RecordError(f"{where}: {value} is not a number a record can hold")
        return value
    if isinstance(value, Mapping):
        plain = {_key(k, where): _plain(v, f"{where}.{k}", depth + 1) for k, v in value.items()}
        if len({type(k) for k in plain}) > 1:
            raise RecordError(f"{where}: text and integer keys in one map")
        return plain
    if isinstance(value, (list, tuple)):
        return [_plain(v, f"{where}[{i}]", depth + 1) for i, v in enumerate(value)]
    raise RecordError(f"{where}: a {type(value).__name__} has no place in a record")


def _key(key: object, where: str) -> str | int:
    if isinstance(key, str):
        return str(key)
    if isinstance(key, int) and not isinstance(key, bool) and 0 <= key < 1 << 16:
        return int(key)
    raise RecordError(f"{where}: {key!r} cannot be a map key")
