"""Stock that changes cabinets by its signed paper: out of one, on its way, into another."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.standin.core.answers import AnswersAndNotices
from tests.standin.core.shelf import CHINA
from tests.standin.core.stock import ON_HAND, PaperInvoices, Sheet, numbers_of

DIFFERS = "handover-differs"
SAFE = "hall"
"""The fate of what goes into the hall's safe, and into no terminal."""
Trouble = dict[str, Any]


class Handovers(AnswersAndNotices, PaperInvoices):
    """Hand-overs by the number of their paper; a sheet that is ``on-the-way`` has it in ``by``."""

    def handovers_out(self, now: datetime, note: dict[str, Any], paper: str) -> Any:
        known = self.data["handovers"].get(note["id"])
        if known is not None:
            return known["moved"]
        self._end_reservations(note["terminal"])
        left, wrong = 0, []
        for item in note["items"]:
            sheets, troubles = self._counted(note["terminal"], item)
            for sheet in sheets:
                sheet |= {"lies": "on-the-way", "by": note["id"]}
            left, wrong = left + len(sheets), wrong + troubles
        moved = self._moved(now, note, left, wrong, "out")
        self.data["handovers"][note["id"]] = {
            "paper": paper, "moved": moved, "at": now.isoformat(), "note": note,
        }  # fmt: skip
        return moved

    def _end_reservations(self, terminal: str) -> None:
        """Nobody collects from a cabinet that is emptied."""
        for one in self.data["reservations"].values():
            if (one["terminal"], one["state"]) == (terminal, "open"):
                one["state"] = "expired"
                for sheet in self._sheets(one, [one["numbers"]]):
                    sheet |= ON_HAND

    def _counted(self, terminal: str, item: dict[str, Any]) -> tuple[list[Sheet], list[Trouble]]:
        """What of a unit leaves, and what of the count does not add up with the ledger."""
        counted = _numbers(item["found"])
        here = [s for s in self._front(terminal, item["unit"]) if s["code"] == item["code"]]
        missing = [s["number"] for s in here if s["number"] not in counted]
        strange = sorted(counted - {s["number"] for s in here})
        if missing:
            self.data["locks"][f"{terminal}/{item['unit']}"] = "differs at a hand-over"
        named = {"unit": item["unit"], "code": item["code"]}
        wrong = [
            named | {"why": why, "numbers": numbers}
            for why, numbers in (("missing", missing), ("notHere", strange))
            if numbers
        ]
        return [s for s in here if s["number"] in counted], wrong

    def handovers_take_up(
        self, now: datetime, note: dict[str, Any], data: dict[str, Any], terminal: str
    ) -> Any:
        self.handovers_out(now, note, data["note"])
        elsewhere = note["to"] not in ("", terminal) or self.data["terminals"].get(terminal) != note["hall"]
        if note["fate"] == SAFE or elsewhere:
            wrong = [self._stays(terminal, taken, "stockNotForHere") for taken in data["taken"]]
            return [self._moved(now, note, 0, wrong, terminal), "stockNotForHere"]
        wrong = [{"why": "short", **one} for one in data["short"]]
        came = 0
        for taken in data["taken"]:
            sheets, here = self._coming(note, taken), self._already(terminal, taken)
            for sheet in sheets:
                sheet |= {"place": terminal, "unit": taken["unit"], **ON_HAND}
            came += len(sheets)
            if len(sheets) + here < len(numbers_of(taken)):
                wrong.append(self._stays(terminal, taken, "notOnTheWay"))
        nothing = not came and any(one["why"] == "notOnTheWay" for one in wrong)
        return [self._moved(now, note, came, wrong, terminal), "stockNotThere" if nothing else ""]

    def _coming(self, note: dict[str, Any], taken: dict[str, str]) -> list[Sheet]:
        wanted = ("on-the-way", note["id"])
        return [s for s in self._of_code(taken) if (s["lies"], s["by"]) == wanted]

    def _already(self, terminal: str, taken: dict[str, str]) -> int:
        here = (terminal, taken["unit"], "on-hand")
        return sum((s["place"], s["unit"], s["lies"]) == here for s in self._of_code(taken))

    def _of_code(self, taken: dict[str, str]) -> list[Sheet]:
        numbers = numbers_of(taken)
        return [s for s in self.data["sheets"] if s["code"] == taken["code"] and s["number"] in numbers]

    def _stays(self, terminal: str, taken: dict[str, str], why: str) -> Trouble:
        """Nothing leaves a unit in which something lies that should not."""
        self.data["locks"][f"{terminal}/{taken['unit']}"] = "differs at a hand-over"
        return {"why": why, **taken}

    def _moved(
        self, now: datetime, note: dict[str, Any], sheets: int, wrong: list[Trouble], told_by: str
    ) -> dict[str, str]:
        details = {"terminal": note["terminal"], "found": wrong}
        return {
            "note": note["id"],
            "movement": self.number("52", now) if sheets else "",
            "case": self.cases_open(now, DIFFERS, f"{note['id']}/{told_by}", details) if wrong else "",
        }

    def handovers_watch(self, now: datetime) -> Any:
        today = now.astimezone(CHINA).date()
        late = {
            sheet["by"]
            for sheet in self.data["sheets"]
            if sheet["lies"] == "on-the-way"
            and datetime.fromisoformat(self.data["handovers"][sheet["by"]]["at"]).date() < today
        }
        for number in sorted(late):
            self.cases_open(now, "handover-lost", number, {})
        return len(late)


def _numbers(span: list[int] | None) -> set[str]:
    return {f"{number:08}" for number in range(span[0], span[1] + 1)} if span else set()
