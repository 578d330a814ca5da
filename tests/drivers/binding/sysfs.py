"""A machine whose USB sockets are folders: a fake ``/sys`` and ``/dev`` with what is plugged in, and nothing else."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Gadget:
    """What a USB device says of itself."""

    vendor: str = "1a86"
    product: str = "7523"
    serial: str = ""
    maker: str = "QinHeng Electronics"
    name: str = "USB Serial"
    device_id: str = ""
    """IEEE 1284, of a printer."""
    keys: str = "10000 7 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe"
    """Of an input device: the kernel's bit map of its keys; those of a keyboard."""
    rel: str = "0"
    abs: str = "0"


class FakeMachine:
    """``plug`` and ``unplug`` do what the kernel would; nodes below ``dev`` are links to real pseudo terminals."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.dev = root / "dev"
        self.dev.mkdir(parents=True)

    def plug(
        self, socket: str, node: str, gadget: Gadget, end: Path, kind: str = "tty", interface: str = "00"
    ) -> None:
        """A device in ``socket`` gets the node called ``node``, which is the same as ``end``."""
        usb = self.root / "sys" / "devices" / "usb1" / socket
        port = usb / f"{socket}:1.{int(interface, 16)}"
        port.mkdir(parents=True, exist_ok=True)
        facts = {"idVendor": gadget.vendor, "idProduct": gadget.product, "manufacturer": gadget.maker}
        facts |= {"product": gadget.name} | ({"serial": gadget.serial} if gadget.serial else {})
        for attribute, value in facts.items():
            (usb / attribute).write_text(value + "\n")
        if gadget.device_id:
            (port / "ieee1284_id").write_text(gadget.device_id + "\n")
        (port / "bInterfaceNumber").write_text(interface + "\n")
        if kind == "input":
            for name in ("keys", "rel", "abs"):
                able = port / node / "capabilities" / {"keys": "key"}.get(name, name)
                able.parent.mkdir(parents=True, exist_ok=True)
                able.write_text(getattr(gadget, name) + "\n")
            port = port / node
        entry = self.root / "sys" / "class" / kind / node
        entry.mkdir(parents=True)
        (entry / "device").symlink_to(port)
        self._node(node, kind).symlink_to(end)

    def built_in(self, node: str, end: Path) -> None:
        """A serial port of the board."""
        entry = self.root / "sys" / "class" / "tty" / node
        entry.mkdir(parents=True)
        (self.root / "sys" / "devices" / "serial8250").mkdir(parents=True, exist_ok=True)
        (entry / "device").symlink_to(self.root / "sys" / "devices" / "serial8250")
        (self.dev / node).symlink_to(end)

    def unplug(self, node: str, kind: str = "tty") -> None:
        """The device and its node are gone."""
        entry = self.root / "sys" / "class" / kind / node
        usb = (entry / "device").resolve().parent
        usb = usb.parent if kind == "input" else usb
        shutil.rmtree(entry)
        if (usb / "idVendor").exists():
            shutil.rmtree(usb)
        self._node(node, kind).unlink()

    def _node(self, node: str, kind: str) -> Path:
        """Where the kernel puts it: a printer's below ``usb``, a keyboard's below ``input``."""
        folder = self.dev / {"usbmisc": "usb", "input": "input"}.get(kind, "")
        folder.mkdir(exist_ok=True)
        return folder / node
