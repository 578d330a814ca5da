"""``bureau analytics …``: use, waiting, drop-out by step, terminals compared, topics, ratings; as text, JSON or CSV."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bureau.commands.common import AsJson, ConfigFile, opened, show, told

if TYPE_CHECKING:
    from bureau.analytics.reports import Analytics
    from bureau.analytics.scope import Scope

app = typer.Typer(help="What the halls' days look like.", no_args_is_help=True, rich_markup_mode=None)
USUAL_DAYS = 28


@app.command("show")
@told
def show_report(
    report: Annotated[
        str, typer.Argument(help="days, hours, ways, services, steps, why, waiting, terminals or topics.")
    ],
    service: Annotated[str, typer.Argument(help="Of which service: for steps and why.")] = "",
    first: Annotated[
        str, typer.Option("--from", help="The first day, such as 2026-10-01; else 28 days.")
    ] = "",
    last: Annotated[str, typer.Option("--to", help="The last day; yesterday when it is not given.")] = "",
    hall: Annotated[str, typer.Option("--hall", help="Of this hall alone, such as H-01.")] = "",
    terminal: Annotated[str, typer.Option("--terminal", help="Of this terminal alone.")] = "",
    config: ConfigFile = None,
    as_json: AsJson = False,
    csv: Annotated[bool, typer.Option("--csv", help="CSV with a heading, for a spreadsheet.")] = False,
) -> None:
    """Show one report."""
    from bureau.analytics.sheets import as_csv, sheet
    from config.catalogue import load_catalogue

    with _reports(config, first, last, hall, terminal) as (reports, scope):
        rows = sheet(report, reports, scope, load_catalogue(), service)
    if csv:
        typer.echo(as_csv(rows), nl=False)
        return
    lines = ["  ".join(f"{name} {_said(value)}" for name, value in row.items()) for row in rows]
    show(rows, as_json, lines or ["nothing was counted in these days"])


@app.command()
@told
def feed(
    file: Annotated[Path, typer.Argument(help="CSV: day,topic,number.", exists=True, dir_okay=False)],
    name: Annotated[str, typer.Option("--name", help="The source, such as 12366.")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Take in what a source outside counted; the days that it names are replaced."""
    from bureau.analytics.topics import CsvFeed

    with _reports(config, "", "", "", "") as (reports, _):
        lines = reports.topics.take(CsvFeed(name, file))
    show({"source": name, "lines": lines}, as_json, [f"{lines} lines of {name} are kept"])


@contextmanager
def _reports(
    config: Path | None, first: str, last: str, hall: str, terminal: str
) -> Iterator[tuple[Analytics, Scope]]:
    from bureau.analytics.reports import open_analytics
    from bureau.analytics.scope import Scope
    from bureau.opening import business_clock
    from config.clock import CHINA

    with opened(config) as (settings, database):
        yesterday = business_clock(settings).now().astimezone(CHINA).date() - timedelta(days=1)
        end = _day(last) if last else yesterday
        begin = _day(first) if first else end - timedelta(days=USUAL_DAYS - 1)
        yield open_analytics(database), Scope(begin, end, hall, terminal)


def _day(text: str) -> date:
    from bureau.errors import ScopeError

    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ScopeError("day", f"{text!r} is no day: write it as 2026-10-12") from error


def _said(value: object) -> str:
    return f"{value:.1f}" if isinstance(value, float) else "-" if value in (None, "") else str(value)
