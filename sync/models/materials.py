"""Materials of a case (办税资料): scanned pages, one effect a page, and the effect that hands them in."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from sync.models.base import Sha256Hex, Texts, Wire

MOST_JPEG = 230_000
"""Characters of base64; a record (``sync.records.MAX_ENVELOPE``) holds one such page."""
MOST_PAGES = 20
CaseNumber = Annotated[str, StringConstraints(pattern=r"^[0-9]{20}$")]


class MaterialPage(Wire):
    """``material.page``: one page as a JPEG in base64, and the SHA-256 of the JPEG."""

    sha256: Sha256Hex
    jpeg: Annotated[str, StringConstraints(max_length=MOST_JPEG)] = Field(repr=False)


class MaterialPageKept(Wire):
    """The answer: the page is held, sealed, until what it belongs to names it."""

    sha256: Sha256Hex


class PageRef(Wire):
    """A page by the key of the effect that brought it."""

    key: Annotated[str, StringConstraints(min_length=36, max_length=36)]
    sha256: Sha256Hex


Pages = Annotated[list[PageRef], Field(max_length=MOST_PAGES)]


class MaterialsSupply(Wire):
    """``materials.supply``: pages for an open case, chosen from the list, or by its number where there was none."""

    case: CaseNumber | None = None
    number: CaseNumber | None = None
    pages: Annotated[list[PageRef], Field(min_length=1, max_length=MOST_PAGES)]


class MaterialsSupplied(Wire):
    """The answer: how many pages the case holds now, and until when it is decided."""

    case: str
    title: Texts
    count: int
    total: int
    state_text: Texts
    due_on: date


class MaterialCase(Wire):
    """An open case that pages can be handed in for; ``wanted`` is what the officer asked for."""

    case: str
    title: Texts
    owner: str
    wanted: str | None
    pages: int
    accepted_on: date
    due_on: date


class MaterialCases(Wire):
    """``materials.cases``: the open cases of the person and of the enterprises they act for."""

    rows: list[MaterialCase]
    as_of: AwareDatetime
