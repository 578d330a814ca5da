"""The invoice lottery: what was published of a pool and of a round stands, and an invoice is drawn for once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bureau.conformance.bench import Bench, numbered, promise, same, there
from bureau.ports.lottery import Pool, Round, Tally, Ticket
from bureau.ports.system import Work
from sync.models import Texts

FIRST = date(1999, 1, 4)
"""Long before any lottery: rounds of these days are nobody's."""
ODDS = [[80_000, 200], [500, 120_000]]
SEALED = b"\x00seed\xff"
PRIZE_FEN = 500


def _round(bench: Bench, day: date, commitment: str) -> Round:
    return Round(day, commitment, ODDS, SEALED, bench.now)


def drawn(bench: Bench, work: Work, what: str, mobile: str = "19900009999") -> Ticket:
    """A draw for an invoice of its own, won; its round is begun when it has not been."""
    ticket = drawn_as(bench, work, what, mobile)
    work.core.lottery.open(_round(bench, FIRST, "a" * 64))
    work.core.lottery.add(ticket)
    return ticket


def drawn_as(bench: Bench, work: Work, what: str, mobile: str = "19900009999") -> Ticket:
    """The same, not entered yet."""
    lottery = work.core.lottery
    key, until = bench.key(what), bench.now.date() + timedelta(days=60)
    return Ticket(
        lottery.number_for(key), key, FIRST, f"invoice {key}", mobile, bench.manifest.terminal, 1_000, PRIZE_FEN,
        bench.now, until, "b" * 64, "won",
    )  # fmt: skip


@promise(
    "lottery.bound",
    "`open` never changes a round that is there: what was published before its first draw stands.",
    "Answer with the round that stands, which is another's when somebody was first.",
)
def bound(bench: Bench) -> None:
    """Begun twice with different seeds."""
    with bench.undone() as work:
        lottery, first = work.core.lottery, _round(bench, FIRST, "a" * 64)
        same("lottery/round before it is begun", lottery.round(FIRST), None)
        same("lottery/open", lottery.open(first), first)
        same("lottery/open of a day that has one", lottery.open(_round(bench, FIRST, "c" * 64)), first)
        same("lottery/round after that", lottery.round(FIRST), first)


@promise(
    "lottery.revealed",
    "`reveal` publishes the seed of a round; `unrevealed` names those whose seed is not published, the oldest first.",
    "Name a round until its seed is published, and from then on no more.",
)
def revealed(bench: Bench) -> None:
    """Two days, one revealed."""
    second = FIRST + timedelta(days=1)
    with bench.undone() as work:
        lottery = work.core.lottery
        for day in (second, FIRST):
            lottery.open(_round(bench, day, "a" * 64))
        days = [one.day for one in lottery.unrevealed(second + timedelta(days=1))]
        same("lottery/unrevealed", days, [FIRST, second])
        same("lottery/unrevealed before the second", [one.day for one in lottery.unrevealed(second)], [FIRST])
        lottery.reveal(FIRST, "d" * 64)
        same("its seed", there("lottery/round", lottery.round(FIRST)).seed, "d" * 64)
        days = [one.day for one in lottery.unrevealed(second + timedelta(days=1))]
        same("lottery/unrevealed after lottery/reveal", days, [second])


@promise(
    "lottery.number",
    "`number_for` gives the same number to the same key for ever, 20 digits with a check digit.",
    "Keep the number with the key.",
)
def number(bench: Bench) -> None:
    """Asked twice."""
    with bench.undone() as work:
        first = work.core.lottery.number_for(bench.key("draw"))
        numbered("lottery/number_for", first)
        same("lottery/number_for of the same key", work.core.lottery.number_for(bench.key("draw")), first)


@promise(
    "lottery.once",
    "An invoice is drawn for once: `of_invoice` is its draw, and `drawn_by` counts those of a phone and day.",
    "Find the draw by the invoice, whatever became of its prize.",
)
def once(bench: Bench) -> None:
    """Two draws of a phone, one of another."""
    with bench.undone() as work:
        lottery = work.core.lottery
        first, _ = drawn(bench, work, "l-1"), drawn(bench, work, "l-2")
        drawn(bench, work, "l-3", mobile="19900009998")
        same("lottery/of_invoice", lottery.of_invoice(first.invoice), first)
        same("lottery/of_invoice of one that nobody drew for", lottery.of_invoice("none"), None)
        same("lottery/drawn_by", lottery.drawn_by(first.mobile, FIRST), 2)
        same("lottery/drawn_by of another day", lottery.drawn_by(first.mobile, FIRST + timedelta(days=1)), 0)


@promise(
    "lottery.claimed",
    "`change` keeps who claimed, where it is paid and what became of it; `listed` are those in these states.",
    "Keep the rest of the ticket as it was drawn.",
    "person",
)
def claimed(bench: Bench) -> None:
    """Won, then ordered to be paid."""
    with bench.undone() as work:
        lottery, won = work.core.lottery, drawn(bench, work, "c-1")
        same("lottery/ticket", lottery.ticket(won.ticket, lock=True), won)
        ordered = replace(
            won, state="ordered", person=bench.person.key, bank="icbc", account="6222000000000000000"
        )
        lottery.change(ordered)
        same("lottery/ticket after lottery/change", lottery.ticket(won.ticket), ordered)
        listed = [one for one in lottery.listed(["ordered"], 10_000) if one.ticket == won.ticket]
        same("lottery/listed of those that are ordered", listed, [ordered])
        still = [one.ticket for one in lottery.listed(["won"], 10_000) if one.ticket == won.ticket]
        same("lottery/listed of those that are won", still, [])


def _pool(bench: Bench, what: str) -> Pool:
    """One of a single day, which is nobody's."""
    title = {"zh-CN": "奖池", "en-US": "A pool"}
    return Pool(
        bench.key(what), title, FIRST, FIRST, 100_000, 50, ODDS, "proposed", "first", bench.now
    )  # fmt: skip


@promise(
    "lottery.promised",
    "`change_pool` keeps who decided and closed a pool, why and when; what it promises and what was won stays.",
    "Write nothing but the state and what belongs to it.",
)
def promised(bench: Bench) -> None:
    """Entered, then published as if it had promised something else."""
    with bench.undone() as work:
        lottery, entered = work.core.lottery, _pool(bench, "p-1")
        lottery.lock()
        same("lottery/pool before it is there", lottery.pool(entered.pool), None)
        lottery.add_pool(entered)
        same("lottery/pool", lottery.pool(entered.pool, lock=True), entered)
        decided = replace(entered, state="published", decided_by="second", decided_at=bench.now)
        lottery.change_pool(
            replace(decided, budget_fen=1, odds=[[1, 1]], last=FIRST + timedelta(days=9), won_fen=7)
        )
        same("lottery/pool after lottery/change_pool", lottery.pool(entered.pool), decided)
        said: Texts = {"zh-CN": "经费调整", "en-US": "The budget was changed"}
        closed = replace(
            decided, state="closed", closed_by="third", closed_at=bench.now, closed_on=FIRST, reason=said
        )
        lottery.change_pool(closed)
        listed = [one for one in lottery.pools() if one.pool == entered.pool]
        same("lottery/pools", listed, [closed])


@promise(
    "lottery.counted",
    "`add` counts a prize in the pool of its round; `tally` counts tickets by prize and state, what is lapsed apart.",
    "Count each ticket of the pool's days once, and its prize where it is drawn.",
)
def counted(bench: Bench) -> None:
    """Two that have won, one of them paid, and one without a prize."""
    with bench.undone() as work:
        lottery, pool = work.core.lottery, _pool(bench, "t-1")
        lottery.add_pool(pool)
        opened = replace(_round(bench, FIRST, "a" * 64), pool=pool.pool)
        lottery.open(opened)
        same("lottery/rounds", lottery.rounds(pool.pool), [opened])
        drawn(bench, work, "t-2")
        lottery.change(replace(drawn(bench, work, "t-3"), state="paid"))
        blank = replace(drawn_as(bench, work, "t-4"), prize_fen=0, state="blank")
        lottery.add(blank)
        won = there("lottery/pool", lottery.pool(pool.pool)).won_fen
        same("what was won of the pool", won, 2 * PRIZE_FEN)
        until = blank.claim_until
        told = [
            Tally(PRIZE_FEN, "paid", False, 1),
            Tally(PRIZE_FEN, "won", False, 1),
            Tally(0, "blank", False, 1),
        ]
        same("lottery/tally", lottery.tally(pool.pool, until), told)
        late = lottery.tally(pool.pool, until + timedelta(days=1))
        same("lottery/tally of the day after", [one.lapsed for one in late], [False, True, False])
