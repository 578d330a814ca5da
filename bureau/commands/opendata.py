"""``bureau open …``: open data: sets made of a period, opened by another officer, withdrawn, and written to files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bureau.commands.common import AsJson, ConfigFile, moment, opened, show, told
from bureau.commands.matters import Officer, officer_name
from bureau.commands.proposals import Why, WhyEnglish, both

if TYPE_CHECKING:
    from bureau.opendata.releases import Release, Releases

app = typer.Typer(help="Open data, of nobody.", no_args_is_help=True, rich_markup_mode=None)
Name = Annotated[str, typer.Argument(help="The release, such as taxpayers-2025-1.")]


@app.command()
@told
def sets(config: ConfigFile = None, as_json: AsJson = False) -> None:
    """What is opened: each set, of which periods it is told, and its columns."""
    from bureau.opendata.releases import EXAMPLES
    from bureau.opendata.sets import SETS

    found = [
        {
            "set": one.name,
            "cycle": one.cycle,
            "title": one.title,
            "columns": [column.name for column in one.columns],
            "settles_days": one.settles.days,
        }
        for one in SETS.values()
    ]
    lines = [
        f"{one.name:14} {one.cycle:8} such as {EXAMPLES[one.cycle]:8} {one.title['zh-CN']}"
        for one in SETS.values()
    ]
    show(found, as_json, lines)


@app.command()
@told
def due(config: ConfigFile = None, as_json: AsJson = False) -> None:
    """What is settled and was not made yet: of each set the last period."""
    with _releases(config) as releases:
        found = [{"set": of.name, "period": period.name} for of, period in releases.due()]
    lines = [f"bureau open propose {one['set']} {one['period']}" for one in found]
    show(found, as_json, lines or ["all that is settled is made"])


@app.command("list")
@told
def list_releases(
    every: Annotated[bool, typer.Option("--all", help="Also what is not open.")] = False,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Releases, with where each stands."""
    with _releases(config) as releases:
        found = [_told(one) for one in (releases.entries() if every else releases.published())]
    lines = [f"{r['release']:28} {r['state']:10} {r['rows']:>6} rows  {r['title']['zh-CN']}" for r in found]
    show(found, as_json, lines or ["nothing is open yet"])


@app.command()
@told
def propose(
    dataset: Annotated[str, typer.Argument(metavar="SET", help="See: bureau open sets.")],
    period: Annotated[str, typer.Argument(help="Such as 2025, 2026-Q2 or 2026-09.")],
    officer: Officer,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Make a set of a period; another officer opens it."""
    with _releases(config) as releases:
        done = releases.propose(dataset, period, officer_name(officer))
    show(_told(done), as_json, [*_check(done), f"{done.release} is proposed; another officer publishes it"])


@app.command("show")
@told
def show_one(name: Name, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """One release: under which rule it was made, what was left out, and its rows."""
    with _releases(config) as releases:
        found = releases.there(name)
        data = releases.rows(found)
    columns = [column.name for column in found.columns]
    rows = [dict(zip(columns, row, strict=True)) for row in data]
    lines = [*_check(found), "  ".join(columns), *("  ".join(map(str, row)) for row in data)]
    show({**_told(found), "data": rows}, as_json, lines)


@app.command()
@told
def publish(name: Name, officer: Officer, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Open a proposed release to everybody; its file is checked once more."""
    with _releases(config) as releases:
        done = releases.publish(name, officer_name(officer))
    show(_told(done), as_json, [f"{name} is open: /open/{done.dataset}/{done.period}"])


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
    """Do not open a proposed release."""
    with _releases(config) as releases:
        done = releases.refuse(name, officer_name(officer), both(reason, reason_en))
    show(_told(done), as_json, [f"{name} is refused; the period can be made again"])


@app.command()
@told
def withdraw(
    name: Name,
    officer: Officer,
    reason: Why,
    reason_en: WhyEnglish,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Close a release that is open; who has copied it keeps it."""
    with _releases(config) as releases:
        done = releases.withdraw(name, officer_name(officer), both(reason, reason_en))
    show(_told(done), as_json, [f"{name} is withdrawn; its period is not made again"])


@app.command()
@told
def history(name: Name, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Who did what with a release."""
    with _releases(config) as releases:
        found = list(releases.history(name))
    lines = [f"{moment(e.at)}  {e.did:9} {e.officer}  {e.said.get('zh-CN', '')}".rstrip() for e in found]
    show(found, as_json, lines)


@app.command()
@told
def export(
    name: Name,
    out: Annotated[Path, typer.Option("--out", help="A folder: data.csv and datapackage.json.")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Write a release that is open as a data package, as anybody gets it."""
    from bureau.errors import ReleaseRefused
    from bureau.fleet.terminals import BUREAU_NAME
    from bureau.opendata.package import package

    with _releases(config) as releases:
        found = releases.there(name)
        if found.state != "published":
            raise ReleaseRefused("state", f"{name} is {found.state}; only what is open is given away")
        content = releases.file(found)
    described = package(found, len(content), BUREAU_NAME)
    out.mkdir(parents=True, exist_ok=True)
    (out / "data.csv").write_bytes(content)
    (out / "datapackage.json").write_text(json.dumps(described, ensure_ascii=False, indent=2) + "\n")
    show(
        {"out": out, "sha256": found.sha256},
        as_json,
        [f"{out / 'datapackage.json'} and data.csv are written"],
    )


@contextmanager
def _releases(config: Path | None) -> Iterator[Releases]:
    from bureau.opendata.releases import Releases
    from bureau.opening import business_clock

    with opened(config) as (settings, database):
        yield Releases(database, business_clock(settings), settings.open_data.districts)


def _told(release: Release) -> dict[str, Any]:
    from bureau.opendata.package import anonymity

    return {
        "release": release.release,
        "set": release.dataset,
        "period": release.period,
        "title": release.title,
        "state": release.state,
        "rows": release.count,
        "anonymity": anonymity(release),
        "sha256": release.sha256,
        "proposed_by": release.proposed_by,
        "decided_by": release.decided_by or None,
        "reason": release.reason,
    }


def _check(release: Release) -> list[str]:
    told = [f"{release.release}: {release.count} rows of {release.of}, {release.left_out} left out"]
    if release.rule:
        levels = ", ".join(f"{name} {level}" for name, level in release.levels.items())
        told.append(f"k = {release.rule['k']}, l = {release.rule['l']}; levels (0 is the finest): {levels}")
    return told
