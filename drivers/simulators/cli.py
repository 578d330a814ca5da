"""``kiosk sim``: starts the simulated cabinet and gives the person at the keyboard its hands.

Exit status: 0 done, 1 refused by the cabinet, 2 wrong use, 3 no cabinet runs in that directory.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Generator
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, cast

import typer

from config.clock import SystemClock
from drivers.simulators.control_client import ControlClient
from drivers.simulators.errors import CabinetNotRunningError, SimulatorError

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


class Device(StrEnum):
    """Devices with a cable."""

    ID_READER = "idReader"
    CAMERA = "camera"
    BARCODE = "barcode"
    RECEIPT_PRINTER = "receiptPrinter"
    DOCUMENT_PRINTER = "documentPrinter"
    DISPENSER = "dispenser"
    INVOICE_PRINTER = "invoicePrinter"
    SMART_CARD = "smartCard"
    SIGNATURE_PAD = "signaturePad"
    PIN_PAD = "pinPad"
    POS = "pos"
    BOARD = "board"
    UPS = "ups"
    STAMP = "stamp"
    DOCUMENT_SCANNER = "documentScanner"
    DOCUMENT_CAMERA = "documentCamera"
    MRZ_READER = "mrzReader"


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


class PaperDevice(StrEnum):
    """Devices that give out paper."""

    RECEIPT_PRINTER = "receiptPrinter"
    DOCUMENT_PRINTER = "documentPrinter"
    DISPENSER = "dispenser"


Directory = Annotated[
    Path, typer.Option("--dir", envvar="KIOSK_SIM_DIR", help="The cabinet's directory.", file_okay=False)
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]
HOME = Path("var/sim")


@contextlib.contextmanager
def _told() -> Generator[None, None, None]:
    """Turn the cabinet's refusals into a sentence and an exit status."""
    try:
        yield
    except CabinetNotRunningError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(3) from None
    except SimulatorError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


def _act(directory: Path, as_json: bool, device: str, action: str, **parameters: object) -> None:
    with _told():
        answer = ControlClient(directory).do(device, action, **parameters)
    answer.pop("ok", None)
    if as_json:
        typer.echo(json.dumps(answer, ensure_ascii=False))
    else:
        typer.echo(", ".join(f"{key} {value}" for key, value in answer.items()) or "done")


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

    with _told():
        try:
            asyncio.run(run())
        except OSError as error:
            raise SimulatorError(
                f"the cabinet cannot live in {directory}: {error}; choose another --dir"
            ) from None


@app.command()
def state(directory: Directory = HOME, as_json: AsJson = False) -> None:
    """Show every device, who is there and what was printed."""
    with _told():
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
    file: Annotated[Path | None, typer.Option(help="A card of your own as JSON.", exists=True)] = None,
    directory: Directory = HOME,
    as_json: AsJson = False,
) -> None:
    """Lay a card on the reader, or take it off."""
    if remove:
        _act(directory, as_json, "idReader", "remove")
    elif file is not None:
        own = json.loads(file.read_text("utf-8"))
        _act(directory, as_json, "idReader", "present", card=own, seconds=seconds)
    elif persona:
        _act(directory, as_json, "person", "card", persona=persona, seconds=seconds)
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
        _act(directory, as_json, "camera", persona)
    else:
        _act(directory, as_json, "person", "face", persona=persona, photo=photo)


@app.command()
def arrive(persona: str, directory: Directory = HOME, as_json: AsJson = False) -> None:
    """Step up: face before the camera and card on the reader."""
    _act(directory, as_json, "person", "arrive", persona=persona)


@app.command()
def leave(directory: Directory = HOME, as_json: AsJson = False) -> None:
    """Go away with card and paper."""
    _act(directory, as_json, "person", "leave")


@app.command()
def scan(text: str, directory: Directory = HOME, as_json: AsJson = False) -> None:
    """Hold a code before the scanner."""
    _act(directory, as_json, "barcode", "scan", text=text)


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
    _act(directory, as_json, "pinPad", "type", digits=digits, then=then)


@app.command("sign")
def sign_(
    seed: Annotated[int, typer.Option(help="Whose hand it is.")] = 1,
    how: Annotated[str, typer.Option(help="signature, dot or beyond.")] = "signature",
    then: Annotated[str, typer.Option(help="Key pressed afterwards: ok, clear, cancel, nothing.")] = "ok",
    directory: Directory = HOME,
    as_json: AsJson = False,
) -> None:
    """Sign on the signature pad."""
    _act(directory, as_json, "signaturePad", "sign", seed=seed, how=how, then=then)


@app.command()
def pay(
    qr: str, payer: str = "simulated phone", directory: Directory = HOME, as_json: AsJson = False
) -> None:
    """Pay the QR code of the screen with the phone."""
    _act(directory, as_json, "phone", "pay", qr=qr, payer=payer)


@app.command()
def take(
    device: Annotated[
        PaperDevice | None, typer.Argument(help="From where; everywhere when left out.")
    ] = None,
    directory: Directory = HOME,
    as_json: AsJson = False,
) -> None:
    """Take the paper out of the trays."""
    _act(directory, as_json, "person", "takePaper", **{"from": device and device.value})


@app.command()
def jam(device: PaperDevice, directory: Directory = HOME, as_json: AsJson = False) -> None:
    """Jam a device's paper."""
    _act(directory, as_json, device.value, "jam")


@app.command()
def empty(device: PaperDevice, directory: Directory = HOME, as_json: AsJson = False) -> None:
    """Take the paper out of a device; from the dispenser, all sheets of all units."""
    action = {"receiptPrinter": "paper", "documentPrinter": "media-empty", "dispenser": "unload"}[
        device.value
    ]
    parameters: dict[str, object] = {"level": "out"} if device is PaperDevice.RECEIPT_PRINTER else {}
    _act(directory, as_json, device.value, action, **parameters)


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
    _act(directory, as_json, "dispenser", "load", unit=unit, code=code, first=first, count=count)


@app.command()
def door(which: DoorName, state: DoorState, directory: Directory = HOME, as_json: AsJson = False) -> None:
    """Open, shut or lock a door of the cabinet."""
    _act(directory, as_json, "board", "door", which=which.value, state=state.value)


@app.command()
def mains(state: Power, directory: Directory = HOME, as_json: AsJson = False) -> None:
    """Let the hall's power fail, or come back."""
    _act(directory, as_json, "ups", "mains", state=state.value)


def _on_device(action: str, text: str) -> Callable[[Device, Path, bool], None]:
    def command(device: Device, directory: Directory = HOME, as_json: AsJson = False) -> None:
        _act(directory, as_json, device.value, action)

    command.__doc__ = text
    return command


app.command("clear")(_on_device("clear", "Mend a device: jams out, paper in, covers closed, faults gone."))
app.command("unplug")(_on_device("unplug", "Pull a device's cable."))
app.command("replug")(_on_device("replug", "Put a device's cable back in."))


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
    _act(directory, as_json, device, action, **given)
