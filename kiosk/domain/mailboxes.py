"""Addresses of mailboxes, as far as they are written at a terminal.

Of what RFC 5321 (4.1.2) and RFC 5322 (3.4.1) allow, the part that mailboxes are given today: ASCII letters, figures and
``. _ - +`` before the ``@``, and a host name after it. Quoted local parts, bare IP addresses and addresses in other
scripts (RFC 6531) are refused. Whether there is such a mailbox, the mail server alone can say.
"""

from __future__ import annotations

import re
import unicodedata

from kiosk.domain.errors import FieldError

LONGEST = 254
"""RFC 5321, 4.5.3.1.3: 256 octets of a path, with its angle brackets."""
LONGEST_LOCAL = 64
"""RFC 5321, 4.5.3.1.1."""
LONGEST_HOST = 253
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
SIGNS = "@._-+"
ALPHABET = LETTERS + SIGNS
LOCAL = re.compile(r"[a-z0-9_+-]+(\.[a-z0-9_+-]+)*")
LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
HOST = re.compile(rf"({LABEL}\.)+[a-z]([a-z0-9-]{{0,61}}[a-z0-9])")
"""A host name whose last label begins with a letter and has two characters at least (RFC 1123, 2.1)."""


def check_mailbox(text: str) -> str:
    """The address in small letters, as every provider here reads it.

    Raises ``FieldError`` with code ``empty``, ``length``, ``characters``, ``at``, ``local`` or ``host``.
    """
    if len(text) > LONGEST + 2:
        raise FieldError("length", "field.mailbox.length")
    address = re.sub(r"[\s\u200b\ufeff]", "", unicodedata.normalize("NFKC", text)).lower()
    if not address:
        raise FieldError("empty", "field.mailbox.empty")
    if not set(address) <= set(ALPHABET):
        raise FieldError("characters", "field.mailbox.characters")
    local, at, host = address.partition("@")
    if not at or "@" in host:
        raise FieldError("at", "field.mailbox.at")
    if not LOCAL.fullmatch(local):
        raise FieldError("local", "field.mailbox.local")
    if len(address) > LONGEST or len(local) > LONGEST_LOCAL or len(host) > LONGEST_HOST:
        raise FieldError("length", "field.mailbox.length")
    if not HOST.fullmatch(host):
        raise FieldError("host", "field.mailbox.host")
    return address
