"""What changes while a page is open comes to it by itself: one watch over the store for all open pages.

Every second the watch asks each topic for its mark, a value that differs when something changed, and wakes the pages
of the topics whose mark did. So a page costs nothing while nothing happens, and a hundred pages cost one question.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable, Mapping
from typing import Final

from nicegui import Client, ui

from bureau.errors import ActForbidden, SignInRefused
from config import notify

log = logging.getLogger("kiosk.bureau.console")
EVERY_S: Final = 1.0
PAGE_WITHIN_S: Final = 10.0
"""A page that takes longer to be drawn anew keeps the others waiting no longer."""

Woken = Callable[[], Awaitable[None]]


class Watch:
    """Runs on the console's loop. ``marks`` are asked on a thread of their own."""

    def __init__(self, marks: Mapping[str, Callable[[], Hashable]]) -> None:
        self._marks = marks
        self._known: dict[str, Hashable] = {}
        self._pages: dict[str, list[tuple[Client, Woken]]] = {topic: [] for topic in marks}
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to watch."""
        self._tasks = [
            asyncio.create_task(self._run(), name="watch"),
            asyncio.create_task(_alive(), name="watchdog"),
        ]

    async def stop(self) -> None:
        """End it."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def follow(self, topic: str, woken: Woken) -> None:
        """Call ``woken`` in the page that is being built, whenever something of ``topic`` changed, until it closes."""
        client = ui.context.client
        entry = (client, woken)
        self._pages[topic].append(entry)
        client.on_delete(lambda: self._pages[topic].remove(entry))

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            for topic in [topic for topic, pages in self._pages.items() if pages]:
                await self._look(topic)

    async def _look(self, topic: str) -> None:
        try:
            mark = await asyncio.to_thread(self._marks[topic])
        except Exception:  # a store that is away comes back; the pages stay as they are
            log.warning("topic %s cannot be watched now", topic, exc_info=True)
            return
        before = self._known.setdefault(topic, mark)
        if before == mark:
            return
        self._known[topic] = mark
        for client, woken in list(self._pages[topic]):
            try:
                with client:
                    await asyncio.wait_for(woken(), PAGE_WITHIN_S)
            except (SignInRefused, ActForbidden):  # what is on that page is no longer this officer's to see
                with client:
                    ui.navigate.to("/sign-in")
            except Exception:  # one page that cannot be drawn must not keep news from the others
                log.exception("a page could not follow %s", topic)


async def _alive() -> None:
    """Tell the service manager that the loop turns which serves the pages."""
    while True:
        notify.watchdog()
        await asyncio.sleep(EVERY_S)
