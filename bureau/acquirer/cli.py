"""``bureau acquirer``: the test acquirer as a program of its own."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bureau.commands.common import told
from bureau.errors import AcquirerError
from bureau.listening import listen
from config.clock import SystemClock

if TYPE_CHECKING:
    from bureau.treasury.book import Account

app = typer.Typer(
    help="The test acquirer: orders, a payment page for phones, a ledger, faults on order.",
    rich_markup_mode=None,
)
PAYEE = {"zh-CN": "云川市税务局（国库）", "en-US": "Yunchuan Municipal Tax Bureau (treasury)"}
_OFFSET = "KIOSK_CLOCK__OFFSET_S"
"""The variable all programs of a demonstration share."""
OFFSET_MOST_S = 20 * 366 * 86400.0
"""Twenty years either way: enough for any demonstration."""


@app.command("acquirer")
@told
def acquirer(
    db: Annotated[Path, typer.Option(help="The ledger's file, made when absent.")] = Path("acquirer.db"),
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any free one.")] = 8090,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    public_url: Annotated[str, typer.Option(help="What QR codes begin with; default: this address.")] = "",
    returns_to: Annotated[
        str, typer.Option(help="The payee's site, to which the payment page leads back.")
    ] = "",
    accounts: Annotated[
        Path | None,
        typer.Option(help="Accounts of the simulated banks, as `bureau generate --accounts` writes them."),
    ] = None,
    as_of: Annotated[
        datetime | None, typer.Option(help="Business time now, such as 2026-10-12T09:30.")
    ] = None,
    offset_s: Annotated[
        float,
        typer.Option(
            envvar=["BUREAU_CLOCK__OFFSET_S", _OFFSET],
            min=-OFFSET_MOST_S,
            max=OFFSET_MOST_S,
            help="Business time ahead of the clock.",
        ),
    ] = 0.0,
    as_json: Annotated[bool, typer.Option("--json", help="Tell the address as one JSON line.")] = False,
) -> None:
    """Serve until stopped."""
    import uvicorn
    from pysqlite3 import dbapi2 as sqlite3

    from bureau.acquirer.ledger import Ledger
    from bureau.acquirer.service import create_app

    opened = _accounts(accounts)
    clock = SystemClock(timedelta(seconds=offset_s)) if as_of is None else SystemClock.as_of(as_of)
    try:
        ledger = Ledger(db, clock)
    except sqlite3.Error as error:
        raise AcquirerError(f"{db}: {error}; give another file with --db") from error
    try:
        listener = listen(host, port, 128)
    except OSError:
        ledger.close()
        raise
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{listener.getsockname()[1]}"
    service = create_app(ledger, public_url or address, PAYEE, returns_to, opened)
    typer.echo(json.dumps({"url": address, "pid": os.getpid()}) if as_json else f"Test acquirer at {address}")
    config = uvicorn.Config(
        service,
        log_level="warning",
        access_log=False,
        http="h11",
        loop="asyncio",
        timeout_graceful_shutdown=2,
        lifespan="on",
    )
    uvicorn.Server(config).run(sockets=[listener])


def _accounts(file: Path | None) -> list[Account]:
    """Raises ``AcquirerError`` for a file that cannot be read."""
    from pydantic import TypeAdapter, ValidationError

    from bureau.treasury.service import AccountLine

    if file is None:
        return []
    try:
        lines = TypeAdapter(list[AccountLine]).validate_json(file.read_bytes())
    except (OSError, ValidationError) as error:
        raise AcquirerError(f"{file}: {error}; write it with `bureau generate --accounts {file}`") from error
    return [line.kept() for line in lines]


def main() -> None:
    """Run as a program of its own, without the rest of the centre."""
    app()


if __name__ == "__main__":
    main()
