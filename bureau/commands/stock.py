"""``bureau stock``: blank invoices by number; every movement with two people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bureau.commands import disputes, handover
from bureau.commands.common import AsJson, ConfigFile, opened, show, told
from bureau.errors import StockRefused
from kiosk.domain.errors import RangeError
from kiosk.domain.invoices import InvoiceRange

if TYPE_CHECKING:
    from bureau.engine.reference.stockroom import Hands, SlotView, Stockroom

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


@contextmanager
def _room(config: Path | None) -> Iterator[Stockroom]:
    from bureau.engine.reference.context import Context
    from bureau.engine.reference.stockroom import Stockroom
    from bureau.opening import business_clock

    with opened(config) as (settings, database), database.write() as connection:
        yield Stockroom(Context(connection, business_clock(settings).now(), ""))


def _hands(operator: str, witness: str) -> Hands:
    from bureau.engine.reference.stockroom import Hands

    return Hands(operator, witness)


@app.command("list")
@told
def list_stock(
    place: Annotated[str | None, typer.Option(help="One terminal, or the shelf.")] = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """What lies where."""
    with _room(config) as room:
        slots = room.slots(place)
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
    numbers = _starting(first, count)
    with _room(config) as room:
        room.check_place(terminal)
        movement = room.load(terminal, unit, code, numbers, _hands(operator, witness), kind)
    _moved(movement, code, numbers, f"in {terminal} {unit}", as_json)


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
    numbers = _range(first, last)
    with _room(config) as room:
        movement = room.release(code, numbers, _hands(operator, witness))
    _moved(movement, code, numbers, "on the shelf", as_json)


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
    numbers = _range(first, last)
    with _room(config) as room:
        movement = room.spoil(code, numbers, _hands(operator, witness), cause)
    _moved(movement, code, numbers, "spoiled", as_json)


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
    numbers = _range(first, last)
    with _room(config) as room:
        movement = room.unload(code, numbers, _hands(operator, witness), cause)
    _moved(movement, code, numbers, "back at the warehouse", as_json)


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
    numbers = _range(first, last)
    with _room(config) as room:
        movement = room.take_back(taxpayer, code, numbers, _hands(operator, witness))
    _moved(movement, code, numbers, "in quarantine", as_json)


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
    ranges = [counted(text) for text in found if text != "empty"]
    with _room(config) as room:
        result = room.count(terminal, unit, ranges, _hands(operator, witness))
    show({"result": result, "place": terminal, "unit": unit}, as_json, [result])
    if result == "DIFFERENCE":
        raise typer.Exit(3)


def counted(text: str) -> tuple[str, InvoiceRange]:
    """``CODE:FIRST-LAST`` as it was typed; raises ``StockRefused``."""
    from bureau.engine.reference.stockroom import read_code

    code, _, numbers = text.partition(":")
    first, _, last = numbers.partition("-")
    try:
        return read_code(code).code, InvoiceRange(first, last or first)
    except (RangeError, StockRefused) as error:
        raise StockRefused(f"{text!r}: {error}; write CODE:FIRST-LAST, or `empty`") from error


def _range(first: str, last: str) -> InvoiceRange:
    """Both ends as they were typed; raises ``StockRefused``."""
    try:
        return InvoiceRange(first, last)
    except RangeError as error:
        raise StockRefused(f"{error}; give the first and the last number as printed") from error


def _starting(first: str, count: int) -> InvoiceRange:
    """Raises ``StockRefused`` for a number that is none, or a count beyond the last number there is."""
    _range(first, first)
    try:
        return InvoiceRange.starting(first, count)
    except RangeError as error:
        most = 10**8 - int(first)
        raise StockRefused(
            f"{count} sheets do not fit from {first}: at most {most}; count them again"
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


def _moved(movement: str, code: str, numbers: InvoiceRange, where: str, as_json: bool) -> None:
    found = {"movement": movement, "code": code, "first": numbers.first, "last": numbers.last}
    line = f"{movement}: {code} {numbers.first}-{numbers.last} ({numbers.count}) {where}"
    show({**found, "count": numbers.count}, as_json, [line])
