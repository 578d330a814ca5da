"""What the watch over a device may ask of others: of the device itself, and of who knows what is plugged in where."""

from __future__ import annotations

from typing import Final, Protocol, runtime_checkable

AWAY_LOOKS: Final = 3


@runtime_checkable
class Resting(Protocol):
    """A device that can let go of the hardware between two attempts without giving up what is dear to make anew."""

    @property
    def held_up(self) -> str:
        """What keeps it from being connected although nothing is known to be wrong with the hardware; else empty."""
        ...

    async def rest(self) -> None:
        """Release the port and stop looking for the hardware; never raises for what hardware does."""
        ...


class Acquaintance(Protocol):
    """Knows whose device is plugged in where this one belongs. Its calls block, on a worker thread."""

    def vet(self) -> None:
        """Before an attempt: raise ``DeviceError`` when another role's device is there."""
        ...

    def instead(self) -> str | None:
        """After a failed one, the port being free again: whose device is there, and what to do."""
        ...

    def arrived(self) -> None:
        """The device is connected."""
        ...

    def present(self) -> bool:
        """Whether anything is plugged in where this one belongs."""
        ...


class Replugged:
    """Notices that a person has taken out what was plugged in and put something in, at one look after the other.

    Away for ``AWAY_LOOKS`` of them: a device that restarts by itself is back sooner than any hand.
    """

    def __init__(self, acquaintance: Acquaintance) -> None:
        self._acquaintance = acquaintance
        self._away = 0

    def look(self) -> bool:
        """Whether something is there again; blocks, as the acquaintance does."""
        if not self._acquaintance.present():
            self._away += 1
            return False
        back, self._away = self._away >= AWAY_LOOKS, 0
        return back
