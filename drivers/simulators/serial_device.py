"""What all simulated serial devices share: a cable that can be pulled and a line that can lie."""

from __future__ import annotations

from pathlib import Path

from drivers.simulators.base import NoParameters, Outcome, Pace, action
from drivers.simulators.line_device import LineSimulator
from drivers.simulators.pty_port import PtyPort


class SerialSimulator(LineSimulator):
    """A device on a pseudo terminal. Subclasses take bytes in ``received`` and answer through ``send``."""

    def __init__(self, name: str, link: Path, pace: Pace, baud: int | None = None) -> None:
        super().__init__(name, pace)
        self.port = PtyPort(link, self._heard, baud)

    async def start(self) -> None:
        """Plug the cable in."""
        self.port.plug()

    async def stop(self) -> None:
        """Pull the cable and end what is under way."""
        self.port.unplug()
        await super().stop()

    def put(self, data: bytes) -> None:
        """Put bytes on the line as they are."""
        self.port.send(data)

    def received(self, data: bytes) -> None:
        """Bytes from the host; called on the loop."""
        raise NotImplementedError

    def _heard(self, data: bytes) -> None:
        if not self.silent:
            self.received(data)

    def line_state(self) -> dict[str, object]:
        """The part of the state that all serial devices show."""
        return {"link": str(self.port.link), "plugged": self.port.plugged, **super().line_state()}

    @action("unplug", NoParameters)
    async def unplug(self, _: NoParameters) -> Outcome:
        """Pull the cable."""
        self.port.unplug()
        return {}

    @action("replug", NoParameters)
    async def replug(self, _: NoParameters) -> Outcome:
        """Put the cable back in, under the same path."""
        self.port.plug()
        return {}
