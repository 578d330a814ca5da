"""Reading what a service answered: an answer that is not of its interface is an error in words, never a crash.

The service may be another vendor's. What it sent may be somebody's data: none of it stands in the error or its trace.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager

from drivers.client.errors import AnswerNotUnderstood

_NONE = (LookupError, TypeError, ValueError, AttributeError)
"""What taking an answer apart raises when a part is missing, of another kind, or no base64."""


@contextmanager
def understood(role: str, name: str) -> Iterator[None]:
    """Take the answer to the command ``name`` apart inside; raise ``AnswerNotUnderstood`` when it cannot be."""
    try:
        yield
    except _NONE:
        raise AnswerNotUnderstood(role, name) from None


def bytes_of(value: object) -> bytes:
    """The bytes of a base64 value; raise ``ValueError`` for one that is none, and ``TypeError`` for none at all."""
    if not isinstance(value, str):
        raise TypeError("no text")
    return base64.b64decode(value, validate=True)
