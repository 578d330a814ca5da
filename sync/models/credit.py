"""Tax credit evaluation (纳税缴费信用评价) of an enterprise: grade, points, what follows, how it is mended."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import AwareDatetime

from sync.models.base import Texts, Wire


class CreditLoss(Wire):
    """One record for which points were lost; without ``points`` it decided the grade at once (直接判级).

    ``open``: what was missed is still to be made good.
    """

    indicator: Texts
    points: int | None
    taken: Texts
    happened_on: date
    mended_on: date | None
    state: Literal["open", "mended"]


class CreditYear(Wire):
    """The evaluation of one year as it was published."""

    year: str
    grade: Texts
    points: Texts
    published_on: date


class CreditRecord(Wire):
    """``credit.record``: the latest published evaluation, and those of the years before.

    ``start`` are the points that ``points`` were counted down from; neither is there where the grade was given at once.
    ``invoices``, ``service`` and ``next_year`` say what follows from the grade, ``mend`` and ``review`` how and until
    when it is repaired (信用修复) or evaluated again (复评).
    """

    name: str
    taxpayer: str
    year: str
    letter: Literal["A", "B", "M", "C", "D"]
    grade: Texts
    points: int | None
    points_told: Texts
    start: int | None
    published_on: date
    invoices: Texts
    service: Texts
    next_year: Texts
    mend: Texts
    mend_until: date | None
    review: Texts
    review_until: date
    lost: list[CreditLoss]
    years: list[CreditYear]
    as_of: AwareDatetime
