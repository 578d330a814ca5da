"""What anybody may look up without signing in, asked for before the network goes (offline class ``cached``).

An answer is kept when somebody asked (``kiosk.kept``); a list that is the same for everybody waits for nobody to ask.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from typing import Final

from config.catalogue import Catalogue
from config.catalogue.models import ChooseStep, FormStep, ListStep, MutualStep, ReviewStep
from kiosk import library_fetched
from kiosk.centre import CentreClient
from kiosk.effects.base import Origin
from sync.backoff import Backoff
from sync.errors import BureauError

log = logging.getLogger("kiosk.ahead")

FIRST_AFTER_S: Final = 60.0
"""A terminal that starts has better to do."""
EVERY_S: Final = 4 * 3600.0
"""Answers live for a day at least: one of these is always hours old, and never too old."""
AGAIN: Final = Backoff(60.0, 900.0)


class AskedAhead:
    """``run`` for ever, on the core's loop; ``lang`` is that of the terminal, no answer depends on it."""

    def __init__(self, catalogue: Catalogue, centre: CentreClient, lang: str, again: Backoff = AGAIN) -> None:
        self._centre, self._again = centre, again
        self._questions = tuple(questions(catalogue, lang))

    async def run(self) -> None:
        """One round after the other; a centre that cannot be reached is asked again soon."""
        await asyncio.sleep(FIRST_AFTER_S)
        failures = 0
        while True:
            failures = 0 if await self.ask() else failures + 1
            await asyncio.sleep(self._again.delay(failures - 1) if failures else EVERY_S)

    async def ask(self) -> bool:
        """Each question once, one after the other; false when the centre could not answer one."""
        for query, origin in self._questions:
            try:
                await self._centre.query(query, {}, origin)
            except BureauError as error:
                log.info("%s could not be asked ahead: %s", query, error)
                return False
        return True


def questions(catalogue: Catalogue, lang: str) -> Iterator[tuple[str, Origin]]:
    """The questions without parameters of the services that ask nobody who they are and go on with kept answers.

    Of a service that takes things without the network, those that its file names. What officers wrote for the library
    is among them.
    """
    yield library_fetched.QUERY, library_fetched.origin(catalogue, lang)
    for published in catalogue.values():
        service = published.service
        if service.sign_in != "0":
            continue
        for step in service.steps:
            asks = step.ask if isinstance(step, ChooseStep | FormStep | ListStep | ReviewStep) else None
            if service.offline != "cached" and (asks is None or not asks.kept):
                continue
            if asks is not None and not asks.params:
                yield (
                    asks.query,
                    Origin("", "", step.id, service.id, published.hash, lang, library_fetched.NOBODY),
                )
            elif isinstance(step, MutualStep):
                yield (
                    step.query,
                    Origin("", "", step.id, service.id, published.hash, lang, library_fetched.NOBODY),
                )
