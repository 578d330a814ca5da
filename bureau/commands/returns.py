"""``bureau returns …``: returns in the books, looked into by auditors."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from typing import Annotated

import typer

from bureau.commands.common import AsJson, ConfigFile, opened, show, told
from kiosk.domain.ids import Fen
from kiosk.domain.money import format_yuan

app = typer.Typer(help="Returns in the books.", no_args_is_help=True, rich_markup_mode=None)

SINCE = date(2000, 1, 1)


@app.callback()
def returns() -> None:
    """Returns in the books."""


@app.command()
@told
def recompute(
    taxpayer: Annotated[str | None, typer.Option(help="Of one taxpayer, by number; else of all.")] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Periods that ended then or later.")
    ] = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Compute kept returns again under the tables that each names; ends with 1 when one does not come to the same."""
    from bureau.engine.publishing import publish
    from bureau.engine.recomputing import Outcome, recompute_all
    from bureau.engine.reference.work import ReferenceSystem
    from bureau.opening import business_clock

    with opened(config) as (settings, database):
        _, rules = publish(database, datetime.now(UTC))
        with ReferenceSystem(database, business_clock(settings)).read() as work:
            found = list(recompute_all(work.core, rules, since.date() if since else SINCE, taxpayer))
    wrong = [one for one in found if one.outcome in (Outcome.DIFFERS, Outcome.RULES_UNKNOWN)]
    counted = Counter(one.outcome for one in found)
    lines = [
        f"{one.outcome:13} {one.declaration}  {one.tax} {one.period_first}..{one.period_last}"
        f"  declares {format_yuan(Fen(one.declared_fen))}"
        + (f", comes to {format_yuan(Fen(one.computed_fen))}" if one.computed_fen is not None else "")
        for one in wrong
    ]
    summary = ", ".join(f"{counted[outcome]} {outcome}" for outcome in Outcome)
    show({"counted": counted, "wrong": wrong}, as_json, [*lines, f"{len(found)} returns: {summary}"])
    raise typer.Exit(1 if wrong else 0)


@app.command()
@told
def carried(
    taxpayer: Annotated[str, typer.Argument(help="The taxpayer's number.")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """VAT overpaid because more came back than was sold, by period and rate, and what returns took off for it.

    Ends with 1 when a return took off more than there is: it is to be corrected.
    """
    from bureau.engine.carrying import ledger
    from bureau.engine.publishing import publish
    from bureau.engine.reference.work import ReferenceSystem
    from bureau.opening import business_clock

    with opened(config) as (settings, database):
        _, rules = publish(database, datetime.now(UTC))
        with ReferenceSystem(database, business_clock(settings)).read() as work:
            books = ledger(work.core, rules, taxpayer)
    left = {str(rate): int(fen) for rate, fen in books.balances().items()}
    wrong = [use.declaration for use in books.overdrawn()]
    lines = [
        f"{one.period[0]}..{one.period[1]}  overpaid {format_yuan(one.tax_fen)} at {one.rate}"
        f"  on {format_yuan(Fen(one.sales_fen))} sold {one.of[0]}..{one.of[1]}"
        for one in books.credits
    ]
    lines += [
        f"{use.period[0]}..{use.period[1]}  taken off {format_yuan(Fen(use.tax_fen))} by {use.declaration}"
        + ("  TOO MUCH" if use.declaration in wrong else "")
        for use in books.uses
    ]
    lines += [f"left at {rate}: {format_yuan(Fen(fen))}" for rate, fen in left.items()]
    told_of = {"credits": books.credits, "uses": books.uses, "left": left, "wrong": wrong}
    show(told_of, as_json, lines or ["nothing was overpaid so"])
    raise typer.Exit(1 if wrong else 0)
