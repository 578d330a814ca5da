"""``shares.…``: who may be given an enterprise's data, what was given, and what is about to be signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bureau.engine.credit import record
from bureau.engine.matters.consents import held_by, joined_grades, ready_to_give, ready_to_refer
from bureau.engine.names import day_in_words
from bureau.engine.queries.registry import NoParams, Query, of_actor
from bureau.engine.sharing.recipients import Bank, Product, Recipient, shares
from bureau.engine.sharing.words import data_text, loan_title, purpose_of, recipient_title
from bureau.engine.subjects import Actor, today
from bureau.ports.core import Core
from bureau.ports.system import System
from bureau.texts import say
from sync.models import (
    LoanCheck,
    LoanCheckParams,
    LoanList,
    LoanRow,
    ShareCheck,
    ShareCheckParams,
    ShareGiven,
    ShareList,
    ShareLog,
    ShareRow,
)

MOST = 60
"""Hand-overs that are listed; the command line has them all."""


def questions(system: System) -> Mapping[str, Query]:
    """The queries, to those who act for the enterprise."""
    return {
        "shares.list": of_actor(system, NoParams, ShareList, _listed),
        "shares.standing": of_actor(system, NoParams, ShareList, _standing),
        "shares.log": of_actor(system, NoParams, ShareLog, _log),
        "loans.list": of_actor(system, NoParams, LoanList, _loans),
        "loans.check": of_actor(system, LoanCheckParams, LoanCheck, _loan_check),
        "shares.check": of_actor(system, ShareCheckParams, ShareCheck, _check),
    }


def _listed(core: Core, actor: Actor, _: NoParams) -> ShareList:
    """Every body, and the banks that the enterprise had itself referred to."""
    known = {one.recipient for one in core.sharing.of_taxpayer(actor.enterprise.taxpayer)}
    banks = [one for one in shares().banks if one.id in known]
    rows = [
        *(_row(core, actor, one) for one in shares().recipients),
        *(_bank(core, actor, one) for one in banks),
    ]
    return ShareList(rows=rows, as_of=core.now)


def _standing(core: Core, actor: Actor, _: NoParams) -> ShareList:
    rows = _listed(core, actor, _).rows
    return ShareList(rows=[row for row in rows if row.state == "given"], as_of=core.now)


def _bank(core: Core, actor: Actor, bank: Bank) -> ShareRow:
    """A bank is given what its consent covers; what that was stays told when it is over."""
    own = [one for one in core.sharing.of_taxpayer(actor.enterprise.taxpayer) if one.recipient == bank.id]
    return _of_body(core, actor, bank, own[0].data)


def _row(core: Core, actor: Actor, recipient: Recipient) -> ShareRow:
    return _of_body(core, actor, recipient, recipient.data)


def _of_body(core: Core, actor: Actor, recipient: Recipient | Bank, asked: Sequence[str]) -> ShareRow:
    number, day = actor.enterprise.taxpayer, today(core)
    own = [one for one in core.sharing.of_taxpayer(number) if one.recipient == recipient.id]
    held = next((one for one in own if one.holds(day)), None)
    given = [one for one in core.sharing.handed_over(number) if one.recipient == recipient.id]
    words = say("share.given.none")
    if given:
        words = say("share.given", count=str(len(given)), day=day_in_words(given[0].at.date()))
    return ShareRow(
        recipient=recipient.id,
        title=recipient.title,
        purpose=recipient.purpose,
        data_text=data_text(held.data if held is not None else asked),
        state="given" if held is not None else "over" if own else "none",
        consent=held.case if held is not None else "",
        until=held.until if held is not None else None,
        given_text=words,
    )


def _log(core: Core, actor: Actor, _: NoParams) -> ShareLog:
    rows = [
        ShareGiven(
            number=str(one.number),
            title=recipient_title(one.recipient),
            data_text=data_text(one.data),
            at=one.at,
            consent=one.case,
            digest=one.sha256[:12],
        )
        for one in core.sharing.handed_over(actor.enterprise.taxpayer)[:MOST]
    ]
    return ShareLog(rows=rows, as_of=core.now)


def _check(core: Core, actor: Actor, wanted: ShareCheckParams) -> ShareCheck:
    """Raises ``Refused`` where it would be refused: nobody signs for nothing."""
    ready_to_give(core, actor.enterprise, wanted.recipient)
    recipient = shares().recipient(wanted.recipient)
    assert recipient is not None, "ready_to_give looked"
    return ShareCheck(
        firm=actor.enterprise.name, purpose=purpose_of(recipient.id), data_text=data_text(recipient.data)
    )


def _loans(core: Core, actor: Actor, _: NoParams) -> LoanList:
    """Raises ``Refused`` where no evaluation of the enterprise was published."""
    credit = record(core, actor.enterprise)
    rows = [
        _loan(core, actor, bank, product, credit.letter)
        for bank in shares().banks
        for product in bank.products
    ]
    rows.sort(key=lambda row: not row.open)
    return LoanList(grade=credit.grade, year=credit.year, rows=rows, as_of=core.now)


def _loan(core: Core, actor: Actor, bank: Bank, product: Product, grade: str) -> LoanRow:
    fits, held = grade in product.grades, held_by(core, actor.enterprise, bank.id)
    why = "share.loan.held" if held else "share.loan.grade"
    return LoanRow(
        product=product.id,
        title=product.title,
        bank=bank.title,
        terms=product.terms,
        grades=joined_grades(product),
        data_text=data_text(product.data),
        state="given" if held else "open" if fits else "closed",
        open=fits and not held,
        why_not=None if fits and not held else say(why, grades=joined_grades(product)),
    )


def _loan_check(core: Core, actor: Actor, wanted: LoanCheckParams) -> LoanCheck:
    """Raises ``Refused`` where it would be refused: nobody signs for nothing."""
    bank, product = ready_to_refer(core, actor.enterprise, wanted.product)
    return LoanCheck(
        firm=actor.enterprise.name,
        loan=loan_title(bank, product),
        terms=product.terms,
        grade=record(core, actor.enterprise).grade,
        purpose=bank.purpose,
        data_text=data_text(product.given(wanted.width)),
    )
