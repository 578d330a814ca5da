"""``lottery.draw`` (有奖发票即时开奖): one draw for one invoice, by the seed of the day and the key of the effect."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from bureau.engine.effects import Handler, Outcome, Request, accepted, refused
from bureau.engine.einvoices.checking import Finding, look, read
from bureau.engine.lottery import drawing, pools, rounds, tickets
from bureau.engine.lottery.rules import Table, rules
from bureau.engine.lottery.words import drawn_sheet
from bureau.engine.phones import phone_of
from bureau.engine.refusals import refusal, refuse
from bureau.engine.subjects import today
from bureau.ports.core import Core
from bureau.ports.einvoices import IssuedInvoice
from bureau.ports.lottery import Ticket
from bureau.ports.materials import Vault
from bureau.ports.system import System
from kiosk.domain.ids import Fen
from kiosk.domain.money import format_yuan
from sync.models import EffectKind, LotteryDraw, LotteryDrawn

PERSON = re.compile(r"[0-9]{17}[0-9X]")


@dataclass(frozen=True, slots=True)
class Code:
    """The claim code of a ticket that is drawn now."""

    plain: str


class DrawLottery(Handler[LotteryDraw, Code]):
    """Whoever holds the invoice and a phone draws, once an invoice."""

    kind: ClassVar[EffectKind] = EffectKind.LOTTERY_DRAW
    model = LotteryDraw

    def __init__(self, vault: Vault, public_url: str) -> None:
        self._vault, self._public_url = vault, public_url

    def prepare(self, system: System, request: Request, data: LotteryDraw) -> Code:
        """The claim code: outside the transaction, for nothing depends on it."""
        return Code(tickets.new_code())

    def apply(self, core: Core, request: Request, data: LotteryDraw, prepared: Code) -> Outcome:
        """Look the invoice up, then draw. Raises ``Refused``."""
        mobile, day = phone_of(core, request.body.subject), today(core)
        round_ = rounds.opened(core, self._vault, day)
        table = rules().at(day)
        if round_ is None or table is None:
            raise refuse("lotteryClosed")
        pools.drawable(core, round_)
        if core.lottery.drawn_by(mobile, day) >= table.draws_a_day:
            raise refuse("lotteryOften", most=str(table.draws_a_day))
        asked = read(data.code or "", data.number, data.issued, data.amount_fen, data.check or "")
        found = look(core, asked)
        if found.invoice is None:
            # An answer, not a raise, which would undo the count: guesses are checks of the invoice like any other.
            return refused(refusal("lotteryNotGenuine"))
        invoice = found.invoice
        _check(core, invoice, found.finding, table)
        pools.drawable(core, round_, lock=True)  # one draw after the other: the budget is never overdrawn
        key = request.body.key
        drawn = drawing.number(rounds.seed_of(self._vault, round_), invoice.id, key)
        won = drawing.prize(round_.odds, drawn)
        number = core.lottery.number_for(key)
        ticket = Ticket(
            ticket=number,
            key=key,
            day=day,
            invoice=invoice.id,
            mobile=mobile,
            terminal=request.terminal,
            drawn=drawn,
            prize_fen=won,
            drawn_at=core.now,
            claim_until=day + timedelta(days=table.claim_within_days),
            code_sha256=tickets.code_sha256(number, prepared.plain),
            state="won" if won else "blank",
        )
        core.lottery.add(ticket)
        sheet = drawn_sheet(ticket, round_, invoice)
        result = LotteryDrawn(
            **sheet.model_dump(),
            ticket=number,
            code=prepared.plain,
            invoice=invoice.number,
            drawn=drawn,
            prize_fen=won or None,
            commitment=round_.commitment,
            claim_until=ticket.claim_until if won else None,
            verify_url=f"{self._public_url}/l/{number}?c={prepared.plain}",
        )
        return accepted(result, number)


def _check(core: Core, invoice: IssuedInvoice, finding: Finding, table: Table) -> None:
    """Raises ``Refused`` for each reason why an invoice is not drawn for."""
    if finding is not Finding.VALID:
        raise refuse("lotteryTakenBack")
    if invoice.kind != "ordinary" or (invoice.buyer_number and not PERSON.fullmatch(invoice.buyer_number)):
        raise refuse("lotteryBusiness")
    if core.registration.owner(invoice.seller) is not None:
        # 代开 for a person: free of tax below the threshold, so that one would issue them for the draws alone
        raise refuse("lotteryAgency")
    if invoice.total_fen < table.least_fen:
        raise refuse("lotterySmall", least=format_yuan(Fen(table.least_fen)))
    if (today(core) - invoice.issued_on).days > table.issued_within_days:
        raise refuse("lotteryOld", days=str(table.issued_within_days))
    if core.lottery.of_invoice(invoice.id) is not None:
        raise refuse("lotteryDrawn")
