"""The bureau's own blanks: where each sheet lies, what officers do with it, and the slips that ask for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from tests.standin.core.handovers import DIFFERS, Handovers
from tests.standin.core.shelf import Outcome
from tests.standin.core.stock import ON_HAND, Sheet, numbers_of

SHELF = ("shelf", "1")
LIVE = ("on-hand", "reserved", "quarantined")
STATES = {
    "on-hand": "onHand", "reserved": "reserved", "quarantined": "quarantined", "parcel": "onHand",
    "on-the-way": "onHand", "delivered": "issued", "used": "used", "lost": "lost", "returning": "returning",
    "voided": "voided", "shelf": "quarantined", "spoilt": "spoiled", "sent-back": "unloaded", "gone": "lost",
}  # fmt: skip
"""What the centre calls what this core says of a sheet."""
ELSEWHERE = {"parcel": "parcel", "on-the-way": "transit"}
"""Places whose unit is the number of what they belong to."""
HELD = ("delivered", "used", "lost", "returning", "voided")
COUNT_DIFFERS = "count differs, case "
MOST = 5000
"""Sheets that come at once: each is a line here."""
Hands = dict[str, str]
Lots = list[Any]


class Stockroom(Handovers):
    """Slips by number; ``movements`` holds what officers moved, a line each."""

    def stock_lock(self, now: datetime) -> Any:
        """Whoever writes is alone here anyway."""

    # --- looking ---------------------------------------------------------------------------------------

    def stock_slots(self, now: datetime, place: str | None) -> Any:
        return [self.stock_slot(now, *one) for one in sorted(self._units()) if place in (None, one[0])]

    def stock_slot(self, now: datetime, place: str, unit: str) -> Any:
        if (place, unit) not in self._units():
            return None
        reason = self.data["locks"].get(f"{place}/{unit}")
        return {
            "place": place, "unit": unit, "locked": reason is not None, "reason": reason or "",
            "contents": [
                [code, {"numbers": numbers, "where": where}] for code, numbers, where in _runs(self._inside(place, unit))
            ],
        }  # fmt: skip

    def _inside(self, place: str, unit: str) -> list[Sheet]:
        return [
            s for s in self.data["sheets"] if (s["place"], s["unit"]) == (place, unit) and s["lies"] in LIVE
        ]

    def stock_codes(self, now: datetime) -> Any:
        return {sheet["code"]: sheet["kind"] for sheet in self.data["sheets"]}

    def stock_lies(self, now: datetime, code: str, numbers: dict[str, str]) -> Any:
        return [
            {"numbers": numbers, "where": where} for _, numbers, where in _runs(self._named(code, numbers))
        ]

    def _named(self, code: str, numbers: dict[str, str]) -> list[Sheet]:
        first, last = numbers["first"], numbers["last"]
        return [s for s in self.data["sheets"] if s["code"] == code and first <= s["number"] <= last]

    def stock_movements(self, now: datetime, place: str, unit: str, limit: int) -> Any:
        here = [one for one in self.data["movements"] if (one["place"], one["unit"]) == (place, unit)]
        return here[::-1][:limit]

    def stock_on_the_way(self, now: datetime) -> Any:
        found = []
        for number, one in self.data["handovers"].items():
            going = [s for s in self.data["sheets"] if (s["lies"], s["by"]) == ("on-the-way", number)]
            if going:
                note = one["note"]
                told = {
                    key: note[key] for key in ("terminal", "to", "fate", "made_at", "operator", "witness")
                }
                lots = [[code, numbers] for code, numbers, _ in _runs(going)]
                found.append({"note": number, **told, "numbers": lots, "waits": []})
        return found[::-1]

    def stock_check_place(self, now: datetime, place: str) -> Any:
        if place != SHELF[0] and place not in self.data["terminals"]:
            raise _refused("place", place=place)

    # --- moving ----------------------------------------------------------------------------------------

    def stock_load(
        self,
        now: datetime,
        place: str,
        unit: str,
        code: str,
        numbers: dict[str, str],
        hands: Hands,
        kind: str,
    ) -> Any:
        known = self._named(code, numbers)
        if not known:
            return self._new(now, (place, unit), code, numbers, hands, kind)
        if (place, unit) == SHELF:
            raise _refused("known", numbers=f"{code} {numbers['first']}")
        sheets = self._all(code, numbers, lambda sheet: _free_at(sheet, *SHELF))
        self._goes_behind((place, unit), sheets)
        return self._over(now, sheets, SHELF, (place, unit), hands)

    def _new(
        self, now: datetime, at: tuple[str, str], code: str, numbers: dict[str, str], hands: Hands, kind: str
    ) -> str:
        kind = kind or self.stock_codes(now).get(code, "")
        if not kind or int(numbers["last"]) - int(numbers["first"]) >= MOST:
            raise _refused("many" if kind else "kind", most=MOST)
        sheets = [
            {"code": code, "number": number, "kind": kind, "place": at[0], "unit": at[1], **ON_HAND}
            for number in numbers_of(numbers)
        ]
        self._goes_behind(at, sheets)
        self.data["sheets"] += sheets
        return self._wrote(now, [("LOAD", at, sheets)], hands)

    def _goes_behind(self, at: tuple[str, str], sheets: list[Sheet]) -> None:
        """A terminal's unit takes one code, in the order in which it gives it out."""
        inside = [s for s in self._inside(*at) if s["lies"] != "quarantined"]
        if at != SHELF and any(
            s["code"] != sheets[0]["code"] or s["number"] > sheets[0]["number"] for s in inside
        ):
            raise _refused("unitOrder", numbers=inside[-1]["number"])

    def stock_fetch(
        self, now: datetime, place: str, unit: str, code: str, numbers: dict[str, str], hands: Hands
    ) -> Any:
        if place == SHELF[0]:
            raise _refused("unit", place=place)
        sheets = self._all(code, numbers, lambda sheet: _free_at(sheet, place, unit))
        return self._over(now, sheets, (place, unit), SHELF, hands)

    def stock_take_back(
        self, now: datetime, taxpayer: str, code: str, numbers: dict[str, str], hands: Hands
    ) -> Any:
        sheets = self._all(
            code, numbers, lambda sheet: (sheet["lies"], sheet["by"]) == ("delivered", taxpayer)
        )
        for sheet in sheets:
            sheet |= {"place": SHELF[0], "unit": SHELF[1], "lies": "quarantined", "by": "handed in"}
        return self._wrote(now, [("RETURN", SHELF, sheets)], hands)

    def stock_receive(self, now: datetime, number: str, found: Lots, hands: Hands) -> Any:
        known = self.data["handovers"].get(number)
        if known is None:
            raise _refused("note")
        came = [
            sheet
            for code, numbers in found
            for sheet in self._all(code, numbers, lambda s: (s["lies"], s["by"]) == ("on-the-way", number))
        ]
        movement = self._over(now, came, ("transit", number), SHELF, hands) if came else ""
        missing = [s for s in self.data["sheets"] if (s["lies"], s["by"]) == ("on-the-way", number)]
        if not missing:
            return [movement, ""]
        wrong = [
            {"unit": SHELF[0], "code": code, "why": "missing", "numbers": [f"{n['first']}-{n['last']}"]}
            for code, n, _ in _runs(missing)
        ]
        details = {"terminal": known["note"]["terminal"], "counted_by": _people(hands), "found": wrong}
        return [movement, self.cases_open(now, DIFFERS, f"{number}/shelf/{wrong[0]['numbers']}", details)]

    def stock_release(self, now: datetime, code: str, numbers: dict[str, str], hands: Hands) -> Any:
        sheets = self._all(code, numbers, lambda sheet: sheet["lies"] == "quarantined")
        for sheet in sheets:
            sheet |= {"place": SHELF[0], "unit": SHELF[1], **ON_HAND}
        return self._wrote(now, [("RELEASE", SHELF, sheets)], hands)

    def stock_spoil(self, now: datetime, code: str, numbers: dict[str, str], hands: Hands, cause: str) -> Any:
        return self._off(now, "SPOIL", "spoilt", ("on-hand", "quarantined"), (code, numbers), hands, cause)

    def stock_unload(
        self, now: datetime, code: str, numbers: dict[str, str], hands: Hands, cause: str
    ) -> Any:
        return self._off(
            now, "UNLOAD", "sent-back", ("on-hand", "quarantined"), (code, numbers), hands, cause
        )

    def stock_lose(self, now: datetime, code: str, numbers: dict[str, str], hands: Hands, cause: str) -> Any:
        return self._off(now, "LOSE", "gone", ("on-hand",), (code, numbers), hands, cause)

    def _off(
        self,
        now: datetime,
        type_: str,
        lies: str,
        states: tuple[str, ...],
        lot: Any,
        hands: Hands,
        cause: str,
    ) -> str:
        sheets = self._all(*lot, lambda sheet: sheet["lies"] in states)
        movement = self._wrote(now, [(type_, at, of) for at, of in _by_unit(sheets)], hands, cause)
        for sheet in sheets:
            sheet |= {"lies": lies, "by": None}
        return movement

    def stock_count(
        self, now: datetime, place: str, unit: str, found: Lots, hands: Hands, book: Lots | None
    ) -> Any:
        if (place, unit) not in self._units():
            raise _refused("unit", place=place)
        inside = [s for s in self._inside(place, unit) if s["lies"] != "quarantined"]
        ours = {(s["code"], s["number"]) for s in inside}
        if book is not None and _each(book) != ours:
            raise _refused("countedBefore")
        theirs = _each(found)
        missing, extra = ours - theirs, theirs - ours
        if not missing and not extra:
            self.data["locks"].pop(f"{place}/{unit}", None)
            return {"movement": "", "result": "BALANCED", "case": ""}
        reserved = {(s["code"], s["number"]) for s in inside if s["lies"] == "reserved"}
        if not extra and missing <= reserved:
            return {"movement": "", "result": "TIMING", "case": ""}
        details = {
            "place": place, "unit": unit, "missing": _told(missing), "extra": _told(extra),
            "counted_by": _people(hands),
        }  # fmt: skip
        reference = f"{place}/{unit}/{now.isoformat()}/{len(self.data['cases'])}"
        case = self.cases_open(now, "count-differs", reference, details)
        self.invoices_lock_slot(now, place, unit, COUNT_DIFFERS + case)
        return {"movement": "", "result": "DIFFERENCE", "case": case}

    def _all(self, code: str, numbers: dict[str, str], may: Callable[[Sheet], bool]) -> list[Sheet]:
        """Every sheet of the range, where each of them may be moved."""
        sheets = self._named(code, numbers)
        if len(sheets) != int(numbers["last"]) - int(numbers["first"]) + 1 or not all(map(may, sheets)):
            raise _refused("moved", numbers=f"{code} {numbers['first']}-{numbers['last']}")
        return sheets

    def _over(
        self,
        now: datetime,
        sheets: list[Sheet],
        source: tuple[str, str],
        target: tuple[str, str],
        hands: Hands,
    ) -> str:
        """Into another unit, behind what lies there."""
        movement = self._wrote(
            now, [("TRANSFER_OUT", source, sheets), ("TRANSFER_IN", target, sheets)], hands
        )
        self.data["units"][f"{source[0]}/{source[1]}"] = True
        for sheet in sheets:
            self.data["sheets"].remove(sheet)
            self.data["sheets"].append(sheet | {"place": target[0], "unit": target[1], **ON_HAND})
        return movement

    def _wrote(self, now: datetime, lines: Iterable[Any], hands: Hands, cause: str = "") -> str:
        movement = self.number("52", now)
        self.data["movements"] += [
            {
                "movement": movement, "type": type_, "place": at[0], "unit": at[1], "code": code, "numbers": numbers,
                "at": now.isoformat(), "operator": hands["operator"], "witness": hands["witness"], "cause": cause,
            }
            for type_, at, sheets in lines
            for code, numbers, _ in _runs(sheets)
        ]  # fmt: skip
        return movement

    # --- slips -----------------------------------------------------------------------------------------

    def stock_slips(self, now: datetime, states: list[str], limit: int) -> Any:
        return [one for one in reversed(self.data["slips"].values()) if one["state"] in states][:limit]

    def stock_slip(self, now: datetime, number: str) -> Any:
        return self.data["slips"].get(number)

    def stock_write(self, now: datetime, wanted: dict[str, Any], officer: str, book: Lots) -> Any:
        number = self.number("54", now)
        self.data["slips"][number] = {
            "slip": number, "wanted": wanted, "state": "proposed", "proposed_by": officer,
            "proposed_at": now.isoformat(), "book": book, "decided_by": "", "decided_at": None, "reason": "",
            "done": {"movement": "", "result": "", "case": ""},
        }  # fmt: skip
        return self.data["slips"][number]

    def stock_decide(self, now: datetime, slip: dict[str, Any]) -> Any:
        decided = {key: slip[key] for key in ("state", "decided_by", "decided_at", "reason", "done")}
        self.data["slips"][slip["slip"]] |= decided


def _where(sheet: Sheet) -> dict[str, str | None]:
    lies = sheet["lies"]
    place, unit = (sheet["place"], sheet["unit"]) if lies in LIVE else (None, None)
    if lies in ELSEWHERE:
        place, unit = ELSEWHERE[lies], sheet["by"]
    elif lies == "shelf":
        place, unit = SHELF
    return {
        "state": STATES[lies], "place": place, "unit": unit, "holder": sheet["by"] if lies in HELD else None,
        "reservation": sheet["by"] if lies == "reserved" else None,
    }  # fmt: skip


def _runs(sheets: Iterable[Sheet]) -> list[tuple[str, dict[str, str], dict[str, str | None]]]:
    """Code, numbers and where, of sheets that follow each other and of which the same is said."""
    runs: list[tuple[str, dict[str, str], dict[str, str | None]]] = []
    for sheet in sorted(sheets, key=lambda one: (one["code"], one["number"])):
        code, number, where = sheet["code"], sheet["number"], _where(sheet)
        if (
            runs
            and (runs[-1][0], runs[-1][2]) == (code, where)
            and int(runs[-1][1]["last"]) + 1 == int(number)
        ):
            runs[-1][1]["last"] = number
        else:
            runs.append((code, {"first": number, "last": number}, where))
    return runs


def _by_unit(sheets: Iterable[Sheet]) -> list[tuple[tuple[str, str], list[Sheet]]]:
    found: dict[tuple[str, str], list[Sheet]] = {}
    for sheet in sheets:
        found.setdefault((sheet["place"], sheet["unit"]), []).append(sheet)
    return list(found.items())


def _each(lots: Lots) -> set[tuple[str, str]]:
    return {(code, number) for code, numbers in lots for number in numbers_of(numbers)}


def _told(sheets: set[tuple[str, str]]) -> list[str]:
    said = ({"code": code, "number": number, "lies": "gone", "by": None} for code, number in sheets)
    return [f"{code} {numbers['first']}-{numbers['last']}" for code, numbers, _ in _runs(said)]


def _people(hands: Hands) -> list[str]:
    return [hands["operator"], hands["witness"]]


def _free_at(sheet: Sheet, place: str, unit: str) -> bool:
    return (sheet["place"], sheet["unit"], sheet["lies"]) == (place, unit, "on-hand")


def _refused(code: str, **values: Any) -> Outcome:
    return Outcome("StockRefused", code=code, detail=code, **values)
