"""From a binding to the device node of this moment: renumbered ports are followed, strangers are refused."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from drivers.binding import bindings, machine
from drivers.binding.bindings import Binding
from drivers.binding.identity import Kind, Port
from drivers.errors import DeviceNotReady, DriverConfigError, LinkLost

log = logging.getLogger("kiosk.devices.binding")

NAMES: Final = "kiosk/"
"""``port = "kiosk/idReader"`` in devices.toml means: the device that is bound to that role."""
_BOUND: Final = "bound:"
_USB: Final = re.compile(
    r"usb:(?P<vendor>[0-9a-f]{4}):(?P<product>[0-9a-f]{4})"
    r"(?::(?P<serial>[^@/]+))?(?:@(?P<place>[0-9]+-[0-9.]+))?(?:/(?P<interface>[0-9a-f]{2}))?"
)
"""An identity written out: ``usb:1a86:7523:A10001@1-1.4/00``; what stands behind the product may be left out."""
_told: Final[dict[str, str]] = {}
"""What was last logged of a role's device, so that it is said once and not at each connection."""


class WrongDevice(DeviceNotReady):
    """Something else is plugged in where a role's device belongs."""


class NotBound(DeviceNotReady):
    """Nobody has said yet which device has the role, nor has an administrator named one for udev."""


@dataclass(frozen=True, slots=True)
class Found:
    """The node, and what is worth telling about it: moved, or a spare."""

    node: str
    remark: str = ""


def bound(place: str, file: Path | None) -> str:
    """The option ``place`` of devices.toml with the file of the bindings in it, when it names a role.

    What names a path, an address or a number is given back as it is.
    """
    if not place.startswith(NAMES) or file is None:
        return place
    return f"{_BOUND}{file}#{place.removeprefix(NAMES)}"


def shown(place: str) -> str:
    """The same for a person."""
    return f"{NAMES}{place.rpartition('#')[2]}" if place.startswith(_BOUND) else place


def node(place: str, kind: Kind = Kind.SERIAL) -> str:
    """The device node that ``place`` means now; asked at every opening.

    Raise ``LinkLost`` when its device is not plugged in, ``WrongDevice`` when another one is in its place,
    ``NotBound`` when no device was ever bound to it, ``DeviceNotReady`` when it cannot be told which of several is
    meant.
    """
    if place.startswith("usb:"):
        return _written_out(place, kind)
    if place.startswith(NAMES):
        return f"/dev/{place}"
    if not place.startswith(_BOUND):
        return place
    file, _, role = place.removeprefix(_BOUND).rpartition("#")
    try:
        known = bindings.read(Path(file))
    except DriverConfigError as error:
        raise LinkLost(str(error)) from error
    if role not in known:  # never bound: udev's own name, when an administrator has made one
        return _by_udev(role)
    found = find(role, known, machine.ports())
    if found.remark and _told.get(role) != found.remark:
        log.warning("%s: %s", role, found.remark)
    _told[role] = found.remark
    return found.node


def _by_udev(role: str) -> str:
    """The name that an administrator's own rule for udev gives."""
    alias = machine.root() / "dev" / NAMES / role
    if not os.path.lexists(alias):
        raise NotBound(f"no device was bound to {role} yet; plug it in and run `kiosk devices bind`")
    return str(alias)


def _written_out(place: str, kind: Kind) -> str:
    """The one port that has everything that is written."""
    form = _USB.fullmatch(place)
    if form is None:
        raise LinkLost(
            f"'{place}' is no identity; write usb:vendor:product:serial@socket, such as usb:1a86:7523@1-1.4"
        )
    wanted = {name: value for name, value in form.groupdict().items() if value}
    fits = [
        port
        for port in machine.ports((kind,))
        if all(getattr(port.identity, name) == value for name, value in wanted.items())
    ]
    if not fits:
        raise LinkLost(f"{place} is not plugged in; see `kiosk devices bind --json` for what is")
    if len(fits) > 1:
        several = " and ".join(str(port.identity) for port in fits)
        raise DeviceNotReady(f"{place} fits {several}; write its serial number or its socket as well")
    return fits[0].node


def find(role: str, known: Mapping[str, Binding], there: Sequence[Port]) -> Found:
    """The port that plays ``role`` among those that are ``there``.

    The serial number is believed before the socket, the socket before nothing: a device moved to another socket
    is followed; a spare of the same model in the old socket is taken; of two equal ones, or with equal serial
    numbers, each is told by its socket; anything else in the socket is refused.
    """
    wanted = known[role].identity
    alike = [p for p in there if p.identity.kind is wanted.kind and p.identity.interface == wanted.interface]
    here = next((p for p in alike if p.identity.place == wanted.place), None)
    taken = {binding.identity for other, binding in known.items() if other != role}
    same = [
        p
        for p in alike
        if wanted.serial and _same(p, wanted.model, wanted.serial) and p.identity not in taken
    ]
    if here is not None and here in same:
        return Found(here.node)
    if len(same) == 1:
        return Found(same[0].node, f"{wanted} was moved to socket {same[0].identity.place}")
    if len(same) > 1:
        places = " and ".join(port.identity.place for port in same)
        raise DeviceNotReady(
            f"two devices with serial {wanted.serial} are plugged in ({places}), none in socket {wanted.place}; "
            f"put the {role} back there, or run `kiosk devices bind`"
        )
    if here is not None:
        return _in_its_place(role, known, here)
    raise LinkLost(
        f"{role} ({wanted}) is not plugged in; plug it into that socket, or run `kiosk devices bind`"
    )


def _in_its_place(role: str, known: Mapping[str, Binding], here: Port) -> Found:
    """What to make of another device in the socket of a role."""
    wanted, found = known[role].identity, here.identity
    if found.model != wanted.model:
        what = f"{here.maker} {here.name}".strip() or "another device"
        raise WrongDevice(
            f"{what} ({found.vendor or 'no USB'}:{found.product}) is in socket {wanted.place}, where the {role} "
            f"({wanted.vendor}:{wanted.product}) belongs; plug that in there, or run `kiosk devices bind`"
        )
    if here.said and known[role].answer not in ("", here.said):
        raise WrongDevice(
            f"{here.said} is in socket {wanted.place}, where the {role} ({known[role].answer}) belongs; "
            "plug that in there, or run `kiosk devices bind`"
        )
    others = (other for other, binding in known.items() if other != role and binding.identity.serial)
    owner = next((o for o in others if _same(here, known[o].identity.model, known[o].identity.serial)), None)
    if owner is not None:
        raise WrongDevice(
            f"the {owner} is in socket {wanted.place}, where the {role} belongs; plug each into its own socket, "
            "or run `kiosk devices bind`"
        )
    if found.serial != wanted.serial:
        spare = found.serial or "without serial number"
        return Found(here.node, f"a spare of the same model ({spare}) has taken the place of {wanted}")
    return Found(here.node)


def _same(port: Port, model: tuple[str, str], serial: str) -> bool:
    return port.identity.model == model and port.identity.serial == serial


def waiting(kinds: tuple[Kind, ...], known: Mapping[str, Binding]) -> list[Port]:
    """Ports that are there and play no role yet."""
    there = machine.ports(kinds)
    taken = set()
    for role in known:
        try:
            taken.add(find(role, known, there).node)
        except DeviceNotReady:
            continue
    return [port for port in there if port.node not in taken]
