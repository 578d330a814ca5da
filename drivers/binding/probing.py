"""Asks what is plugged in at a serial port who it is: one harmless question a driver and speed, printers first."""

from __future__ import annotations

import errno
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

import serial

from drivers.devices import registry
from drivers.devices.traits import Probe
from drivers.transports.serial import FAULTS

_T = TypeVar("_T")
_QUIET_S: Final = 0.05
_SLICE_S: Final = 0.02


class PortInUse(Exception):
    """Another program holds the port: nobody can be asked there."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A driver whose device answered, at which speed, and what it said."""

    driver: str
    baud: int
    text: str


def probes() -> Mapping[str, Probe]:
    """The probes of all drivers that have one, in the order in which they are to be asked."""
    known = {name: registry.traits(name).probe for name in registry.names()}
    found = {name: probe for name, probe in known.items() if probe is not None}
    return dict(sorted(found.items(), key=lambda item: (item[1].rank, item[0])))


def ask(
    node: str, asked: Mapping[str, Probe], told: Callable[[str], None] = lambda text: None
) -> Answer | None:
    """Who is at ``node``: the first driver whose device answers; None when nobody does.

    ``told`` hears which question is asked, for a person who waits. Raise ``PortInUse``.
    """
    try:
        with serial.Serial(node, timeout=_SLICE_S, write_timeout=1.0, exclusive=True) as port:
            for name, baud, probe in _questions(asked):
                told(f"{name} at {baud}")
                text = _one(port, probe, baud)
                if text is not None:
                    return Answer(name, baud, text)
    except (*FAULTS, ValueError) as error:
        if getattr(error, "errno", None) in (errno.EWOULDBLOCK, errno.EBUSY):
            raise PortInUse(node) from error
        return None
    return None


def _questions(asked: Mapping[str, Probe]) -> Iterable[tuple[str, int, Probe]]:
    """Each driver at its likeliest speed first, then the others."""
    longest = max((len(probe.bauds) for probe in asked.values()), default=0)
    for turn in range(longest):
        for name, probe in asked.items():
            if turn < len(probe.bauds):
                yield name, probe.bauds[turn], probe


def _one(port: serial.Serial, probe: Probe, baud: int) -> str | None:
    port.baudrate = baud
    text = _told(port, probe.question, probe.answer, probe)
    if text is not None and probe.proof and not _told(port, probe.proof, probe.proven, probe):
        return None
    return text


def _told(
    port: serial.Serial, question: bytes, answer: Callable[[bytes], _T | None], probe: Probe
) -> _T | None:
    _until_quiet(port)
    port.write(question)
    came = bytearray()
    end = time.monotonic() + probe.wait_s
    while time.monotonic() < end:
        came += port.read(256)
        found = answer(bytes(came))
        if found:
            port.write(probe.goodbye)
            return found
    return None


def _until_quiet(port: serial.Serial) -> None:
    """What is still said to an earlier question is no answer to this one."""
    end = time.monotonic() + 10 * _QUIET_S
    quiet = time.monotonic() + _QUIET_S
    while time.monotonic() < min(end, quiet):
        if port.read(256):
            quiet = time.monotonic() + _QUIET_S
