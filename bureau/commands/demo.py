"""``bureau serve``, ``generate``, ``city``: the centre itself, and the city it is played with."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bureau.commands.common import AsJson, ConfigFile, cabinet, opened, root, settings_of, show, told
from bureau.errors import BureauError
from config.clock import CHINA

if TYPE_CHECKING:
    from bureau.city.generator import City
    from bureau.store.database import Database

FIRST_YEAR, LAST_YEAR = 2000, 2099
"""Invoice codes give the year two digits."""


@told
def serve(
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Instead of the configured one; 0: any free.")
    ] = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Serve terminals and the public until stopped; with --json tell address and pid in one line."""
    settings = settings_of(config)
    if port is None:
        listener = root().listen(settings)
    else:
        listener = root().listen(settings.model_copy(update={"port": port}))
        chosen = listener.getsockname()[1]
        from config.settings import load_bureau

        settings = load_bureau(config, {**os.environ, "BUREAU_PORT": str(chosen)})
    if not as_json:
        typer.echo(f"centre at {settings.public_url}")
        sys.stdout.flush()
    root().serve(settings, listener, tell=as_json)


@told
def console(
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Instead of the configured one.")] = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Serve officers at the console until stopped; with --json tell address and pid in one line."""
    settings = settings_of(config)
    if port is not None:
        from config.settings import load_bureau

        settings = load_bureau(config, {**os.environ, "BUREAU_CONSOLE__PORT": str(port)})
    if not as_json:
        typer.echo(f"console at {settings.console_url}")
        sys.stdout.flush()
    root("console_app").serve(settings, tell=as_json)


@told
def make_city(
    seed: Annotated[int | None, typer.Option(help="Another seed, another city.")] = None,
    as_of: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The business day.")] = None,
    file: Annotated[
        Path | None, typer.Option("--personas", help="Where the cast is written as JSON.")
    ] = None,
    accounts: Annotated[
        Path | None,
        typer.Option("--accounts", help="Where the accounts of the simulated banks are written as JSON."),
    ] = None,
    people: Annotated[int | None, typer.Option(min=4, max=100_000, help="Citizens besides the cast.")] = None,
    enterprises: Annotated[
        int | None, typer.Option(min=0, max=20_000, help="Enterprises besides the cast's.")
    ] = None,
    terminal: Annotated[
        list[str] | None, typer.Option(help="Load this terminal's unit1 (ordinary) and unit2 (special).")
    ] = None,
    month: Annotated[
        bool,
        typer.Option(
            "--month", help="Also four weeks of visits at the terminals of all halls, and open data."
        ),
    ] = False,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Fill the store with the invented city 云川市; the same for the same seed and day."""
    from bureau.city import agreements, feedback, opening, stock_desk, tax_devices, visits
    from bureau.city.generator import Size, generate, personas, visitors
    from bureau.engine.publishing import publish
    from bureau.fleet.notes import sign_note
    from bureau.fleet.vault import SealingVault
    from bureau.opening import business_clock, open_keys
    from config.catalogue import load_catalogue

    usual = Size()
    size = Size(
        usual.people if people is None else people, usual.enterprises if enterprises is None else enterprises
    )
    names = [cabinet(name) for name in terminal or []]
    if file is not None:  # before the store is filled, so that the same command can be given again
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    with opened(config) as (settings, database):
        day = as_of.date() if as_of else business_clock(settings).now().date()
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise BureauError(f"no city can be made of {day}: give a day from {FIRST_YEAR} to {LAST_YEAR}")
        _, rules = publish(database, datetime.now(UTC))
        wanted = settings.city.seed if seed is None else seed
        city = generate(database, wanted, day, rules, size)
        loaded = [_load(database, name, day) for name in names] if city.made else []
        if city.made:
            keys = open_keys(settings)
            vault = SealingVault(keys.sealing)
            with database.write() as connection:
                tax_devices.plant(connection, wanted, day, rules, vault)
                feedback.plant(connection, day, rules, vault)
                if month:
                    visits.plant(connection, wanted, day, rules, load_catalogue())
                    stock_desk.plant(connection, day, partial(sign_note, keys))
            if month:
                opening.open_latest(database, day)
        with database.read() as connection:
            ukeys = tax_devices.of_cast(connection, wanted, day)
    if file is not None:
        file.write_text(
            json.dumps([*personas(city, ukeys), *visitors(city)], ensure_ascii=False, indent=2) + "\n",
            encoding="utf-8",
        )
    if accounts is not None:
        accounts.parent.mkdir(parents=True, exist_ok=True)
        accounts.write_text(
            json.dumps(agreements.accounts(city.as_of), ensure_ascii=False, indent=2) + "\n", "utf-8"
        )
    found = {"city": city, "personas": str(file) if file else None, "loaded": loaded}
    show(found, as_json, _story(city, file))


def _load(database: Database, terminal: str, day: date) -> dict[str, object]:
    """Blanks for a demonstration cabinet, as two operators would load them in the morning."""
    from bureau.city import stock
    from bureau.engine.reference.context import Context

    with database.write() as connection:
        context = Context(connection, datetime.combine(day, time(8, 30), CHINA), "")
        ordinary = stock.load_terminal(context, terminal, 312, "04", "unit1", day.year)
        special = stock.load_terminal(context, terminal, 100, "01", "unit2", day.year)
    units = {"unit1": ("04", ordinary), "unit2": ("01", special)}
    return {
        "terminal": terminal,
        "units": {
            unit: {"code": stock.code_of(kind, day.year), "kind": kind, "first": n.first, "count": n.count}
            for unit, (kind, n) in units.items()
        },
    }


def _story(city: City, file: Path | None) -> list[str]:
    made = "made" if city.made else "is here already"
    lines = [
        f"云川市 {made}: seed {city.seed}, {city.as_of}, {city.people} people, {city.enterprises} enterprises"
    ]
    return [*lines, f"cast in {file}"] if file else lines


@told
def city(config: ConfigFile = None, as_json: AsJson = False) -> None:
    """What the store holds, in numbers."""
    from sqlalchemy import func, select

    from bureau.city.generator import HALLS
    from bureau.store import tables

    counted = {
        "people": tables.person,
        "enterprises": tables.taxpayer,
        "income_lines": tables.income,
        "invoices_issued": tables.sale,
        "returns": tables.declaration,
        "effects": tables.effect,
        "certificates": tables.certificate,
        "terminals": tables.terminal,
    }
    with opened(config) as (_settings, database), database.read() as connection:
        counts = {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in counted.items()
        }
        meta = {row.name: row.value for row in connection.execute(select(tables.meta))}
    found = {"city": json.loads(meta.get("city", "{}")), "halls": HALLS, **counts}
    show(found, as_json, [f"{name:16} {count}" for name, count in counts.items()])


@told
def renew(config: ConfigFile = None) -> None:
    """Begin a new incarnation after a backup was put back by hand: terminals send again what it lost."""
    from bureau.fleet import incarnation

    with opened(config) as (_settings, database), database.write() as connection:
        typer.echo(f"incarnation {incarnation.renew(connection)}")
