"""Orders of paper invoices that a courier brings, and the sheets of the shelf that their parcels hold."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.standin.core.shelf import CHINA, Outcome
from tests.standin.core.stock import ON_HAND, PaperInvoices, Sheet, numbers_of

SHELF = {"place": "shelf", "unit": "1"}
"""Where sheets lie that no terminal has."""
Order = dict[str, Any]


class Deliveries(PaperInvoices):
    """Orders by number; a packed sheet lies in the ``parcel`` with the order's number in ``by``."""

    def deliveries_place(self, now: datetime, order: Order) -> Any:
        self.data["deliveries"][order["order"]] = order

    def deliveries_order(self, now: datetime, number: str, lock: bool) -> Any:
        return self.data["deliveries"].get(number)

    def deliveries_sent_as(self, now: datetime, courier: str, consignment: str) -> Any:
        wanted = (courier, consignment)
        every = self.data["deliveries"].values()
        return next((one for one in every if (one["courier"], one["consignment"]) == wanted), None)

    def deliveries_of(self, now: datetime, taxpayer: str) -> Any:
        mine = [one for one in self.data["deliveries"].values() if one["taxpayer"] == taxpayer]
        return sorted(mine, key=lambda one: (one["ordered_on"], one["order"]), reverse=True)

    def deliveries_listed(self, now: datetime, states: list[str], limit: int) -> Any:
        return [one for one in self.data["deliveries"].values() if one["state"] in states][:limit]

    def deliveries_in_stock(self, now: datetime, kind: str) -> Any:
        lying = [s for s in self.data["sheets"] if s["kind"] == kind and _lies(s, "on-hand") and _here(s)]
        waiting = [
            one["count"]
            for one in self.data["deliveries"].values()
            if (one["kind"], one["state"]) == (kind, "ordered")
        ]
        return max(0, len(lying) - sum(waiting))

    def deliveries_change(self, now: datetime, order: Order) -> Any:
        self.data["deliveries"][order["order"]] = order | {"since": now.isoformat()}

    def deliveries_pack(
        self, now: datetime, order: Order, parcel: dict[str, Any], operator: str, witness: str
    ) -> Any:
        _two(operator, witness)
        sheets = self._numbered(parcel)
        if not all(_here(s) and _lies(s, "on-hand") and s["kind"] == order["kind"] for s in sheets):
            raise Outcome("StockRefused")
        self._move(sheets, {"lies": "parcel", "by": order["order"]})

    def deliveries_unpack(self, now: datetime, order: Order, operator: str, witness: str) -> Any:
        _two(operator, witness)
        self._move(self._packed(order), ON_HAND)

    def deliveries_issue(self, now: datetime, order: Order, operator: str) -> Any:
        day = now.astimezone(CHINA).date().isoformat()
        told = {"collected_by": order["taxpayer"], "collected_on": day}
        self._move(self._packed(order), {"lies": "delivered", "by": order["taxpayer"], **told})

    def deliveries_take_back(self, now: datetime, order: Order, operator: str, witness: str) -> Any:
        _two(operator, witness)
        self._move(self._packed(order), {"lies": "quarantined", "by": order["order"]})

    def deliveries_lose(self, now: datetime, order: Order, operator: str, witness: str) -> Any:
        _two(operator, witness)
        self._move(self._packed(order), {"lies": "gone", "by": None})

    def _packed(self, order: Order) -> list[Sheet]:
        """All sheets of the parcel; refused when one of them is not in it."""
        sheets = self._numbered(order["parcel"])
        if not all(_lies(sheet, "parcel") and sheet["by"] == order["order"] for sheet in sheets):
            raise Outcome("StockRefused")
        return sheets

    def _numbered(self, parcel: dict[str, Any]) -> list[Sheet]:
        wanted = numbers_of(parcel["numbers"])
        found = [s for s in self.data["sheets"] if s["code"] == parcel["code"] and s["number"] in wanted]
        if len(found) < len(wanted):
            raise Outcome("StockRefused")
        return found

    def _move(self, sheets: list[Sheet], where: dict[str, Any]) -> None:
        for sheet in sheets:
            sheet |= where


def _here(sheet: Sheet) -> bool:
    return (sheet["place"], sheet["unit"]) == (SHELF["place"], SHELF["unit"])


def _lies(sheet: Sheet, where: str) -> bool:
    return bool(sheet["lies"] == where)


def _two(operator: str, witness: str) -> None:
    """Stock is moved by one person and watched by another."""
    if not operator.strip() or not witness.strip() or operator == witness:
        raise Outcome("StockRefused")
