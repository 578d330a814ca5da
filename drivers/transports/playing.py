"""What answers in place of the hardware while a recording is played (``drivers.recording.player``)."""

from __future__ import annotations

from typing import Any, Protocol


class Playing(Protocol):
    """A recording and how far it has come.

    ``owed`` counts what came by itself and has not been handed to the driver yet, ``lost`` how often the driver has
    been told that its line is lost.
    """

    owed: int
    lost: int

    def open(self) -> Any:
        """What was there when the line was opened; None when it never was again."""
        ...

    def ask(self, request: bytes) -> Any:
        """What followed a call."""
        ...
