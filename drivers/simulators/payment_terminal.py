"""The simulated bank-card POS, and the hands of visitors, staff and fate at it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from config.clock import Clock
from drivers.simulators.base import NoParameters, Outcome, Pace, action
from drivers.simulators.errors import ActionRefusedError
from drivers.simulators.pos_line import ACK_S
from drivers.simulators.pos_parameters import (
    Auto,
    CutAt,
    Host,
    LoseReplies,
    Mismatch,
    Naks,
    Paper,
    Power,
    Present,
    Slow,
)
from drivers.simulators.pos_unit import PosUnit

_STAGES = {
    "00": "idle", "01": "insertCard", "02": "cardInserted", "03": "tryAgain", "04": "tryAnotherInterface",
    "05": "multipleCards", "07": "pinEntry", "08": "processing", "09": "removeCard",
}  # fmt: skip
_ROLLS = {"full": 200, "low": 5, "out": 0}


class PaymentTerminalSimulator(PosUnit):
    """Readers for chip, stripe, contactless and payment codes, a slip printer, a way to the bank, a memory."""

    def __init__(self, link: Path, pace: Pace, place: Path, clock: Clock, ack_s: float = ACK_S) -> None:
        super().__init__("pos", link, pace, place, clock, ack_s)
        self._cuts: list[CutAt] = []

    def state(self) -> dict[str, object]:
        """What stands on its screen, what it remembers last, and the bank's ledger."""
        last = self.memory.records[-1] if self.memory.records else None
        ledger = [
            {
                "operation": entry.operation,
                "reference": entry.reference,
                "fen": entry.amount,
                "card": entry.card,
                "batch": entry.batch,
                "reversed": entry.reversed,
            }
            for entry in self.bank.entries[-20:]
        ]
        return {
            **self.line_state(),
            "power": "on" if self.powered else "off",
            "stage": _STAGES[self.stage],
            "amountFen": self.amount,
            "host": "reachable" if self.bank.reachable else "unreachable",
            "batch": self.memory.batch_number,
            "open": self.memory.is_open,
            "paper": "out" if not self.memory.paper else "low" if self.memory.paper <= 10 else "full",
            "auto": self.auto.card if self.auto is not None else None,
            "last": None
            if last is None
            else {"reference": last.reference, "state": last.state, "result": last.result},
            "ledger": ledger,
            "counts": {"orders": len(self.memory.records), "booked": len(self.bank.entries)},
        }

    def step(self, name: str) -> None:
        """Cut here what was to be cut here."""
        found = next((cut for cut in self._cuts if cut.at == name), None)
        if found is None:
            return
        self._cuts.remove(found)
        if found.what == "line":
            self.port.unplug()
        elif found.what == "host":
            self.bank.reachable = False
        else:
            self.power_off()
            raise asyncio.CancelledError

    @action("present", Present)
    async def present(self, what: Present) -> Outcome:
        """Hold a card or a payment code before the terminal that asks for one."""
        if self.stage not in ("01", "03", "04", "05"):
            raise ActionRefusedError("the terminal does not ask for a card now; begin a payment first")
        self._hand.put_nowait(what)
        return {"card": what.card}

    @action("auto", Auto)
    async def auto_present(self, what: Auto) -> Outcome:
        """Let somebody present a card whenever the terminal asks (``on`` false: nobody)."""
        self.auto = Present(**what.model_dump(exclude={"on"})) if what.on else None
        return {}

    @action("cancelKey", NoParameters)
    async def cancel_key(self, _: NoParameters) -> Outcome:
        """Press the red key."""
        if not self.busy:
            raise ActionRefusedError("nothing is under way at the terminal")
        self.give_up()
        return {}

    @action("host", Host)
    async def host(self, how: Host) -> Outcome:
        """Break or mend the way to the bank."""
        self.bank.reachable, self.bank.lose_answers = how.reachable, how.lose_answers
        return {}

    @action("cutAt", CutAt)
    async def cut_at(self, what: CutAt) -> Outcome:
        """Cut something at a moment of the next order."""
        self._cuts.append(what)
        return {}

    @action("loseReplies", LoseReplies)
    async def lose_replies(self, what: LoseReplies) -> Outcome:
        """Charge and say nothing: the dangerous one."""
        self.mute_replies = what.count
        return {}

    @action("nak", Naks)
    async def nak(self, what: Naks) -> Outcome:
        """Refuse good frames."""
        self.naks = what.count
        return {}

    @action("slow", Slow)
    async def slow_bank(self, what: Slow) -> Outcome:
        """Let the bank take its time."""
        self.slow = what.seconds
        return {}

    @action("mismatch", Mismatch)
    async def mismatch(self, what: Mismatch) -> Outcome:
        """Let the bank count otherwise than the terminal."""
        self.bank.mismatch_fen = what.fen
        return {}

    @action("paper", Paper)
    async def paper(self, what: Paper) -> Outcome:
        """Put in a new roll, or use the old one up."""
        self.memory.paper = _ROLLS[what.level]
        self.memory.save()
        return {}

    @action("power", Power)
    async def power(self, what: Power) -> Outcome:
        """Cut the power, at whatever moment of an order, or give it back."""
        if what.state == "on":
            await self.power_on()
        else:
            self.power_off()
        return {}

    def clear_faults(self) -> None:
        """Staff: the bank reachable, paper in, cards that can be read."""
        super().clear_faults()
        self._cuts.clear()
        self.bank.reachable, self.bank.lose_answers, self.bank.mismatch_fen = True, 0, 0
        self.slow = None
        if not self.memory.paper:
            self.memory.paper = _ROLLS["full"]
            self.memory.save()
