"""The register of issued invoices: one entry each, of which returns are prefilled as well."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from tests.standin.core.shelf import CHINA, Shelf

Invoice = dict[str, Any]


class EInvoices(Shelf):
    """Invoices in the order of their entry; marks of those in whose books they are, links and files beside them."""

    def einvoices_find(self, now: datetime, code: str, number: str) -> Any:
        found = (one for one in self.data["sold"] if (one["code"], one["number"]) == (code, number))
        return next(map(self._shown, found), None)

    def _shown(self, invoice: Invoice) -> Invoice:
        marks = [] if invoice["code"] else self.data["bookings"].get(invoice["number"], [])
        return invoice | {"taken_back_fen": sum(self._taken_back(_name(invoice))), "bookings": marks}

    def einvoices_checked(self, now: datetime, invoice: str) -> Any:
        counted = f"{_day(now)} {invoice}"
        self.data["checks"][counted] = self.data["checks"].get(counted, 0) + 1
        return self.data["checks"][counted]

    def einvoices_lock(self, now: datetime, invoice: Invoice) -> Any:
        return self.einvoices_find(now, invoice["code"], invoice["number"])  # writers come one by one

    def einvoices_taken_back(self, now: datetime, invoice: str) -> Any:
        return list(self._taken_back(invoice))

    def _taken_back(self, invoice: str) -> tuple[int, int]:
        red = [one for one in self.data["sold"] if one["red_of"] == invoice and one["state"] == "red"]
        return -sum(one["net_fen"] for one in red), -sum(one["tax_fen"] for one in red)

    def einvoices_next_digital(self, now: datetime) -> Any:
        self.data["serial"] += 1
        return f"{now.astimezone(CHINA):%y}772{now.astimezone(CHINA):%m%d}{self.data['serial']:011}"

    def einvoices_confirmation_for(self, now: datetime, key: str) -> Any:
        return self.data["numbers"].setdefault(f"red {key}", self.number("53", now))

    def einvoices_add(self, now: datetime, invoice: Invoice) -> Any:
        self.data["sold"].append(
            {k: v for k, v in invoice.items() if k not in ("taken_back_fen", "bookings")}
        )

    def einvoices_book(self, now: datetime, number: str, booking: dict[str, Any]) -> Any:
        self.data["bookings"].setdefault(number, []).append(booking)

    def einvoices_add_link(self, now: datetime, link: dict[str, Any]) -> Any:
        self.data["invoice_links"][link["key"]] = link

    def einvoices_linked(self, now: datetime, key: str) -> Any:
        link = self.data["invoice_links"].get(key)
        return link if link is not None and datetime.fromisoformat(link["expires_at"]) > now else None

    def einvoices_fetched(self, now: datetime, key: str) -> Any:
        usable = self.einvoices_linked(now, key) is not None
        if usable:
            del self.data["invoice_links"][key]
        return usable

    def einvoices_document_for(self, now: datetime, key: str) -> Any:
        return self.data["numbers"].setdefault(f"file {key}", self.number("54", now))

    def einvoices_add_document(self, now: datetime, document: dict[str, Any]) -> Any:
        self.data["invoice_files"][document["document"]] = document

    def einvoices_document(self, now: datetime, document: str, terminal: str) -> Any:
        found = self.data["invoice_files"].get(document)
        return found["pdf"] if found is not None and found["terminal"] == terminal else None

    def einvoices_printed(self, now: datetime, document: str, key: str, outcome: str, terminal: str) -> Any:
        self.data["invoice_files"][document].setdefault("prints", {})[key] = outcome

    def einvoices_issued(self, now: datetime, taxpayer: str, first: str, last: str, limit: int) -> Any:
        mine = [one for one in self._sold_by(taxpayer) if first <= one["issued_on"] <= last]
        mine.sort(key=lambda one: (one["issued_on"], one["number"]), reverse=True)
        return [self._shown(one) for one in mine[:limit]]

    def _sold_by(self, taxpayer: str) -> list[Invoice]:
        return [one for one in self.data["sold"] if one["seller"] == taxpayer]

    def einvoices_issued_days(self, now: datetime, taxpayer: str, since: str) -> Any:
        days = Counter(one["issued_on"] for one in self._sold_by(taxpayer) if one["issued_on"] >= since)
        return [{"day": day, "count": days[day]} for day in sorted(days, reverse=True)]

    def returns_sales(self, now: datetime, taxpayer: str, first: str, last: str) -> Any:
        mine = self._standing(taxpayer, first, last)
        return {"count": len(mine), **_net_by_kind(mine)}

    def returns_taken_back(self, now: datetime, taxpayer: str) -> Any:
        red = [
            (self._sold_as(one["red_of"]), one) for one in self._sold_by(taxpayer) if one["state"] == "red"
        ]
        found = [
            {
                "issued_on": one["issued_on"],
                "sold_on": sold["issued_on"],
                "kind": one["kind"],
                "net_fen": -one["net_fen"],
            }
            for sold, one in red
            if sold is not None
        ]
        return sorted(found, key=lambda one: (one["sold_on"], one["issued_on"]))

    def _sold_as(self, name: str) -> Invoice | None:
        return next((one for one in self.data["sold"] if _name(one) == name), None)

    def tax_control_elsewhere(self, now: datetime, taxpayer: str, first: str, last: str) -> Any:
        digital = [one for one in self._standing(taxpayer, first, last) if not one["code"]]
        return {**_net_by_kind(digital), "tax_fen": sum(one["tax_fen"] for one in digital)}

    def _standing(self, taxpayer: str, first: str, last: str) -> list[Invoice]:
        """Those of these days that are not void; red-letter ones have figures below zero."""
        mine = self._sold_by(taxpayer)
        return [one for one in mine if first <= one["issued_on"] <= last and one["state"] != "void"]


def _net_by_kind(invoices: list[Invoice]) -> dict[str, int]:
    kinds = ("ordinary", "special")
    return {f"{k}_fen": sum(one["net_fen"] for one in invoices if one["kind"] == k) for k in kinds}


def _name(invoice: Invoice) -> str:
    """What tells it from all others: code and number, and of a 数电票 its number alone."""
    return f"{invoice['code']}-{invoice['number']}" if invoice["code"] else str(invoice["number"])


def _day(now: datetime) -> str:
    return now.astimezone(CHINA).date().isoformat()
