"""``bureau stock hand-over …``: stock that changes cabinets by a signed paper; every step with two people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bureau.commands.common import AsJson, ConfigFile, opened, show, told
from bureau.errors import FleetError, StockRefused
from sync.models import StockMoved

if TYPE_CHECKING:
    from bureau.engine.reference.context import Context
    from bureau.engine.reference.handover_views import HandoverView
    from bureau.fleet.keys import BureauKeys
    from bureau.store.database import Database
    from kiosk.domain.invoices import InvoiceRange
    from sync.stock_note import NoteItem, StockNote

Operator = Annotated[str, typer.Option("--operator", help="Who does it.")]
Witness = Annotated[str, typer.Option("--witness", help="The second person.")]
Svg = Annotated[Path | None, typer.Option(help="Write the paper as a sheet to print to this file.")]
Number = Annotated[str, typer.Argument(help="The hand-over's number, as on its paper.")]


@contextmanager
def _context(config: Path | None) -> Iterator[tuple[Context, BureauKeys, Database]]:
    from bureau.engine.reference.context import Context
    from bureau.opening import business_clock, open_keys

    with opened(config) as (settings, database):
        keys = open_keys(settings)
        with database.write() as connection:
            yield Context(connection, business_clock(settings).now(), ""), keys, database


@told
def hand_over(
    terminal: Annotated[str, typer.Argument(help="The dead terminal.")],
    found: Annotated[list[str], typer.Argument(help="What lies in it: UNIT=CODE:FIRST-LAST, or UNIT=empty.")],
    operator: Operator,
    witness: Witness,
    to: Annotated[str, typer.Option("--to", help="The new terminal; else any of the hall.")] = "",
    hall: Annotated[bool, typer.Option("--hall", help="Into the hall's safe.")] = False,
    sheets: Annotated[int, typer.Option(min=0, help="A4 sheets that go with it.")] = 0,
    svg: Svg = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Hand stock out of a terminal that cannot do it itself, and make the paper for the new one."""
    from bureau.engine.reference.handovers import Handovers
    from bureau.fleet.notes import sign_note
    from bureau.ports.stock import Hands
    from kiosk.domain.ids import uuid7
    from sync.stock_note import Fate, StockNote

    people = Hands(operator, witness)
    with _context(config) as (context, keys, _database):
        place = _hall(context, terminal)
        if to and _hall(context, to) != place:
            raise StockRefused(
                "other", f"{to} stands in another hall than {terminal}; use --hall and the safe of {place}"
            )
        items = tuple(_item(context, terminal, text) for text in found)
        fate = Fate.HALL if hall else Fate.MOVE
        note = StockNote(uuid7(), terminal, "", place, to, fate, context.now, people.operator, people.witness,
                         sheets, items)  # fmt: skip
        text = sign_note(keys, note)
        moved = Handovers(context).out(note, text)
        if svg is not None:
            _draw(
                note, text, 1, svg
            )  # before the commit: stock without its paper could not be taken up anywhere
    show({**moved.model_dump(), "paper": text}, as_json, [*_moved(moved), text])
    _differs(moved)


@told
def take_note(
    paper: Annotated[str, typer.Argument(help="What the code on the paper says.")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Enter a paper that was brought here before either terminal could tell of it."""
    from bureau.engine.reference.handovers import Handovers

    with _context(config) as (context, keys, database):
        note = _read(paper, keys, database)
        moved = Handovers(context).out(note, paper)
    show({**moved.model_dump(), "terminal": note.terminal}, as_json, _moved(moved))
    _differs(moved)


@told
def paper_again(
    number: Number,
    operator: Operator,
    witness: Witness,
    cause: Annotated[str, typer.Option("--cause", help="Why another is needed.")] = "lost",
    svg: Svg = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Make a paper that was lost again: the same signature, marked as a copy, noted with two people."""
    from bureau.engine.reference.papers import Papers
    from bureau.ports.stock import Hands

    with _context(config) as (context, keys, database):
        text, made = Papers(context).again(number, Hands(operator, witness), cause)
        note = _read(text, keys, database)
        if svg is not None:
            _draw(note, text, made.copy, svg)  # before the commit: without a sheet no copy is noted
    answer = {"note": number, "copy": made.copy, "paper": text}
    show(answer, as_json, [f"hand-over {number}: copy {made.copy}", text])


@told
def receive(
    number: Number,
    found: Annotated[list[str], typer.Argument(help="What came: CODE:FIRST-LAST …, or `empty`.")],
    operator: Operator,
    witness: Witness,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Put what came to the hall's safe on the shelf; exit code 3 when something is missing."""
    from bureau.commands.matters import core
    from bureau.engine.stockkeeping import carry_out, counted
    from bureau.ports.stock import Hands, Wanted

    wanted = Wanted("arrive", note=number, found=counted(found))
    with core(config) as work:
        done = carry_out(work, wanted, Hands(operator, witness))
    moved = StockMoved(note=number, movement=done.movement, case=done.case)
    show(moved.model_dump(), as_json, _moved(moved))
    _differs(moved)


@told
def list_handovers(
    all_of_them: Annotated[bool, typer.Option("--all", help="Finished ones too.")] = False,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Stock on its way between cabinets, and what still waits for an old terminal's settlements."""
    from bureau.engine.reference.handovers import Handovers

    with _context(config) as (context, _keys, _database):
        views = Handovers(context).listed(all_of_them=all_of_them)
    show(views, as_json, [line for view in views for line in _lines(view)] or ["nothing is on its way"])


def _read(paper: str, keys: BureauKeys, database: Database) -> StockNote:
    """The paper by whoever made it; raises ``NoteError`` for a forged or damaged one."""
    from bureau.fleet.notes import note_reader
    from bureau.fleet.terminals import Terminals
    from config.clock import SystemClock

    register = Terminals(database, keys, SystemClock(), public_url="")
    return note_reader(keys, register.record_key)(paper)


def _draw(note: StockNote, text: str, copy: int, svg: Path) -> None:
    """The paper as a sheet; raises ``StockRefused`` when the file cannot be written."""
    from bureau.fleet.note_sheet import note_sheet

    try:
        svg.write_text(note_sheet(note, text, copy), encoding="utf-8")
    except OSError as error:
        raise StockRefused(
            "other", f"{svg} cannot be written ({error.strerror}); nothing was done"
        ) from error


def _lines(view: HandoverView) -> Iterator[str]:
    made = view.made_at.isoformat(timespec="minutes")
    people = f"{view.operator}, {view.witness}"
    yield f"{view.note}  {view.terminal} -> {view.to or view.fate}  {view.state}  {made}  {people}"
    for code, n in view.on_the_way:
        yield f"   on the way  {code}  {n.first}-{n.last}  {n.count:6}"
    for unit, code, n in view.waits:
        yield f"   to be settled by {view.terminal} {unit}  {code}  {n.first}-{n.last}  {n.count:6}"
    for copy in view.copies:
        people = f"{copy.operator}, {copy.witness}"
        yield f"   copy {copy.copy}  {copy.at.isoformat(timespec='minutes')}  {people}  {copy.cause}"
    for one in view.not_come:
        n, where = one.numbers, f"{one.terminal} {one.unit}"
        yield f"   lies in {where}, not told by {view.terminal}  {one.code}  {n.first}-{n.last}  {n.count:6}"


def _hall(context: Context, terminal: str) -> str:
    """The hall of a terminal; raises ``FleetError`` for an unknown one."""
    from sqlalchemy import select

    from bureau.store import tables

    t = tables.terminal
    hall = context.connection.execute(select(t.c.hall).where(t.c.terminal == terminal)).scalar()
    if hall is None:
        raise FleetError(f"no terminal {terminal!r} is enrolled; see `bureau terminal list`")
    return str(hall)


def _item(context: Context, terminal: str, text: str) -> NoteItem:
    """One unit as it was counted, beside what the ledger has there."""
    from bureau.engine.reference.stock import Ledger
    from sync.stock_note import NoteItem

    match = re.fullmatch(r"(unit[1-9])=(.+)", text)
    if match is None:
        raise StockRefused("other", f"{text!r}: write UNIT=CODE:FIRST-LAST, or UNIT=empty")
    unit, said = match[1], match[2]
    held = [
        (c, h.numbers) for c, h in Ledger(context).in_slot(terminal, unit) if h.where.state != "quarantined"
    ]
    if said == "empty":
        if not held:
            raise StockRefused("other", f"{terminal} {unit} is empty by the books too: leave it out")
        code, found = held[0][0], None
    else:
        code, numbers = _range(said)
        found = (int(numbers.first), int(numbers.last))
    mine = [n for c, n in held if c == code]
    first = found[0] if found else int(mine[0].first) if mine else 0
    # what lies below the first sheet was issued by the terminal and waits for its records (`bureau terminal take-in`)
    expected = (
        (max(first, int(mine[0].first)), int(mine[-1].last)) if mine and int(mine[-1].last) >= first else None
    )
    return NoteItem(unit, code, _kind(context, code), expected, found)


def _kind(context: Context, code: str) -> str:
    from sqlalchemy import select

    from bureau.store import tables

    t = tables.invoice_code
    return str(context.connection.execute(select(t.c.kind).where(t.c.code == code)).scalar() or "")


def _range(text: str) -> tuple[str, InvoiceRange]:
    from bureau.engine.stockkeeping import counted

    (lot,) = counted([text])
    return lot


def _moved(moved: StockMoved) -> list[str]:
    lines = [f"hand-over {moved.note}: {moved.movement or 'nothing moved'}"]
    return [*lines, f"something differs: case {moved.case}"] if moved.case else lines


def _differs(moved: StockMoved) -> None:
    if moved.case:
        raise typer.Exit(3)


def add_to(app: typer.Typer) -> None:
    """As commands of ``bureau stock``."""
    app.command("hand-over")(hand_over)
    app.command("take-note")(take_note)
    app.command("paper")(paper_again)
    app.command("receive")(receive)
    app.command("hand-overs")(list_handovers)
