"""Paper invoices, sheet by sheet: a line a number says where the sheet lies and whose it is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import takewhile
from typing import Any

from tests.standin.core.shelf import CHINA, Outcome, Shelf

Sheet = dict[str, Any]
"""One sheet: ``code``, ``number``, ``kind``, ``place``, ``unit``; ``lies`` says ``on-hand``, ``reserved``,
``delivered`` or ``quarantined``, and ``by`` for which reservation, to which enterprise or for what cause."""
ON_HAND = {"lies": "on-hand", "by": None}


class PaperInvoices(Shelf):
    """Approvals, sheets and reservations; ``locks`` holds why a unit gives nothing."""

    def invoices_approvals(self, now: datetime, taxpayer: str, day: str) -> Any:
        in_force: dict[str, Any] = {}
        for entry in self.data["approvals"].get(taxpayer, []):
            if entry["since"] <= day:
                in_force[entry["approval"]["kind"]] = entry["approval"]
        return list(in_force.values())

    def invoices_approve(self, now: datetime, taxpayer: str, approval: dict[str, Any], day: str) -> Any:
        self.data["approvals"].setdefault(taxpayer, []).append({"since": day, "approval": approval})

    def invoices_collected(self, now: datetime, taxpayer: str, kind: str, first: str, last: str) -> Any:
        theirs = [s for s in self.data["sheets"] if s["kind"] == kind and s.get("collected_by") == taxpayer]
        return sum(first <= sheet["collected_on"] <= last for sheet in theirs)

    def invoices_held(self, now: datetime, taxpayer: str, kind: str) -> Any:
        before = self.data["unused"].get(taxpayer, {}).get(kind, 0)
        reserved = [
            one
            for one in self.data["reservations"].values()
            if (one["taxpayer"], one["kind"], one["state"]) == (taxpayer, kind, "open")
        ]
        return (
            before
            + len(self._with(taxpayer, kind))
            + sum(len(numbers_of(one["numbers"])) for one in reserved)
        )

    def _with(self, taxpayer: str, kind: str) -> list[Sheet]:
        """What the enterprise has collected and not accounted for."""
        return [
            sheet
            for sheet in self.data["sheets"]
            if (sheet["lies"], sheet["by"], sheet["kind"]) == ("delivered", taxpayer, kind)
        ]

    def invoices_slot(self, now: datetime, place: str, unit: str) -> Any:
        if (place, unit) not in self._units():
            return None
        front = self._front(place, unit)
        first = front[0] if front else {"code": None, "kind": None, "number": None}
        reason = self.data["locks"].get(f"{place}/{unit}")
        return {
            "place": place, "unit": unit, "locked": reason is not None, "reason": reason or "",
            "code": first["code"], "kind": first["kind"], "next_number": first["number"], "on_hand": len(front),
        }  # fmt: skip

    def _units(self) -> set[tuple[str, str]]:
        """Where sheets lie or lay."""
        emptied = {(place, unit) for place, _, unit in (name.partition("/") for name in self.data["units"])}
        return emptied | {(sheet["place"], sheet["unit"]) for sheet in self.data["sheets"]}

    def _front(self, place: str, unit: str) -> list[Sheet]:
        """The sheets on hand that lie in front, in the order of their loading, while they are of one code."""
        wanted = (place, unit, "on-hand")
        lying = [s for s in self.data["sheets"] if (s["place"], s["unit"], s["lies"]) == wanted]
        return list(takewhile(lambda sheet: sheet["code"] == lying[0]["code"], lying))

    def invoices_reserve(self, now: datetime, wanted: dict[str, Any]) -> Any:
        place, unit = wanted["terminal"], wanted["unit"]
        if (reason := self.data["locks"].get(f"{place}/{unit}")) is not None:
            raise Outcome("SlotLocked", reason=reason)
        front, numbers = self._front(place, unit), numbers_of(wanted["numbers"])
        if not front:
            raise Outcome("StockShort", available=0)
        if (front[0]["code"], front[0]["kind"], front[0]["number"]) != (
            wanted["code"], wanted["kind"], numbers[0],
        ):  # fmt: skip
            raise Outcome("StockDiffers", expected=f"{front[0]['code']} {front[0]['number']}")
        in_a_row = sum(sheet["number"] == number for sheet, number in zip(front, numbers, strict=False))
        if in_a_row < len(numbers):
            raise Outcome("StockShort", available=in_a_row)
        made = wanted | {"reservation": self.number("51", now), "state": "open", "movement": None}
        self.data["reservations"][made["reservation"]] = made
        for sheet in front[: len(numbers)]:
            sheet |= {"lies": "reserved", "by": made["reservation"]}
        return made

    def invoices_reservation(self, now: datetime, reservation: str) -> Any:
        return self.data["reservations"].get(reservation)

    def invoices_settle(self, now: datetime, reservation: dict[str, Any], settlement: dict[str, Any]) -> Any:
        known = self.data["reservations"][reservation["reservation"]]
        to = {
            "delivered": {"lies": "delivered", "by": known["taxpayer"]},
            "quarantined": {"lies": "quarantined", "by": settlement["cause"]},
            "released": ON_HAND,
        }
        day = now.astimezone(CHINA).date().isoformat()
        for part, where in to.items():
            for sheet in self._sheets(known, settlement[part]):
                if not self._still_there(known, sheet):
                    raise Outcome("NumbersMoved", numbers=f"{sheet['code']} {sheet['number']}")
                sheet |= where
                if part == "delivered":
                    sheet |= {"collected_by": known["taxpayer"], "collected_on": day}
        known |= {"state": "committed", "movement": self.number("52", now), "settlement": settlement}
        return known["movement"]

    def _still_there(self, reservation: dict[str, Any], sheet: Sheet) -> bool:
        """Reserved by it, or back on hand in its unit because it ran out."""
        if sheet["lies"] == "reserved":
            return bool(sheet["by"] == reservation["reservation"])
        where = (reservation["terminal"], reservation["unit"], "on-hand", "expired")
        return (sheet["place"], sheet["unit"], sheet["lies"], reservation["state"]) == where

    def _sheets(self, reservation: dict[str, Any], ranges: Iterable[dict[str, str]]) -> list[Sheet]:
        """The sheets of the reservation's code in these ranges."""
        wanted = {number for one in ranges for number in numbers_of(one)}
        code = reservation["code"]
        return [s for s in self.data["sheets"] if s["code"] == code and s["number"] in wanted]

    def invoices_came_along(
        self, now: datetime, reservation: dict[str, Any], numbers: list[dict[str, str]], cause: str | None
    ) -> Any:
        here = (reservation["terminal"], reservation["unit"], "on-hand")
        for sheet in self._sheets(reservation, numbers):
            if (sheet["place"], sheet["unit"], sheet["lies"]) == here:
                sheet |= {"lies": "quarantined", "by": cause}

    def invoices_settled(self, now: datetime, reservation: dict[str, Any]) -> Any:
        return self.data["reservations"][reservation["reservation"]]["settlement"]

    def invoices_expire(self, now: datetime, now_: str) -> Any:
        late = [
            one
            for one in self.data["reservations"].values()
            if one["state"] == "open"
            and datetime.fromisoformat(one["expires_at"]) <= datetime.fromisoformat(now_)
        ]
        for one in late:
            one["state"] = "expired"
            for sheet in self._sheets(one, [one["numbers"]]):
                sheet |= ON_HAND
        return len(late)

    def invoices_lock_slot(self, now: datetime, place: str, unit: str, reason: str) -> Any:
        self.data["locks"][f"{place}/{unit}"] = reason

    def invoices_dispute(self, now: datetime, reservation: dict[str, Any]) -> Any:
        known = self.data["reservations"][reservation["reservation"]]
        known["state"] = "disputed"
        self.invoices_lock_slot(now, known["terminal"], known["unit"], f"disputed {known['reservation']}")


def numbers_of(span: dict[str, str]) -> list[str]:
    """Every number of a range, both ends included, with its leading zeros."""
    return [f"{number:08}" for number in range(int(span["first"]), int(span["last"]) + 1)]
