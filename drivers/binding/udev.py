"""udev rules that give each bound device its name, ``/dev/kiosk/<role>``, for programs that only know paths.

Keys and operators: udev(7). The device program itself does not need them: it finds the node by the binding.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

from drivers.binding.bindings import Binding
from drivers.binding.identity import Identity, Kind

FILE: Final = "/etc/udev/rules.d/73-tax-kiosk-bound.rules"
"""Behind 72-tax-kiosk.rules, which names every port by its socket, and before 99-systemd.rules, which reads TAG."""
_GROUPS: Final = {
    Kind.SERIAL: "dialout",
    Kind.HID: "dialout",
    Kind.INPUT: "dialout",
    Kind.CAMERA: "video",
    Kind.PRINTER: "lp",
}
"""Those of the device program; ``input`` is the screen's, which must never listen to a scanner."""
_MEANT: Final = re.compile(r'([*?\[\]|\\"])')


def rules(bindings: Iterable[Binding]) -> str:
    """The file's content."""
    bound = sorted(bindings, key=lambda b: b.role)
    serials = Counter((b.identity.model, b.identity.serial) for b in bound)
    lines = [
        "# Written by `kiosk devices bind`. Each device under the name of its role: /dev/kiosk/<role>.",
        'ACTION=="remove", GOTO="tax_kiosk_bound_end"',
        # systemd's own rules look vendor and product up for serial ports and cameras alone.
        'SUBSYSTEM=="hidraw|usbmisc", ENV{ID_VENDOR_ID}=="", IMPORT{builtin}="usb_id"',
        "",
        *(_rule(b, twin=serials[b.identity.model, b.identity.serial] > 1) for b in bound),
        "",
        'LABEL="tax_kiosk_bound_end"',
    ]
    return "\n".join(lines) + "\n"


def _rule(binding: Binding, twin: bool) -> str:
    identity = binding.identity
    parts = [f'SUBSYSTEM=="{identity.kind.value}"', *_who(identity, twin)]
    group = _GROUPS[identity.kind]
    if identity.kind is Kind.INPUT:
        # One interface may have several nodes; libinput leaves this one alone, as in 72-tax-kiosk.rules.
        parts += ['KERNEL=="event[0-9]*"', 'ENV{ID_INPUT_KEYBOARD}=="1"', 'ENV{LIBINPUT_IGNORE_DEVICE}="1"']
    parts += [f'GROUP="{group}"', 'MODE="0660"', f'SYMLINK+="kiosk/{binding.role}"', 'TAG+="systemd"']
    return ", ".join(parts)


def _who(identity: Identity, twin: bool) -> list[str]:
    """The same as ``finding.find`` as far as udev can say it: the serial number when there is one, else the socket.

    ``twin``: another role has a device with the same number, so the socket counts as well.
    """
    if not identity.vendor:
        return [f'KERNEL=="{_exactly(identity.place)}"']
    parts = [f'ENV{{ID_VENDOR_ID}}=="{identity.vendor}"', f'ENV{{ID_MODEL_ID}}=="{identity.product}"']
    if identity.interface:
        parts.append(f'ENV{{ID_USB_INTERFACE_NUM}}=="{identity.interface}"')
    if identity.serial:
        parts.append(f'ATTRS{{serial}}=="{_exactly(identity.serial)}"')
    if twin or not identity.serial:
        parts.append(f'KERNELS=="{_exactly(identity.place)}"')
    if identity.kind is Kind.CAMERA:
        parts.append('ATTR{index}=="0"')
    return parts


def _exactly(text: str) -> str:
    """Without meaning for udev: what would match more than itself matches any one character."""
    return _MEANT.sub("?", text)
