"""``bureau inspection …``: inspections on site: ordered, cancelled, issued where that failed, and what follows of them.

What is recorded on the spot is recorded at the console alone: by two officers, each signed in.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bureau.commands.common import AsJson, ConfigFile, moment, opened, show, told
from bureau.commands.matters import Limit, Officer, core, officer_name
from bureau.commands.proposals import act

if TYPE_CHECKING:
    from collections.abc import Callable

    from bureau.engine.rules import Rules
    from bureau.ports.core import Core
    from bureau.ports.inspections import Inspection

app = typer.Typer(help="Inspections on site.", no_args_is_help=True, rich_markup_mode=None)
Number = Annotated[str, typer.Argument(help="The inspection's number.")]


@app.command("list")
@told
def list_inspections(limit: Limit = 50, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Those that are still to be carried out by day, then the others, the latest ordered first."""
    with core(config) as work:
        found = [_told(one) for one in work.inspections.entries(limit)]
    lines = [
        f"{one['number']}  {one['day']}  {one['state']:9} {one['kind']:8} {one['taxpayer']}  "
        f"{one['first']}, {one['second']}  {one['measure'] or ''}".rstrip()
        for one in found
    ]
    show(found, as_json, lines or ["no inspection was ordered"])


@app.command()
@told
def order(
    taxpayer: Annotated[str, typer.Argument(help="The enterprise's number.")],
    officer: Annotated[str, typer.Option("--officer", help="Who goes: a name of the console.")],
    second: Annotated[str, typer.Option("--second", help="Who goes along: a name of the console.")],
    kind: Annotated[str, typer.Option("--kind", help="address, blanks or general.")],
    basis: Annotated[str, typer.Option("--basis", help="powers, invoices or registration.")],
    reason: Annotated[str, typer.Option("--reason", help="Why, on one line; it stands in the record.")],
    day: Annotated[datetime, typer.Option("--day", formats=["%Y-%m-%d"], help="On which day.")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Order an inspection; both officers hold the role at the console."""
    from bureau.engine.inspecting import recording
    from bureau.officers.opening import open_accounts
    from bureau.officers.pairs import inspectors
    from bureau.opening import open_keys
    from kiosk.domain.ids import uuid7

    with opened(config) as (settings, database):
        officers = inspectors(open_accounts(database, open_keys(settings)), officer, second)
    wanted = recording.Order(taxpayer, kind, basis, reason, day.date())
    act(
        officer,
        config,
        as_json,
        lambda work, _: recording.order(work, uuid7(), officers, wanted),
        _told,
        lambda done: f"{done.number} is ordered for {done.day}",
    )


@app.command()
@told
def cancel(
    number: Number,
    officer: Officer,
    reason: Annotated[str, typer.Option("--reason", help="Why, on one line.")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Cancel an inspection; what was filled in and its pictures are deleted."""
    from bureau.engine.inspecting import recording

    act(
        officer,
        config,
        as_json,
        lambda work, who: recording.cancel(work, number, who, reason),
        _told,
        lambda _: f"{number} is cancelled",
    )


@app.command()
@told
def demand(number: Number, officer: Officer, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Demand what is late of whoever was inspected and was not demanded yet."""
    from bureau.engine.inspecting import following

    with core(config) as work:
        count = following.demand(work, _law(), number, officer_name(officer))
    show({"number": number, "demanded": count}, as_json, [f"{number}: demanded {count}"])


@app.command()
@told
def ask(number: Number, officer: Officer, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Ask for the abnormal state of who was not to be found; another officer enters it."""
    from bureau.engine.inspecting import following

    _followed(following.ask, number, officer, config, as_json)


@app.command()
@told
def enter(number: Number, officer: Officer, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Enter the abnormal state that another officer asked for."""
    from bureau.engine.inspecting import following

    _followed(following.enter, number, officer, config, as_json)


@app.command()
@told
def decline(number: Number, officer: Officer, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Leave who another officer asked about a normal taxpayer."""
    from bureau.engine.inspecting import following

    _followed(
        lambda work, _law, one, who: following.decline(work, one, who), number, officer, config, as_json
    )


@app.command("return")
@told
def ask_return(
    number: Number,
    officer: Officer,
    ground: Annotated[str, typer.Option("--ground", help="filed or mistaken.")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Ask for the end of an abnormal state; another officer enters it."""
    from bureau.engine.inspecting import following

    _followed(
        lambda work, law, one, who: following.ask_return(work, law, one, who, ground),
        number,
        officer,
        config,
        as_json,
    )


@app.command()
@told
def restore(number: Number, officer: Officer, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """End an abnormal state whose end another officer asked for."""
    from bureau.engine.inspecting import following

    _followed(following.restore, number, officer, config, as_json)


@app.command()
@told
def keep(number: Number, officer: Officer, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Leave who another officer asked about an abnormal taxpayer."""
    from bureau.engine.inspecting import following

    _followed(lambda work, _law, one, who: following.keep(work, one, who), number, officer, config, as_json)


@app.command()
@told
def history(number: Number, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Who did what with an inspection."""
    from bureau.engine.inspecting import recording

    with core(config) as work:
        recording.there(work, number)
        found = list(work.inspections.history(number))
    lines = [f"{moment(e.at)}  {e.did:12} {e.officer}  {' '.join(e.said.values())}".rstrip() for e in found]
    show(found, as_json, lines)


def _followed(
    do: Callable[[Core, Rules, str, str], Inspection],
    number: str,
    officer: str,
    config: ConfigFile,
    as_json: bool,
) -> None:
    act(
        officer,
        config,
        as_json,
        lambda work, who: do(work, _law(), number, who),
        _told,
        lambda done: f"{number}: {done.measure or 'normal'}",
    )


def _law() -> Rules:
    from bureau.engine.rules import Rules
    from kiosk.domain.tax.parameters import built_in

    return Rules(built_in())


def _told(one: Inspection) -> dict[str, Any]:
    return {
        "number": one.number,
        "taxpayer": one.taxpayer,
        "kind": one.kind,
        "basis": one.basis,
        "day": one.day,
        "first": one.first,
        "second": one.second,
        "state": one.state,
        "outcome": one.outcome or None,
        "issued_at": one.issued_at,
        "document": one.document or None,
        "measure": one.measure or None,
        "asked_by": one.asked_by or None,
        "decided_by": one.decided_by or None,
        "ground": one.ground or None,
    }
