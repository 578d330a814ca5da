"""A device whose calls are written down beside the bytes they cause."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from typing import Any, Generic, TypeVar

from drivers.recording.calls import told_argument, told_error, told_look, told_result

D = TypeVar("D")
Note = Callable[[str, str, dict[str, Any]], None]
"""Takes the kind of a line (``call`` or ``done``), the method's name, and what else stands in the line."""


class Watched(Generic[D]):
    """Stands in front of a device while somebody records; all but its coroutines and streams passes untouched."""

    def __init__(self, device: D, note: Note) -> None:
        self._device = device
        self._note = note

    def __getattr__(self, name: str) -> Any:
        """The device's own, with calls written down."""
        found = getattr(self._device, name)
        if name.startswith("_") or name in ("open", "close", "on_status", "on_held") or not callable(found):
            return found
        if inspect.isasyncgenfunction(found):
            return self._streamed(name, found)
        return self._noted(name, found) if inspect.iscoroutinefunction(found) else found

    def _noted(self, name: str, method: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def call(*args: Any, **kwargs: Any) -> Any:
            self._begun(name, *args, *kwargs.values())
            try:
                result = await method(*args, **kwargs)
            except (Exception, asyncio.CancelledError) as error:
                self._done(name, told_error(error))
                raise
            self._done(name, told_result(result))
            return result

        return call

    def _streamed(self, name: str, method: Callable[..., Any]) -> Callable[..., AsyncIterator[Any]]:
        async def stream(*args: Any) -> AsyncIterator[Any]:
            self._begun(name, *args)
            try:
                async with aclosing(method(*args)) as found:
                    async for one in found:
                        yield one
            except Exception as error:
                self._done(name, told_error(error))
                raise
            except BaseException:  # whoever looked has seen enough
                self._done(name, told_result(None))
                raise
            self._done(name, told_result(None))

        return stream

    def _begun(self, name: str, *given: object) -> None:
        self._note("call", name, {"with": [told_argument(name, value) for value in given]})

    def _done(self, name: str, outcome: Any) -> None:
        self._note("done", name, {**outcome, **told_look(self._device)})
