"""What the dispenser's own counters say, and what two readings of them prove."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from drivers.errors import ProtocolError


@dataclass(frozen=True, slots=True)
class Front:
    """What a unit says of itself; ``code`` and ``number`` of the front sheet where it can be read."""

    state: str = "unknown"
    count: int | None = None
    code: str | None = None
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """Sheets moved since the machine was made, and whether paper lies in the tray.

    ``serial`` is the machine's whose totals they are; None where it does not tell.
    """

    fed: int
    exited: int
    rejected: int
    retracted: int
    tray: bool
    serial: str | None = None

    @classmethod
    def read(cls, sensors: Mapping[str, object]) -> Totals:
        """The totals in a reading of ``InvoiceDispenser.sensors``; raise ``ProtocolError`` without them."""
        values: dict[str, int] = {}
        for name in ("fed", "exited", "rejected", "retracted"):
            value = sensors.get(name)
            if not isinstance(value, int) or isinstance(value, bool) or value < 0:
                raise ProtocolError(f"the dispenser does not count what is {name}; no sheet may move without")
            values[name] = value
        tray = {"paper": True, "empty": False}.get(str(sensors.get("tray")), sensors.get("tray"))
        if not isinstance(tray, bool):
            raise ProtocolError("the dispenser does not say whether its tray is empty")
        return cls(**values, tray=tray, serial=_text(sensors.get("serial")))

    @classmethod
    def load(cls, stored: Mapping[str, Any] | None) -> Totals | None:
        """The totals as stored, None when there are none."""
        return cls(**stored) if stored else None

    def store(self) -> dict[str, Any]:
        """For ``devices.db``."""
        return asdict(self)

    def other_machine(self, before: Totals) -> bool:
        """Whether ``before`` was certainly read from another machine: then its totals prove nothing about these."""
        return None not in (self.serial, before.serial) and self.serial != before.serial

    def since(self, before: Totals) -> Movement:
        """What has moved between two readings."""
        return Movement(
            self.fed - before.fed,
            self.exited - before.exited,
            self.rejected - before.rejected,
            self.retracted - before.retracted,
        )


@dataclass(frozen=True, slots=True)
class Movement:
    """Sheets that were fed, came into the tray, were rejected, and were retracted, between two readings."""

    fed: int
    exited: int
    rejected: int
    retracted: int


def fronts(sensors: Mapping[str, object]) -> dict[str, Front]:
    """What each unit says of itself."""
    found = sensors.get("units")
    result: dict[str, Front] = {}
    if isinstance(found, Mapping):
        for unit, facts in found.items():
            if isinstance(facts, Mapping):
                count = facts.get("count")
                result[str(unit)] = Front(
                    str(facts.get("status", facts.get("state", "unknown"))),
                    count if isinstance(count, int) else None,
                    _text(facts.get("code")),
                    _text(facts.get("number")),
                )
    return result


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
