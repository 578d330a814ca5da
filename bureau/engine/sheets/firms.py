"""Certificates of records: 申报表复印件, also of a person's own return, and an enterprise's 纳税信用评价结果."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bureau.engine.names import day_in_words, period_name, tax_name
from bureau.engine.refusals import refuse
from bureau.engine.rules import BOOKED_AS
from bureau.engine.sheets.base import (
    Case,
    enterprise_facts,
    person_facts,
    same,
    span,
    title,
    unit_fact,
    window,
    yuan,
)
from bureau.ports.archives import FiledReturn
from bureau.ports.office import Sheet, SheetColumn, SheetFact
from bureau.texts import has, ids, named, say
from config.clock import CHINA
from sync.models import CertificateItem, Texts

DECLARATION_COPY, OWN_DECLARATION_COPY, CREDIT = "declaration-copy", "own-declaration-copy", "credit"
YEARS_SHOWN = 3
SELDOM = ("freed_sales_fen", "returned_sales_fen", "carried_fen")
"""Figures of a VAT return that most have none of."""


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

    税收征收管理法实施细则 art. 29: returns are kept ten years; 征管法 art. 8 gives the taxpayer the right to know. A
    person's own is registered as such: who looks at it looks at that person.
    """
    own = case.actor.role is None
    if case.actor.taxpayer is None:  # who never declared anything in their own name
        raise refuse("returnNotOnFile")
    found = case.core.archives.returns(case.actor.enterprise.taxpayer, window(case)[0])
    one = next((one for one in found if one.declaration == case.wish.item), None)
    if one is None:
        raise refuse("returnNotOnFile")
    return Sheet(
        kind=OWN_DECLARATION_COPY if own else DECLARATION_COPY,
        title=title(DECLARATION_COPY),
        holder=case.actor.enterprise.name,
        facts=(
            *(person_facts(case) if own else enterprise_facts(case)),
            SheetFact(say("certificate.fact.return"), _return_name(one), strong=True, wide=True),
            SheetFact(say("certificate.fact.return-number"), same(one.declaration), wide=True),
            *_corrects(one),
            SheetFact(
                say("certificate.fact.period"),
                span(one.period_first, one.period_last),
                wide=True,
                screen=False,
            ),
            SheetFact(say("certificate.fact.filed"), _filed(one)),
            *_about(one),
            unit_fact(),
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


def _corrects(one: FiledReturn) -> Iterator[SheetFact]:
    """Whose place it took (更正申报); of a first return nothing."""
    if number := one.figures.get("replaces"):
        yield SheetFact(say("certificate.fact.corrects"), same(str(number)), wide=True)


def _about(one: FiledReturn) -> Iterator[SheetFact]:
    """Of a return of facts: the vehicle, the contract that it is about; on the screen what tells it from others."""
    facts: Mapping[str, Any] = one.figures.get("facts") or {}
    told = [name for name in ids("told") if isinstance(facts.get(name), str)]
    for name in told:
        yield SheetFact(say(f"told.{name}"), same(facts[name]), wide=True, screen=name == told[0])
    if one.figures.get("relieved_fen"):
        yield SheetFact(say("certificate.fact.relief"), one.figures["relief_basis"], wide=True)
    if shown := one.figures.get("preferences"):
        yield SheetFact(say("certificate.fact.relief"), shown, wide=True)


def _lines(one: FiledReturn) -> Iterator[tuple[Texts, Texts]]:
    """Amounts as declared, in the order of the form; the total stands below.

    Of a return of facts those that were told, then each tax with what it is reckoned from, and what is paid back; a tax
    of which a relief was granted is the whole one, and what was taken off it has a line of its own.
    """
    facts: Mapping[str, Any] = one.figures.get("facts") or {}
    for name in ids("told"):
        if isinstance(facts.get(name), int):
            yield say(f"told.{name}"), yuan(facts[name])
    for line in one.figures.get("lines") or ():
        tax = tax_name(BOOKED_AS.get(line["code"], line["code"]))
        if line["rate"] != "1":
            yield say("certificate.declaration-copy.base", tax=tax), yuan(line["base_fen"])
        off = one.figures.get("relieved_fen", 0) if line["code"] == facts.get("relief_tax") else 0
        yield say("certificate.declaration-copy.tax", tax=tax), yuan(line["tax_fen"] + off)
    for name in ids("figure"):
        value = one.figures.get(name)
        if isinstance(value, int) and (value or not (facts or name in SELDOM)):
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
