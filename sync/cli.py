"""``kiosk sync``: run it, drain it once, see how it stands, enrol, and look after what is parked."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from config.errors import ConfigError
from config.settings import TerminalSettings, load_terminal
from sync.errors import StoreLocked, SyncError

# Each command loads what it works with when it runs: `status` is asked often and needs no client of the centre.
app = typer.Typer(
    help="Deliver what the terminal recorded to the centre.", no_args_is_help=True, rich_markup_mode=None
)
parked = typer.Typer(
    help="Effects set aside because the centre cannot take them.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(parked, name="parked")

Config = Annotated[Path | None, typer.Option("--config", "-c", help="kiosk.toml; default: $KIOSK_CONFIG")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]

EXIT_LEFT = 3
"""``once``: something is left that could not be delivered now."""


@contextmanager
def _said() -> Iterator[None]:
    """What goes wrong on purpose is said in words, without a traceback, and ends with 1."""
    try:
        yield
    except (SyncError, ConfigError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


def _settings(config: Path | None) -> TerminalSettings:
    return load_terminal(config, os.environ)


def _as_owner(settings: TerminalSettings) -> None:
    """Root goes on as the owner of the keys: what root writes beside them, the terminal's programs could not read."""
    keys = settings.state_dir / "keys"
    if os.geteuid() != 0 or not keys.is_dir():
        return
    owner = keys.stat()
    if owner.st_uid != 0:
        os.setgroups([])
        os.setgid(owner.st_gid)
        os.setuid(owner.st_uid)
        os.umask(0o007)  # as the units have it


@app.command()
def run(config: Config = None) -> None:
    """Deliver, upload and report until stopped."""
    from sync import app as root

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    with _said():
        root.run(_settings(config))


@app.command()
def once(
    config: Config = None,
    timeout: Annotated[float, typer.Option(help="Seconds to try.")] = 60.0,
    as_json: Json = False,
) -> None:
    """Deliver what waits, upload the chain, and end; exit code 3 when something is left."""
    from sync import app as root

    with _said():
        settings = _settings(config)
        _as_owner(settings)
        status = root.once(settings, timeout)
    typer.echo(json.dumps(status.to_dict()) if as_json else status.line())
    if not status.idle:
        raise typer.Exit(EXIT_LEFT)


@app.command()
def enrol(code: str, config: Config = None) -> None:
    """Exchange a one-time CODE for this terminal's identity."""
    from sync.identity import enrol as exchange

    with _said():
        settings = _settings(config)
        _as_owner(settings)
        identity = exchange(settings, code)
    typer.echo(f"{identity.terminal}, epoch {identity.epoch}: {identity.enrolled.hall_name.get('zh-CN', '')}")


@app.command()
def status(config: Config = None, as_json: Json = False) -> None:
    """How things stand: what is left by the files, the rest as the sync program last said it."""
    from sync.receipts import Receipts
    from sync.status import told

    with _said():
        settings = _settings(config)
        receipts = Receipts(settings.state_dir / "sync.db")
        found = {
            "status": told(settings.state_dir),
            "clock": receipts.fact("clock"),
            "incarnation": receipts.fact("incarnation"),
            "parked": [t.key for t in receipts.parked()],
        }
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    facts = found["status"] or {}
    if not facts:
        typer.echo("the sync program has not run yet")
    for name, value in facts.items():
        typer.echo(f"{name.replace('_', ' '):14} {value}")


@parked.command("list")
def parked_list(config: Config = None, as_json: Json = False) -> None:
    """Show what is set aside, and why."""
    from sync.journal.reader import JournalReader
    from sync.receipts import Receipts

    with _said():
        settings = _settings(config)
        troubles = Receipts(settings.state_dir / "sync.db").parked()
        reader = JournalReader(settings.state_dir / "journal.db")
        rows = []
        for trouble in troubles:
            signed = reader.intent(trouble.key)
            kind = signed.record.kind if signed else "?"
            rows.append(
                {"key": trouble.key, "kind": kind, "refusals": trouble.refusals, "reason": trouble.reason}
            )
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        typer.echo(f"{row['key']}  {row['kind']}  {row['refusals']}x  {row['reason']}")
    if not rows:
        typer.echo("nothing is parked")


@parked.command("release")
def parked_release(key: str, config: Config = None) -> None:
    """Let a parked effect be tried again, three times more."""
    from sync import app as root
    from sync.receipts import Receipts
    from sync.releases import Releases
    from sync.store import SyncStore

    with _said():
        settings = _settings(config)
        _as_owner(settings)
        if key not in {t.key for t in Receipts(settings.state_dir / "sync.db").parked()}:
            raise SyncError(f"{key} is not parked: see `kiosk sync parked list`")
        try:
            store = SyncStore(settings.state_dir / "sync.db", root.keystore_of(settings))
        except StoreLocked:
            Releases(settings.state_dir).ask(key)  # the running program does it
            typer.echo("asked the running sync program to try it again")
            return
        store.release(key)
        store.close()
    typer.echo("it is tried again when the sync program runs")


@app.command()
def salvage(
    output: Annotated[Path, typer.Argument(help="Where the records that can be read are written.")],
    journal: Annotated[
        Path | None,
        typer.Option(
            help="journal.db of a dead terminal's disk, when this is another machine.", dir_okay=False
        ),
    ] = None,
    config: Config = None,
) -> None:
    """Save what can be read of a journal, so that nothing accepted from a person is lost.

    The file goes to the centre: ``bureau terminal take-in FILE``, which checks every signature.
    """
    from sync import app as root
    from sync.identity import TerminalIdentity
    from sync.salvage import salvage as save_records

    with _said():
        if journal is not None:
            found = save_records(journal, output)
        else:
            settings = _settings(config)
            identity = TerminalIdentity.load(settings.state_dir, root.keystore_of(settings))
            found = save_records(settings.state_dir / "journal.db", output, identity)
    if not found.saved:
        typer.echo("no record can be read of this journal, and no file is left: nothing was accepted, or look for "
                   "another disk", err=True)  # fmt: skip
        raise typer.Exit(EXIT_LEFT)
    typer.echo(f"{found.saved} records saved, {found.lost} lost, last was {found.last}")
    if found.lost:
        raise typer.Exit(EXIT_LEFT)
