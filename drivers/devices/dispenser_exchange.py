"""How the dispenser uses our serial frames: motions are waited for longer than questions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from drivers.devices.frame_exchange import REPEATS, FrameExchange, FrameTimings
from drivers.protocols.dispenser_replies import Notice, notice
from drivers.transports.channel import Channel

__all__ = ["MOTIONS", "REPEATS", "Exchange", "Timings"]

MOTIONS: Final = "FARPTZ"
"""First letters of the commands that move something."""


@dataclass(frozen=True, slots=True)
class Timings(FrameTimings):
    """All that takes time, in seconds."""

    motion: float = 4.0  # then it is asked again; a unit still at work goes on and answers when it has ended
    poll: float = 2.0
    tray_poll: float = 0.5


class Exchange(FrameExchange):
    """The frames' exchange with the dispenser's waits and notices."""

    def __init__(self, channel: Channel, timings: Timings, on_notice: Callable[[Notice], None]) -> None:
        def wait(body: str) -> float:
            return timings.motion if body[0] in MOTIONS else timings.reply

        super().__init__("invoiceDispenser", channel, timings, lambda body: on_notice(notice(body)), wait)
