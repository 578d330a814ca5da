"""``payment.create`` and ``.close``: an order that is charged at most once and booked at most once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import ClassVar

from bureau.engine import bills, debits, nontax
from bureau.engine.dues import late_fee_of
from bureau.engine.effects import Handler, Outcome, Request, accepted, refused
from bureau.engine.names import tax_name
from bureau.engine.refusals import refusal, refuse
from bureau.engine.rules import Rules
from bureau.engine.subjects import Actor, authorise, principal_of, today
from bureau.errors import AcquirerRefused, AcquirerUnreachable, DueTaken, InProgress, KeyReused, OrderUnknown
from bureau.ports.acquirer import Acquirer, AcquirerOrder, Acquirers
from bureau.ports.core import Core
from bureau.ports.payments import NewOrder, Order, PaidDue, PaidNotice
from bureau.ports.system import System
from config.catalogue.models import PayStep, Service
from kiosk.domain.ids import Fen
from kiosk.domain.money import format_yuan
from sync.models import (
    DebitOffer,
    EffectAnswer,
    EffectKind,
    EffectState,
    PaymentChannel,
    PaymentClose,
    PaymentCreate,
    PaymentCreated,
    PaymentStateName,
    PaymentStatus,
)

CARD_LIFE_S = 600.0
"""A charge takes 180 s at most (docs/pos-ecr.md, Timers); afterwards the centre knows that a word is missing."""

NOT_OFFERED = "this channel is not offered any more"
DEBIT_LIFE_S = 120.0
"""A debit that was not asked for within this time is not asked for any more: the terminal asks at once."""


def status_of(order: Order) -> PaymentStatus:
    """The order on the wire."""
    return PaymentStatus(
        order=order.order,
        state=order.state,
        amount_fen=order.amount_fen,
        paid_at=order.paid_at,
        voucher=order.voucher,
        payer_masked=order.payer_masked,
        receipt=order.receipt,
        reason=order.debit.word if order.debit is not None else "",
    )


@dataclass(frozen=True, slots=True)
class Ordered:
    """Our order, and what the acquirer made of it; None when it refused, or was not asked for one that is over."""

    order: str
    heard: AcquirerOrder | None
    over: bool = False


class CreatePayment(Handler[PaymentCreate, Ordered]):
    """Writes the order first, then opens it at the acquirer: what may be charged is always known here."""

    kind: ClassVar[EffectKind] = EffectKind.PAYMENT_CREATE
    model = PaymentCreate

    def __init__(self, rules: Rules, acquirers: Acquirers, life_s: float) -> None:
        self._rules = rules
        self._acquirers = acquirers
        self._life: dict[PaymentChannel, timedelta] = {
            "qr-shown": timedelta(seconds=life_s),
            "card": timedelta(seconds=CARD_LIFE_S),
            "debit": timedelta(seconds=DEBIT_LIFE_S),
        }

    def prepare(self, system: System, request: Request, data: PaymentCreate) -> Ordered:
        """Our record, durable; then the acquirer's. A repetition finds the same order."""
        acquirer = self._acquirers.of(data.channel)
        if acquirer is None:
            raise refuse("debitNotTaken") if data.channel == "debit" else refuse("cardNotTaken")
        with system.write(request.terminal) as work:
            if not work.answers.take_turn(request.body.key):
                raise InProgress(request.body.key)
            order = work.core.payments.by_key(request.body.key)
            if order is None:
                order = self._open(work.core, request, data)
            elif not _of(work.core, order, request, data):
                raise KeyReused(request.body.key)
            now = work.core.now
        left = (order.expires_at - now).total_seconds()
        if order.state is not PaymentStateName.CREATED or left <= 0:
            return Ordered(order.order, None, over=True)
        try:
            heard = acquirer.create(order.order, order.amount_fen, order.subject, left)
        except AcquirerRefused:
            return Ordered(order.order, None)
        return Ordered(order.order, heard)

    def apply(self, core: Core, request: Request, data: PaymentCreate, prepared: Ordered) -> Outcome:
        """Keep the code that is shown."""
        if prepared.over:
            return refused(refusal("orderLapsed", order=prepared.order), prepared.order)
        order = core.payments.order(prepared.order, lock=True)
        assert order is not None
        if prepared.heard is None:
            declined = AcquirerOrder(order.order, order.amount_fen, PaymentStateName.DECLINED)
            core.payments.learn(order, declined, "create")
            return refused(refusal("paymentRefused"), order.order)
        order = core.payments.learn(order, prepared.heard, "create")
        created = PaymentCreated(
            order=order.order,
            qr=prepared.heard.qr,
            amount_fen=order.amount_fen,
            expires_at=order.expires_at,
            debit=self._offer(core, request, order),
        )
        return accepted(created, order.order)

    def _offer(self, core: Core, request: Request, order: Order) -> DebitOffer | None:
        """What the payer's own agreement offers beside, where the service lets it be used and its banks are asked."""
        payer = core.registration.taxpayer(order.taxpayer)
        if self._acquirers.debit is None or payer is None or not _by_debit(request.service):
            return None
        return debits.offer_of(core, payer)

    def _open(self, core: Core, request: Request, data: PaymentCreate) -> Order:
        if data.channel == "debit" and not _by_debit(request.service):
            raise refuse("notOfThisService")
        if _by_notice(request.service):
            return self._open_notice(core, request, data)
        if data.notice:
            raise refuse("notOfThisService")
        actor = authorise(core, request.body.subject, request.service)
        if _by_bill(request.service):
            taxpayer, dues = self._billed(core, data)
        elif data.bill:
            raise refuse("notOfThisService")
        elif data.part and not _in_parts(request.service):
            raise refuse("notOfThisService")
        else:
            dues, taxpayer = self._dues(core, actor, data), actor.enterprise.taxpayer
            if data.part:
                dues = _part(dues, data.amount_fen)
        new = self._new(core, request, data, taxpayer, self._subject(core, dues), dues=dues)
        if data.channel == "debit":
            new = replace(new, debit=debits.agreement_of(core, actor.enterprise))
            if new.debit is None:
                raise refuse("noAgreement")
        try:
            return core.payments.open(new)
        except DueTaken as error:
            taken, held = ("billChanged", "billHeld") if data.bill else ("dueTaken", "dueHeld")
            raise refuse(taken if error.order is None else held) from error

    def _open_notice(self, core: Core, request: Request, data: PaymentCreate) -> Order:
        """Whoever holds a notice of non-tax revenue pays it, and nobody asks who they are; raises ``Refused``."""
        if data.bill or data.part:
            raise refuse("notOfThisService")
        if data.dues != [data.notice]:
            raise refuse("nontaxCodeWrong")
        notice = nontax.payable(core, data.notice)
        late = nontax.late_fee_of(notice, today(core), self._rules)
        paid = PaidNotice(notice.code, notice.amount_fen, late)
        words = f"云川市税务局 {nontax.item_name(notice.item)['zh-CN']}"
        try:
            return core.payments.open(self._new(core, request, data, notice.payer, words, notice=paid))
        except DueTaken as error:
            nontax.payable(core, data.notice)  # what became of it meanwhile
            raise refuse("nontaxHeld") from error

    def _new(
        self,
        core: Core,
        request: Request,
        data: PaymentCreate,
        payer: str,
        subject: str,
        *,
        dues: tuple[PaidDue, ...] = (),
        notice: PaidNotice | None = None,
    ) -> NewOrder:
        """The order, when the terminal has the amount of this moment; raises ``Refused``."""
        parts = (*dues, *((notice,) if notice else ()))
        amount = sum(part.amount_fen + part.late_fee_fen for part in parts)
        if amount != data.amount_fen:
            raise refuse("amountDiffers", amount=format_yuan(Fen(amount)))
        return NewOrder(
            key=request.body.key,
            terminal=request.terminal,
            taxpayer=payer,
            subject=subject,
            amount_fen=amount,
            channel=data.channel,
            expires_at=core.now + self._life[data.channel],
            dues=dues,
            bill=data.bill,
            notice=notice,
        )

    def _billed(self, core: Core, data: PaymentCreate) -> tuple[str, tuple[PaidDue, ...]]:
        """Whose voucher it is and its dues, all of them: part of one is not paid; raises ``Refused``."""
        bill = bills.payable(core, data.bill)
        dues = tuple(
            PaidDue(due.due, due.amount_fen, bills.late_fee_by_bill(core, due, self._rules))
            for due in bill.dues
        )
        if sorted(data.dues) != sorted(due.due for due in dues):
            raise refuse("billChanged")
        return bill.taxpayer, dues

    def _dues(self, core: Core, actor: Actor, data: PaymentCreate) -> tuple[PaidDue, ...]:
        if not data.dues:
            raise refuse("nothingDue")
        if len(set(data.dues)) != len(data.dues):
            raise refuse("dueTaken")
        # what is counted is held at once: a part that is booked meanwhile would change it
        locked = {number: core.returns.due(number, lock=True) for number in sorted(data.dues)}
        found = []
        for number in data.dues:
            due = locked[number]
            if due is None or due.taxpayer != actor.enterprise.taxpayer or due.state != "open":
                raise refuse("dueTaken")
            if due.held_by is not None:
                raise refuse("dueHeld")
            found.append(PaidDue(number, due.amount_fen, late_fee_of(core, due, self._rules)))
        return tuple(found)

    def _subject(self, core: Core, dues: tuple[PaidDue, ...]) -> str:
        """What the payer's phone shows: the first tax and how many there are; no name."""
        first = core.returns.due(dues[0].due)
        tax = tax_name(first.tax)["zh-CN"] if first is not None else ""
        return f"云川市税务局 {tax}" + (f"等 {len(dues)} 项" if len(dues) > 1 else "")


def _part(dues: tuple[PaidDue, ...], amount_fen: int) -> tuple[PaidDue]:
    """``amount_fen`` of one due, at least 0.01 yuan and at most what is left of it; raises ``Refused``.

    The tax first and then its surcharge, which need not be paid together (国家税务总局公告2019年第48号, 1).
    """
    if len(dues) != 1:
        raise refuse("partOfOne")
    (due,) = dues
    whole = due.amount_fen + due.late_fee_fen
    if not 1 <= amount_fen <= whole:
        raise refuse("partBeyond", amount=format_yuan(Fen(whole)))
    tax = min(amount_fen, due.amount_fen)
    return (PaidDue(due.due, tax, amount_fen - tax, whole - amount_fen),)


def _in_parts(service: Service) -> bool:
    """Whether the service lets a part of one due be paid."""
    return any(isinstance(step, PayStep) and step.part is not None for step in service.steps)


def _by_bill(service: Service) -> bool:
    """Whether the service pays what a voucher says, whoever's it is, and not what the actor owes."""
    return any(isinstance(step, PayStep) and step.bill is not None for step in service.steps)


def _by_debit(service: Service) -> bool:
    """Whether the service lets the taxpayer's account be debited; what anybody may pay is never debited so."""
    return any(
        isinstance(step, PayStep) and "debit" in step.channels and step.bill is None and step.notice is None
        for step in service.steps
    )


def _by_notice(service: Service) -> bool:
    """Whether the service pays a notice of non-tax revenue."""
    return any(isinstance(step, PayStep) and step.notice is not None for step in service.steps)


def _of(core: Core, order: Order, request: Request, data: PaymentCreate) -> bool:
    """Whether the order of this key was made by this terminal for this taxpayer, voucher or notice, and amount."""
    subject = request.body.subject
    principal = principal_of(core, subject)
    own = principal.number if principal is not None else subject.person.number if subject.person else None
    payer = order.taxpayer if data.bill or data.notice else subject.taxpayer or own
    notice = order.notice.code if order.notice is not None else ""
    mine = (request.terminal, payer, data.bill, data.notice, data.amount_fen, data.channel)
    return (order.terminal, order.taxpayer, order.bill, notice, order.amount_fen, order.channel) == mine


@dataclass(frozen=True, slots=True)
class Asked:
    """What the acquirer said of an order; ``silent`` when it said nothing."""

    heard: AcquirerOrder | None
    silent: str = ""


class ClosePayment(Handler[PaymentClose, Asked]):
    """Closes the order. Whether it had been paid is in the answer; no answer leaves it in doubt."""

    kind: ClassVar[EffectKind] = EffectKind.PAYMENT_CLOSE
    model = PaymentClose

    def __init__(self, acquirers: Acquirers) -> None:
        self._acquirers = acquirers

    def prepare(self, system: System, request: Request, data: PaymentClose) -> Asked:
        """Ask the acquirer to close it, unless it is settled already.

        Of a card order the terminal says by this that no charge was begun, and no other terminal can begin one.
        """
        with system.read(request.terminal) as work:
            order = own_order(work.core, data.order)
        if order.settled:
            return Asked(None)
        if order.channel == "card":
            return Asked(_uncharged(order))
        acquirer = self._acquirers.of(order.channel)
        return close(acquirer, order) if acquirer is not None else Asked(None, silent=NOT_OFFERED)

    def apply(self, core: Core, request: Request, data: PaymentClose, prepared: Asked) -> Outcome:
        """Take in what was said; the first answer stays, later news come by query."""
        order = take_in(core, own_order(core, data.order), prepared, "close")
        return accepted(status_of(order), order.order)

    def tell(self, core: Core, request: Request, data: PaymentClose, answer: EffectAnswer) -> None:
        """The terminal had no answer: its page said that nobody knows yet."""
        tell_payer(core, data.order, answer)


def _uncharged(order: Order) -> AcquirerOrder:
    return AcquirerOrder(order.order, order.amount_fen, PaymentStateName.CLOSED)


def close(acquirer: Acquirer, order: Order) -> Asked:
    """Close an order at the acquirer; one that never got there can never be paid."""
    try:
        return Asked(acquirer.close(order.order))
    except OrderUnknown:
        return Asked(_uncharged(order))
    except (AcquirerUnreachable, AcquirerRefused) as error:
        return Asked(None, silent=type(error).__name__)


def query(acquirer: Acquirer, order: Order) -> Asked:
    """Ask how an order stands."""
    try:
        return Asked(acquirer.query(order.order))
    except OrderUnknown:
        return Asked(_uncharged(order))
    except (AcquirerUnreachable, AcquirerRefused) as error:
        return Asked(None, silent=type(error).__name__)


def take_in(core: Core, order: Order, asked: Asked, source: str) -> Order:
    """Write down what the acquirer said, or that it said nothing."""
    if asked.heard is not None:
        return core.payments.learn(order, asked.heard, source)
    return core.payments.doubt(order, source, asked.silent) if asked.silent else order


def tell_payer(core: Core, number: str, answer: EffectAnswer) -> None:
    """Who paid has gone without a word: they are told how a settled order ended."""
    order = core.payments.order(number) if answer.state is EffectState.ACCEPTED else None
    if order is not None:
        core.payments.tell_payer(order)


def own_order(core: Core, number: str) -> Order:
    """An order of the terminal that asks; raises ``Refused``."""
    order = core.payments.order(number)
    if order is None or order.terminal != core.terminal:
        raise refuse("orderUnknown")
    return order
