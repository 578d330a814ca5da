"""``kiosk sim``: starts the simulated cabinet and gives the person at the keyboard its hands.

Exit status: 0 done, 1 refused by the cabinet, 2 wrong use, 3 no cabinet runs in that directory.
"""

from __future__ import annotations

import json
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, cast

import typer

from config.clock import SystemClock
from drivers.simulators import cli_hands
from drivers.simulators.cli_common import HOME, AsJson, Directory, act, told
from drivers.simulators.control_client import ControlClient
from drivers.simulators.errors import SimulatorError

app = typer.Typer(
    name="sim",
    help="The simulated cabinet: start it, and act as its visitor and its staff.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


class Ipp(StrEnum):
    """Which A4 printer."""

    OWN = "own"
    REAL = "real"


class DoorName(StrEnum):
    """Doors with a contact."""

    CABINET = "cabinet"
    FRONT = "front"


class DoorState(StrEnum):
    """How a door stands."""

    OPEN = "open"
    CLOSED = "closed"
    LOCKED = "locked"


class Power(StrEnum):
    """The hall's power."""

    ON = "on"
    OFF = "off"


@app.command()
def serve(
    directory: Directory = HOME,
    control_port: Annotated[
        int, typer.Option(help="Port of the control page; 0 picks one.", min=0, max=65535)
    ] = 0,
    personas: Annotated[Path | None, typer.Option(help="personas.json of `bureau generate`.")] = None,
    speed: Annotated[
        float, typer.Option(help="How many times faster than real the mechanics move.", min=0.1)
    ] = 1.0,
    ipp: Annotated[Ipp, typer.Option(help="Our own IPP server, or the real ippeveprinter.")] = Ipp.OWN,
    receipt: Annotated[
        str, typer.Option(help="Side of the receipt printer in devices.toml: serial or tcp.")
    ] = "serial",
    scanner: Annotated[
        str, typer.Option(help="What the code scanner is: serial, keyboard or pos (USB).")
    ] = "serial",
    units: Annotated[int, typer.Option(help="Storage units of the dispenser.", min=1, max=9)] = 2,
    pace_serial: Annotated[bool, typer.Option(help="Take receipt bytes at 115200 baud.")] = False,
    as_of: Annotated[
        datetime | None, typer.Option(help="Business day and time, such as 2026-10-12T09:30:00.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Start the cabinet and keep it running until Ctrl-C or SIGTERM."""
    import asyncio
    import logging
    import signal

    from drivers.simulators.cabinet import Cabinet, CabinetOptions

    if receipt not in ("serial", "tcp", "usb"):
        raise typer.BadParameter("write serial, tcp or usb", param_hint="--receipt")
    if scanner not in ("serial", "keyboard", "pos"):
        raise typer.BadParameter("write serial, keyboard or pos", param_hint="--scanner")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s: %(message)s")
    clock = SystemClock() if as_of is None else SystemClock.as_of(as_of)
    options = CabinetOptions(
        directory,
        control_port=control_port,
        personas=personas,
        speed=speed,
        ipp="real" if ipp is Ipp.REAL else "own",
        receipt=cast(Literal["serial", "tcp", "usb"], receipt),
        scanner=cast(Literal["serial", "keyboard", "pos"], scanner),
        units=units,
        pace_serial=pace_serial,
        clock=clock,
    )

    async def run() -> None:
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, ended.set)
        async with Cabinet(options) as cabinet:
            if as_json:
                typer.echo((cabinet.directory / "cabinet.json").read_text("utf-8").replace("\n", ""))
            else:
                typer.echo(f"cabinet   {cabinet.directory}\npage      {cabinet.page_url}")
                typer.echo(f"devices   {cabinet.directory / 'devices.toml'}")
            await ended.wait()

    with told():
        try:
            asyncio.run(run())
        except OSError as error:
            raise SimulatorError(
                f"the cabinet cannot live in {directory}: {error}; choose another --dir"
            ) from None


@app.command()
def state(directory: Directory = HOME, as_json: AsJson = False) -> None:
    """Show every device, who is there and what was printed."""
    with told():
        found = ControlClient(directory).state()
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    for name, device in found["devices"].items():
        typer.echo(f"{name:16} {_summary(device)}")
    for item in found["printed"]:
        typer.echo(f"{'paper':16} {item['file']}  {item['place']}")


def _summary(device: dict[str, Any]) -> str:
    """The facts that are not as they should be, and the few that matter always."""
    usual: dict[str, object] = {
        "plugged": True,
        "silent": False,
        "power": "on",
        "cover": "closed",
        "fault": None,
    }
    told = [f"{key}={device[key]}" for key, value in usual.items() if key in device and device[key] != value]
    shown = ("persona", "card", "scene", "paper", "state", "tray", "holds", "counts")
    told += [f"{key}={device[key]}" for key in shown if device.get(key) not in (None, [], {})]
    return "  ".join(told) or "ok"


@app.command()
def card(
    persona: Annotated[str, typer.Argument(help="A persona's id, name or document number.")] = "",
    remove: Annotated[bool, typer.Option("--remove", help="Take the card off the reader.")] = False,
    seconds: Annotated[float | None, typer.Option(help="Take it away again after so long.")] = None,
    file: Annotated[Path | None, typer.Option(help="A card of your own as JSON.")] = None,
    directory: Directory = HOME,
    as_json: AsJson = False,
) -> None:
    """Lay a card on the reader, or take it off."""
    if remove:
        act(directory, as_json, "idReader", "remove")
    elif file is not None:
        from drivers.simulators.cards import read_card

        with told():
            own = read_card(file)
        act(directory, as_json, "idReader", "present", card=own, seconds=seconds)
    elif persona:
        act(directory, as_json, "person", "card", persona=persona, seconds=seconds)
    else:
        raise typer.BadParameter("name a persona, or use --file or --remove")


@app.command()
def face(
    persona: Annotated[str, typer.Argument(help="A persona; or one of: none, black, covered, frozen.")],
    photo: Annotated[bool, typer.Option("--photo", help="Only their photograph.")] = False,
    directory: Directory = HOME,
    as_json: AsJson = False,
) -> None:
    """Step before the camera."""
    if persona in ("none", "black", "covered", "frozen"):
        act(directory, as_json, "camera", persona)
    else:
        act(directory, as_json, "person", "face", persona=persona, photo=photo)


@app.command()
def arrive(persona: str, directory: Directory = HOME, as_json: AsJson = False) -> None:
    """Step up: face before the camera and card on the reader."""
    act(directory, as_json, "person", "arrive", persona=persona)


@app.command()
def leave(directory: Directory = HOME, as_json: AsJson = False) -> None:
    """Go away with card and paper."""
    act(directory, as_json, "person", "leave")


@app.command()
def scan(text: str, directory: Directory = HOME, as_json: AsJson = False) -> None:
    """Hold a code before the scanner."""
    act(directory, as_json, "barcode", "scan", text=text)


@app.command("type")
def type_(
    digits: str,
    then: Annotated[
        str, typer.Option(help="Key pressed afterwards: enter, cancel, clear, nothing.")
    ] = "enter",
    directory: Directory = HOME,
    as_json: AsJson = False,
) -> None:
    """Type on the PIN pad."""
    act(directory, as_json, "pinPad", "type", digits=digits, then=then)


@app.command("sign")
def sign_(
    seed: Annotated[int, typer.Option(help="Whose hand it is.")] = 1,
    how: Annotated[str, typer.Option(help="signature, dot or beyond.")] = "signature",
    then: Annotated[str, typer.Option(help="Key pressed afterwards: ok, clear, cancel, nothing.")] = "ok",
    directory: Directory = HOME,
    as_json: AsJson = False,
) -> None:
    """Sign on the signature pad."""
    act(directory, as_json, "signaturePad", "sign", seed=seed, how=how, then=then)


@app.command()
def pay(
    qr: str, payer: str = "simulated phone", directory: Directory = HOME, as_json: AsJson = False
) -> None:
    """Pay the QR code of the screen with the phone."""
    act(directory, as_json, "phone", "pay", qr=qr, payer=payer)


@app.command()
def load(
    unit: Annotated[str, typer.Argument(help="unit1, unit2 …")],
    code: Annotated[str, typer.Argument(help="Invoice code, 10 or 12 digits.")],
    first: Annotated[str, typer.Argument(help="First number, 8 digits.")],
    count: Annotated[int, typer.Argument(help="Sheets.", min=1)],
    directory: Directory = HOME,
    as_json: AsJson = False,
) -> None:
    """Load numbered invoices into the dispenser."""
    act(directory, as_json, "dispenser", "load", unit=unit, code=code, first=first, count=count)


@app.command()
def door(which: DoorName, state: DoorState, directory: Directory = HOME, as_json: AsJson = False) -> None:
    """Open, shut or lock a door of the cabinet."""
    act(directory, as_json, "board", "door", which=which.value, state=state.value)


@app.command()
def mains(state: Power, directory: Directory = HOME, as_json: AsJson = False) -> None:
    """Let the hall's power fail, or come back."""
    act(directory, as_json, "ups", "mains", state=state.value)


@app.command("do")
def anything(
    device: str,
    action: str,
    parameters: Annotated[
        list[str] | None, typer.Argument(help="name=value; values are JSON or text.")
    ] = None,
    directory: Directory = HOME,
    as_json: AsJson = False,
) -> None:
    """Carry out any action of the control interface."""
    given: dict[str, object] = {}
    for one in parameters or []:
        name, sign, value = one.partition("=")
        if not sign:
            raise typer.BadParameter(f"{one!r} is not name=value")
        try:
            given[name] = json.loads(value)
        except ValueError:
            given[name] = value
    act(directory, as_json, device, action, **given)


cli_hands.add_to(app)
