"""What became of sheets after an enterprise had collected them. This core has no issuing data: nothing is uploaded."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.standin.core.shelf import Outcome
from tests.standin.core.stock import PaperInvoices, Sheet, numbers_of

MOVES = {
    "used": ("used", ("delivered",)),
    "lost": ("lost", ("delivered", "used")),
    "returning": ("returning", ("delivered",)),
    "voided": ("voided", ("delivered",)),
    "kept": ("delivered", ("returning", "voided")),
    "returned": ("shelf", ("returning",)),
    "written-off": ("gone", ("voided",)),
}
"""Where a sheet of this fate lies, and from where it comes there."""
STATES = {"delivered": "issued", "used": "used", "lost": "lost", "returning": "returning", "voided": "voided"}


class Holdings(PaperInvoices):
    """Sheets whose ``by`` is the enterprise."""

    def holdings_runs(self, now: datetime, taxpayer: str) -> Any:
        runs: list[dict[str, Any]] = []
        for sheet in self.data["sheets"]:
            if (sheet["by"], sheet["lies"]) != (taxpayer, "delivered"):
                continue
            last = runs[-1] if runs else None
            if last and last["code"] == sheet["code"] and _follows(last["numbers"]["last"], sheet["number"]):
                last["numbers"]["last"] = sheet["number"]
                continue
            numbers = {"first": sheet["number"], "last": sheet["number"]}
            runs.append({
                "code": sheet["code"], "kind": sheet["kind"], "kind_name": self._called(sheet["kind"]),
                "numbers": numbers, "state": "issued", "uploaded": False, "amount_fen": 0,
            })  # fmt: skip
        return runs

    def _called(self, kind: str) -> dict[str, str]:
        every = [entry["approval"] for one in self.data["approvals"].values() for entry in one]
        names = [one["kind_name"] for one in every if one["kind"] == kind]
        return names[0] if names else {"zh-CN": kind, "en-US": kind}

    def holdings_within(self, now: datetime, taxpayer: str, code: str, numbers: dict[str, str]) -> Any:
        return [
            [{"first": sheet["number"], "last": sheet["number"]}, STATES[sheet["lies"]]]
            for sheet in self._of(code, numbers)
            if sheet["by"] == taxpayer and sheet["lies"] in STATES
        ]

    def _of(self, code: str, numbers: dict[str, str]) -> list[Sheet]:
        wanted = numbers_of(numbers)
        return [s for s in self.data["sheets"] if s["code"] == code and s["number"] in wanted]

    def holdings_uploaded(self, now: datetime, taxpayer: str, code: str, numbers: dict[str, str]) -> Any:
        return []

    def holdings_settle(self, now: datetime, moved: dict[str, Any], fate: str) -> Any:
        where, states = MOVES[fate]
        sheets = self._of(moved["code"], moved["numbers"])
        for sheet in sheets:
            if sheet["by"] != moved["taxpayer"] or sheet["lies"] not in states:
                raise Outcome("NumbersMoved", numbers=f"{sheet['code']} {sheet['number']}")
        if len(sheets) < len(numbers_of(moved["numbers"])):
            raise Outcome("NumbersMoved", numbers=f"{moved['code']} {moved['numbers']['first']}")
        for sheet in sheets:
            sheet["lies"] = where
            if where in ("shelf", "gone"):
                sheet["by"] = None
        return self.number("52", now)

    def holdings_uploaded_to(self, now: datetime, taxpayer: str) -> Any:
        return None

    def holdings_unchecked_since(self, now: datetime, taxpayer: str) -> Any:
        return None

    def holdings_verify(self, now: datetime, taxpayer: str, day: str) -> Any:
        self.data["taxpayers"][taxpayer]["used_verified_to"] = day


def _follows(before: str, number: str) -> bool:
    return int(number) == int(before) + 1
