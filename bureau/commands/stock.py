"""``bureau stock``: blank invoices by number; every movement with two people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bureau.commands import disputes, handover
from bureau.commands.common import AsJson, ConfigFile, opened, show, told
from bureau.commands.matters import core
from bureau.errors import StockRefused
from bureau.ports.stock import Hands, SlotView, Wanted
from kiosk.domain.errors import RangeError
from kiosk.domain.invoices import InvoiceRange

app = typer.Typer(
    help="Blank invoices: load, list, release, count.", no_args_is_help=True, rich_markup_mode=None
)

handover.add_to(app)
disputes.add_to(app)

Operator = Annotated[str, typer.Option("--operator", help="Who does it.")]
Witness = Annotated[str, typer.Option("--witness", help="The second person.")]
Code = Annotated[str, typer.Argument(help="发票代码, 10 or 12 digits.")]
First = Annotated[str, typer.Argument(help="First number, 8 digits.")]
Last = Annotated[str, typer.Argument(help="Last number, 8 digits.")]
Cause = Annotated[str, typer.Option("--cause", help="Why.")]


@app.command("list")
@told
def list_stock(
    place: Annotated[str | None, typer.Option(help="One terminal, or the shelf.")] = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """What lies where."""
    with core(config) as work:
        slots = work.stock.slots(place)
    show(slots, as_json, [line for slot in slots for line in _lines(slot)] or ["nothing was loaded"])


def _lines(slot: SlotView) -> Iterator[str]:
    yield f"{slot.place} {slot.unit}" + (f"   LOCKED: {slot.reason}" if slot.locked else "")
    for code, held in slot.contents:
        n = held.numbers
        yield f"   {code}  {n.first}-{n.last}  {n.count:6}  {held.where.state}"


@app.command()
@told
def load(
    terminal: Annotated[str, typer.Argument(help="The terminal, or `shelf`.")],
    unit: Annotated[str, typer.Argument(help="The storage unit, unit1 to unit9; 1 on the shelf.")],
    code: Code,
    first: First,
    count: Annotated[int, typer.Argument(min=1, help="How many.")],
    operator: Operator,
    witness: Witness,
    kind: Annotated[
        str, typer.Option(help="01 special, 04 ordinary, 11 roll; else read from the code.")
    ] = "",
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Put blanks into a unit: new to the books, or from the shelf."""
    from bureau.engine.stockkeeping import code_of

    wanted = Wanted("receive", terminal, unit, code_of(code), kind, _starting(first, count))
    _carry_out(config, wanted, Hands(operator, witness), f"in {terminal} {unit}", as_json)


@app.command()
@told
def release(
    code: Code,
    first: First,
    last: Last,
    operator: Operator,
    witness: Witness,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Make quarantined blanks saleable again; they go to the shelf."""
    from bureau.engine.stockkeeping import code_of, span

    wanted = Wanted("release", code=code_of(code), numbers=span(first, last))
    _carry_out(config, wanted, Hands(operator, witness), "on the shelf", as_json)


@app.command()
@told
def spoil(
    code: Code,
    first: First,
    last: Last,
    operator: Operator,
    witness: Witness,
    cause: Cause,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Write blanks off (作废); the paper is kept."""
    from bureau.engine.stockkeeping import code_of, span

    wanted = Wanted("spoil", code=code_of(code), numbers=span(first, last), cause=cause)
    _carry_out(config, wanted, Hands(operator, witness), "spoiled", as_json)


@app.command()
@told
def unload(
    code: Code,
    first: First,
    last: Last,
    operator: Operator,
    witness: Witness,
    cause: Cause = "",
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Hand blanks back to the warehouse."""
    from bureau.engine.stockkeeping import code_of, span

    wanted = Wanted("unload", code=code_of(code), numbers=span(first, last), cause=cause)
    _carry_out(config, wanted, Hands(operator, witness), "back at the warehouse", as_json)


@app.command("take-back")
@told
def take_back(
    taxpayer: Annotated[str, typer.Argument(help="Who hands them in.")],
    code: Code,
    first: First,
    last: Last,
    operator: Operator,
    witness: Witness,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Take unused sheets back from an enterprise, into quarantine."""
    from bureau.engine.stockkeeping import code_of, span

    wanted = Wanted("return", code=code_of(code), numbers=span(first, last), taxpayer=taxpayer)
    _carry_out(config, wanted, Hands(operator, witness), "in quarantine", as_json)


@app.command()
@told
def fetch(
    terminal: Annotated[str, typer.Argument(help="The terminal.")],
    unit: Annotated[str, typer.Argument(help="The storage unit.")],
    code: Code,
    first: First,
    last: Last,
    operator: Operator,
    witness: Witness,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Bring blanks of a terminal back to the shelf, once a technician has taken them out."""
    from bureau.engine.stockkeeping import code_of, span

    wanted = Wanted("fetch", terminal, unit, code_of(code), numbers=span(first, last))
    _carry_out(config, wanted, Hands(operator, witness), "on the shelf", as_json)


@app.command()
@told
def reconcile(
    terminal: Annotated[str, typer.Argument(help="The terminal.")],
    unit: Annotated[str, typer.Argument(help="The storage unit.")],
    found: Annotated[list[str], typer.Argument(help="What lies in it: CODE:FIRST-LAST, or `empty`.")],
    operator: Operator,
    witness: Witness,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Count a unit and compare: BALANCED opens it again, DIFFERENCE locks it."""
    from bureau.engine.stockkeeping import carry_out, counted

    wanted = Wanted("count", terminal, unit, found=counted(found))
    with core(config) as work:
        done = carry_out(work, wanted, Hands(operator, witness))
    told_so = {"result": done.result, "place": terminal, "unit": unit, "case": done.case}
    show(told_so, as_json, [done.result])
    if done.result == "DIFFERENCE":
        raise typer.Exit(3)


def _starting(first: str, count: int) -> InvoiceRange:
    """Raises ``StockRefused`` for a number that is none, or a count beyond the last number there is."""
    from bureau.engine.stockkeeping import span

    span(first, first)
    try:
        return InvoiceRange.starting(first, count)
    except RangeError as error:
        most = 10**8 - int(first)
        raise StockRefused(
            "other",
            f"{count} sheets do not fit from {first}: at most {most}; count them again",
        ) from error


@app.command()
@told
def check(config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Replay every movement and compare with what the books say now."""
    from bureau.engine.reference.context import Context
    from bureau.engine.reference.stock_check import check_stock

    with opened(config) as (_settings, database), database.read() as connection:
        problems = check_stock(Context(connection, datetime.now(UTC), ""))
    show({"problems": problems}, as_json, problems or ["every number is where its movements put it"])
    if problems:
        raise typer.Exit(3)


def _carry_out(config: Path | None, wanted: Wanted, hands: Hands, where: str, as_json: bool) -> None:
    from bureau.engine.stockkeeping import carry_out

    with core(config) as work:
        movement = carry_out(work, wanted, hands).movement
    for code, n in wanted.lots:
        found = {"movement": movement, "code": code, "first": n.first, "last": n.last, "count": n.count}
        show(found, as_json, [f"{movement}: {code} {n.first}-{n.last} ({n.count}) {where}"])
