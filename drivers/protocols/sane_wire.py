"""A document scanner's calls and answers as ``sane_tap`` tells them: without the place where the scanner is.

A page is no part of them: the transport tells its facts alone.
"""

from __future__ import annotations

import json
from typing import Any, Final

from drivers.protocols.wire import Wire

_POLLS: Final = frozenset({"get", "open"})
"""Sensors are asked again and again; a scanner without any is opened again and again."""
_KEPT: Final = frozenset({"do", "names", "value"})
_OPTION: Final = "set"
"""The one call whose name is that of an option; elsewhere it is a scanner's address."""


class SaneWire(Wire):
    """One call or one answer a chunk."""

    def outgoing(self, data: bytes) -> bytes:
        """The call without addresses and directories; what is no call is not kept."""
        return json.dumps(_call(data), sort_keys=True).encode()

    def key(self, request: bytes) -> bytes | None:
        """The call as it is written down."""
        return self.outgoing(request)

    def idle(self, key: bytes) -> bool:
        """Sensors are asked whenever the driver looks."""
        return str(_call(key).get("do")) in _POLLS


def _call(data: bytes) -> dict[str, Any]:
    try:
        told = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(told, dict):
        return {}
    kept = _KEPT | {"name"} if told.get("do") == _OPTION else _KEPT
    return {name: value for name, value in told.items() if name in kept}
