"""The invoice lottery: what was published of a round stands, and an invoice is drawn for once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bureau.conformance.bench import Bench, numbered, promise, same, there
from bureau.ports.lottery import Round, Ticket
from bureau.ports.system import Work

FIRST = date(1999, 1, 4)
"""Long before any lottery: rounds of these days are nobody's."""
ODDS = [[80_000, 200], [500, 120_000]]
SEALED = b"\x00seed\xff"
PRIZE_FEN = 500


def _round(bench: Bench, day: date, commitment: str) -> Round:
    return Round(day, commitment, ODDS, SEALED, bench.now)


def drawn(bench: Bench, work: Work, what: str, mobile: str = "19900009999") -> Ticket:
    """A draw for an invoice of its own, won; its round is begun when it has not been."""
    lottery = work.core.lottery
    lottery.open(_round(bench, FIRST, "a" * 64))
    key, until = bench.key(what), bench.now.date() + timedelta(days=60)
    ticket = Ticket(
        lottery.number_for(key), key, FIRST, f"invoice {key}", mobile, bench.manifest.terminal, 1_000, PRIZE_FEN,
        bench.now, until, "b" * 64, "won",
    )  # fmt: skip
    lottery.add(ticket)
    return ticket


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
