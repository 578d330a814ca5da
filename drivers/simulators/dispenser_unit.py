"""The invoice dispenser's end of the serial protocol: frames taken, answered, and turned into motions."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from drivers.simulators.base import Pace
from drivers.simulators.dispenser_frames import Frame
from drivers.simulators.dispenser_machine import LOW_COUNT, Machine
from drivers.simulators.invoice_form import draw_invoice
from drivers.simulators.moving_device import MovingSimulator
from drivers.simulators.printed import REMOVED, RETRACTED, TAKEN, PrintedStore
from drivers.simulators.sheet_stack import Sheet

BAUD = 38400
_BOOT_S, _SHUTTER_S = 0.8, 0.5
_IDENTITY = "YC-ID4|ID4-0007031|2.06"


class DispenserUnit(MovingSimulator):
    """The unit's controller.

    Questions (I, S, U) are answered at once, motions one after the other. A frame with the SEQ of the last
    one is not obeyed, whatever it says: the stored reply is sent, or nothing more while it is at work.
    """

    def __init__(
        self,
        link: Path,
        store: PrintedStore,
        pace: Pace,
        file: Path,
        *,
        units: int = 4,
        name: str = "dispenser",
    ) -> None:
        super().__init__(name, link, pace)
        self._store = store
        self.machine = Machine(file, units, pace, self._sheet_in_tray)
        self._upset = bool(self.machine.places["path"])
        self._auto_take: float | None = None
        self._hand_in_tray = False
        self._stuck_tray: str | None = None

    async def power_off(self) -> None:
        """Cut the power at whatever moment of a motion; paper stays where it is."""
        self._powered = False
        await self._halt()
        self._lose_power()
        # The shutter's spring closes it; oddities of the paper itself remain.
        self.machine.shutter_open = self._hand_in_tray = False
        self.machine.next_jams.clear()

    async def power_on(self) -> None:
        """Boot; paper found in the path is an error until it is reset."""
        if not self._powered:
            await self.pace.sleep(_BOOT_S)
            self._powered = True
            self._upset = bool(self.machine.places["path"])
            self._run()

    def _condition(self) -> str:
        if self.machine.cover_open:
            return "cover"
        if self.machine.jammed:
            return "jam"
        if self._upset:
            return "error"
        return "busy" if self._moving else "idle"

    def _sheet_in_tray(self, sheet: Sheet) -> None:
        tail = f"invoice-{sheet.code}-{sheet.number}.png"
        facts = {"code": sheet.code, "number": sheet.number}
        self._store.add(self.name, "invoice", tail, draw_invoice(sheet.code, sheet.number), facts)
        self._store.count(self.name, exited=1)
        self.event(f"E|tray|{len(self.machine.places['tray'])}")

    # -- line ---------------------------------------------------------------------------------------

    def obey(self, frame: Frame) -> None:
        """Answer a question at once, queue a motion."""
        question = {"I": self._identity, "S": self._sensors, "U": self._unit}.get(frame.body[:1])
        if question is not None:
            self.answer(frame, question(frame.body))
        else:
            self._motions.put_nowait(frame)

    def _identity(self, _: str) -> str:
        return f"I|{_IDENTITY}"

    def _sensors(self, _: str) -> str:
        machine, counters = self.machine, self.machine.counters
        # A hand still in the open tray keeps its sensor covered until the shutter has closed.
        tray = self._stuck_tray or ("paper" if machine.places["tray"] or self._hand_in_tray else "empty")
        shutter = "open" if machine.shutter_open else "closed"
        totals = "|".join(str(counters[name]) for name in ("fed", "exited", "rejected", "retracted"))
        return f"S|{self._condition()}|{tray}|{shutter}|{totals}"

    def _unit(self, body: str) -> str:
        stack = self.machine.units.get(int(body[1:])) if body[1:].isdigit() else None
        if stack is None or not stack.present:
            return f"{body}|missing|0|-|-"
        front, count = stack.front, stack.count
        if front is None:
            return f"{body}|empty|0|-|-"
        # The stack's height is measured, not counted: only a low stack is exact.
        about = count if count <= LOW_COUNT else round(count / 5) * 5
        return f"{body}|{'low' if count <= LOW_COUNT else 'ok'}|{about}|{front.code}|{front.number}"

    # -- motions ------------------------------------------------------------------------------------

    async def _carried_out(self, body: str) -> str:
        simple: dict[str, Callable[[], Awaitable[str]]] = {
            "A": self.machine.accept,
            "R": self.machine.reject,
            "P": self._present,
            "Z": self._reset,
        }
        if body in simple:
            return f"{body}|{await simple[body]()}"
        if body == "T":
            result, count = await self.machine.retract()
            if result == "ok":
                self._store.move(self.name, RETRACTED)
                self._store.count(self.name, retracted=count)
            elif self.machine.places["path"]:
                self._store.move(self.name, REMOVED)  # crumpled on the way; staff will pull it out
            return f"T|{result}|{count}"
        if body[:1] == "F" and body[1:].isdigit():
            if self._upset:
                return f"{body}|jam|?|0"
            fed = await self.machine.feed(int(body[1:]))
            return f"{body}|{fed.result}|{fed.number or '?'}|{fed.thickness_um}"
        return f"{body[:1]}|none"

    async def _present(self) -> str:
        result = await self.machine.present()
        if self._auto_take is not None:
            asyncio.get_running_loop().call_later(self._auto_take, self._take_by_itself)
        return result

    def _take_by_itself(self) -> None:
        if self.machine.shutter_open and self.machine.places["tray"]:
            self._taken(None)

    async def _reset(self) -> str:
        result = await self.machine.reset()
        self._upset = self._upset and result != "ok"
        return result

    def _taken(self, count: int | None) -> list[str]:
        taken = self.machine.take(count)
        self._store.move(self.name, TAKEN, len(taken))
        self._store.count(self.name, taken=len(taken))
        left = len(self.machine.places["tray"])
        if left:
            self.event(f"E|tray|{left}")
        else:
            self._hand_in_tray = True
            asyncio.get_running_loop().call_later(self.pace.seconds(_SHUTTER_S), self._shut)
        return [sheet.number for sheet in taken]

    def _shut(self) -> None:
        """The hand has gone: the shutter closes, and only then the unit says that all was taken."""
        if self._hand_in_tray:
            self._hand_in_tray = self.machine.shutter_open = False
            if self._stuck_tray is None:
                self.event("E|taken")
