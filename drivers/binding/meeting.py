"""Who answers at a role's socket, compared at connection with what each role's device said when it was bound.

Equal cables without serial numbers look the same to the kernel, whatever hangs at them: only the device behind can
tell. It is asked when the role's own device stays silent, and beforehand where two roles have one driver.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from drivers.binding import bindings, finding, probing
from drivers.binding.bindings import Binding
from drivers.binding.finding import WrongDevice
from drivers.binding.identity import Kind
from drivers.devices.traits import Probe
from drivers.errors import DeviceNotReady, DriverConfigError

_log = logging.getLogger("kiosk.devices.binding")
_PASSING: Final = ("status ", "firmware ")
"""What begins so in an answer may be another the next day, with the same device."""
_FIRST: Final = 0
"""Rank of printers' probes: they would print the questions meant for others."""
_DO: Final = "plug each into its own socket, or run `kiosk devices bind`"


@dataclass(frozen=True, slots=True)
class Guest:
    """A role, its driver, and the one speed its device is set to; None for the probe's own."""

    role: str
    driver: str
    baud: int | None = None


class Meeting:
    """The bound roles of one device program. Its questions block; each is meant for a worker thread.

    Args:
        file: the bindings, read at each question.
        guests: all roles that have a driver of ours, by role.
        probes: the probes of the drivers.
    """

    def __init__(self, file: Path, guests: Mapping[str, Guest], probes: Mapping[str, Probe]) -> None:
        self._file = file
        self._guests = guests
        self._probes = probes
        self._seen: dict[str, str] = {}
        """Role → what was said of where its device is, found while another role was looked for."""

    def vet(self, role: str) -> None:
        """Before connecting: raise ``WrongDevice`` when the device of another role with the same driver is there."""
        guest, known = self._guests[role], self._known()
        rivals = [
            other
            for other in known
            if other != role and other in self._guests and self._guests[other].driver == guest.driver
        ]
        if role not in known or not any(known[other].answer for other in rivals):
            return
        answer = self._asked(role, known, [guest])
        if answer is None or same(answer.text, known[role].answer):
            return
        for other in rivals:
            if same(answer.text, known[other].answer):
                raise WrongDevice(self._swapped(role, other, answer.text, known))
        if known[role].answer:
            _log.warning("%s: another one answers than was bound: %s", role, answer.text)

    def instead(self, role: str) -> str | None:
        """After a silent attempt: whose device is in the socket of ``role``, and what to do; None if nobody's."""
        guest, known = self._guests[role], self._known()
        own = self._probes.get(guest.driver)
        if role not in known or known[role].identity.kind is not Kind.SERIAL:
            return None
        if own is not None and own.rank == _FIRST:
            return self._seen.get(role)
        others = [self._guests[other] for other in known if other != role and other in self._guests]
        answer = self._asked(role, known, [other for other in others if other.driver != guest.driver])
        if answer is None:
            return self._seen.get(role)
        fitting = [other.role for other in others if other.driver == answer.driver]
        told = [other for other in fitting if same(answer.text, known[other].answer)]
        return self._swapped(role, (told or fitting)[0], answer.text, known)

    def arrived(self, role: str) -> None:
        """The role's device is connected: what was said of its place no longer holds."""
        self._seen.pop(role, None)

    def present(self, role: str) -> bool:
        """Whether a device that may play the role is plugged in."""
        try:
            return Path(finding.node(finding.bound(f"{finding.NAMES}{role}", self._file))).exists()
        except DeviceNotReady:
            return False

    def _swapped(self, role: str, other: str, answer: str, known: Mapping[str, Binding]) -> str:
        here, there = known[role].identity.place, known[other].identity.place
        text = (
            f"the {other} ({answer}) is plugged in at socket {here}, where the {role} belongs, "
            f"and not at its own, {there}; {_DO}"
        )
        self._seen[other] = text
        return text

    def _known(self) -> Mapping[str, Binding]:
        try:
            return bindings.read(self._file)
        except DriverConfigError:
            return {}  # told by the attempt itself

    def _asked(self, role: str, known: Mapping[str, Binding], guests: list[Guest]) -> probing.Answer | None:
        """Who of ``guests`` answers at the socket of ``role``."""
        asked = {}
        for guest in sorted(guests, key=lambda g: (self._rank(g.driver), g.role)):
            if (probe := self._probes.get(guest.driver)) is not None:
                asked[guest.driver] = replace(probe, bauds=(guest.baud or probe.bauds[0],))
        try:
            node = finding.node(finding.bound(f"{finding.NAMES}{role}", self._file))
            return probing.ask(node, asked) if asked and role in known else None
        except (DeviceNotReady, probing.PortInUse):
            return None

    def _rank(self, driver: str) -> int:
        probe = self._probes.get(driver)
        return 0 if probe is None else probe.rank


@dataclass(frozen=True, slots=True)
class Seat:
    """One role's part of the meeting, as its watch uses it (``ports_supervision.Acquaintance``)."""

    meeting: Meeting
    role: str

    def vet(self) -> None:
        """See ``Meeting.vet``."""
        self.meeting.vet(self.role)

    def instead(self) -> str | None:
        """See ``Meeting.instead``."""
        return self.meeting.instead(self.role)

    def arrived(self) -> None:
        """See ``Meeting.arrived``."""
        self.meeting.arrived(self.role)

    def present(self) -> bool:
        """See ``Meeting.present``."""
        return self.meeting.present(self.role)


@dataclass(frozen=True, slots=True)
class Socket:
    """The same for a role whose driver nobody may ask beside it: only whether something is plugged in."""

    meeting: Meeting
    role: str

    def vet(self) -> None:
        """Nobody is asked."""

    def instead(self) -> str | None:
        """Nobody knows."""
        return None

    def arrived(self) -> None:
        """Nobody waits for it."""

    def present(self) -> bool:
        """See ``Meeting.present``."""
        return self.meeting.present(self.role)


def same(one: str, other: str) -> bool:
    """Whether two answers are of one device, apart from what changes from day to day; nothing is like nothing."""
    return bool(one) and _lasting(one) == _lasting(other)


def _lasting(answer: str) -> list[str]:
    return [part for part in answer.split(", ") if not part.startswith(_PASSING)]
