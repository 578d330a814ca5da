"""The exchange of a cabinet with stock inside, step by step: count, compare, a second person, then book and paper."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Protocol

from config.clock import Clock
from drivers.client import BarcodeClient, DeviceHub
from drivers.client.errors import DeviceClientError, DeviceTimeout
from kiosk.domain.ids import uuid7
from kiosk.effects.base import Origin
from kiosk.effects.stock import IN, OUT
from kiosk.staff.board import unit_label
from kiosk.staff.exchange import Count, Taken, Units, Wrong, handed_out, held, loaded, taken_up
from kiosk.staff.loading import NUMBER_DIGITS
from sync.crypto import Verifier, unb64, verifier
from sync.errors import NoteError, SyncError
from sync.files import read_private, write_private
from sync.identity import TerminalIdentity
from sync.models import STAFF_SERVICE, EffectKind
from sync.stock_note import Fate, NoteItem, Seal, StockNote, read_note, write_note

PAPER_FILE: Final = "stock-note"
"""The last paper printed here, in the state directory; one not printed yet has its number behind."""
SCAN_S: Final = 30.0
Carry = Callable[[str, Mapping[str, object], Origin], Awaitable[Mapping[str, Any]]]
"""Carries out an effect (``Executor.by_staff``)."""


class Refused(Exception):
    """It cannot go on so; ``text_id`` says what to do, ``values`` fill it."""

    def __init__(self, text_id: str, **values: str) -> None:
        super().__init__(text_id)
        self.text_id, self.values = text_id, values


@dataclass(frozen=True, slots=True)
class Maker:
    """Who makes and reads papers at this terminal."""

    terminal: str
    epoch: str
    hall: str
    seal: Seal
    centre: Verifier

    @property
    def own(self) -> Verifier:
        """Checks this terminal's own papers."""
        return verifier(self.seal.signer.algorithm, self.seal.signer.public_key)

    @classmethod
    def of(cls, identity: TerminalIdentity) -> Maker:
        """The enrolled terminal; one that was enrolled by an earlier release has no word of the centre's."""
        word = identity.enrolled.credential
        seal = Seal(identity.signer, identity.signer.public_key, unb64(word) if word else b"")
        return cls(identity.terminal, identity.epoch, identity.enrolled.hall, seal, identity.bureau_verifier)


@dataclass(frozen=True, slots=True)
class State:
    """Where the two people are: ``start``, ``scan``, ``count``, ``check``, ``witness``, ``done``."""

    step: str = "start"
    way: str = ""
    count: Count = Count()
    note: StockNote | None = None
    text: str = ""
    fate: Fate = Fate.MOVE
    items: tuple[NoteItem, ...] = ()
    taken: Taken | None = None
    refused: Mapping[str, str] | None = None


class Book(Protocol):
    """What the journal tells of exchanges (``JournalBooks``)."""

    async def began(self, kind: str, transaction: str) -> bool:
        """Whether an effect was begun in a transaction."""
        ...

    async def is_open(self, *kinds: str) -> bool:
        """Whether nobody knows yet what came of an effect of these kinds."""
        ...


class Exchanging:
    """One exchange at a time; every step is refused with a text or leads to the next."""

    def __init__(
        self,
        hub: DeviceHub,
        ranges: Callable[[], Awaitable[Units]],
        carry: Carry,
        maker: Maker,
        clock: Clock,
        folder: Path,
        book: Book,
    ) -> None:
        self._reader, self._ranges, self._carry, self._book = BarcodeClient(hub), ranges, carry, book
        self._maker, self._clock, self._folder = maker, clock, folder
        self.state = State()

    def begin(self) -> None:
        """Forget what was begun and not confirmed."""
        self.state = State()

    async def go_out(self) -> None:
        """Count what leaves this cabinet."""
        await self._none_under_way()
        units = loaded(await self._ranges())
        if not units:
            raise Refused("bench.exchange.nothing")
        self.state = State("count", "out", Count.of(units))

    async def go_in(self) -> None:
        """Read the paper that came with the stock; raises ``Refused`` for one that is not for here."""
        self.state = State("scan", "in")
        try:
            code = await self._reader.read(SCAN_S)
        except DeviceTimeout:
            raise Refused("bench.exchange.noPaper") from None
        await self.show_paper(code.data.decode("ascii", "replace"))

    async def show_paper(self, text: str) -> None:
        """Go on with the paper whose code says ``text``."""
        await self._none_under_way()
        note = self._read(text)
        units = await self._ranges()
        open_ = [item.unit for item in note.items if item.found is not None and not _lies_in(units, item)]
        if not open_:
            raise Refused("bench.exchange.noteUsed")
        if full := [name for name in open_ if held(units.get(name, {})) is not None]:
            raise Refused("bench.exchange.unitNotEmpty", unit=unit_label(full[0]))
        self.state = State("count", "in", Count.of(open_), note, text)

    def _read(self, text: str) -> StockNote:
        try:
            note = read_note(text, self._maker.centre)
        except NoteError as error:
            raise Refused(f"bench.exchange.{error.code}") from error
        if note.fate is Fate.HALL:
            raise Refused("bench.exchange.noteForHall")
        if note.to and note.to != self._maker.terminal:
            raise Refused("bench.exchange.noteForOther", terminal=note.to)
        if note.hall != self._maker.hall:
            raise Refused("bench.exchange.noteOtherHall")
        return note

    async def check(self) -> None:
        """Compare what was counted with the book or with the paper."""
        state = self.state
        try:
            if state.note is not None:
                self.state = replace(state, step="check", taken=taken_up(state.count, state.note))
            else:
                items = handed_out(state.count, await self._ranges())
                self.state = replace(state, step="check", items=items)
        except Wrong as error:
            self.state = replace(state, step="count", count=state.count.refused(error, error.tab))

    def choose(self, fate: Fate) -> None:
        """Where it goes; a second person confirms."""
        if self.state.step == "check":
            self.state = replace(self.state, step="witness", fate=fate)

    async def confirm(self, operator: str, witness: str, origin: Origin) -> None:
        """Both stand before it. Raises ``Refused``, or what leaves it open: then it is gone on with by itself."""
        if operator == witness:
            raise Refused("bench.exchange.samePerson")
        await self._none_under_way()
        origin = replace(origin, service=STAFF_SERVICE, transaction=uuid7())
        if self.state.way == "out":
            await self._hand_out(operator, witness, origin)
        else:
            await self._take_up(operator, witness, origin)

    async def under_way(self) -> bool:
        """Whether what two people confirmed has not come to its end: the units are not to be counted meanwhile."""
        return await self._book.is_open(OUT, IN)

    async def _none_under_way(self) -> None:
        if await self.under_way():
            raise Refused("bench.exchange.open")

    async def _hand_out(self, operator: str, witness: str, origin: Origin) -> None:
        """The transaction bears the paper's number: so the journal tells for ever whether its stock left."""
        state, maker = self.state, self._maker
        note = StockNote(
            origin.transaction, maker.terminal, maker.epoch, maker.hall, "", state.fate, self._clock.now(),
            operator, witness, state.count.sheets(), state.items,
        )  # fmt: skip
        try:
            text = write_note(note, maker.seal)
        except SyncError as error:
            raise Refused("bench.exchange.tooMuch") from error
        path = self._folder / f"{PAPER_FILE}-{note.id}"
        await asyncio.to_thread(write_private, path, text.encode())
        units: list[object] = [item.unit for item in state.items]
        filled: list[object] = [item.unit for item in state.items if item.expected is not None]
        lay = {
            item.unit: {"code": item.code, "last": f"{item.expected[1]:0{NUMBER_DIGITS}d}"}
            for item in state.items
            if item.expected is not None
        }
        done = await self._carry(OUT, {"units": units, "filled": filled, "held": lay, "note": text}, origin)
        if done.get("fault"):
            path.unlink(missing_ok=True)
            raise Refused("bench.refused", why=str(done["fault"]))
        self.state = replace(state, step="done", note=note, text=text)

    async def _take_up(self, operator: str, witness: str, origin: Origin) -> None:
        state, taken = self.state, self.state.taken
        assert taken is not None
        told = {
            "note": state.text,
            "taken": [one.model_dump() for one in taken.taken],
            "short": [one.model_dump() for one in taken.short],
            "operator": operator,
            "witness": witness,
        }
        done = await self._carry(IN, {"told": told, "kinds": dict(taken.kinds)}, origin)
        if done.get("fault"):
            raise Refused("bench.refused", why=str(done["fault"]))
        self.state = replace(state, step="done", refused=done.get("refused") or {})

    async def paper(self) -> tuple[StockNote, str] | None:
        """The paper to print: the one just made, else the newest never printed, else the last one.

        What it names must really have left. Both must say so: the journal, that the hand-over was carried out, and
        the units, that they hold none of it.
        """
        try:
            units = await self._ranges()
        except DeviceClientError:
            return None
        for note, text in await asyncio.to_thread(self._papers):
            # the outcome owes the centre its word in one commit: where that was begun, the units were emptied
            gone = all(_gone(units, item) for item in note.items)
            if gone and await self._book.began(EffectKind.STOCK_OUT, note.id):
                return note, text
        return None

    async def printed(self, note: StockNote) -> None:
        """It lies in two people's hands: the next one may take its place."""
        path = self._folder / f"{PAPER_FILE}-{note.id}"
        if path.exists():
            await asyncio.to_thread(path.replace, self._folder / PAPER_FILE)

    def _papers(self) -> list[tuple[StockNote, str]]:
        """Every readable paper of this terminal, in the order in which they are printed."""
        now, found = self.state.note, []
        for path in self._folder.glob(f"{PAPER_FILE}*"):
            try:
                text = (read_private(path) or b"").decode()
                note = read_note(text, self._maker.centre, lambda _t, _e: self._maker.own)
            except (NoteError, UnicodeDecodeError):
                continue
            found.append(((note == now, path.name != PAPER_FILE, note.id), note, text))
        return [(note, text) for _, note, text in sorted(found, key=lambda one: one[0], reverse=True)]


def _gone(units: Units, item: NoteItem) -> bool:
    """Whether the unit holds nothing of what the paper names."""
    unit = units.get(item.unit, {})
    now = held(unit)
    if now is None or unit.get("code") != item.code:
        return True
    return not any(span and span[0] <= now[1] and now[0] <= span[1] for span in (item.expected, item.found))


def _lies_in(units: Units, item: NoteItem) -> bool:
    """Whether the unit already holds what is left of these very numbers."""
    unit = units.get(item.unit, {})
    now = held(unit)
    return (
        now is not None
        and item.found is not None
        and unit.get("code") == item.code
        and item.found[0] <= now[0] <= now[1] <= item.found[1]
    )
