"""Certificates of an enterprise's records: 申报表复印件 and 纳税信用评价结果."""

from __future__ import annotations

from collections.abc import Iterator

from bureau.engine.names import period_name, tax_name
from bureau.engine.refusals import refuse
from bureau.engine.sheets.base import Case, day_in_words, enterprise_facts, same, span, title, window, yuan
from bureau.ports.archives import FiledReturn
from bureau.ports.office import Sheet, SheetColumn, SheetFact
from bureau.texts import has, ids, named, say
from config.clock import CHINA
from sync.models import CertificateItem, Texts

DECLARATION_COPY, CREDIT = "declaration-copy", "credit"
YEARS_SHOWN = 3


def returns_on_file(case: Case) -> list[CertificateItem]:
    """The returns of the last 36 months, the latest first; raises ``Refused`` when there are none."""
    found = case.core.archives.returns(case.actor.enterprise.taxpayer, window(case)[0])
    if not found:
        raise refuse("noReturnOnFile")
    return [
        CertificateItem(
            id=one.declaration,
            title=_return_name(one),
            note=say("certificate.declaration-copy.filed", day=_filed(one)),
        )
        for one in found
    ]


def declaration_copy(case: Case) -> Sheet:
    """申报表复印件: the return as it is on file, line by line; raises ``Refused`` when it is not theirs.

    税收征收管理法实施细则 art. 29: returns are kept ten years; 征管法 art. 8 gives the taxpayer the right to know.
    """
    found = case.core.archives.returns(case.actor.enterprise.taxpayer, window(case)[0])
    one = next((one for one in found if one.declaration == case.wish.item), None)
    if one is None:
        raise refuse("returnNotOnFile")
    return Sheet(
        kind=DECLARATION_COPY,
        title=title(DECLARATION_COPY),
        holder=case.actor.enterprise.name,
        facts=(
            *enterprise_facts(case),
            SheetFact(say("certificate.fact.return"), _return_name(one), strong=True, wide=True),
            SheetFact(say("certificate.fact.return-number"), same(one.declaration), wide=True),
            SheetFact(say("certificate.fact.period"), span(one.period_first, one.period_last), wide=True),
            SheetFact(say("certificate.fact.filed"), _filed(one)),
            SheetFact(say("certificate.fact.unit"), say("certificate.unit"), screen=False),
        ),
        columns=(
            SheetColumn(say("certificate.column.line"), 60),
            SheetColumn(say("certificate.column.amount"), 40, figures=True),
        ),
        rows=tuple(_lines(one)),
        totals=(say("certificate.column.total-tax"), yuan(one.total_fen)),
        emphasis=1,
        statements=(say("certificate.declaration-copy.statement"),),
        amount_fen=one.total_fen,
    )


def _return_name(one: FiledReturn) -> Texts:
    return say(
        "certificate.declaration-copy.name",
        tax=named("return", one.tax) if has(f"return.{one.tax}") else tax_name(one.tax),
        period=period_name(one.period_first, one.period_last),
    )


def _filed(one: FiledReturn) -> Texts:
    return day_in_words(one.filed_at.astimezone(CHINA).date())


def _lines(one: FiledReturn) -> Iterator[tuple[Texts, Texts]]:
    """Amounts as declared, in the order of the form; the total stands below."""
    for name in ids("figure"):
        value = one.figures.get(name)
        if isinstance(value, int):
            yield say(f"figure.{name}"), yuan(value)


def credit(case: Case) -> Sheet:
    """纳税信用评价结果 of the last published years; raises ``Refused`` when there was none.

    纳税缴费信用管理办法 (国家税务总局公告2025年第12号): grades A, B, M, C and D, published each April for the
    year before.
    """
    taxpayer = case.actor.enterprise
    published = [one for one in case.core.archives.credit(taxpayer.taxpayer) if one.published_on <= case.day]
    if not published:
        raise refuse("noCreditYet", year=str(case.day.year + 1))
    latest, shown = published[0], published[:YEARS_SHOWN]
    return Sheet(
        kind=CREDIT,
        title=title(CREDIT),
        holder=taxpayer.name,
        facts=(
            *enterprise_facts(case),
            SheetFact(say("certificate.fact.year"), same(str(latest.year))),
            SheetFact(say("certificate.fact.grade"), _grade(latest.grade), strong=True),
        ),
        columns=(
            SheetColumn(say("certificate.column.year"), 20),
            SheetColumn(say("certificate.column.grade"), 30),
            SheetColumn(say("certificate.column.points"), 20, figures=True),
            SheetColumn(say("certificate.column.published"), 30, figures=True),
        ),
        rows=tuple(
            (
                same(str(one.year)),
                _grade(one.grade),
                say("certificate.credit.given") if one.points is None else same(str(one.points)),
                same(one.published_on.isoformat()),
            )
            for one in shown
        ),
        statements=(
            say(
                "certificate.credit.statement",
                name=taxpayer.name,
                number=taxpayer.taxpayer,
                year=str(latest.year),
                grade=_grade(latest.grade),
            ),
        ),
    )


def _grade(grade: str) -> Texts:
    return say("certificate.credit.grade", grade=grade)
