"""A due is collected by one order, an order moves forward only, and approval books it once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bureau.conformance.bench import Bench, numbered, promise, refused, same, there, true
from bureau.conformance.promises.filing import EDUCATION_FEN, TAX_FEN, filing
from bureau.errors import DueTaken
from bureau.ports.acquirer import AcquirerOrder
from bureau.ports.payments import NewOrder, Order, PaidDue, PaidNotice
from bureau.ports.returns import DueRecord
from bureau.ports.system import Work
from sync.models import PaymentStateName

BOOKS = ("person", "enterprise")
MANY = 10_000
"""More orders than wait at once."""


def owed(bench: Bench, work: Work, subject: str) -> list[DueRecord]:
    """The dues of a return that is filed for them."""
    made = work.core.returns.file(filing(bench, subject))
    every = work.core.returns.dues(bench.enterprise.taxpayer)
    return [one for one in every if one.declaration == made.declaration]


def order(bench: Bench, dues: Sequence[DueRecord], key: str) -> NewOrder:
    """An order for these dues."""
    return NewOrder(
        key=bench.key(key), terminal=bench.manifest.terminal, taxpayer=bench.enterprise.taxpayer, subject="check",
        amount_fen=sum(one.amount_fen for one in dues), channel="qr-shown",
        expires_at=bench.now + timedelta(minutes=5),
        dues=tuple(PaidDue(one.due, one.amount_fen, 0) for one in dues),
    )  # fmt: skip


def heard(bench: Bench, one: Order, state: PaymentStateName) -> AcquirerOrder:
    """What the acquirer says of it."""
    paid = bench.now if state is PaymentStateName.APPROVED else None
    return AcquirerOrder(
        one.order, one.amount_fen, state, paid_at=paid, payer_masked="o***1" if paid else None
    )


@promise(
    "payments.held",
    "`open` holds the dues, so that two orders never collect one.",
    "Refuse a second order with DueTaken, whose values are the due and the order that holds it.",
    *BOOKS,
)
def held(bench: Bench) -> None:
    """Two orders for one due."""
    with bench.undone() as work:
        dues = owed(bench, work, "held")
        first = work.core.payments.open(order(bench, dues, "o-1"))
        asked = "payments/open of a due that an order holds"
        taken = refused(work, DueTaken, asked, lambda: work.core.payments.open(order(bench, dues[:1], "o-2")))
        same(f"{asked}: due and order in DueTaken", (taken.due, taken.order), (dues[0].due, first.order))
        now = there("returns/due", work.core.returns.due(dues[0].due))
        same("who holds the due", (now.state, now.held_by), ("open", first.order))
        same(
            "returns/withdraw of a return of which a due is held",
            work.core.returns.withdraw(str(now.declaration)),
            False,
        )
        same("returns/due after that", work.core.returns.due(dues[0].due), now)


@promise(
    "payments.number",
    "Numbers that a core gives to its papers have 20 digits with a check digit (ISO/IEC 7064 MOD 11-10).",
    "Compute the last digit over the first 19, of orders and dues alike.",
    *BOOKS,
)
def number(bench: Bench) -> None:
    """Of an order and of a due."""
    with bench.undone() as work:
        dues = owed(bench, work, "order-number")
        numbered("returns/dues: the due's number", dues[0].due)
        numbered(
            "payments/open: the order's number", work.core.payments.open(order(bench, dues, "n-1")).order
        )


@promise(
    "payments.found",
    "`order` and `by_key` are the order that `open` wrote.",
    "Keep the effect's key with the order: after a crash the order is found by it and not made twice.",
    *BOOKS,
)
def found(bench: Bench) -> None:
    """By its number and by its key."""
    with bench.undone() as work:
        new = order(bench, owed(bench, work, "found"), "f-1")
        made = work.core.payments.open(new)
        came = (made.key, made.amount_fen, made.state, made.dues)
        same("payments/open", came, (new.key, new.amount_fen, PaymentStateName.CREATED, new.dues))
        same("payments/by_key", work.core.payments.by_key(new.key), made)
        same("payments/order", work.core.payments.order(made.order, lock=True), made)
        same("payments/by_key of an unknown key", work.core.payments.by_key(bench.key("none")), None)


@promise(
    "payments.booked-once",
    "`learn` moves an order forward only, and approval books it once, however often it is heard.",
    "Take an order that is approved, declined or closed for settled: hear what comes after, and change nothing.",
    *BOOKS,
)
def booked_once(bench: Bench) -> None:
    """Approved, approved again, closed: one voucher, dues paid once."""
    with bench.undone() as work:
        dues = owed(bench, work, "booked")
        made = work.core.payments.open(order(bench, dues, "b-1"))
        first = work.core.payments.learn(made, heard(bench, made, PaymentStateName.APPROVED), "query")
        true("payments/learn of an approval: its voucher", bool(first.voucher), first.voucher)
        for state in (PaymentStateName.APPROVED, PaymentStateName.CLOSED):
            again = work.core.payments.learn(first, heard(bench, made, state), "notice")
            came = (again.state, again.voucher)
            same(
                f"payments/learn of {state.value} after an approval",
                came,
                (PaymentStateName.APPROVED, first.voucher),
            )
        states = {there("returns/due", work.core.returns.due(one.due)).state for one in dues}
        same("its dues after the approval", states, {"paid"})
        wanted = filing(bench, "booked")
        paid = work.core.returns.paid(
            wanted.taxpayer, wanted.tax, wanted.period_first, wanted.period_last, wanted.subject
        )
        same("returns/paid", dict(paid), {"vat": TAX_FEN, "education": EDUCATION_FEN})


@promise(
    "payments.let-go",
    "An order that can no more be paid lets go of its dues.",
    "Free the dues when `learn` hears declined or closed, so that they can be paid another way.",
    *BOOKS,
)
def let_go(bench: Bench) -> None:
    """Closed unpaid, ordered again."""
    with bench.undone() as work:
        dues = owed(bench, work, "let-go")
        made = work.core.payments.open(order(bench, dues, "l-1"))
        closed = work.core.payments.learn(made, heard(bench, made, PaymentStateName.CLOSED), "query")
        same("payments/learn of closed", (closed.state, closed.voucher), (PaymentStateName.CLOSED, None))
        states = {
            (one.state, one.held_by) for one in map(work.core.returns.due, (d.due for d in dues)) if one
        }
        same("its dues", states, {("open", None)})
        work.core.payments.open(order(bench, dues, "l-2"))


@promise(
    "payments.doubt",
    "An order in doubt keeps its dues until it is known what became of it.",
    "Hold the dues while the state is unknown: somebody may have paid.",
    *BOOKS,
)
def doubt(bench: Bench) -> None:
    """No answer from the acquirer, then an approval."""
    with bench.undone() as work:
        dues = owed(bench, work, "doubt")
        made = work.core.payments.open(order(bench, dues, "d-1"))
        unknown = work.core.payments.doubt(made, "query", "no answer")
        same("payments/doubt", unknown.state, PaymentStateName.UNKNOWN)
        holds = {there("returns/due", work.core.returns.due(one.due)).held_by for one in dues}
        same("who holds its dues", holds, {made.order})
        known = work.core.payments.learn(unknown, heard(bench, made, PaymentStateName.APPROVED), "query")
        true("payments/learn of an approval after a doubt", bool(known.voucher), known.state)


@promise(
    "payments.asked-again",
    "`waiting` names an order in doubt, and one past its life, until it is known what became of it.",
    "Wait longer after each silence, and never name one that is settled; silence to a settled one changes nothing.",
    *BOOKS,
)
def asked_again(bench: Bench) -> None:
    """New, past its life, in doubt, approved, and then once more silent."""
    later = bench.now + timedelta(days=1)
    with bench.undone() as work:
        payments = work.core.payments
        made = payments.open(order(bench, owed(bench, work, "asked"), "a-1"))

        def waits(at: datetime) -> bool:
            return made.order in {one.order for one in payments.waiting(at, MANY)}

        same(
            "payments/waiting of a new order: now, and after its life",
            (waits(bench.now), waits(later)),
            (False, True),
        )
        unknown = payments.doubt(made, "query", "no answer")
        same("payments/waiting of one in doubt, later", waits(later), True)
        known = payments.learn(unknown, heard(bench, made, PaymentStateName.APPROVED), "query")
        silent = payments.doubt(known, "query", "no answer")
        same("payments/doubt of one that is approved", silent.state, PaymentStateName.APPROVED)
        same("payments/waiting of one that is approved, later", waits(later), False)


@promise(
    "nontax.held",
    "A notice is held by one order at a time, and is paid when that order is booked.",
    "Hold the notice in `payments.open`, let go of it or book it in `payments.learn`.",
    "enterprise",
    "notice",
)
def notice_held(bench: Bench) -> None:
    """Ordered, refused to another, closed, ordered again, paid."""
    assert bench.manifest.notice is not None
    code = bench.manifest.notice.code
    with bench.undone() as work:
        nontax, payments = work.core.nontax, work.core.payments
        known = there("nontax/notice", nontax.notice(code))

        def new(key: str) -> NewOrder:
            line = PaidNotice(code, known.amount_fen, 0)
            return NewOrder(
                bench.key(key), bench.manifest.terminal, known.payer, "check", known.amount_fen, "qr-shown",
                bench.now + timedelta(minutes=5), (), notice=line,
            )  # fmt: skip

        first = payments.open(new("x-1"))
        refused(
            work, DueTaken, "payments/open of a notice that an order holds", lambda: payments.open(new("x-2"))
        )
        same("nontax/notice: who holds it", there("nontax/notice", nontax.notice(code)).held_by, first.order)
        payments.learn(first, heard(bench, first, PaymentStateName.CLOSED), "query")
        second = payments.open(new("x-3"))
        done = payments.learn(second, heard(bench, second, PaymentStateName.APPROVED), "query")
        paid = there("nontax/notice", nontax.notice(code)).paid_on
        true("voucher, receipt and day of a paid notice", bool(done.voucher and done.receipt and paid), done)
