"""Consents of enterprises to give their data to other bodies (数据共享)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from sync.models.base import Texts, Wire


class ShareRow(Wire):
    """A body: what it would be given and for what, whether it may be now, and what it was given so far.

    ``consent`` is the case of the consent that holds, empty without one; ``given_text`` counts the hand-overs.
    """

    recipient: str
    title: Texts
    purpose: Texts
    data_text: Texts
    state: Literal["given", "over", "none"]
    consent: str
    until: date | None
    given_text: Texts


class ShareList(Wire):
    """``shares.list``: every body. ``shares.standing``: those with a consent that holds."""

    rows: list[ShareRow]
    as_of: AwareDatetime


class ShareGiven(Wire):
    """One hand-over of data: to whom, which kinds, when, and under which consent; ``digest`` begins its SHA-256."""

    number: str
    title: Texts
    data_text: Texts
    at: AwareDatetime
    consent: str
    digest: str


class ShareLog(Wire):
    """``shares.log``: what was given of the enterprise, the latest first."""

    rows: list[ShareGiven]
    as_of: AwareDatetime


class ShareCheckParams(Wire):
    """Params of ``shares.check``: what the person is about to sign."""

    recipient: Annotated[str, Field(max_length=40)]


class ShareCheck(Wire):
    """``shares.check``: whose data, which kinds, and for what."""

    firm: str
    purpose: Texts
    data_text: Texts


class LoanRow(Wire):
    """A loan that a bank grants by tax credit: for which grades, and what the bank asks for.

    ``open``: the enterprise may have itself referred for it; else ``why_not`` says why not.
    """

    product: str
    title: Texts
    bank: Texts
    terms: Texts
    grades: str
    data_text: Texts
    state: Literal["open", "closed", "given"]
    open: bool
    why_not: Texts | None


class LoanList(Wire):
    """``loans.list``: the loans, those that are open first, with the grade of the last published evaluation."""

    grade: Texts
    year: str
    rows: list[LoanRow]
    as_of: AwareDatetime


class LoanCheckParams(Wire):
    """Params of ``loans.check``: what the person is about to sign."""

    product: Annotated[str, Field(max_length=40)]
    width: Literal["needed", "wider"]


class LoanCheck(Wire):
    """``loans.check``: whose data, which kinds, for which loan, and for what."""

    firm: str
    loan: Texts
    terms: Texts
    grade: Texts
    purpose: Texts
    data_text: Texts
