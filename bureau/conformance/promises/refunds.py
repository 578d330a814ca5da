"""What an officer allowed to be given back is asked for once, and goes to the account that was named."""

from __future__ import annotations

from bureau.conformance.bench import Bench, numbered, promise, same, there
from bureau.conformance.promises.filing import EDUCATION_FEN, TAX_FEN, filing
from bureau.conformance.promises.matters import opened
from bureau.conformance.promises.payments import heard, order, owed
from bureau.ports.refunds import Account, GivenBack, NewRefund, Refund
from bureau.ports.returns import PaidTax
from bureau.ports.system import Work
from sync.models import PaymentStateName

BOOKS = ("person", "enterprise")
BACK_FEN, INTEREST_FEN = 26_000, 12
"""A part of the tax, and what is borne for it."""
ACCOUNT, ANOTHER = Account("icbc", "6222000000000000000"), Account("abc", "6228000000000000000")


def allowed(bench: Bench, work: Work, what: str) -> Refund:
    """A return is filed and paid, and a part of its tax is given back by a case."""
    dues = owed(bench, work, what)
    made = work.core.payments.open(order(bench, dues, f"{what}-pay"))
    work.core.payments.learn(made, heard(bench, made, PaymentStateName.APPROVED), "query")
    tax = next(one for one in dues if one.tax == "vat")
    part = GivenBack("vat", BACK_FEN, 0, tax.due, bench.now.date())
    case, firm = opened(bench, work, f"{what}-case"), bench.enterprise.taxpayer
    new = NewRefund(case.case, firm, str(tax.declaration), (part,), ACCOUNT, "check")
    return work.core.refunds.allow(new)


@promise(
    "refunds.allowed",
    "What an officer allowed is kept under a new number, and found by it, by its case and by its return.",
    "Keep the parts as they came; interest and what is set off are known when it is ordered.",
    *BOOKS,
)
def refund_allowed(bench: Bench) -> None:
    """Allowed, and looked for three ways."""
    with bench.undone() as work:
        refunds, made = work.core.refunds, allowed(bench, work, "allowed")
        numbered("refunds/allow: the refund's number", made.refund)
        came = (made.state, made.total_fen, made.account, made.approved_by, made.settled_on)
        same("refunds/allow", came, ("approved", BACK_FEN, ACCOUNT, "check", None))
        same("refunds/refund", refunds.refund(made.refund, lock=True), made)
        same("refunds/of_case", refunds.of_case(made.case), made)
        same("refunds/of_declaration", list(refunds.of_declaration(made.declaration)), [made])
        waiting = [one for one in refunds.listed(["approved"], 10_000) if one.refund == made.refund]
        same("refunds/listed of those that are approved", waiting, [made])


@promise(
    "refunds.once",
    "What is allowed is no longer paid from that moment: `returns.paid` and `in_treasury` leave it out.",
    "Take the parts off what was paid of the due, in whatever state the refund is.",
    *BOOKS,
)
def once(bench: Bench) -> None:
    """Paid before, less after."""
    wanted = filing(bench, "once")
    about = (wanted.taxpayer, wanted.tax, wanted.period_first, wanted.period_last)
    with bench.undone() as work:
        allowed(bench, work, "once")
        paid = work.core.returns.paid(*about, subject=wanted.subject)
        left = {"vat": TAX_FEN - BACK_FEN, "education": EDUCATION_FEN}
        same("returns/paid after refunds/allow", dict(paid), left)
        lies = {
            one.tax: one.amount_fen for one in work.core.returns.in_treasury(*about, subject=wanted.subject)
        }
        same("returns/in_treasury after refunds/allow", lies, left)


@promise(
    "refunds.ordered",
    "`order` tells the treasury; paid at once where nothing is left for the account.",
    "Keep who ordered it, its interest and what was set off; it is settled today when all of it was set off.",
    *BOOKS,
)
def ordered(bench: Bench) -> None:
    """One to the account, one that arrears use up."""
    with bench.undone() as work:
        refunds, one = work.core.refunds, allowed(bench, work, "o-1")
        done = refunds.order(one, "check two", INTEREST_FEN, 0)
        came = (done.state, done.ordered_by, done.to_account_fen, done.settled_on)
        same("refunds/order", came, ("ordered", "check two", BACK_FEN + INTEREST_FEN, None))
        spent = refunds.order(allowed(bench, work, "o-2"), "check two", 0, BACK_FEN)
        came_2 = (spent.state, spent.to_account_fen, spent.settled_on)
        same("refunds/order of what arrears use up", came_2, ("paid", 0, bench.now.date()))


@promise(
    "refunds.settled",
    "The treasury paid on a day, or the bank sent it back for a reason; then it is ordered again, to another account.",
    "Keep day and reason; `again` changes the account and forgets both.",
    *BOOKS,
)
def settled(bench: Bench) -> None:
    """Sent back, ordered again, paid; then it is below zero in what the treasury has entered."""
    today = bench.now.date()
    with bench.undone() as work:
        refunds, one = work.core.refunds, allowed(bench, work, "settled")
        back = refunds.settle(refunds.order(one, "check two", 0, 0), today, "no such account")
        came = (back.state, back.settled_on, back.reason)
        same("refunds/settle of what came back", came, ("returned", today, "no such account"))
        again = refunds.again(back, ANOTHER, "check three")
        came_2 = (again.state, again.account, again.reason, again.settled_on)
        same("refunds/again", came_2, ("ordered", ANOTHER, None, None))
        paid = refunds.settle(again, today)
        same("refunds/settle of what was paid", (paid.state, paid.settled_on), ("paid", today))
        gone = there("what the treasury has entered of it", _below_zero(work, paid))
        came_3 = (gone.amount_fen, gone.late_fee_fen, gone.entry_date)
        same("returns/entered of a refund that was paid", came_3, (-BACK_FEN, 0, today))


def _below_zero(work: Work, refund: Refund) -> PaidTax | None:
    assert refund.settled_on is not None, "it was settled above"
    entered = work.core.returns.entered(refund.taxpayer, refund.settled_on, refund.settled_on)
    return next((one for one in entered if one.voucher == refund.refund), None)


@promise(
    "refunds.set-off",
    "`returns.set_off` pays an open due, or a part of it under a number of its own.",
    "Book the payment under the number that it is given; what is left of a due stays open under its own.",
    *BOOKS,
)
def set_off(bench: Bench) -> None:
    """One due in part, the other whole."""
    today = bench.now.date()
    with bench.undone() as work:
        returns, voucher = work.core.returns, allowed(bench, work, "set-off").refund
        dues = {one.tax: one for one in owed(bench, work, "arrears")}
        returns.set_off(dues["vat"], BACK_FEN, 0, voucher)
        returns.set_off(dues["education"], EDUCATION_FEN, 0, voucher)
        left = there("returns/due that was paid in part", returns.due(dues["vat"].due))
        same("what is left of it", (left.state, left.amount_fen), ("open", TAX_FEN - BACK_FEN))
        whole = there("returns/due that was paid whole", returns.due(dues["education"].due))
        same("its state", whole.state, "paid")
        entered = returns.entered(bench.enterprise.taxpayer, today, today)
        lies = {(one.tax, one.amount_fen) for one in entered if one.voucher == voucher}
        same("returns/entered under its number", lies, {("vat", BACK_FEN), ("education", EDUCATION_FEN)})
