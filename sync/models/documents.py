"""Official documents (税务文书) that are served by the hand of whoever receives them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import StringConstraints

from sync.models.base import Sha256Hex, Texts, Wire
from sync.models.enrolment import SignedByHand


class DocumentServe(SignedByHand):
    """``document.serve``: which document, and the name of the content that was read before signing."""

    document: Annotated[str, StringConstraints(max_length=32)]
    content_sha256: Sha256Hex


class DocumentServed(Wire):
    """The answer: the day of service, who received it (a name masked), and the last day of its term if it has one."""

    document: str
    served_on: date
    received_by: str
    until: date | None
    signed_text: Texts
    basis: Texts


class DocumentRow(Wire):
    """One document as the list has it; ``addressee`` is whom it is served on, ``received_by`` whose hand signed for it.

    Names of people are masked; nobody received what was served in another way.
    """

    document: str
    title: Texts
    state: Literal["issued", "served"]
    addressee: str
    issued_on: date
    term_text: Texts
    served_on: date | None
    received_by: str | None


class DocumentsShown(Wire):
    """``documents.list``: what waits first, then what was served."""

    rows: list[DocumentRow]
