"""Who is signed in at the maintenance pages: whose a typed code is, and the visit of the journal it opens."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from kiosk.books import ENDED, JournalBooks
from kiosk.domain.ids import uuid7
from kiosk.effects.base import Origin
from kiosk.guards import Tries, staff_of

log = logging.getLogger("kiosk.staff")

PIN_DIGITS: Final = 6
SUBJECT: Final = "staff"


@dataclass(frozen=True, slots=True)
class Signed:
    """Who is signed in, under which visit of the journal."""

    name: str
    origin: Origin


class CodeRefused(Exception):
    """The code is nobody's, or not theirs who must type it; ``text_id`` is what to tell."""

    def __init__(self, text_id: str) -> None:
        super().__init__(text_id)
        self.text_id = text_id


class Signing:
    """One person at a time; what they do is noted under their name."""

    def __init__(self, books: JournalBooks, pins: Mapping[str, str], tries: Tries) -> None:
        self._books, self._pins, self._tries = books, pins, tries
        self._typed = ""
        self.signed: Signed | None = None

    # --- typing a code ---------------------------------------------------------------------------------

    @property
    def digits(self) -> int:
        """How many digits are typed; the code itself is shown nowhere."""
        return len(self._typed)

    @property
    def locked(self) -> bool:
        """Whether nobody may type a code now."""
        return self._tries.locked(SUBJECT)

    @property
    def nobody(self) -> bool:
        """Whether no code is set at this terminal."""
        return not self._pins

    def forget(self) -> None:
        """Nothing is typed."""
        self._typed = ""

    def press(self, key: str) -> str | None:
        """A digit, ``back`` or ``clear``; the whole code with its last digit."""
        if key in ("back", "clear"):
            self._typed = self._typed[:-1] if key == "back" else ""
        elif key.isdigit() and len(key) == 1:
            self._typed = (self._typed + key)[:PIN_DIGITS]
        if len(self._typed) < PIN_DIGITS:
            return None
        code, self._typed = self._typed, ""
        return code

    async def whose(self, code: str, other_than: str = "") -> str:
        """Raises ``CodeRefused`` for nobody's code, and for that of ``other_than``.

        Both count as failed: else somebody could guess the second person's code, and clear the tries with their own.
        """
        if self.locked:
            raise CodeRefused("staff.locked")
        name = await asyncio.to_thread(staff_of, code, self._pins)
        if name is None or name == other_than:
            locked = self._tries.failed(SUBJECT)
            log.warning("a wrong staff code was typed at the maintenance page")
            wrong = "staff.wrong" if name is None else "bench.exchange.samePerson"
            raise CodeRefused("staff.locked" if locked else wrong)
        self._tries.succeeded(SUBJECT)
        return name

    # --- in and out ------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """Who is signed in; empty for nobody."""
        return self.signed.name if self.signed else ""

    async def sign_in(self, name: str, lang: str) -> None:
        """From now on all is done by them."""
        self.signed = Signed(name, Origin(uuid7(), "", "", "", "", lang, {}))
        await self.note("staff.signedIn", {})

    async def sign_off(self, cause: str) -> None:
        """Nobody is signed in; the visit is at its end."""
        if self.signed is not None:
            await self.note(ENDED, {"cause": cause})
            await self._books.shred(self.signed.origin.visit)
            self.signed = None

    async def note(self, kind: str, data: Mapping[str, Any]) -> None:
        """Write down what was done, and by whom."""
        if self.signed is not None:
            await self._books.note(kind, {"staff": self.signed.name, **data}, self.signed.origin)
