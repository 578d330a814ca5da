"""Official documents (税务文书) and how each was served (送达)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol

from bureau.ports.certificates import IN_JSON
from bureau.ports.registration import PersonKey
from sync.models import Texts

State = Literal["issued", "served", "withdrawn"]
Way = Literal["signed", "left", "entrusted", "mail", "notice", "electronic"]
"""Signed for (直接送达), left after a refusal (留置送达), through an entrusted body (委托送达), by post (邮寄送达), by
public notice (公告送达), electronic (公告2019年第39号): 税收征收管理法实施细则 arts. 101 to 106."""


@dataclass(frozen=True, slots=True)
class NewDocument:
    """What is to be served on whom. ``days``: its term, which runs from service; ``matter``: what makes it needless."""

    __pydantic_config__ = IN_JSON

    taxpayer: str
    title: Texts
    body: tuple[Texts, ...]
    by: str
    days: int | None = None
    matter: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A document in whatever state; ``served_on`` is the date of service, ``until`` the last day of its term."""

    __pydantic_config__ = IN_JSON

    document: str
    taxpayer: str
    title: Texts
    body: tuple[Texts, ...]
    issued_at: datetime
    issued_by: str
    days: int | None
    matter: str | None
    state: State
    way: Way | None
    served_on: date | None
    until: date | None
    served_by: str | None
    text_sha256: str | None
    withdrawn_at: datetime | None
    withdrawn_by: str | None


@dataclass(frozen=True, slots=True)
class Service:
    """How a document was served. ``by`` is who received it, or the officer who tells of another way.

    ``sealed``: the signed text and the ink in the vault's seal, under the key of the effect.
    """

    __pydantic_config__ = IN_JSON

    way: Way
    on: date
    until: date | None
    by: str
    note: str = ""
    person: PersonKey | None = None
    terminal: str | None = None
    key: str | None = None
    text_sha256: str | None = None
    sealed: bytes | None = field(default=None, repr=False)


class Documents(Protocol):
    """Documents and their service."""

    def issue(self, new: NewDocument) -> Document:
        """Keep a new one, which waits to be served."""
        ...

    def document(self, document: str, *, lock: bool = False) -> Document | None:
        """One, in whatever state; ``lock`` holds it until the transaction ends."""
        ...

    def of(self, taxpayer: str) -> Sequence[Document]:
        """Those of a taxpayer that were not withdrawn: what waits first, each the latest first."""
        ...

    def serve(self, document: str, service: Service) -> None:
        """It is served; nothing changes that any more."""
        ...

    def withdraw(self, document: str, by: str) -> None:
        """It is served no more; what was served stays. Who withdrew it, and when, is kept."""
        ...

    def settle(self, matter: str, by: str) -> None:
        """What these documents asked for is done: those that still wait are withdrawn."""
        ...

    def listed(self, taxpayer: str | None, limit: int) -> Sequence[Document]:
        """Of one taxpayer or of all, the latest issued first."""
        ...
