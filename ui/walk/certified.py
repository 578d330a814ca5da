"""Which amounts a certificate must show, by the centre's own tables and what was asked for: one reading a kind."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Row = dict[str, Any]
Tables = Mapping[str, list[Row]]
Asked = Mapping[str, Any]


_SPAN = (("period_first", slice(4)), ("period_first", slice(5, 7)), ("period_last", slice(5, 7)))
"""Year, first and last month of a return about months of one year."""


def certified(asked: Asked, holder: Row, bureau: Tables) -> set[int]:
    """All amounts in fen on the certificate that ``asked`` was about; of some kinds there are none."""
    reading = READINGS.get(str(asked["certificate"]))
    return reading(asked, holder, bureau) if reading is not None else set()


def _in_period(asked: Asked, day: str) -> bool:
    return str(asked["first"])[:7] <= day[:7] <= str(asked["last"])[:7]


def _incomes(asked: Asked, holder: Row, bureau: Tables) -> set[int]:
    """Each income and tax of the months, what a year's settlement paid in its last one, and their sums."""
    rows = [
        income
        for income in bureau["income"]
        if income["person_number"] == holder["person_number"] and _in_period(asked, income["month"])
    ]
    rows += [
        {"income_fen": 0, "tax_fen": line["tax_fen"]}
        for filed, line in _own_lines("iit-annual", holder, bureau)
        if line["tax_fen"] and _in_period(asked, str(filed["period_last"]))
    ]
    found = {row[name] for row in rows for name in ("income_fen", "tax_fen")}
    return found | {sum(row[name] for row in rows) for name in ("income_fen", "tax_fen")}


def _taxes(asked: Asked, holder: Row, bureau: Tables) -> set[int]:
    """Each amount that entered the treasury and the total; in the text form the sums of each tax instead."""
    paid = [
        (tax, amount, late) for tax, day, amount, late in _entered(holder, bureau) if _in_period(asked, day)
    ]
    total = sum(amount + late for _, amount, late in paid)
    if asked.get("form") != "text":
        return {fen for _, *parts in paid for fen in parts if fen} | {total}
    found = {total, sum(amount for _, amount, _ in paid), sum(late for *_, late in paid)}
    for name in {tax for tax, *_ in paid}:
        amounts = sum(amount for tax, amount, _ in paid if tax == name)
        lates = sum(late for tax, _, late in paid if tax == name)
        found |= {amounts, lates, amounts + lates}
    return found


def _entered(holder: Row, bureau: Tables) -> Iterator[tuple[str, str, int, int]]:
    """Tax, day of entry, amount and surcharge of everything paid by this taxpayer, or in the person's own name."""
    payer = holder["taxpayer"] or holder["person_number"]
    taxes = {row["due"]: row["tax"] for row in bureau["due"] if row["taxpayer"] == payer}
    days = {row["order_no"]: str(row["entry_date"]) for row in bureau["booking"]}
    for row in bureau["payment_due"]:
        if row["due"] in taxes and row["order_no"] in days:
            yield taxes[row["due"]], days[row["order_no"]], row["amount_fen"], row["late_fee_fen"]
    for row in bureau["treasury_entry"]:
        if row["due"] in taxes:
            yield taxes[row["due"]], str(row["entry_date"]), row["amount_fen"], row["late_fee_fen"]


def _social(asked: Asked, holder: Row, bureau: Tables) -> set[int]:
    """The base and both parts of each insurance and month, and the sums of the parts; an enterprise's together too."""
    if str(holder.get("kind", "")).startswith("firm-"):
        paid = [
            row
            for row in bureau["unit_payment"]
            if row["taxpayer"] == holder["taxpayer"] and _in_period(asked, row["month"])
        ]
        parts = [sum(row[name] for row in paid) for name in ("own_fen", "unit_fen")]
        each = {row[name] for row in paid for name in ("base_fen", "own_fen", "unit_fen")}
        both = {row["own_fen"] + row["unit_fen"] for row in paid}
        return {*each, *both, *parts, sum(parts)}
    rows = [
        row
        for row in bureau["social_payment"]
        if row["person_number"] == holder["person_number"] and _in_period(asked, row["month"])
    ]
    for filed, line in _own_lines("social-insurance", holder, bureau):
        year, first, last = (int(str(filed[name])[part]) for name, part in _SPAN)
        month = {
            name: line[tax] // (last - first + 1)
            for name, tax in (("base_fen", "base_fen"), ("own_fen", "tax_fen"))
        }
        paid_for = (f"{year}-{number:02}" for number in range(first, last + 1))
        rows += [{**month, "unit_fen": 0} for one in paid_for if _in_period(asked, one)]
    found = {row[name] for row in rows for name in ("base_fen", "own_fen", "unit_fen")}
    return found | {sum(row[name] for row in rows) for name in ("own_fen", "unit_fen")}


def _vehicle(asked: Asked, holder: Row, bureau: Tables) -> set[int]:
    """Price and tax of the vehicle: an enterprise's on file, a person's own on file or as declared and paid."""
    if str(holder.get("kind", "")).startswith("firm-"):
        ours = [row for row in bureau["firm_vehicle"] if row["taxpayer"] == holder["taxpayer"]]
        return {row[name] for row in ours if row["vin"] == asked["item"] for name in ("price_fen", "tax_fen")}
    mine = [row for row in bureau["vehicle_tax"] if row["person_number"] == holder["person_number"]]
    found = {row[name] for row in mine if row["vin"] == asked["item"] for name in ("price_fen", "tax_fen")}
    declared = [
        line[name]
        for filed, line in _own_lines("vehicle-purchase", holder, bureau)
        if filed["subject"] == asked["item"]
        for name in ("base_fen", "tax_fen")
    ]
    return found or set(declared)


def _own_lines(tax: str, holder: Row, bureau: Tables) -> Iterator[tuple[Row, Row]]:
    """The person's own returns of a tax that stand, with each line of them of which all is paid."""
    open_ones = {
        (due["declaration"], due["tax"])
        for due in bureau.get("due", ())
        if due["state"] == "open" and due["declaration"]
    }
    for row in bureau.get("declaration", ()):
        if (row["taxpayer"], row["tax"], row["state"]) == (holder["person_number"], tax, "filed"):
            for line in json.loads(row["figures"])["lines"]:
                if (row["declaration"], line["code"]) not in open_ones:
                    yield row, line


def _return(asked: Asked, holder: Row, bureau: Tables) -> set[int]:
    """Every amount of the return of this taxpayer: as declared, as told, and of each tax, whole, with its base."""
    found: set[int] = set()
    payer = holder["taxpayer"] or holder["person_number"]
    for row in bureau["declaration"]:
        if (row["declaration"], row["taxpayer"]) == (asked["item"], payer):
            figures = json.loads(row["figures"])
            facts = figures.get("facts", {})
            amounts = {
                name: fen for name, fen in facts.items() if name.endswith("_fen") and name != "relief_fen"
            }
            found |= {fen for fen in amounts.values() if fen is not None}
            given = (fen for name, fen in figures.items() if name.endswith("_fen"))
            found |= {fen for fen in given if fen or not facts} | {row["total_fen"]}
            for line in figures.get("lines", ()):
                off = figures.get("relieved_fen", 0) if line["code"] == facts.get("relief_tax") else 0
                found |= {line["tax_fen"] + off} | ({line["base_fen"]} if line["rate"] != "1" else set())
    return found


def _voucher(asked: Asked, _: Row, bureau: Tables) -> set[int]:
    """Tax, surcharge and sum of each due of the order, and the sums of them all."""
    paid = [*bureau["payment_due"], *bureau.get("paid_before", ())]
    parts = [row for row in paid if row["order_no"] == asked["item"]]
    rows = [(row["amount_fen"], row["late_fee_fen"]) for row in parts]
    rows.append((sum(tax for tax, _ in rows), sum(late for _, late in rows)))
    return {fen for tax, late in rows for fen in (tax, late, tax + late)}


def _matter(asked: Asked, _: Row, bureau: Tables) -> set[int]:
    """The tax of the return that a slip was for; of other matters a notice says no amount."""
    return {row["total_fen"] for row in bureau["declaration"] if row["key"] == asked["item"]}


def _departure(asked: Asked, _: Row, bureau: Tables) -> set[int]:
    """Total and refund of each invoice of the application, the sums of both, the fee and what is paid out."""
    lines = [line for line in bureau.get("departure_line", ()) if line["application"] == asked["item"]]
    total, refund, fee = (
        sum(line[name] for line in lines) for name in ("total_fen", "refund_fen", "fee_fen")
    )
    each = {line[name] for line in lines for name in ("total_fen", "refund_fen")}
    return each | {total, refund, fee, refund - fee}


def matter_number(key: str, bureau: Tables) -> str:
    """The number of the case or return that the effect of a slip has made; empty when it made none."""
    found = [row["case_no"] for row in bureau.get("matter_case", ()) if row["key"] == key]
    found += [row["declaration"] for row in bureau["declaration"] if row["key"] == key]
    found += [row["application"] for row in bureau.get("departure_refund", ()) if row["key"] == key]
    return str(found[0]) if found else ""


READINGS: Mapping[str, Callable[[Asked, Row, Tables], set[int]]] = {
    "iit-record": _incomes,
    "tax-payment": _taxes,
    "social-insurance": _social,
    "vehicle-purchase": _vehicle,
    "declaration-copy": _return,
    "matter-notice": _matter,
    "payment-voucher": _voucher,
    "departure-refund": _departure,
}
