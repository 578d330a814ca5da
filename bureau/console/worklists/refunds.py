"""退税: refunds that an officer has allowed, ordered by another, paid by the treasury, or sent back by the bank.

What was charged and never entered the treasury goes back by ``bureau payments``, not here.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from markupsafe import Markup

from bureau.console.desk import Desk
from bureau.console.html import Tone, badge, facts, link, table
from bureau.console.worklists.pattern import LISTED, Deed, Input, Sheet, Values, Worklist
from bureau.engine import looks
from bureau.engine.matters.words import refund_step
from bureau.engine.names import tax_name
from bureau.engine.refunds import ordering
from bureau.engine.refunds.overpaid import interest
from bureau.errors import RefundRefused
from bureau.officers.roles import Act
from bureau.ports.core import Core
from bureau.ports.refunds import Account, Refund, State
from bureau.ports.system import Work
from bureau.texts import ids, named
from config.clock import CHINA
from kiosk.domain.ids import Fen
from kiosk.domain.masking import mask_card, mask_name
from kiosk.domain.money import format_yuan

TABS: Final[Mapping[str, tuple[State, ...]]] = {
    "waiting": ("approved", "returned"),
    "ordered": ("ordered",),
    "paid": ("paid",),
}
STATES: Final[tuple[State, ...]] = ("approved", "ordered", "paid", "returned")
TONES: Final[Mapping[State, Tone]] = {
    "approved": "warn",
    "ordered": "plain",
    "returned": "bad",
    "paid": "good",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A refund in the list; of a person the name is masked."""

    refund: Refund
    owner: str


def _owner(core: Core, taxpayer: str) -> str:
    person = core.registration.owner(taxpayer)
    if person is not None:
        return mask_name(person.name)
    firm = core.registration.taxpayer(taxpayer)
    return firm.name if firm is not None else taxpayer


def _rows(_desk: Desk, work: Work, tab: str) -> Sequence[Row]:
    return [Row(one, _owner(work.core, one.taxpayer)) for one in work.core.refunds.listed(TABS[tab], LISTED)]


def _cells(desk: Desk, row: Row) -> Sequence[object]:
    refund = row.refund
    return (
        link(refund.refund, f"/refunds/{refund.refund}"),
        row.owner,
        format_yuan(Fen(refund.total_fen)),
        desk.day(refund.approved_at.astimezone(CHINA).date()),
        badge(desk.say(f"refunds.is-{refund.state}"), TONES[refund.state]),
    )


def _mark(work: Work) -> Hashable:
    found = work.core.refunds.listed(STATES, LISTED * 2)
    return tuple((one.refund, one.state, one.ordered_by) for one in found)


def _waits(_desk: Desk, work: Work) -> tuple[int, int]:
    return len(work.core.refunds.listed(TABS["waiting"], LISTED)), 0


def _opened(_desk: Desk, work: Work, officer: str, number: str) -> Row:
    core = work.core
    refund = core.refunds.refund(number)
    if refund is None:
        raise RefundRefused("unknown", f"refund {number} is not there: see `bureau refund list`")
    _looked(core, refund, officer, "refund.show")
    return Row(refund, _owner(core, refund.taxpayer))


def _looked(core: Core, refund: Refund, officer: str, what: str) -> None:
    """A refund of an enterprise is no data of a person."""
    owner = core.registration.owner(refund.taxpayer)
    if owner is not None:
        looks.by_officer(core, owner.key, "payment", officer, what)


def _sheet(desk: Desk, one: Row) -> Sheet:
    refund = one.refund
    return Sheet(
        title=desk.say("refunds.yuan", amount=format_yuan(Fen(refund.total_fen))),
        lead=_lead(desk, refund),
        sections=[
            (desk.say("refunds.refund"), facts(_facts(desk, one))),
            (desk.say("refunds.parts"), _parts(desk, refund)),
        ],
        history=_history(desk, refund),
    )


def _lead(desk: Desk, refund: Refund) -> str:
    """How far it is; or why this officer does not take it further."""
    if refund.state == "approved" and not _may_order(desk, refund):
        return desk.say("refunds.yours")
    if refund.state == "returned" and not _may_order_again(desk, refund):
        return desk.say("refunds.yours-again")
    return desk.told(refund_step(refund))


def _facts(desk: Desk, one: Row) -> list[tuple[str, object]]:
    refund = one.refund
    borne = refund.interest_fen
    if before := refund.state == "approved":
        borne = interest(refund.parts, desk.today(), desk.parts.rules)
    amounts = [
        ("refunds.tax", refund.tax_fen),
        ("refunds.late", refund.late_fee_fen),
        ("refunds.interest-today" if before else "refunds.interest", borne),
        ("refunds.set-off", refund.set_off_fen),
        ("refunds.to-account", 0 if before else refund.to_account_fen),
    ]
    return [
        (desk.say("refunds.taxpayer"), one.owner),
        (desk.say("refunds.number"), refund.refund),
        (desk.say("refunds.case"), refund.case),
        (desk.say("refunds.state"), badge(desk.say(f"refunds.is-{refund.state}"), TONES[refund.state])),
        *(
            (desk.say(name), desk.say("refunds.yuan", amount=format_yuan(Fen(fen))))
            for name, fen in amounts
            if fen
        ),
        (desk.say("refunds.bank"), desk.told(named("bank", refund.account.bank))),
        (desk.say("refunds.account"), mask_card(refund.account.number)),
        *([(desk.say("refunds.reason"), refund.reason)] if refund.reason else []),
    ]


def _parts(desk: Desk, refund: Refund) -> Markup:
    return table(
        desk.say("refunds.parts"),
        [desk.say(f"refunds.{name}") for name in ("of-tax", "entered", "amount", "late-fee")],
        [
            (
                desk.told(tax_name(part.tax)),
                desk.day(part.entry_date),
                format_yuan(Fen(part.amount_fen)),
                format_yuan(Fen(part.late_fee_fen)),
            )
            for part in refund.parts
        ],
        "",
    )


def _history(desk: Desk, refund: Refund) -> list[tuple[str, str]]:
    told = [(desk.moment(refund.approved_at), desk.say("refunds.log.allowed", officer=refund.approved_by))]
    if refund.ordered_by is not None:
        told.append(("", desk.say("refunds.log.ordered", officer=refund.ordered_by)))
    if refund.settled_on is not None and refund.state in ("paid", "returned"):
        said = desk.say(f"refunds.log.{refund.state}", reason=refund.reason or "")
        told.append((desk.day(refund.settled_on), said))
    return told


# --- what can be done -------------------------------------------------------------------------------------


def _may_order(desk: Desk, refund: Refund) -> bool:
    return refund.state == "approved" and refund.approved_by != desk.officer.login


def _may_order_again(desk: Desk, refund: Refund) -> bool:
    return refund.state == "returned" and desk.officer.login not in (refund.approved_by, refund.ordered_by)


def _order(desk: Desk, work: Work, officer: str, one: Row, _values: Values) -> None:
    done = ordering.order(work.core, one.refund.refund, officer, desk.parts.rules)
    _looked(work.core, done, officer, Act.REFUND_ORDER.value)


def _paid(_desk: Desk, work: Work, officer: str, one: Row, values: Values) -> None:
    done = ordering.paid(work.core, one.refund.refund, date.fromisoformat(values["day"]))
    _looked(work.core, done, officer, Act.REFUND_PAID.value)


def _returned(_desk: Desk, work: Work, officer: str, one: Row, values: Values) -> None:
    day = date.fromisoformat(values["day"])
    done = ordering.returned(work.core, one.refund.refund, day, values["reason"])
    _looked(work.core, done, officer, Act.REFUND_RETURNED.value)


def _again(_desk: Desk, work: Work, officer: str, one: Row, values: Values) -> None:
    account = Account(values["bank"], values["account"])
    done = ordering.again(work.core, one.refund.refund, officer, account)
    _looked(work.core, done, officer, Act.REFUND_AGAIN.value)


def _day(desk: Desk, _one: Row) -> Sequence[Input]:
    return (Input("day", "day", value=desk.today().isoformat()),)


def _day_and_reason(desk: Desk, one: Row) -> Sequence[Input]:
    return (*_day(desk, one), Input("reason", most=ordering.MOST_REASON))


def _account(desk: Desk, _one: Row) -> Sequence[Input]:
    banks = {bank: desk.told(named("bank", bank)) for bank in ids("bank")}
    return (Input("bank", "choice", options=banks), Input("account", most=ordering.MOST_ACCOUNT))


REFUNDS: Final = Worklist(
    key="refunds",
    see=Act.REFUNDS_SEE,
    tabs=tuple(TABS),
    columns=("number", "taxpayer", "amount", "allowed", "state"),
    rows=_rows,
    cells=_cells,
    open=_opened,
    sheet=_sheet,
    shown=lambda one: one.refund,
    current=lambda work, one: work.core.refunds.refund(one.refund.refund),
    mark=_mark,
    waits=_waits,
    deeds=(
        Deed(
            Act.REFUND_ORDER,
            "refunds.order",
            _order,
            offered=lambda desk, one: _may_order(desk, one.refund),
        ),
        Deed(Act.REFUND_PAID, "refunds.paid", _paid, _day, lambda _desk, one: one.refund.state == "ordered"),
        Deed(
            Act.REFUND_AGAIN,
            "refunds.again",
            _again,
            _account,
            lambda desk, one: _may_order_again(desk, one.refund),
        ),
        Deed(
            Act.REFUND_RETURNED,
            "refunds.returned",
            _returned,
            _day_and_reason,
            lambda _desk, one: one.refund.state == "ordered",
            kind="danger",
        ),
    ),
)
"""``current`` locks nothing: the engine locks the taxpayer before the refund, and looks at its state once more."""
