"""One owner for a device at a time, so that two programs cannot mix their paper.

The first client that moves something owns the device until its last connection closes. An operator may take
it over while the owner does nothing; nobody may while the device itself says that it is held (paper lies in
the tray).
"""

from __future__ import annotations

from collections.abc import Callable

from drivers.errors import NotAuthorised
from drivers.xfs.auth import Client


class Ownership:
    """Who may move the device; known by the client's name, not by its connection."""

    def __init__(self, device: str, held: Callable[[], bool]) -> None:
        self._device = device
        self._held = held
        self._owner: Client | None = None

    @property
    def owner(self) -> Client | None:
        """Who owns it now."""
        return self._owner

    def claim(self, client: Client, *, owner_busy: bool) -> None:
        """Make ``client`` the owner; raise ``NotAuthorised`` when it cannot be."""
        if self._owner is None or self._owner.name == client.name:
            self._owner = client
            return
        if client.operator and not owner_busy and not self._held():
            self._owner = client
            return
        raise NotAuthorised(f"{self._device} is in use by {self._owner.name}; try again when it has finished")

    def left(self, client: Client) -> None:
        """The last connection of ``client`` has closed."""
        if self._owner is not None and self._owner.name == client.name:
            self._owner = None
