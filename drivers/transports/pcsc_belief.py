"""What is believed of a reader: the service's word, and the reader's own where that word cannot be true.

pcsc-lite (1.9.9, ``eventhandler.c`` and ``winscard.c``) writes in two places whether a card is there. Its watching
thread does so at each move and counts it. But SCardDisconnect and SCardReconnect do so too, for the program that
calls them, from an answer of the reader that may be older by then, and count nothing. When a card is pulled out
that hangs in such a call, both write at the same moment; when the call is last, the card stays "present", with
no answer to reset, until the next card. So presence and count are compared.

A reader that is said to be empty is not asked: one that has just got a card would be the first to say so, before
the service has powered and counted it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from drivers.transports.pcsc_calls import Sighting

_SETTLED_S: Final = 1.0
"""When the reader says the same so much later, the service's count has caught up with it (it looks every 0.4 s)."""


class Belief:
    """Follows one reader from look to look.

    Args:
        ask: makes the service ask the reader, and returns what it then says; None while a program holds the card.
        now: monotonic seconds.
    """

    def __init__(
        self, ask: Callable[[Sighting], Sighting | None], now: Callable[[], float] = time.monotonic
    ) -> None:
        self._ask = ask
        self._now = now
        self._sure: Sighting | None = None
        self._asked: Sighting | None = None
        self._again = 0.0
        self._mute: int | None = None
        self.doubtful = True

    def hear(self, said: Sighting) -> Sighting:
        """What to tell of the reader, when the service says ``said``; may block as long as the reader does.

        Raise what ``ask`` raises.
        """
        if said.mute:
            self._mute = said.moves
        told = self._judged(said)
        # Asking switches the card off, and a card that is off is mute no longer, for the service.
        return replace(told, mute=told.mute or (told.present and told.moves == self._mute and not told.atr))

    def _judged(self, said: Sighting) -> Sighting:
        if self._sure is not None and _follows(said, self._sure):
            return self._trust(said)
        if self._asked is not None and _same(said, self._asked) and self._now() < self._again:
            return said
        self.doubtful = True
        before, self._asked = self._asked, self._ask(said) if said.present else said
        if self._asked is None:
            # Of a card that moved and is still there only this is sure: it is not the one that was powered.
            return said if self._sure is None else replace(said, present=False)
        if before is not None and _same(before, self._asked) and self._now() >= self._again:
            return self._trust(self._asked)
        self._again = self._now() + _SETTLED_S
        return self._asked

    def _trust(self, said: Sighting) -> Sighting:
        self._sure, self._asked, self.doubtful = said, None, False
        return said


def _follows(said: Sighting, before: Sighting) -> bool:
    """Whether each move between the two made an empty reader a full one, or the reverse."""
    return (said.present != before.present) == bool((said.moves - before.moves) % 2)


def _same(one: Sighting, other: Sighting) -> bool:
    return (one.present, one.moves) == (other.present, other.moves)
