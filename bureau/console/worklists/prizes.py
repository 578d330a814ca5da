"""兑奖付款: prizes of the invoice lottery that were claimed: paid, or sent back by the bank and claimed again.

Who won is masked, and so is the account; the phone that drew and the claim code are not here at all.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from bureau.console.desk import Desk
from bureau.console.html import Tone, badge, facts, link
from bureau.console.worklists.pattern import LISTED, Deed, Input, Sheet, Values, Worklist
from bureau.engine import looks
from bureau.engine.lottery import settling
from bureau.officers.roles import Act
from bureau.ports.core import Core
from bureau.ports.lottery import Ticket, TicketState
from bureau.ports.system import Work
from bureau.texts import named
from kiosk.domain.ids import Fen
from kiosk.domain.masking import mask_card, mask_name
from kiosk.domain.money import format_yuan

TABS: Final[Mapping[str, tuple[TicketState, ...]]] = {
    "waiting": ("ordered",),
    "returned": ("returned",),
    "paid": ("paid",),
}
CLAIMED: Final[tuple[TicketState, ...]] = ("ordered", "returned", "paid")
TONES: Final[Mapping[TicketState, Tone]] = {"ordered": "warn", "returned": "bad", "paid": "good"}


@dataclass(frozen=True, slots=True)
class Row:
    """A prize; ``owner`` is who claimed it, masked."""

    ticket: Ticket
    owner: str


def _owner(core: Core, ticket: Ticket) -> str:
    person = core.registration.person(ticket.person) if ticket.person is not None else None
    return mask_name(person.name) if person is not None else "—"


def _rows(_desk: Desk, work: Work, tab: str) -> Sequence[Row]:
    return [Row(one, _owner(work.core, one)) for one in work.core.lottery.listed(TABS[tab], LISTED)]


def _cells(desk: Desk, row: Row) -> Sequence[object]:
    ticket = row.ticket
    return (
        link(ticket.ticket, f"/prizes/{ticket.ticket}"),
        row.owner,
        format_yuan(Fen(ticket.prize_fen)),
        desk.day(ticket.day),
        badge(desk.say(f"prizes.is-{ticket.state}"), TONES.get(ticket.state, "plain")),
    )


def _mark(work: Work) -> Hashable:
    return tuple((one.ticket, one.state) for one in work.core.lottery.listed(CLAIMED, LISTED * 2))


def _waits(_desk: Desk, work: Work) -> tuple[int, int]:
    return len(work.core.lottery.listed(TABS["waiting"], LISTED)), 0


def _opened(_desk: Desk, work: Work, officer: str, number: str) -> Row:
    ticket = settling.there(work.core, number)
    _looked(work.core, ticket, officer, "prize.show")
    return Row(ticket, _owner(work.core, ticket))


def _looked(core: Core, ticket: Ticket, officer: str, what: str) -> None:
    if ticket.person is not None:
        looks.by_officer(core, ticket.person, "prize", officer, what)


def _sheet(desk: Desk, one: Row) -> Sheet:
    ticket = one.ticket
    return Sheet(
        title=desk.say("prizes.yuan", amount=format_yuan(Fen(ticket.prize_fen))),
        lead=desk.say(f"prizes.lead-{ticket.state}"),
        sections=[(desk.say("prizes.prize"), facts(_facts(desk, one)))],
        history=_history(desk, ticket),
    )


def _facts(desk: Desk, one: Row) -> list[tuple[str, object]]:
    ticket = one.ticket
    told: list[tuple[str, object]] = [
        (desk.say("prizes.number"), ticket.ticket),
        (desk.say("prizes.drawn-on"), desk.day(ticket.day)),
        (
            desk.say("prizes.state"),
            badge(desk.say(f"prizes.is-{ticket.state}"), TONES.get(ticket.state, "plain")),
        ),
        (desk.say("prizes.owner"), one.owner),
    ]
    if ticket.account:
        told += [
            (desk.say("prizes.case"), ticket.case or "—"),
            (desk.say("prizes.bank"), desk.told(named("bank", ticket.bank))),
            (desk.say("prizes.account"), mask_card(ticket.account)),
        ]
    if ticket.state in ("won", "returned"):
        told.append((desk.say("prizes.until"), desk.day(ticket.claim_until)))
    if ticket.reason:
        told.append((desk.say("prizes.reason"), ticket.reason))
    return told


def _history(desk: Desk, ticket: Ticket) -> list[tuple[str, str]]:
    told = [(desk.moment(ticket.drawn_at), desk.say("prizes.log.drawn"))]
    if ticket.settled_on is not None and ticket.state in ("paid", "returned"):
        said = desk.say(f"prizes.log.{ticket.state}", reason=ticket.reason)
        told.append((desk.day(ticket.settled_on), said))
    return told


# --- what can be done -------------------------------------------------------------------------------------


def _paid(_desk: Desk, work: Work, officer: str, one: Row, values: Values) -> None:
    done = settling.paid(work.core, one.ticket.ticket, date.fromisoformat(values["day"]))
    _looked(work.core, done, officer, Act.PRIZE_PAID.value)


def _returned(_desk: Desk, work: Work, officer: str, one: Row, values: Values) -> None:
    day = date.fromisoformat(values["day"])
    done = settling.returned(work.core, one.ticket.ticket, day, values["reason"])
    _looked(work.core, done, officer, Act.PRIZE_RETURNED.value)


def _day(desk: Desk, _one: Row) -> Sequence[Input]:
    return (Input("day", "day", value=desk.today().isoformat()),)


def _day_and_reason(desk: Desk, one: Row) -> Sequence[Input]:
    return (*_day(desk, one), Input("reason", most=settling.MOST_REASON))


def _ordered(_desk: Desk, one: Row) -> bool:
    return one.ticket.state == "ordered"


PRIZES: Final = Worklist(
    key="prizes",
    see=Act.PRIZES_SEE,
    tabs=tuple(TABS),
    columns=("number", "owner", "amount", "drawn-on", "state"),
    rows=_rows,
    cells=_cells,
    open=_opened,
    sheet=_sheet,
    shown=lambda one: one.ticket,
    current=lambda work, one: work.core.lottery.ticket(one.ticket.ticket, lock=True),
    mark=_mark,
    waits=_waits,
    deeds=(
        Deed(Act.PRIZE_PAID, "prizes.paid", _paid, _day, _ordered),
        Deed(Act.PRIZE_RETURNED, "prizes.returned", _returned, _day_and_reason, _ordered, kind="danger"),
    ),
)
