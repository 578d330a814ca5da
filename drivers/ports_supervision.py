"""What the watch over a device may ask of others: of the device itself, and of who knows what is plugged in where."""

from __future__ import annotations

from typing import Protocol, runtime_checkable


@runtime_checkable
class Resting(Protocol):
    """A device that can let go of the hardware between two attempts without giving up what is dear to make anew."""

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
