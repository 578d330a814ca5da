"""``bureau lottery …``: pools of the invoice lottery, their seeds, and prizes on their way to their owners."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bureau.commands.common import AsJson, ConfigFile, opened, show, told
from bureau.commands.matters import Limit, Officer, core
from bureau.commands.proposals import Why, WhyEnglish, act, both, text_of
from kiosk.domain.ids import Fen
from kiosk.domain.masking import mask_card
from kiosk.domain.money import format_yuan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bureau.engine.lottery.costing import Cost
    from bureau.engine.lottery.standing import Standing
    from bureau.ports.lottery import Pool, Ticket, TicketState

app = typer.Typer(help="The invoice lottery.", no_args_is_help=True, rich_markup_mode=None)
Number = Annotated[str, typer.Argument(help="The ticket's number.")]
On = Annotated[datetime, typer.Option("--on", formats=["%Y-%m-%d"], help="The day in the bank's note.")]
Name = Annotated[str, typer.Argument(help="The pool's short name, such as 2026-q4.")]
File = Annotated[
    Path,
    typer.Argument(help="YAML: pool, title, first, last, budget_fen, draws, prizes (fen, per_million)."),
]


# --- pools ------------------------------------------------------------------------------------------------


@app.command("pools")
@told
def list_pools(
    every: Annotated[bool, typer.Option("--all", help="Also those that are over or were refused.")] = False,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Pools that wait, come or run, the one that begins first on top."""
    from bureau.engine.lottery.standing import stage
    from bureau.engine.subjects import today

    with core(config) as work:
        day = today(work)
        staged = [(one, stage(one, day)) for one in work.lottery.pools()]
    found = [
        {**_pool(one), "stage": where}
        for one, where in staged
        if every or where in ("proposed", "coming", "running", "spent")
    ]
    lines = [
        f"{p['pool']:16} {p['stage']:9} {p['first']} – {p['last']}  "
        f"{_yuan(p['won_fen'])} of {_yuan(p['budget_fen'])} yuan"
        for p in found
    ]
    show(found, as_json, lines or ["no pool waits, comes or runs"])


@app.command()
@told
def cost(file: File, as_json: AsJson = False) -> None:
    """What a pool will cost, and whether its budget fits its odds, before anybody proposes it."""
    from bureau.engine.lottery import pools
    from bureau.engine.lottery.costing import cost as worked_out

    wanted = pools.draft(text_of(file))
    worked = worked_out(wanted.odds, wanted.draws, wanted.budget_fen)
    show(_cost(worked), as_json, list(_cost_lines(worked, wanted.budget_fen)))


@app.command()
@told
def propose(file: File, officer: Officer, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Propose a pool; another officer publishes it."""
    from bureau.engine.lottery import pools

    wanted = pools.draft(text_of(file))
    act(
        officer,
        config,
        as_json,
        lambda work, name: pools.propose(work, name, wanted),
        _pool,
        lambda done: f"{done.pool} is proposed; another officer publishes it",
    )


@app.command("show")
@told
def show_pool(name: Name, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """One pool: its prizes with what was drawn, claimed and not, what it costs, its rounds and their seeds."""
    from bureau.engine.lottery.standing import standing

    with core(config) as work:
        found = standing(work, name)
    show(_standing(found), as_json, list(_lines(found)))


@app.command()
@told
def publish(name: Name, officer: Officer, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Have a proposed pool drawn for, from its first day to its last."""
    from bureau.engine.lottery import pools

    act(
        officer,
        config,
        as_json,
        lambda work, who: pools.publish(work, name, who),
        _pool,
        lambda done: f"{name} is published, from {done.first} to {done.last}",
    )


@app.command()
@told
def refuse(
    name: Name,
    officer: Officer,
    reason: Why,
    reason_en: WhyEnglish,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Do not publish a proposed pool."""
    from bureau.engine.lottery import pools

    act(
        officer,
        config,
        as_json,
        lambda work, who: pools.refuse(work, name, who, both(reason, reason_en)),
        _pool,
        lambda _: f"{name} is refused",
    )


@app.command()
@told
def close(
    name: Name,
    officer: Officer,
    reason: Why,
    reason_en: WhyEnglish,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """End a pool with this day; what was won is paid."""
    from bureau.engine.lottery import pools

    act(
        officer,
        config,
        as_json,
        lambda work, who: pools.close(work, name, who, both(reason, reason_en)),
        _pool,
        lambda done: f"{name} is closed; {done.closed_on} is its last day",
    )


@app.command()
@told
def seeds(config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Publish the seeds of all days that are over, where the centre has not done so by itself."""
    from bureau.engine.lottery import rounds
    from bureau.engine.reference.work import ReferenceSystem
    from bureau.fleet.vault import SealingVault
    from bureau.opening import business_clock, open_keys

    with opened(config) as (settings, database):
        vault = SealingVault(open_keys(settings).sealing)
        with ReferenceSystem(database, business_clock(settings)).write() as work:
            done = rounds.publish_due(work.core, vault)
    show({"published": done}, as_json, [f"{done} seeds published"])


# --- prizes -----------------------------------------------------------------------------------------------


@app.command("list")
@told
def list_tickets(
    every: Annotated[bool, typer.Option("--all", help="Also those without a prize, and paid ones.")] = False,
    limit: Limit = 50,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Prizes that wait to be paid, the oldest on top."""
    states: tuple[TicketState, ...] = ("blank", "won", "ordered", "paid", "returned")
    with core(config) as work:
        found = [_ticket(one) for one in work.lottery.listed(states if every else ("ordered",), limit)]
    lines = [
        f"{t['ticket']}  {t['state']:8} {_yuan(t['prize_fen']):>9}  {t['bank']} {t['account']}" for t in found
    ]
    show(found, as_json, lines or ["no prize waits to be paid"])


@app.command()
@told
def paid(number: Number, on: On, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """The prize was paid; its owner is told."""
    from bureau.engine.lottery import settling

    with core(config) as work:
        done = settling.paid(work, number, on.date())
    _say(done, as_json)


@app.command()
@told
def returned(
    number: Number,
    on: On,
    reason: Annotated[str, typer.Option("--reason", help="What the owner is told, in Chinese.")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """The bank sent it back; its owner is told why and claims it again."""
    from bureau.engine.lottery import settling

    with core(config) as work:
        done = settling.returned(work, number, on.date(), reason)
    _say(done, as_json)


def _say(ticket: Ticket, as_json: bool) -> None:
    show(
        _ticket(ticket),
        as_json,
        [f"ticket {ticket.ticket} is {ticket.state}: {_yuan(ticket.prize_fen)} yuan"],
    )


def _ticket(ticket: Ticket) -> dict[str, Any]:
    return {
        "ticket": ticket.ticket,
        "day": ticket.day,
        "invoice": ticket.invoice,
        "drawn": ticket.drawn,
        "prize_fen": ticket.prize_fen,
        "state": ticket.state,
        "case": ticket.case,
        "bank": ticket.bank,
        "account": mask_card(ticket.account) if ticket.account else "",
        "settled_on": ticket.settled_on,
        "reason": ticket.reason,
    }


# --- pools, told ------------------------------------------------------------------------------------------


def _yuan(fen: int) -> str:
    return format_yuan(Fen(fen))


def _pool(pool: Pool) -> dict[str, Any]:
    return {
        "pool": pool.pool,
        "title": pool.title,
        "state": pool.state,
        "first": pool.first,
        "last": pool.last,
        "budget_fen": pool.budget_fen,
        "won_fen": pool.won_fen,
        "proposed_by": pool.proposed_by,
        "decided_by": pool.decided_by or None,
        "closed_by": pool.closed_by or None,
        "closed_on": pool.closed_on,
        "reason": pool.reason,
    }


def _cost(worked: Cost) -> dict[str, Any]:
    return {
        "draws": worked.draws,
        "expected_fen": worked.expected_fen,
        "high_fen": worked.high_fen,
        "lasts": worked.lasts,
        "concern": worked.concern,
    }


def _cost_lines(worked: Cost, budget_fen: int) -> Iterator[str]:
    yield (
        f"{worked.draws} draws cost {_yuan(worked.expected_fen)} yuan on average, hardly more than "
        f"{_yuan(worked.high_fen)}; the budget is {_yuan(budget_fen)}, and lasts for about {worked.lasts} draws"
    )
    told = {
        "above": "warning: more is expected to be won than the budget covers; the pool would end early",
        "near": "warning: the budget may not last to the end",
        "idle": "warning: half of the budget or more is expected to be left",
    }
    if worked.concern is not None:
        yield told[worked.concern]


def _standing(found: Standing) -> dict[str, Any]:
    return {
        **_pool(found.pool),
        "stage": found.stage,
        "drawn": found.drawn,
        "cost": _cost(found.cost),
        "prizes": [
            {
                "prize_fen": one.prize_fen,
                "per_million": one.per_million,
                "expected": float(one.expected),
                "won": one.won,
                "claimed": one.claimed,
                "open": one.open,
                "lapsed": one.lapsed,
            }
            for one in found.grades
        ],
        "rounds": [{"day": one.day, "commitment": one.commitment, "seed": one.seed} for one in found.rounds],
        "seeds_due": [one.day for one in found.due],
    }


def _lines(found: Standing) -> Iterator[str]:
    pool = found.pool
    yield f"{pool.pool}  {found.stage}  {pool.first} – {pool.last}  {pool.title['zh-CN']}"
    yield f"{_yuan(pool.won_fen)} of {_yuan(pool.budget_fen)} yuan won in {found.drawn} draws"
    yield from _cost_lines(found.cost, pool.budget_fen)
    for one in found.grades:
        yield (
            f"{_yuan(one.prize_fen):>10}  {one.per_million:>7} of a million  won {one.won}, claimed {one.claimed}, "
            f"open {one.open}, lapsed {one.lapsed}"
        )
    for each in found.rounds:
        yield f"{each.day}  {each.commitment}  {each.seed or 'sealed'}"
