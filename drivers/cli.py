"""``kiosk devices``: run the device program, and the technician's bench beside it."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from config.errors import ConfigError
from config.settings import DevicesSettings, load_devices
from drivers import bench
from drivers.client import DeviceHub, DispenserClient, PaymentClient
from drivers.client.errors import DeviceClientError
from drivers.errors import DriverConfigError, StoreError
from drivers.xfs.auth import TokenFileError

app = typer.Typer(help="The device program, and the technician's bench.", no_args_is_help=True)

Config = Annotated[
    Path | None, typer.Option("--config", "-c", help="devices.toml; default: $KIOSK_DEVICES_CONFIG")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Role = Annotated[str, typer.Argument(help="A role, such as idReader, or a service's name.")]
Unit = Annotated[str, typer.Option(help="Which unit of the dispenser, such as unit1.")]

EX_CONFIG = 78
"""sysexits.h: what an administrator wrote cannot be used."""

T = TypeVar("T")


@contextmanager
def _said() -> Iterator[None]:
    """What goes wrong on purpose is said in words, without a traceback."""
    try:
        yield
    except (ConfigError, DriverConfigError, TokenFileError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(EX_CONFIG) from error
    except (StoreError, DeviceClientError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


def _settings(config: Path | None) -> DevicesSettings:
    return load_devices(config, os.environ)


def _with_hub(settings: DevicesSettings, act: Callable[[DeviceHub], Awaitable[T]]) -> T:
    async def main() -> T:
        async with bench.bench(settings) as hub:
            return await act(hub)

    return asyncio.run(main())


def _role(settings: DevicesSettings, word: str) -> str:
    """The role of a service named by its role or its name."""
    known = {entry.name.lower(): entry.role for entry in settings.services}
    known |= {entry.role.lower(): entry.role for entry in settings.services}
    known |= {role.lower(): role for role in settings.roles}
    if word.lower() not in known:
        raise DriverConfigError(f"no service '{word}' is configured; there are {', '.join(sorted(known))}")
    return known[word.lower()]


@app.command()
def run(config: Config = None) -> None:
    """Serve every configured device until stopped."""
    from drivers import app as program
    from drivers import logs

    with _said():
        settings = _settings(config)
        logs.set_up(settings.log.level, settings.log.json_lines)
        program.run(settings)


@app.command("list")
def list_(config: Config = None, as_json: Json = False) -> None:
    """What is configured, and which drivers there are."""
    from drivers.assembly import isolation_of
    from drivers.devices import registry

    with _said():
        settings = _settings(config)
    where = {entry.name: isolation_of(entry.driver, entry.isolation) for entry in settings.services}
    rows = [entry.model_dump(mode="json") | {"isolation": where[entry.name]} for entry in settings.services]
    if as_json:
        typer.echo(json.dumps({"services": rows, "drivers": list(registry.names())}, ensure_ascii=False))
        return
    for entry in settings.services:
        options = " ".join(f"{name}={value}" for name, value in entry.options.items())
        typer.echo(f"{entry.role:17} {entry.name:17} {entry.driver:25} {where[entry.name]:8} {options}")
    for role, address in settings.roles.items():
        typer.echo(f"{role:17} {'':17} {address}")
    typer.echo(f"drivers: {', '.join(registry.names())}")


@app.command()
def status(config: Config = None, as_json: Json = False) -> None:
    """How every device stands; exit code 1 when one of them is not well."""
    with _said():
        settings = _settings(config)
        roles = [*(entry.role for entry in settings.services), *settings.roles]
        found = _with_hub(settings, lambda hub: bench.status(hub, [*map(str, roles)]))
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
    else:
        for role, facts in found.items():
            cause = facts["health"].get("cause") or ""
            typer.echo(f"{role:17} {facts['device']:14} {_brief(facts['details'])} {cause}".rstrip())
    if any(facts["device"] not in ("online", "deviceBusy") for facts in found.values()):
        raise typer.Exit(1)


def _brief(details: dict[str, Any]) -> str:
    """The interesting words of a status on one line."""
    words = []
    for name, value in details.items():
        if name != "common" and isinstance(value, dict):
            words += [f"{key}={inner}" for key, inner in value.items() if isinstance(inner, str | bool)]
    return " ".join(words)


@app.command()
def test(
    role: Role,
    config: Config = None,
    paper: Annotated[bool, typer.Option(help="Print a test page.")] = True,
    hand: Annotated[bool, typer.Option(help="Ask for a card or a code.")] = True,
    as_json: Json = False,
) -> None:
    """Try a device out; exit code 1 when something fails."""
    with _said():
        settings = _settings(config)
        which = _role(settings, role)
        if (
            hand
            and which in ("idReader", "barcodeReader", "smartCardReader", "signaturePad", "pinPad")
            and not as_json
        ):
            typer.echo(f"Within {bench.HAND_S:.0f} s: lay a card on the reader, show a code, sign, or type.")
        checks = _with_hub(settings, lambda hub: bench.try_out(hub, which, paper=paper, hand=hand))
    if as_json:
        rows = [{"name": check.name, "ok": check.ok, "detail": check.detail} for check in checks]
        typer.echo(json.dumps(rows, ensure_ascii=False))
    else:
        for check in checks:
            typer.echo(f"{'ok    ' if check.ok else 'FAILED'} {check.name}: {check.detail}")
    if not all(check.ok for check in checks):
        raise typer.Exit(1)


@app.command()
def stock(config: Config = None, as_json: Json = False) -> None:
    """What lies in the dispenser's units, by number."""
    with _said():
        units = _with_hub(_settings(config), _ranges)
    if as_json:
        typer.echo(json.dumps(units, ensure_ascii=False))
        return
    for name, unit in units.items():
        numbers = f"{unit['next']}–{unit['last']}" if unit.get("next") else "-"
        line = f"{name:7} {unit.get('code', '-'):13} {numbers:24} {unit['count']:5} {unit['status']}"
        typer.echo(f"{line} {unit.get('reason', '')}".rstrip())


async def _ranges(hub: DeviceHub) -> dict[str, Any]:
    await bench.ready(hub, "invoiceDispenser")
    return dict(await DispenserClient(hub).ranges())


@app.command()
def load(
    unit: Unit,
    code: Annotated[str, typer.Option(help="The invoice code printed on the sheets.")],
    kind: Annotated[str, typer.Option(help="What kind of invoice it is.")],
    first: Annotated[str, typer.Option(help="The number of the sheet in front.")],
    last: Annotated[str, typer.Option(help="The number of the last sheet.")],
    config: Config = None,
) -> None:
    """Enter the sheets that were put into a unit, in an exchange of its own."""

    async def act(hub: DeviceHub) -> None:
        await bench.ready(hub, "invoiceDispenser")
        await DispenserClient(hub).load(unit, code, kind, first, last)

    with _said():
        _with_hub(_settings(config), act)
    typer.echo(f"{unit}: {code} {first}–{last}")


@app.command()
def unlock(unit: Unit, config: Config = None) -> None:
    """Somebody has looked: the unit may dispense again from its next number."""

    async def act(hub: DeviceHub) -> None:
        await bench.ready(hub, "invoiceDispenser")
        await DispenserClient(hub).unlock(unit)

    with _said():
        _with_hub(_settings(config), act)
    typer.echo(f"{unit} is unlocked")


@app.command()
def settle(config: Config = None) -> None:
    """Close the bank-card terminal's batch (结算); exit code 1 when bank, terminal and book do not agree."""

    async def act(hub: DeviceHub) -> dict[str, Any]:
        await bench.ready(hub, "paymentTerminal")
        return dict(await PaymentClient(hub).settle())

    with _said():
        told = _with_hub(_settings(config), act)
    for name in ("terminal", "book"):
        counts = told[name]
        sums = [f"{kind} {counts[f'{kind}Count']} ¥{_yuan(counts[f'{kind}Amount'])}" for kind in _MONEY]
        typer.echo(f"batch {told['batch']} {name:9} {', '.join(sums)}")
    if not (told["balanced"] and told["agrees"]):
        typer.echo(
            "the bank has counted otherwise" if not told["balanced"] else "book and terminal differ", err=True
        )
        raise typer.Exit(1)


def _yuan(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02d}"


@app.command()
def resolve(
    key: Annotated[str, typer.Argument(help="The payment's key, as the log and ResolvedEvent name it.")],
    charged: Annotated[
        bool, typer.Option("--charged/--not-charged", help="What the acquirer's statement says.")
    ],
    config: Config = None,
) -> None:
    """Enter what became of a payment that the bank-card terminal can no longer tell."""

    async def act(hub: DeviceHub) -> str:
        await bench.ready(hub, "paymentTerminal", 5.0)
        return str((await PaymentClient(hub).resolve(key, charged=charged)).outcome)

    with _said():
        outcome = _with_hub(_settings(config), act)
    typer.echo(f"{key} is {outcome}")


_MONEY = ("sale", "void", "refund")


@app.command()
def reset(role: Role, config: Config = None) -> None:
    """Bring a device back to a known state, as after a jam was cleared."""
    with _said():
        settings = _settings(config)
        which = _role(settings, role)
        _with_hub(settings, lambda hub: bench.reset(hub, which))
    typer.echo(f"{which} was reset")


@app.command()
def reconnect(role: Role, config: Config = None) -> None:
    """Close a device and open it again, also one that is left alone because it fell too often."""
    with _said():
        settings = _settings(config)
        which = _role(settings, role)
        _with_hub(settings, lambda hub: bench.reconnect(hub, which))
    typer.echo(f"{which} is opened anew")
