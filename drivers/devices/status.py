"""A device's last known status, and who wants to hear when it changes."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from config.clock import Clock
from drivers.ports import DeviceState, Snapshot, StatusListener

_log = logging.getLogger("kiosk.devices.status")
_AWAY: Final = frozenset({DeviceState.OFFLINE, DeviceState.NO_DEVICE, DeviceState.POWER_OFF})
"""One who is away stays so from attempt to attempt, whatever the last one was called: the log is told once."""


class StatusBoard:
    """Holds the snapshot; each fresh look renews its time, only a difference is told."""

    def __init__(self, label: str, clock: Clock, details: Mapping[str, object]) -> None:
        self._label = label
        self._clock = clock
        self._listeners: list[StatusListener] = []
        self.snapshot = Snapshot(DeviceState.STARTING, details, clock.now(), "inferred")

    def listen(self, listener: StatusListener) -> None:
        """Call ``listener`` with each status that differs from the one before."""
        self._listeners.append(listener)

    def publish(
        self, device: DeviceState, details: Mapping[str, object], source: str, lost: str | None = None
    ) -> None:
        """Set what is known now; ``source`` and ``lost`` as in ``Snapshot``."""
        before = self.snapshot
        self.snapshot = Snapshot(device, details, self._clock.now(), source, lost)
        if replace(self.snapshot, observed_at=None, source="") == replace(
            before, observed_at=None, source=""
        ):
            return
        if device is not before.device and not _AWAY.issuperset((device, before.device)):
            _log.info("%s is %s (was %s)", self._label, device, before.device)
        for listener in tuple(self._listeners):
            try:
                listener(self.snapshot)
            except Exception:
                _log.exception("a listener of %s failed", self._label)
