"""A document printer's traffic without the documents: of each its length and digest, of each job no name.

Job names and the names of those who sent them become other names of the same length (``aliases``), so that a job is
still told from another, and found again by a name that was changed in the same way (RFC 8011, 5.3).
"""

from __future__ import annotations

import hashlib
from typing import Final

from drivers.protocols.aliases import alias_of
from drivers.protocols.wire import Wire

_PRIVATE: Final = frozenset(
    {b"job-name", b"document-name", b"job-originating-user-name", b"requesting-user-name", b"job-uri"}
)
_END: Final = 0x03
_POLLS: Final = frozenset({b"\x00\x09", b"\x00\x0a", b"\x00\x0b"})
"""Get-Job-Attributes, Get-Jobs, Get-Printer-Attributes (RFC 8011, 5.4.15)."""


class IppWire(Wire):
    """One request or one answer a call."""

    def outgoing(self, data: bytes) -> bytes:
        """Names changed, the document as its length and SHA-256."""
        head, document = _renamed(data)
        if not document:
            return head
        digest = hashlib.sha256(document).hexdigest()
        return head + f"document:{len(document)}:{digest}".encode()

    def incoming(self, data: bytes) -> bytes:
        """Names changed; what cannot be read as IPP becomes zeros."""
        head, rest = _renamed(data)
        return head + bytes(len(rest))

    def key(self, request: bytes) -> bytes | None:
        """The operation; addresses and numbers of jobs differ from run to run."""
        return request[2:4]

    def idle(self, key: bytes) -> bool:
        """The printer and the job are asked until it has ended."""
        return key in _POLLS

    def readdressed(self, recorded: bytes, now: bytes, answer: bytes) -> bytes:
        """The answer under the number of the request (RFC 8010, 3.1.1)."""
        return answer[:4] + now[4:8] + answer[8:] if len(answer) >= 8 else answer


def _renamed(data: bytes) -> tuple[bytes, bytes]:
    """The attributes with other names for private ones, and what lies behind them.

    An attribute that does not fit into the message ends the reading: all from there on is given as the rest.
    """
    head = bytearray(data)
    at, name = 8, b""
    while at < len(data):
        tag = data[at]
        if tag < 0x10:
            at += 1
            if tag == _END:
                return bytes(head[:at]), data[at:]
            continue
        start = at + 3
        named = data[start : start + int.from_bytes(data[at + 1 : start], "big")]
        sized = start + len(named)
        value = sized + 2
        end = value + int.from_bytes(data[sized:value], "big")
        if end > len(data):
            break
        name = named or name
        if name in _PRIVATE:
            head[value:end] = alias_of(data[value:end])
        at = end
    return bytes(head[:at]), data[at:]
