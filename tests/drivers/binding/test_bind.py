"""Probes against the simulators, proposals, the rules for udev, and the command that puts them together."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import serial
from typer.testing import CliRunner

from drivers.binding import bindings, machine, probing, udev
from drivers.binding.bindings import Binding
from drivers.binding.identity import Identity, Kind
from drivers.cli import app
from drivers.simulators.barcode_scanner import BarcodeScannerSimulator
from drivers.simulators.base import Pace
from drivers.simulators.card_reader import CardReaderSimulator
from drivers.simulators.invoice_dispenser import InvoiceDispenserSimulator
from drivers.simulators.payment_terminal import PaymentTerminalSimulator
from drivers.simulators.printed import PrintedStore
from drivers.simulators.receipt_printer import ReceiptPrinterSimulator
from tests.drivers.binding.sysfs import FakeMachine, Gadget
from tests.drivers.contract.subject import CLOCK

CONFIG = """
state_dir = "{state}"
[[services]]
role = "idReader"
driver = "sam-v"
options = {{ port = "kiosk/idReader" }}
[[services]]
role = "receiptPrinter"
driver = "escpos-serial"
options = {{ port = "kiosk/receiptPrinter" }}
[[services]]
role = "invoiceDispenser"
driver = "invoice-dispenser-serial"
options = {{ port = "kiosk/invoiceDispenser" }}
[[services]]
role = "barcodeReader"
driver = "barcode-serial"
options = {{ port = "kiosk/barcodeReader" }}
"""


@pytest.fixture
async def pc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeMachine]:
    """A cabinet whose four serial devices hang at equal cables without serial numbers, in no useful order."""
    pc = FakeMachine(tmp_path / "root")
    monkeypatch.setenv(machine.ROOT, str(pc.root))
    store = PrintedStore(tmp_path / "printed", CLOCK)
    devices = (
        InvoiceDispenserSimulator(tmp_path / "d", store, Pace(50), tmp_path / "d.json", units=2),
        CardReaderSimulator(tmp_path / "c", Pace(50)),
        BarcodeScannerSimulator(tmp_path / "b", Pace(50)),
        ReceiptPrinterSimulator(tmp_path / "r", store, Pace(50)),
    )
    for number, device in enumerate(devices):
        await device.start()
        pc.plug(f"1-1.{number + 1}", f"ttyUSB{number}", Gadget(), device.port.link)
    yield pc
    for device in devices:
        await device.stop()


def config(pc: FakeMachine) -> Path:
    file = pc.root / "devices.toml"
    file.write_text(CONFIG.format(state=pc.root / "state"))
    return file


async def run(*words: str | Path) -> tuple[int, str, str]:
    result = await asyncio.to_thread(lambda: CliRunner().invoke(app, [str(word) for word in words]))
    return result.exit_code, result.stdout, result.stderr


async def test_each_device_answers_its_own_probe_alone(pc: FakeMachine) -> None:
    asked = probing.probes()
    assert next(iter(asked)) == "escpos-serial"  # others would have the printer print their questions
    found = {
        port.node[-1]: await asyncio.to_thread(probing.ask, port.node, asked) for port in machine.ports()
    }
    assert found["2"] is None
    told = {node: (answer.driver, answer.text) for node, answer in found.items() if answer}
    assert told["0"][0] == "invoice-dispenser-serial" and "serial ID4-0007031" in told["0"][1]
    assert told["1"] == ("sam-v", "SAM_V module, status 90")
    assert told["3"] == ("escpos-serial", "receipt printer TP-80K")


async def test_a_bank_card_terminal_answers_its_echo_and_nobody_else_is_taken_for_one(tmp_path: Path) -> None:
    pos = PaymentTerminalSimulator(tmp_path / "pos", Pace(300), tmp_path, CLOCK)
    await pos.start()
    answer = await asyncio.to_thread(probing.ask, str(pos.port.link), probing.probes())
    await pos.stop()
    assert answer is not None and answer.driver == "payment-terminal-ecr"
    assert answer.text.startswith("bank-card terminal ") and "serial" in answer.text


async def test_bind_proposes_by_answer_and_gives_the_silent_port_to_the_silent_driver(
    pc: FakeMachine,
) -> None:
    code, out, err = await run("bind", "-c", config(pc), "--yes", "--udev", "-")
    assert code == 0, err
    known = bindings.read(pc.root / "bindings.toml")
    assert {role: binding.identity.place for role, binding in known.items()} == {
        "invoiceDispenser": "1-1.1",
        "idReader": "1-1.2",
        "barcodeReader": "1-1.3",
        "receiptPrinter": "1-1.4",
    }
    assert known["idReader"].answer == "SAM_V module, status 90"
    assert 'KERNELS=="1-1.2"' in out and 'SYMLINK+="kiosk/idReader"' in out


async def test_a_role_is_offered_only_what_its_driver_is_plugged_in_as(
    pc: FakeMachine, tmp_path: Path
) -> None:
    """Two cameras, a scanner in HID mode, and roles that no port belongs to: none of them is a serial port."""
    file = config(pc)
    more = {
        ("faceCamera", "camera-opencv"): 'uri = "kiosk/faceCamera"',
        ("documentCamera", "document-camera-opencv"): 'uri = "kiosk/documentCamera"',
        ("watchdog", "watchdog-linux"): "",
        ("smartCardReader", "smart-card-pcsc"): "",
        ("documentScanner", "scanner-sane"): 'device = "net:localhost:feeder"',
    }
    text = file.read_text().replace("barcode-serial", "barcode-hid-pos")
    for (role, driver), options in more.items():
        text += f'[[services]]\nrole = "{role}"\ndriver = "{driver}"\noptions = {{ {options} }}\n'
    file.write_text(text)
    for socket, node, kind in (
        ("1-2", "video0", "video4linux"),
        ("1-3", "video1", "video4linux"),
        ("1-4", "hidraw0", "hidraw"),
    ):
        (tmp_path / node).touch()
        pc.plug(socket, node, Gadget(), tmp_path / node, kind)
    _, out, _ = await run("bind", "-c", file, "--json", "--no-probe")
    offered = {p["role"]: {Path(node).name for node in p["nodes"]} for p in json.loads(out)["proposals"]}
    assert offered["faceCamera"] == offered["documentCamera"] == {"video0", "video1"}
    assert offered["barcodeReader"] == {"hidraw0"}
    assert not offered.keys() & {"watchdog", "smartCardReader", "documentScanner"}


async def test_a_keyboard_is_offered_for_a_scanner_that_types_but_never_taken_unasked(
    pc: FakeMachine, tmp_path: Path
) -> None:
    file = config(pc)
    file.write_text(file.read_text().replace("barcode-serial", "barcode-hid-keyboard"))
    (tmp_path / "event4").touch()
    pc.plug("1-9", "event4", Gadget("046d", "c31c", name="Keyboard"), tmp_path / "event4", "input")
    _, out, _ = await run("bind", "-c", file, "--json", "--no-probe")
    (offer,) = (p for p in json.loads(out)["proposals"] if p["role"] == "barcodeReader")
    assert [Path(node).name for node in offer["nodes"]] == ["event4"]
    assert "any keyboard looks like it" in offer["why"]
    await run("bind", "-c", file, "--yes", "--udev", "-")
    bound = bindings.read(pc.root / "bindings.toml")
    assert "idReader" in bound and "barcodeReader" not in bound


async def test_bind_shows_without_writing(pc: FakeMachine) -> None:
    code, out, _ = await run("bind", "-c", config(pc), "--json")
    found = json.loads(out)
    assert code == 0 and len(found["ports"]) == 4
    assert {p["role"]: p["nodes"] for p in found["proposals"]}["idReader"] == [str(pc.dev / "ttyUSB1")]
    assert not (pc.root / "bindings.toml").exists()


async def test_bind_takes_what_it_is_told_and_names_what_is_missing(pc: FakeMachine) -> None:
    code, _, err = await run("bind", "-c", config(pc), "--no-probe", "-r", f"idReader={pc.dev}/ttyUSB1")
    assert code == 1 and "not bound: receiptPrinter, invoiceDispenser: nobody was asked" in err
    assert set(bindings.read(pc.root / "bindings.toml")) == {"idReader"}
    code, _, err = await run("bind", "-c", config(pc), "--no-probe", "-r", "idReader=/dev/ttyUSB9")
    assert code == 78 and "there is no port '/dev/ttyUSB9'" in err
    same = ("-r", f"idReader={pc.dev}/ttyUSB1", "-r", f"receiptPrinter={pc.dev}/ttyUSB1")
    code, _, err = await run("bind", "-c", config(pc), "--no-probe", *same)
    assert code == 78 and "would be the same device" in err


async def test_what_is_sure_is_offered_with_the_word_that_takes_it_when_nobody_is_there(
    pc: FakeMachine,
) -> None:
    code, _, err = await run("bind", "-c", config(pc))
    assert code == 1 and not (pc.root / "bindings.toml").exists()
    assert "not bound: idReader: found /dev/ttyUSB1 (SAM_V module, status 90, at 115200 baud)" in err.replace(
        str(pc.root), ""
    )
    assert err.count("; take it with --yes") == 4


async def test_two_that_answer_alike_are_not_guessed(pc: FakeMachine, tmp_path: Path) -> None:
    second = CardReaderSimulator(tmp_path / "c2", Pace(50))
    await second.start()
    pc.plug("1-2", "ttyUSB9", Gadget(), second.port.link)
    code, _, err = await run("bind", "-c", config(pc), "--yes")
    assert code == 1 and "not bound: idReader: 2 ports answered; choose one" in err
    assert "idReader" not in bindings.read(pc.root / "bindings.toml")
    await second.stop()


async def test_a_port_that_another_program_holds_is_said_to_be_in_use(pc: FakeMachine) -> None:
    with serial.Serial(str(pc.dev / "ttyUSB1"), exclusive=True):
        code, out, err = await run("bind", "-c", config(pc), "--yes")
    assert code == 1 and "in use" in out
    assert "ttyUSB1 in use; stop the device program" in err
    assert bindings.read(pc.root / "bindings.toml")["barcodeReader"].identity.place == "1-1.3"


BOTH_SILENT = """
[[services]]
role = "mrzReader"
driver = "mrz-serial"
options = { port = "kiosk/mrzReader" }
"""


async def test_a_port_that_may_be_two_silent_roles_is_left_to_a_person_and_the_others_are_bound(
    pc: FakeMachine,
) -> None:
    file = config(pc)
    file.write_text(file.read_text() + BOTH_SILENT)
    code, _, err = await run("bind", "-c", file, "--yes")
    assert code == 1
    (told,) = [line for line in err.splitlines() if not line.startswith("asking at")]
    assert told == (
        f"{pc.dev}/ttyUSB2: may be barcodeReader, mrzReader, which cannot be asked; say which with --role ROLE=NODE"
    ), "one line for the port"
    known = bindings.read(pc.root / "bindings.toml")
    assert set(known) == {"idReader", "receiptPrinter", "invoiceDispenser"}


async def test_a_port_given_to_another_role_is_taken_from_the_one_that_had_it(pc: FakeMachine) -> None:
    file = config(pc)
    assert (await run("bind", "-c", file, "--yes"))[0] == 0
    code, _, err = await run("bind", "-c", file, "--no-probe", "-r", f"idReader={pc.dev}/ttyUSB2")
    assert code == 1 and "barcodeReader is not bound any more: its port is the idReader's now" in err
    known = bindings.read(pc.root / "bindings.toml")
    assert "barcodeReader" not in known and known["idReader"].identity.place == "1-1.3"


async def test_without_questions_nothing_is_sure_and_nobody_is_said_to_be_silent(pc: FakeMachine) -> None:
    for number in (0, 1, 3):
        pc.unplug(f"ttyUSB{number}")  # what is left could be any of the four
    code, _, err = await run("bind", "-c", config(pc), "--no-probe", "--yes")
    assert code == 1 and "nothing answered" not in err
    told = [line for line in err.splitlines() if not line.startswith("asking at")]
    assert [line.partition(": nobody")[0] for line in told] == [
        f"{pc.dev}/ttyUSB2: may be barcodeReader, which cannot be asked; say which with --role ROLE=NODE",
        "not bound: idReader, receiptPrinter, invoiceDispenser",
    ]
    assert not (pc.root / "bindings.toml").exists()


async def test_a_person_is_asked_about_what_is_not_sure_and_cannot_choose_one_port_twice(
    pc: FakeMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("drivers.cli_bind._somebody_there", lambda: True)
    file = config(pc)
    file.write_text(file.read_text() + BOTH_SILENT)
    answers = (
        "y\ny\ny\n7\n1\n"  # three answered; the fourth is told a number that is not there, then one that is
    )
    result = await asyncio.to_thread(lambda: CliRunner().invoke(app, ["bind", "-c", str(file)], answers))
    assert "there is no 7; give a number from 0 to 2" in result.stderr, result.output
    assert result.stdout.count("which is it; number, 0 for none") == 2, (
        "once, and once more after the wrong number"
    )
    known = bindings.read(pc.root / "bindings.toml")
    assert known["barcodeReader"].identity.place == "1-1.3"
    assert (
        result.exit_code == 1
        and "not bound: mrzReader: no port is left" in result.stderr
        and "mrzReader" not in known
    )


async def test_a_file_that_cannot_be_written_is_told_with_what_to_do(pc: FakeMachine) -> None:
    nowhere = pc.root / "nowhere" / "x.rules"
    code, _, err = await run("bind", "-c", config(pc), "--no-probe", "--udev", nowhere)
    assert code == 78 and "x.rules cannot be written" in err and "give another path" in err


BOUND = [
    Binding("idReader", Identity(Kind.SERIAL, "1-1.4", "1a86", "7523", "", "00")),
    Binding("receiptPrinter", Identity(Kind.SERIAL, "1-1.2", "0403", "6001", 'A"1*', "00")),
    Binding("invoiceDispenser", Identity(Kind.SERIAL, "ttyS0")),
    Binding("faceCamera", Identity(Kind.CAMERA, "1-3", "046d", "082d", "5F", "00")),
    Binding("stampMachine", Identity(Kind.HID, "1-5", "0483", "5750", "", "01")),
    Binding("barcodeReader", Identity(Kind.INPUT, "1-7", "0c2e", "0b61", "S7", "00")),
    Binding("documentPrinter", Identity(Kind.PRINTER, "1-6", "04f9", "02f4", "E7", "00")),
]


def test_the_rules_say_what_the_binding_says_and_nothing_can_break_out_of_a_value() -> None:
    text = udev.rules(BOUND)
    pair = r'[A-Z_]+(\{[A-Za-z0-9_]+\})?(==|!=|=|\+=|:=)"[^"]*"'
    lines = [line for line in text.splitlines() if line and line[0] != "#"]
    for line in lines:
        assert re.fullmatch(rf"{pair}(, {pair})*", line), line
    assert 'ATTRS{serial}=="A?1?"' in text
    assert 'SUBSYSTEM=="tty", KERNEL=="ttyS0", GROUP="dialout"' in text
    (typed,) = (line for line in lines if "kiosk/barcodeReader" in line)
    assert typed.startswith('SUBSYSTEM=="input", ENV{ID_VENDOR_ID}=="0c2e"')
    assert 'KERNEL=="event[0-9]*", ENV{ID_INPUT_KEYBOARD}=="1", ENV{LIBINPUT_IGNORE_DEVICE}="1"' in typed


def test_every_bound_device_is_given_to_a_group_of_the_device_program() -> None:
    unit = (Path(__file__).parents[3] / "systemd" / "units" / "kiosk-devices.service").read_text()
    groups = set(re.findall(r"SupplementaryGroups=(.*)", unit)[0].split())
    assert set(re.findall(r'GROUP="([a-z]+)"', udev.rules(BOUND))) <= groups


def test_two_of_one_serial_number_are_told_apart_by_their_sockets() -> None:
    twins = [
        Binding(role, Identity(Kind.SERIAL, place, "0403", "6001", "0001", "00"))
        for role, place in (("idReader", "1-1"), ("barcodeReader", "1-2"))
    ]
    text = udev.rules(twins)
    assert 'ATTRS{serial}=="0001", KERNELS=="1-1"' in text and 'ATTRS{serial}=="0001", KERNELS=="1-2"' in text
    assert "KERNELS" not in udev.rules(twins[:1])


UDEVADM = shutil.which("udevadm")


# CI is root and installs udev, so it runs there; a developer without root cannot let udev read the rules.
@pytest.mark.skipif(
    os.geteuid() != 0 or UDEVADM is None, reason="udevadm test reads the rules of the machine: root"
)
def test_udev_itself_takes_every_line_of_the_rules(tmp_path: Path) -> None:
    """In a mount namespace, so that the machine's own rules stay as they are."""

    def complaints(text: str) -> list[str]:
        rules = tmp_path / "73-tax-kiosk-bound.rules"
        rules.write_text(text)
        script = (
            "mkdir -p /run/udev/rules.d && mount -t tmpfs none /run/udev/rules.d && "
            f"cp {rules} /run/udev/rules.d/ && exec udevadm test /sys/class/mem/null"
        )
        told = subprocess.run(
            ["unshare", "--mount", "sh", "-c", script],
            capture_output=True,
            text=True,
            timeout=50,
            check=False,
        )
        assert "73-tax-kiosk-bound.rules" in told.stdout + told.stderr, told.stderr
        lines = (told.stdout + told.stderr).splitlines()
        return [line for line in lines if re.search(r"73-tax-kiosk-bound\.rules:\d+", line)]

    assert complaints(udev.rules(BOUND).replace("SYMLINK+=", "SIMLINK+=")), "a mistake must be seen"
    assert complaints(udev.rules(BOUND)) == []
