"""The ports of this machine as the kernel's ``/sys`` shows them; nothing is opened and nothing is asked.

pyserial's list knows serial ports alone and one fixed ``/sys``; cameras, printers and HID devices are found here
in the same way. Attributes: the kernel's Documentation/ABI (``sysfs-bus-usb``).
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from drivers.binding.identity import Identity, Kind, Port

ROOT: Final = "KIOSK_HARDWARE_ROOT"
"""Variable: the folder below which ``sys`` and ``dev`` are looked for, for a machine that is shown elsewhere."""
_NODES: Final = {Kind.SERIAL: "", Kind.HID: "", Kind.INPUT: "input", Kind.CAMERA: "", Kind.PRINTER: "usb"}
"""Folder of the device nodes below ``/dev``."""
_TYPED: Final = sum(1 << key for key in (*range(2, 12), 28, 30))
"""KEY_1 to KEY_0, KEY_ENTER and KEY_A of linux/input-event-codes.h: without them no code is typed."""
_WORD: Final = struct.calcsize("l") * 8
_POINTS: Final = {"rel": 1 << 0, "abs": 1 << 0 | 1 << 0x35}
"""REL_X, ABS_X and ABS_MT_POSITION_X: a mouse or a touch screen."""


def root() -> Path:
    """Where ``sys`` and ``dev`` are."""
    return Path(os.environ.get(ROOT, "/"))


def ports(kinds: tuple[Kind, ...] = tuple(Kind), below: Path | None = None) -> list[Port]:
    """All ports of these kinds, in the order of their places."""
    base = below or root()
    found = [port for kind in kinds for port in _of_kind(base, kind)]
    return sorted(found, key=lambda port: (port.identity.kind, port.identity.place, port.identity.interface))


def socket_of(bus: int, address: int, below: Path | None = None) -> str | None:
    """The chain of USB sockets, such as ``1-1.4``, of the device with this address; None when it is not there."""
    folder = (below or root()) / "sys" / "bus" / "usb" / "devices"
    wanted = (str(bus), str(address))
    for device in sorted(folder.iterdir()) if folder.is_dir() else []:
        if (_read(device / "busnum"), _read(device / "devnum")) == wanted:
            return device.name
    return None


def _of_kind(base: Path, kind: Kind) -> Iterator[Port]:
    folder = base / "sys" / "class" / kind.value
    for entry in sorted(folder.iterdir()) if folder.is_dir() else []:
        node = base / "dev" / _NODES[kind] / entry.name
        if not node.exists() or not (entry / "device").exists():
            continue  # consoles and pseudo terminals have no device behind them
        if kind is Kind.CAMERA and _read(entry / "index") not in ("", "0"):
            continue  # a second node of a camera carries its metadata
        if kind is Kind.PRINTER and not entry.name.startswith("lp"):
            continue
        port = _port(node, entry, kind)
        if kind is Kind.INPUT and not (port.identity.vendor and _types(entry)):
            continue
        yield port


def _types(entry: Path) -> bool:
    """Whether an input device types and does not point: a scanner that is a keyboard, or a keyboard.

    Its other nodes, of volume keys and the like, and the power button have no letters.
    """
    able = entry / "device" / "capabilities"
    if not entry.name.startswith("event") or _bits(able / "key") & _TYPED != _TYPED:
        return False
    return not any(_bits(able / kind) & codes for kind, codes in _POINTS.items())


def _bits(path: Path) -> int:
    """A bit map of the kernel: words of the machine's own size in hexadecimal, the highest first."""
    found = 0
    for word in _read(path, 1024).split():
        found = found << _WORD | int(word, 16)
    return found


def _port(node: Path, entry: Path, kind: Kind) -> Port:
    device = (entry / "device").resolve()
    interface = next((p for p in (device, *device.parents) if (p / "bInterfaceNumber").exists()), None)
    usb = next((p for p in (device, *device.parents) if (p / "idVendor").exists()), None)
    if usb is None:
        return Port(str(node), Identity(kind, entry.name))
    identity = Identity(
        kind,
        usb.name,
        _read(usb / "idVendor").lower(),
        _read(usb / "idProduct").lower(),
        _read(usb / "serial"),
        _read(interface / "bInterfaceNumber") if interface is not None else "",
    )
    said = _model_of(_read(entry / "device" / "ieee1284_id", 1024)) if kind is Kind.PRINTER else ""
    return Port(str(node), identity, _read(usb / "manufacturer"), _read(usb / "product"), said)


def _model_of(device_id: str) -> str:
    """Maker and model in an IEEE 1284 device id, such as ``MFG:Yunchuan;CMD:ESC/POS;MDL:TP-80K;``.

    Keys in full and in short: IEEE 1284-2000, clause 7.6.
    """
    pairs = (pair.partition(":") for pair in device_id.split(";"))
    known = {key.strip().upper(): value.strip() for key, _, value in pairs}
    maker = known.get("MFG") or known.get("MANUFACTURER", "")
    return f"{maker} {known.get('MDL') or known.get('MODEL', '')}".strip()[:128]


def _read(path: Path, most: int = 128) -> str:
    """One attribute: what a device says, printable characters alone; empty when it says nothing."""
    try:
        text = path.read_text("utf-8", "replace").strip()
    except OSError:
        return ""
    return "".join(c for c in text if c.isprintable())[:most]
