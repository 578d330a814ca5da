"""``kiosk devices``: run the device program, and the technician's bench beside it."""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Mapping
from typing import Annotated, Any, Final

import typer

from config.settings import load_devices
from drivers import bench, bench_hands, cli_bind, cli_list, cli_record, cli_trials
from drivers.bench_advice import advice
from drivers.cli_common import (
    EX_CONFIG,
    EX_UNTRIED,
    Config,
    Json,
    Role,
    digits,
    role_of,
    said,
    settings_of,
    with_hub,
)
from drivers.client import DeviceHub, DispenserClient, PaymentClient
from drivers.payment import ClosingReason, SettlementState

__all__ = ["EX_CONFIG", "EX_UNTRIED", "app"]

app = typer.Typer(help="The device program, and the technician's bench.", no_args_is_help=True)
app.command()(cli_bind.bind)
app.command()(cli_record.record)
app.command("replay")(cli_record.play)
app.command()(cli_trials.identify)
app.command()(cli_trials.soak)
app.add_typer(cli_trials.care_app, name="care")

_KINDS: Final[Mapping[str, str]] = {
    "01": "special",
    "03": "motor vehicle",
    "04": "ordinary",
    "11": "ordinary on a roll",
    "15": "used vehicle",
}
"""Those on paper, by the two digits that the verification service has for them (domain note, 2.3)."""
_KINDS_SAID: Final = ", ".join(f"{kind} {name}" for kind, name in _KINDS.items())
_NUMBER: Final = digits("the eight digits printed on the sheet", 8)
_WHICH: Final = (
    "say what the acquirer's statement says: --charged when it has the payment, the payer's money is taken; "
    "--not-charged when it has none. Without a statement enter nothing"
)
Unit = Annotated[str, typer.Option(help="Which unit of the dispenser, such as unit1.")]


@app.command()
def run(config: Config = None) -> None:
    """Serve every configured device until stopped."""
    from drivers import app as program
    from drivers import logs

    with said():
        settings = load_devices(config, os.environ)
        logs.set_up(settings.log.level, settings.log.json_lines)
        program.run(settings)


@app.command("list")
def list_(config: Config = None, as_json: Json = False) -> None:
    """Every device service: class, role, driver, where it is plugged in, how it stands and what is due."""
    from drivers.devices import registry

    with said():
        settings = settings_of(config)
        rows = cli_list.rows(settings)
        screens = cli_list.screens(rows) if config is None else {}
    if as_json:
        told = {"services": rows, "screen": screens, "drivers": list(registry.names())}
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    for row in rows:
        typer.echo(cli_list.line(row))
    for role, uri in screens.items():
        typer.echo(
            f"the screen does not use this {role}, but {uri} (kiosk.toml); keep one of the two", err=True
        )
    typer.echo(f"drivers: {', '.join(registry.names())}")


@app.command()
def status(config: Config = None, as_json: Json = False) -> None:
    """How every device stands; exit code 1 when one of them is not well."""
    with said():
        settings = settings_of(config)
        roles = [*(entry.role for entry in settings.services), *settings.roles]
        found = with_hub(settings, lambda hub: bench.status(hub, [*map(str, roles)]))
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
    else:
        for role, facts in found.items():
            cause = facts["health"].get("cause") or ""
            typer.echo(f"{role:17} {facts['device']:14} {cli_list.brief(facts['details'])} {cause}".rstrip())
            if what := advice(role, facts["device"]):
                typer.echo(f"{'':17} -> {what}")
    if any(facts["device"] not in ("online", "deviceBusy") for facts in found.values()):
        raise typer.Exit(1)


@app.command()
def test(
    role: Role,
    config: Config = None,
    paper: Annotated[bool, typer.Option(help="Print a test page.")] = True,
    hand: Annotated[bool, typer.Option(help="Ask for a card or a code.")] = True,
    as_json: Json = False,
) -> None:
    """Try a device out; exit code 1 when something fails, 3 when nothing could be tried."""
    with said():
        settings = settings_of(config)
        which = role_of(settings, role)
        hint = bench_hands.hint(which, bench.HAND_S, paper=paper) if hand and not as_json else ""

        async def act(hub: DeviceHub) -> tuple[list[bench.Check], bool, Mapping[str, Any]]:
            if hint and await bench.connected(hub, which):
                typer.echo(hint)
            tried = bench.can_try(hub, which, paper=paper, hand=hand)
            found = await bench.try_out(hub, which, paper=paper, hand=hand)
            return found, tried, hub.status(which).details

        checks, tried, said_of = with_hub(settings, act, role=which)
    well = all(check.ok for check in checks)
    if as_json:
        rows = [{"name": check.name, "ok": check.ok, "detail": check.detail} for check in checks]
        typer.echo(json.dumps(rows, ensure_ascii=False))
    else:
        for check in checks:
            mark = "FAILED" if not check.ok else "ok    " if tried else "      "
            typer.echo(f"{mark} {check.name}: {check.detail}")
            if not check.ok and (what := advice(which, check.detail)):
                typer.echo(f"       says {cli_list.brief(said_of)}\n       -> {what}")
        if well and not tried:
            typer.echo(f"nothing tried: {_untried(which, paper=paper, hand=hand)}")
    if not well:
        raise typer.Exit(1)
    if not tried:
        raise typer.Exit(EX_UNTRIED)


def _untried(role: str, *, paper: bool, hand: bool) -> str:
    """Why, and what to do."""
    missing = [
        word
        for word, given in (("--no-hand", hand or role not in bench_hands.HANDS), ("--no-paper", paper))
        if not given
    ]
    return f"leave out {' and '.join(missing)}" if missing else f"{role} has no trial beyond its connection"


@app.command()
def stock(config: Config = None, as_json: Json = False) -> None:
    """What lies in the dispenser's units, by number."""
    with said():
        units = with_hub(settings_of(config), _ranges)
    if as_json:
        typer.echo(json.dumps(units, ensure_ascii=False))
        return
    for name, unit in units.items():
        numbers = f"{unit['next']}–{unit['last']}" if unit.get("next") else "-"
        line = f"{name:7} {unit.get('code', '-'):13} {numbers:24} {unit['count']:5} {unit['status']}"
        typer.echo(f"{line} {unit.get('reason', '')}".rstrip())


async def _ranges(hub: DeviceHub) -> dict[str, Any]:
    if not await bench.connected(hub, "invoiceDispenser"):
        state = hub.status("invoiceDispenser").device
        typer.echo(f"the dispenser is {state}; these are the numbers in its book", err=True)
    return dict(await DispenserClient(hub).ranges())


def _known(kind: str) -> str:
    """The same, when there are such invoices."""
    if kind not in _KINDS:
        raise typer.BadParameter(f"'{kind}': write one of {_KINDS_SAID}")
    return kind


@app.command()
def load(
    unit: Unit,
    code: Annotated[
        str,
        typer.Option(
            help="The invoice code printed on the sheets.",
            callback=digits("the 10 or 12 digits printed on the sheets", 10, 12),
        ),
    ],
    kind: Annotated[str, typer.Option(help=f"What kind of invoice it is: {_KINDS_SAID}.", callback=_known)],
    first: Annotated[str, typer.Option(help="The number of the sheet in front.", callback=_NUMBER)],
    last: Annotated[str, typer.Option(help="The number of the last sheet.", callback=_NUMBER)],
    config: Config = None,
) -> None:
    """Enter the sheets that were put into a unit, in an exchange of its own."""

    async def act(hub: DeviceHub) -> None:
        await bench.ready(hub, "invoiceDispenser")
        await DispenserClient(hub).load(unit, code, kind, first, last)

    with said():
        with_hub(settings_of(config), act)
    typer.echo(f"{unit}: {code} {first}–{last}")


@app.command()
def unlock(unit: Unit, config: Config = None) -> None:
    """Somebody has looked: the unit may dispense again from its next number."""

    async def act(hub: DeviceHub) -> None:
        await bench.ready(hub, "invoiceDispenser")
        await DispenserClient(hub).unlock(unit)

    with said():
        with_hub(settings_of(config), act)
    typer.echo(f"{unit} is unlocked")


@app.command()
def settle(
    config: Config = None,
    last: Annotated[bool, typer.Option("--last", help="Close nothing; show how the last one ended.")] = False,
) -> None:
    """Close the bank-card terminal's batch (结算); exit code 1 when bank, terminal and book do not agree.

    When no answer comes, the terminal is asked what it did; --last shows what is known of it.
    """

    async def act(hub: DeviceHub) -> dict[str, Any]:
        await bench.ready(hub, "paymentTerminal")
        client = PaymentClient(hub)
        return dict(await (client.last_settlement() if last else client.settle()))

    with said():
        told = with_hub(settings_of(config), act)
    for older in told.get("unresolved", []):
        if older["key"] != told["key"]:
            typer.echo(_not_settled(older), err=True)
    if last and told.get("state") != SettlementState.SETTLED:
        typer.echo(_not_settled(told), err=True)
        raise typer.Exit(1)
    for name in ("terminal", "book"):
        counts = told[name]
        sums = [f"{kind} {counts[f'{kind}Count']} ¥{_yuan(counts[f'{kind}Amount'])}" for kind in _MONEY]
        typer.echo(f"batch {told['batch']} {name:9} {', '.join(sums)}")
    if not (told["balanced"] and told["agrees"]):
        typer.echo(
            "the bank has counted otherwise" if not told["balanced"] else "book and terminal differ", err=True
        )
        raise typer.Exit(1)


@app.command("close-settlement")
def close_settlement(
    key: Annotated[str, typer.Argument(help="The settlement's key, as `settle --last` names it.")],
    reason: Annotated[ClosingReason, typer.Option(help="Why no terminal can tell how it ended.")],
    by: Annotated[str, typer.Option(help="Who says so.")] = "",
    config: Config = None,
) -> None:
    """Close a settlement of which no terminal can tell: it was exchanged, or has lost its memory.

    Its totals are then the acquirer's statement's alone; what our book had counted is kept.
    """

    async def act(hub: DeviceHub) -> dict[str, Any]:
        await bench.ready(hub, "paymentTerminal")
        return dict(await PaymentClient(hub).close_settlement(key, reason, _who(by)))

    with said():
        told = with_hub(settings_of(config), act)
    typer.echo(
        f"batch {told['batch']} of terminal {told['serial']}: closed by {told['by']} ({told['reason']})"
    )


def _who(by: str) -> str:
    """Who says something that is written down: as told, else who is at the keyboard."""
    return by or os.environ.get("SUDO_USER") or getpass.getuser()


def _not_settled(told: Mapping[str, Any]) -> str:
    """In words, a last settlement that did not close a batch, as far as is known."""
    if not told.get("known", True):
        return "no batch has been settled here yet"
    batch = f"batch {told['batch']}, begun at {told['begunAt']}"
    if told["state"] == SettlementState.OPEN:
        return (
            f"{batch}: whether it was closed is not known; the terminal is asked again, keep it connected "
            f"(key {told['key']})"
        )
    if told["state"] == SettlementState.CLOSED_BY_STAFF:
        return (
            f"{batch}: closed by {told['by']} ({told['reason']}); its totals are the acquirer's statement's"
        )
    return f"{batch}: it was not closed ({told['errorCode']}); settle it again"


def _yuan(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02d}"


@app.command()
def unresolved(config: Config = None) -> None:
    """List the card payments whose outcome nobody knows, each with its key; exit code 1 when there are any."""

    async def act(hub: DeviceHub) -> list[Mapping[str, Any]]:
        await bench.ready(hub, "paymentTerminal", 5.0)
        return [*await PaymentClient(hub).unresolved()]

    with said():
        found = with_hub(settings_of(config), act)
    if not found:
        typer.echo("no card payment is in doubt")
    for one in found:
        typer.echo(
            f"{one['key']}  {one['operation']} ¥{_yuan(one['amount'])}  begun at {one.get('begunAt')}, "
            f"terminal {one['serial']}, reference {one['reference']}"
        )
    if found:
        raise typer.Exit(1)


@app.command()
def resolve(
    key: Annotated[str, typer.Argument(help="The payment's key, as `unresolved` lists it.")],
    charged: Annotated[
        bool | None, typer.Option("--charged/--not-charged", help="What the acquirer's statement says.")
    ] = None,
    by: Annotated[str, typer.Option(help="Who says so.")] = "",
    config: Config = None,
) -> None:
    """Enter what became of a payment that the bank-card terminal can no longer tell."""
    if charged is None:
        raise typer.BadParameter(_WHICH, param_hint="--charged / --not-charged")

    async def act(hub: DeviceHub) -> str:
        await bench.ready(hub, "paymentTerminal", 5.0)
        return str((await PaymentClient(hub).resolve(key, charged=charged, by=_who(by))).outcome)

    with said():
        outcome = with_hub(settings_of(config), act)
    typer.echo(f"{key} is {outcome}")


_MONEY = ("sale", "void", "refund")


@app.command()
def reset(role: Role, config: Config = None) -> None:
    """Bring a device back to a known state, as after a jam was cleared; exit code 1 when it is not well since."""
    with said():
        settings = settings_of(config)
        which = role_of(settings, role)
        state = with_hub(settings, lambda hub: bench.reset(hub, which), role=which)
    _say_state(which, "was reset", state)


@app.command()
def reconnect(role: Role, config: Config = None) -> None:
    """Close a device and open it again, also one that is left alone because it fell too often.

    Exit code 1 when it is not well since.
    """
    with said():
        settings = settings_of(config)
        which = role_of(settings, role)
        state = with_hub(settings, lambda hub: bench.reconnect(hub, which), role=which)
    _say_state(which, "was closed and looked for anew", state)


def _say_state(role: str, done: str, state: str) -> None:
    """What was done and how the device is since; exit code 1 with what to do when it is not well."""
    typer.echo(f"{role} {done} and is {state}")
    if what := advice(role, state):
        typer.echo(f"{'':{len(role)}} -> {what}")
        raise typer.Exit(1)
