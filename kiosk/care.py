"""What is due at the devices: wearing parts and cleaning, asked of their services now and then."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

from drivers.client.errors import DeviceClientError

log = logging.getLogger("kiosk.care")
ASK_S: Final = 3.0
"""A service that is well answers at once; one that is not is asked again at the next look."""


class Asking(Protocol):
    """The part of the hub that is used here."""

    async def request(
        self, role: str, name: str, payload: Mapping[str, Any] | None = None, timeout_s: float | None = 30.0
    ) -> Mapping[str, Any]:
        """Send a command and take its completion."""
        ...


async def due_now(
    hub: Asking, roles: Sequence[str], before: Mapping[str, Sequence[str]]
) -> dict[str, list[str]]:
    """What is due, by role. A service that does not answer is believed what it said before: wear does not heal."""
    found: dict[str, list[str]] = {}
    for role in roles:
        try:
            names = (await hub.request(role, "Supervision.GetHealth", {}, ASK_S)).get("due") or []
        except DeviceClientError as error:
            log.debug("%s does not say what is due: %s", role, error)
            names = before.get(role, ())
        if names:
            found[role] = [str(name) for name in names]
    return found
