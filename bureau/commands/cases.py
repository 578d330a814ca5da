"""``bureau cases …``: matters that somebody of the bureau has to look into, and how they end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from bureau.commands.common import AsJson, ConfigFile, moment, opened, plain, show, told
from bureau.commands.matters import Limit, Officer, core, officer_name
from bureau.errors import CaseUnknown

if TYPE_CHECKING:
    from bureau.ports.cases import Case

app = typer.Typer(help="Matters that somebody has to look into.", no_args_is_help=True, rich_markup_mode=None)
Number = Annotated[str, typer.Argument(help="The case's number.")]


@app.command("list")
@told
def list_cases(
    every: Annotated[bool, typer.Option("--all", help="Closed ones too.")] = False,
    limit: Limit = 1000,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """What is open, the newest first; of money, how its way back stands."""
    from sqlalchemy import select

    from bureau.store import tables

    t, r = tables.case_file, tables.repayment
    query = select(t).order_by(t.c.opened_at.desc(), t.c.case_no.desc()).limit(limit)
    if not every:
        query = query.where(t.c.state == "open")
    with opened(config) as (_settings, database), database.read() as connection:
        found = [dict(row) for row in connection.execute(query).mappings()]
        about = [case["reference"] for case in found]
        back = select(r.c.order_no, r.c.state).where(r.c.order_no.in_(about)).order_by(r.c.repayment)
        last = {row.order_no: row.state for row in connection.execute(back)}
    for case in found:
        case["refund"] = last.get(case["reference"])
    lines = [
        f"{moment(c['opened_at'])}  {c['case_no']}  {c['kind']:16} {c['reference']}"
        + (f"  refund {c['refund']}" if c["refund"] else "")
        + (f"  closed: {c['outcome'] or ''}" if c["state"] == "closed" else "")
        for c in found
    ]
    show(found, as_json, lines or ["nothing is open"])


@app.command("show")
@told
def show_case(number: Number, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """One case; where it is about a charge, what the daily files say of it and what went back."""
    from bureau.engine.repaying.cases import OF_MONEY, charge_of

    with core(config) as work:
        case = work.cases.case(number)
        if case is None:
            raise CaseUnknown(number)
        found = _told(case)
        if case.kind in OF_MONEY:
            charge = charge_of(work, case.reference)
            found["charge"] = plain(charge) if charge is not None else None
            found["owed_fen"] = charge.owed_fen if charge is not None else None
            found["refunds"] = [plain(one) for one in work.repayments.of(case.reference)]
    show(found, as_json, [f"{name}: {plain(value)}" for name, value in found.items()])


@app.command()
@told
def close(
    number: Number,
    officer: Officer,
    outcome: Annotated[
        str, typer.Option("--outcome", help="settled (outside), corrected (here) or no-difference.")
    ],
    note: Annotated[str, typer.Option("--note", help="What was found, on one line.")],
    second: Annotated[
        str, typer.Option("--second", help="The second officer, where money stays unsettled.")
    ] = "",
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Close a case. One whose money goes back closes by itself, with the daily file that confirms it.

    One of a count is closed by somebody who did not count; `corrected` writes its missing numbers off as lost.
    """
    from bureau.engine import stockkeeping
    from bureau.engine.repaying.cases import close as end
    from bureau.ports.cases import Ending

    other = officer_name(second) if second else ""
    ending = Ending(outcome, officer_name(officer), other, note.strip())
    with core(config) as work:
        seen = work.cases.case(number)
        of_stock = seen is not None and seen.kind in stockkeeping.DIFFERENCES
        case = (stockkeeping.close if of_stock else end)(work, number, ending)
    show(_told(case), as_json, [f"case {case.case} is closed: {case.outcome}"])


def _told(case: Case) -> dict[str, Any]:
    return {
        "case": case.case,
        "kind": case.kind,
        "reference": case.reference,
        "state": "open" if case.open else "closed",
        "opened_at": case.opened_at,
        "details": dict(case.details),
        "closed_at": case.closed_at,
        "closed_by": case.closed_by,
        "closed_second": case.closed_second,
        "outcome": case.outcome,
        "note": case.note,
    }
