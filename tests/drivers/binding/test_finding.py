"""Which device plays which role: renumbered, moved, swapped, doubled and wrong ones."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from config.settings import ServiceSettings
from drivers.binding import bindings, machine
from drivers.binding.bindings import Binding
from drivers.binding.finding import NotBound, WrongDevice, bound, find, node, shown
from drivers.binding.identity import Identity, Kind
from drivers.binding.proposing import Candidate, Proposal
from drivers.errors import DeviceNotReady, DriverConfigError, LinkLost
from drivers.transports.hid import HidLink
from kiosk.checks import reach
from tests.drivers.binding.sysfs import FakeMachine, Gadget

READER = Gadget("0403", "6001", "A10001", "FTDI", "ID reader")
CABLE = Gadget()  # without serial number, as most cheap cables are


@pytest.fixture
def pc(tmp_path: Path) -> FakeMachine:
    return FakeMachine(tmp_path)


def there(pc: FakeMachine) -> list[machine.Port]:
    return machine.ports(below=pc.root)


def binding(role: str, port: machine.Port) -> Binding:
    return Binding(role, port.identity)


def end(pc: FakeMachine) -> Path:
    return Path("/dev/null")


def by_node(pc: FakeMachine, name: str) -> machine.Port:
    return next(port for port in there(pc) if port.node.endswith(f"/{name}"))


def test_a_port_is_known_by_what_the_device_says_and_where_it_is(pc: FakeMachine) -> None:
    pc.plug("1-1.4", "ttyUSB0", READER, end(pc))
    pc.built_in("ttyS0", end(pc))
    serial, built_in = by_node(pc, "ttyUSB0"), by_node(pc, "ttyS0")
    assert serial.identity == Identity(Kind.SERIAL, "1-1.4", "0403", "6001", "A10001", "00")
    assert (serial.maker, serial.name) == ("FTDI", "ID reader")
    assert built_in.identity == Identity(Kind.SERIAL, "ttyS0")


SCANNER = Gadget("0c2e", "0b61", "S7", "Honeywell", "Voyager")


def test_a_scanner_that_is_a_keyboard_keeps_its_identity_when_events_are_numbered_anew(
    pc: FakeMachine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pc.plug("1-2", "event4", SCANNER, end(pc), kind="input")
    found = by_node(pc, "event4")
    assert found.identity == Identity(Kind.INPUT, "1-2", "0c2e", "0b61", "S7", "00")
    known = {"barcodeReader": binding("barcodeReader", found)}
    pc.unplug("event4", kind="input")
    pc.plug("1-2", "event9", SCANNER, end(pc), kind="input")
    assert find("barcodeReader", known, there(pc)).node == str(pc.dev / "input" / "event9")
    monkeypatch.setenv(machine.ROOT, str(pc.root))
    written = "usb:0c2e:0b61:S7@1-2"
    assert node(written, Kind.INPUT) == str(pc.dev / "input" / "event9")
    bindings.write(tmp_path / "bindings.toml", known.values())
    assert bindings.read(tmp_path / "bindings.toml") == known
    with pytest.raises(LinkLost, match="no device|cannot be opened|is not an input device"):
        HidLink(written, "keyboard").open()


def test_what_types_no_code_or_points_is_no_scanner(pc: FakeMachine) -> None:
    volume = replace(SCANNER, keys="c000000000000 0")
    pc.plug("1-1", "event0", replace(SCANNER, rel="143"), end(pc), kind="input")
    pc.plug("1-2", "event1", replace(SCANNER, abs="260800000000003"), end(pc), kind="input")
    pc.plug("1-3", "event2", volume, end(pc), kind="input")
    pc.plug("1-4", "input7", SCANNER, end(pc), kind="input")
    pc.plug("1-5", "event3", SCANNER, end(pc), kind="input")
    assert [Path(port.node).name for port in there(pc)] == ["event3"]


def test_cameras_printers_and_hid_devices_are_found_as_well(pc: FakeMachine) -> None:
    pc.plug("1-2", "hidraw0", CABLE, end(pc), kind="hidraw")
    pc.plug("1-3", "video0", CABLE, end(pc), kind="video4linux")
    pc.plug("1-4", "lp0", CABLE, end(pc), kind="usbmisc")
    assert {port.identity.kind for port in there(pc)} == {Kind.HID, Kind.CAMERA, Kind.PRINTER}


def test_a_usb_printer_is_known_by_the_id_it_tells_since_its_chip_says_nothing_of_the_model(
    pc: FakeMachine,
) -> None:
    """Vendor and product are the USB chip's, the same in printers of many makers."""

    def plug(device_id: str) -> machine.Port:
        pc.plug("1-4", "lp0", Gadget("0416", "5011", device_id=device_id), end(pc), kind="usbmisc")
        return there(pc)[0]

    port = plug("MFG:Yunchuan;CMD:ESC/POS;MDL:TP-80K;CLS:PRINTER;SN:7;")
    assert port.said == "Yunchuan TP-80K"
    bound_to = Proposal("receiptPrinter", "escpos-usb", (Candidate(port),), "").binding(Candidate(port))
    assert bound_to.answer == "Yunchuan TP-80K"
    known = {"receiptPrinter": bound_to}
    assert find("receiptPrinter", known, there(pc)).node.endswith("usb/lp0")
    shutil.rmtree(pc.root / "sys")
    (pc.dev / "usb" / "lp0").unlink()
    plug("MANUFACTURER:Other;MODEL:Label 2;SN:8;")
    with pytest.raises(
        WrongDevice, match=r"Other Label 2 is in socket 1-4, where the receiptPrinter \(Yunchuan TP-80K\)"
    ):
        find("receiptPrinter", known, there(pc))


def test_a_renumbered_port_is_followed(pc: FakeMachine) -> None:
    pc.plug("1-1.4", "ttyUSB0", CABLE, end(pc))
    known = {"idReader": binding("idReader", by_node(pc, "ttyUSB0"))}
    pc.unplug("ttyUSB0")
    pc.plug("1-1.4", "ttyUSB3", CABLE, end(pc))
    assert find("idReader", known, there(pc)).node.endswith("ttyUSB3")
    assert find("idReader", known, there(pc)).remark == ""


def test_a_device_with_a_serial_number_is_followed_to_another_socket(pc: FakeMachine) -> None:
    pc.plug("1-1.4", "ttyUSB0", READER, end(pc))
    known = {"idReader": binding("idReader", by_node(pc, "ttyUSB0"))}
    pc.unplug("ttyUSB0")
    pc.plug("1-2", "ttyUSB0", READER, end(pc))
    found = find("idReader", known, there(pc))
    assert found.node.endswith("ttyUSB0") and "moved to socket 1-2" in found.remark


def test_two_equal_readers_without_a_serial_number_are_told_apart_by_their_sockets(pc: FakeMachine) -> None:
    pc.plug("1-1.1", "ttyUSB0", CABLE, end(pc))
    pc.plug("1-1.2", "ttyUSB1", CABLE, end(pc))
    known = {
        "idReader": binding("idReader", by_node(pc, "ttyUSB0")),
        "barcodeReader": binding("barcodeReader", by_node(pc, "ttyUSB1")),
    }
    pc.unplug("ttyUSB0")
    pc.unplug("ttyUSB1")
    pc.plug("1-1.2", "ttyUSB0", CABLE, end(pc))  # found by the kernel in the other order
    pc.plug("1-1.1", "ttyUSB1", CABLE, end(pc))
    assert find("idReader", known, there(pc)).node.endswith("ttyUSB1")
    assert find("barcodeReader", known, there(pc)).node.endswith("ttyUSB0")


def test_two_with_the_same_serial_number_are_told_apart_by_their_sockets(pc: FakeMachine) -> None:
    twin = Gadget("0403", "6001", "0001")
    pc.plug("1-1.1", "ttyUSB0", twin, end(pc))
    pc.plug("1-1.2", "ttyUSB1", twin, end(pc))
    known = {"idReader": binding("idReader", by_node(pc, "ttyUSB1"))}
    assert find("idReader", known, there(pc)).node.endswith("ttyUSB1")
    pc.unplug("ttyUSB1")
    pc.plug("1-3", "ttyUSB1", twin, end(pc))
    with pytest.raises(DeviceNotReady, match="two devices with serial 0001"):
        find("idReader", known, there(pc))


def test_of_two_bound_ones_with_the_same_serial_number_neither_stands_in_for_the_other(
    pc: FakeMachine,
) -> None:
    twin = Gadget("10c4", "ea60", "0001")
    pc.plug("1-1.1", "ttyUSB0", twin, end(pc))
    pc.plug("1-1.2", "ttyUSB1", twin, end(pc))
    known = {
        "receiptPrinter": binding("receiptPrinter", by_node(pc, "ttyUSB0")),
        "paymentTerminal": binding("paymentTerminal", by_node(pc, "ttyUSB1")),
    }
    pc.unplug("ttyUSB0")
    with pytest.raises(LinkLost, match="receiptPrinter .* is not plugged in"):
        find("receiptPrinter", known, there(pc))
    assert find("paymentTerminal", known, there(pc)).node.endswith("ttyUSB1")
    pc.plug("1-3", "ttyUSB0", twin, end(pc))
    moved = find("receiptPrinter", known, there(pc))
    assert moved.node.endswith("ttyUSB0") and "moved to socket 1-3" in moved.remark


def test_a_spare_of_the_same_model_in_the_same_socket_is_taken_and_told(pc: FakeMachine) -> None:
    pc.plug("1-1.4", "ttyUSB0", READER, end(pc))
    known = {"idReader": binding("idReader", by_node(pc, "ttyUSB0"))}
    pc.unplug("ttyUSB0")
    pc.plug("1-1.4", "ttyUSB0", Gadget("0403", "6001", "A20002"), end(pc))
    found = find("idReader", known, there(pc))
    assert found.node.endswith("ttyUSB0") and "a spare of the same model (A20002)" in found.remark


def test_the_device_of_another_role_is_no_spare(pc: FakeMachine) -> None:
    pc.plug("1-1.1", "ttyUSB0", Gadget("0403", "6001", "A"), end(pc))
    pc.plug("1-1.2", "ttyUSB1", Gadget("0403", "6001", "B"), end(pc))
    known = {
        "idReader": binding("idReader", by_node(pc, "ttyUSB0")),
        "invoiceDispenser": binding("invoiceDispenser", by_node(pc, "ttyUSB1")),
    }
    pc.unplug("ttyUSB0")
    pc.unplug("ttyUSB1")
    pc.plug("1-1.1", "ttyUSB0", Gadget("0403", "6001", "B"), end(pc))
    with pytest.raises(WrongDevice, match="the invoiceDispenser is in socket 1-1.1"):
        find("idReader", known, there(pc))
    assert find("invoiceDispenser", known, there(pc)).node.endswith("ttyUSB0")


def test_a_device_of_another_kind_in_the_socket_is_refused_with_what_to_do(pc: FakeMachine) -> None:
    pc.plug("1-1.4", "ttyUSB0", READER, end(pc))
    known = {"idReader": binding("idReader", by_node(pc, "ttyUSB0"))}
    pc.unplug("ttyUSB0")
    pc.plug("1-1.4", "ttyACM0", Gadget("0483", "5740", "", "STM", "Virtual COM"), end(pc))
    with pytest.raises(
        WrongDevice, match=r"STM Virtual COM \(0483:5740\) is in socket 1-1\.4.*kiosk devices bind"
    ):
        find("idReader", known, there(pc))


def test_a_device_that_is_not_plugged_in_is_told_with_its_socket(pc: FakeMachine) -> None:
    pc.plug("1-1.4", "ttyUSB0", READER, end(pc))
    known = {"idReader": binding("idReader", by_node(pc, "ttyUSB0"))}
    pc.unplug("ttyUSB0")
    with pytest.raises(LinkLost, match="serial A10001 at socket 1-1.4"):
        find("idReader", known, there(pc))


def test_a_second_port_of_the_same_device_is_not_the_bound_one(pc: FakeMachine) -> None:
    pc.plug("1-1.4", "ttyACM0", READER, end(pc), interface="00")
    pc.plug("1-1.4", "ttyACM1", READER, end(pc), interface="02")
    known = {"idReader": binding("idReader", by_node(pc, "ttyACM1"))}
    assert find("idReader", known, there(pc)).node.endswith("ttyACM1")


def test_the_file_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "etc" / "bindings.toml"
    odd = Identity(Kind.SERIAL, "1-1.4", "0403", "6001", 'A "1"\\', "00")
    written = [
        Binding("idReader", odd, "SAM_V module"),
        Binding("receiptPrinter", Identity(Kind.SERIAL, "ttyS1")),
    ]
    bindings.write(file, written)
    assert list(bindings.read(file).values()) == written
    assert [path.name for path in file.parent.iterdir()] == ["bindings.toml"]


@pytest.mark.parametrize(
    "text",
    ["[[bindings]]\nrole = 'x y'\nkind = 'tty'\nplace = '1'", "bindings = 3", "not toml", "[[bindings]]\nrole = 'a'",
     "[[bindings]]\nrole='a'\nkind='tty'\nplace='1'\n[[bindings]]\nrole='a'\nkind='tty'\nplace='2'"],
)  # fmt: skip
def test_a_file_that_cannot_be_used_says_to_bind_again(tmp_path: Path, text: str) -> None:
    (tmp_path / "b.toml").write_text(text)
    with pytest.raises(DriverConfigError):
        bindings.read(tmp_path / "b.toml")


def test_no_file_is_no_binding(tmp_path: Path) -> None:
    assert bindings.read(tmp_path / "none.toml") == {}


def test_names_of_roles_are_found_by_their_binding_and_all_else_is_left_alone(
    pc: FakeMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(machine.ROOT, str(pc.root))
    pc.plug("1-1.4", "ttyUSB7", CABLE, end(pc))
    file = pc.root / "bindings.toml"
    bindings.write(file, [binding("idReader", by_node(pc, "ttyUSB7"))])
    place = bound("kiosk/idReader", file)
    assert node(place) == str(pc.dev / "ttyUSB7")
    assert shown(place) == "kiosk/idReader"
    with pytest.raises(NotBound, match="run `kiosk devices bind`"):
        node(bound("kiosk/receiptPrinter", file))
    (pc.dev / "kiosk").mkdir()
    (pc.dev / "kiosk" / "receiptPrinter").symlink_to(end(pc))  # an administrator's own rule for udev
    assert node(bound("kiosk/receiptPrinter", file)) == str(pc.dev / "kiosk" / "receiptPrinter")
    assert node(bound("/dev/ttyS0", file)) == "/dev/ttyS0"
    assert bound("ipp://192.0.2.7/ipp/print", file) == "ipp://192.0.2.7/ipp/print"


def test_the_doctor_finds_a_bound_device_and_says_what_is_in_its_place(
    pc: FakeMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(machine.ROOT, str(pc.root))
    pc.plug("1-1.4", "ttyUSB7", READER, end(pc))
    file = pc.root / "bindings.toml"
    bindings.write(file, [binding("idReader", by_node(pc, "ttyUSB7"))])
    service = ServiceSettings(role="idReader", driver="sam-v", options={"port": "kiosk/idReader"})
    (found,) = reach.device(service, file)
    assert "ttyUSB7 is there" in str(found)
    pc.unplug("ttyUSB7")
    pc.plug("1-1.4", "ttyUSB7", CABLE, end(pc))
    (found,) = reach.device(service, file)
    assert "is in socket 1-1.4, where the idReader" in str(found)


def test_an_identity_may_be_written_out(pc: FakeMachine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(machine.ROOT, str(pc.root))
    pc.plug("1-1.1", "ttyUSB0", CABLE, end(pc))
    pc.plug("1-1.2", "ttyUSB1", CABLE, end(pc))
    pc.plug("1-2", "ttyUSB2", READER, end(pc))
    pc.plug("1-3", "video0", CABLE, end(pc), kind="video4linux")
    assert node("usb:0403:6001").endswith("ttyUSB2")
    assert node("usb:0403:6001:A10001@1-2/00").endswith("ttyUSB2")
    assert node("usb:1a86:7523@1-1.2").endswith("ttyUSB1")
    assert node("usb:1a86:7523", Kind.CAMERA).endswith("video0")
    with pytest.raises(DeviceNotReady, match="write its serial number or its socket"):
        node("usb:1a86:7523")
    for absent in ("usb:0403:6001:A2", "usb:dead:beef", "usb:xyz", "usb:1a86:7523@../../etc"):
        with pytest.raises(LinkLost):
            node(absent)
