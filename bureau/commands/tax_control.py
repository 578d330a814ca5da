"""``bureau device …``: tax-control devices (税控设备), given out, reported lost and cancelled by officers."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bureau.commands.common import AsJson, ConfigFile, settings_of, show, told
from bureau.commands.matters import Limit, Officer, core, officer_name
from kiosk.domain.ids import Fen
from kiosk.domain.money import format_yuan

if TYPE_CHECKING:
    from bureau.ports.tax_control import DeviceReport, TaxDevice

Number = Annotated[str, typer.Argument(help="The device's number, as on its label.")]
app = typer.Typer(help="Tax-control devices.", no_args_is_help=True, rich_markup_mode=None)


@app.command()
@told
def issue(
    device: Number,
    taxpayer: Annotated[str, typer.Argument(help="For whom: the taxpayer's number.")],
    officer: Officer,
    key_out: Annotated[
        Path, typer.Option("--key-out", help="Where its key is written, for the machine that puts it in.")
    ],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Give a device to a taxpayer, with a key of its own; delete the file once the key is in the device."""
    from bureau.engine.rules import Rules
    from bureau.engine.tax_control import office
    from bureau.fleet.vault import SealingVault
    from bureau.opening import open_keys
    from kiosk.domain.tax.parameters import built_in

    vault = SealingVault(open_keys(settings_of(config)).sealing)
    rules = Rules(built_in())
    with os.fdopen(os.open(key_out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        try:
            with core(config) as work:
                made, key = office.issue(work, vault, rules, device, taxpayer, officer_name(officer))
                file.write(key.hex() + "\n")
                file.flush()
                os.fsync(file.fileno())  # the store keeps no key that could be given again
        except BaseException:
            key_out.unlink()  # nothing was given out, so there is no key
            raise
    show(_told(made), as_json, [f"device {device} is {taxpayer}'s; its key is in {key_out}"])


@app.command("list")
@told
def list_devices(
    taxpayer: Annotated[str | None, typer.Option(help="Of one taxpayer, by number.")] = None,
    limit: Limit = 50,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Devices by number: whose each is, its state, which month was unlocked last, until when it issues."""
    with core(config) as work:
        found = [_told(one) for one in work.tax_control.listed(taxpayer, limit)]
    lines = [
        f"{d['device']}  {d['state']:9} {d['taxpayer']}  unlocked for {d['cleared']}, issues until {d['issues_until']}"
        for d in found
    ]
    show(found, as_json, lines or ["no device"])


@app.command()
@told
def reports(device: Number, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """What a device has reported, the latest month first, by kind of invoice."""
    from bureau.errors import DeviceRefused

    with core(config) as work:
        if work.tax_control.device(device) is None:
            raise DeviceRefused(f"no device {device}: see `bureau device list`")
        found = [_reported(one) for one in work.tax_control.reports(device)]
    show(found, as_json, [line for one in found for line in _lines(one)] or ["no report"])


@app.command()
@told
def lost(device: Number, officer: Officer, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Take no report of a device any more that its taxpayer reported lost."""
    from bureau.engine.tax_control import office

    with core(config) as work:
        found = _told(office.end(work, device, "lost", officer_name(officer)))
    show(found, as_json, [f"device {device} is lost"])


@app.command()
@told
def cancel(device: Number, officer: Officer, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Take no report of a device any more that was given back (注销发行)."""
    from bureau.engine.tax_control import office

    with core(config) as work:
        found = _told(office.end(work, device, "cancelled", officer_name(officer)))
    show(found, as_json, [f"device {device} is cancelled"])


def _lines(report: dict[str, Any]) -> list[str]:
    """One line a kind of invoice; of a month in which nothing was issued, that it was reported."""
    return [
        f"{report['month']}  kind {k['kind']}: {k['issued']} issued, {k['voided']} void, {k['red']} red, "
        f"{format_yuan(Fen(k['net_fen']))} + tax {format_yuan(Fen(k['tax_fen']))}"
        for k in report["kinds"]
    ] or [f"{report['month']}  no invoices"]


def _told(one: TaxDevice) -> dict[str, Any]:
    return {
        "device": one.device,
        "state": one.state,
        "taxpayer": one.taxpayer,
        "counter": one.counter,
        "cleared": f"{one.cleared:%Y-%m}",
        "issues_until": one.issues_until.isoformat(),
        "issued_on": one.issued_on.isoformat(),
        "issued_by": one.issued_by,
        "ended_on": one.ended_on and one.ended_on.isoformat(),
        "ended_by": one.ended_by,
    }


def _reported(one: DeviceReport) -> dict[str, Any]:
    return {
        "month": f"{one.month:%Y-%m}",
        "taken_at": one.taken_at.isoformat(),
        "terminal": one.terminal,
        "kinds": [
            {
                "kind": kind.kind,
                "issued": kind.issued,
                "voided": kind.voided,
                "red": kind.red,
                "net_fen": kind.net_fen,
                "tax_fen": kind.tax_fen,
            }
            for kind in one.kinds
        ],
    }
