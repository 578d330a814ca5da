"""What one certificate says, frozen at the moment of issue, so that it never changes with the data behind it.

The frozen form is canonical JSON: sorted keys, no spaces, UTF-8, no floats. Its SHA-256 names the content;
the QR code's signature covers that hash (docs/certificates.md).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from bureau.certificates.errors import FrozenFormError

FORMAT = 1
"""Version of the frozen form; older ones stay readable."""


@dataclass(frozen=True, slots=True)
class Words:
    """One text in Chinese, which is the legal one, and in English; no English means: the same in both."""

    zh: str
    en: str = ""

    def in_language(self, lang: str) -> str:
        """The text for a BCP 47 tag, Chinese when there is no other."""
        return self.en if self.en and lang.lower().startswith("en") else self.zh


@dataclass(frozen=True, slots=True)
class Issuer:
    """The bureau that certifies, and its seal.

    ``specimen`` prints that the paper proves nothing: true for every invented bureau.
    """

    name: Words
    seal_purpose: str
    seal_serial: str
    specimen: bool


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the heading. ``public`` replaces the value on public pages (masked numbers)."""

    label: Words
    value: Words
    strong: bool = False
    wide: bool = False
    public: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the table; ``width`` is its share of the line."""

    title: Words
    width: int
    align: Literal["left", "right"] = "left"


@dataclass(frozen=True, slots=True)
class CertificateData:
    """Everything that is certified; amounts are text here, ``amount_fen`` is the figure the code carries."""

    kind: str
    title: Words
    issuer: Issuer
    holder: str
    issued_at: datetime
    place: Words
    lang: str
    facts: tuple[Fact, ...]
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[Words, ...], ...] = ()
    totals: tuple[Words, ...] = ()
    emphasis: int = -1
    capital_label: Words = field(default_factory=lambda: Words(""))
    capital: str = ""
    statements: tuple[Words, ...] = ()
    amount_fen: int | None = None

    def __post_init__(self) -> None:
        """Refuse data whose table does not hold together.

        Raises:
            ValueError: a row or the totals have another number of cells than there are columns.
        """
        if self.issued_at.tzinfo is None:
            raise ValueError("issued_at must be an aware moment")
        widths = {len(row) for row in self.rows} | ({len(self.totals)} if self.totals else set())
        if widths - {len(self.columns)}:
            raise ValueError(f"{len(self.columns)} columns, but rows or totals of {sorted(widths)} cells")


_ADAPTER = TypeAdapter(CertificateData)


def freeze(data: CertificateData) -> bytes:
    """The canonical bytes that are stored at issue and hashed."""
    plain = {"v": FORMAT, **asdict(data), "issued_at": data.issued_at.isoformat()}
    return json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def thaw(frozen: bytes) -> CertificateData:
    """The data of stored bytes.

    Raises:
        FrozenFormError: not a form that this version knows.
    """
    try:
        plain = json.loads(frozen)
        version = plain.pop("v")
        if version != FORMAT:
            raise FrozenFormError(f"its form is {version!r}")
        return _ADAPTER.validate_python(plain)
    except (ValueError, ValidationError, KeyError, AttributeError, TypeError, RecursionError) as fault:
        raise FrozenFormError(type(fault).__name__) from fault


def content_sha256(frozen: bytes) -> str:
    """The name of this content, 64 hexadecimal digits."""
    return hashlib.sha256(frozen).hexdigest()
