"""What an evaluation of tax credit means (纳税缴费信用): what was lost, what follows, until when it is mended.

纳税缴费信用管理办法 (税务总局公告2025年第12号). What follows from each grade: 公告2014年第40号 arts. 29 to 32,
公告2018年第8号 (grade M), 公告2020年第15号 (D by points). Repair: 公告2019年第37号, 公告2021年第31号. Second
evaluation: 公告2015年第46号. ``docs/law-to-confirm.md`` names what nobody compared with the texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from bureau.engine.names import day_in_words
from bureau.engine.refusals import refuse
from bureau.engine.subjects import today
from bureau.ports.archives import CreditDeduction, CreditRating
from bureau.ports.core import Core
from bureau.ports.registration import Taxpayer
from bureau.texts import named, say
from sync.models import CreditLoss, CreditRecord, CreditYear, Texts

INDICATORS: Final[Mapping[str, int | None]] = {
    "late-return": 5,
    "late-withholding": 5,
    "late-payment": 5,
    "late-accounts": 3,
    "arrears-small": 3,
    "arrears-large": 11,
    "abnormal": None,
}
"""Points that a record of each indicator costs; None: grade D at once. 公告2014年第48号, annex."""


def record(core: Core, taxpayer: Taxpayer) -> CreditRecord:
    """The evaluation that was published last, as of today; raises ``Refused`` when there was none."""
    day = today(core)
    published = [one for one in core.archives.credit(taxpayer.taxpayer) if one.published_on <= day]
    if not published:
        raise refuse("noCreditYet", year=str(day.year + 1))
    latest = published[0]
    lost = core.archives.credit_deductions(taxpayer.taxpayer, latest.year)
    points, told = latest.points, _points(latest.points)
    until = date(latest.published_on.year, 12, 31)
    return CreditRecord(
        name=taxpayer.name,
        taxpayer=taxpayer.taxpayer,
        year=str(latest.year),
        letter=latest.grade,
        grade=_grade(latest),
        points=points,
        points_told=told,
        start=None if points is None else points + sum(one.points or 0 for one in lost),
        published_on=latest.published_on,
        invoices=say(f"credit.invoices.{latest.grade}"),
        service=say(f"credit.service.{latest.grade}"),
        next_year=say(f"credit.next.{_next(latest)}"),
        mend=_mend(lost, until, day),
        mend_until=until if lost else None,
        review=say("credit.review.over" if day > until else "credit.review.now", day=day_in_words(until)),
        review_until=until,
        lost=[_loss(one) for one in lost],
        years=[
            CreditYear(
                year=str(one.year),
                grade=_grade(one),
                points=_points(one.points),
                published_on=one.published_on,
            )
            for one in published
        ],
        as_of=core.now,
    )


def _next(latest: CreditRating) -> str:
    """Of grade D it depends on how it came about."""
    return "D.given" if latest.grade == "D" and latest.points is None else latest.grade


def _mend(lost: Sequence[CreditDeduction], until: date, day: date) -> Texts:
    """Until the end of the year after what is to be mended; what is still open comes first."""
    waiting = [one for one in lost if one.mended_on is None]
    if not lost:
        return say("credit.mend.none")
    if day > until:
        return say("credit.mend.over", day=day_in_words(until))
    if any(one.points is None for one in waiting):
        return say("credit.mend.given", day=day_in_words(until))
    if waiting:
        return say("credit.mend.first", count=str(len(waiting)), day=day_in_words(until))
    return say("credit.mend.now", day=day_in_words(until))


def _loss(one: CreditDeduction) -> CreditLoss:
    return CreditLoss(
        indicator=named("credit.indicator", one.indicator),
        points=one.points,
        taken=say("certificate.credit.given")
        if one.points is None
        else say("credit.taken", points=str(one.points)),
        happened_on=one.happened_on,
        mended_on=one.mended_on,
        state="open" if one.mended_on is None else "mended",
    )


def _grade(one: CreditRating) -> Texts:
    return say("certificate.credit.grade", grade=one.grade)


def _points(points: int | None) -> Texts:
    return say("credit.no-points") if points is None else say("credit.points", points=str(points))
