"""A device whose calls are written down beside the bytes they cause."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

from drivers.recording.calls import told_argument, told_error, told_result

D = TypeVar("D")
Note = Callable[[str, str, dict[str, Any]], None]
"""Takes the kind of a line (``call`` or ``done``), the method's name, and what else stands in the line."""


class Watched(Generic[D]):
    """Stands in front of a device while somebody records; everything but its coroutines passes untouched."""

    def __init__(self, device: D, note: Note) -> None:
        self._device = device
        self._note = note

    def __getattr__(self, name: str) -> Any:
        """The device's own, with calls written down."""
        found = getattr(self._device, name)
        return self._noted(name, found) if _is_call(name, found) else found

    def _noted(self, name: str, method: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def call(*args: Any, **kwargs: Any) -> Any:
            given = [told_argument(name, value) for value in (*args, *kwargs.values())]
            self._note("call", name, {"with": given})
            try:
                result = await method(*args, **kwargs)
            except (Exception, asyncio.CancelledError) as error:
                self._note("done", name, dict(told_error(error)))
                raise
            self._note("done", name, dict(told_result(result)))
            return result

        return call


def _is_call(name: str, found: object) -> bool:
    """A coroutine of the port."""
    if name.startswith("_") or name in ("open", "close", "on_status", "on_held") or not callable(found):
        return False
    return inspect.iscoroutinefunction(found)
