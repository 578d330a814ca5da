"""Paper invoices: each number leaves the cabinet once, and is printed on the sheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import zxingcpp

from ui.walk.rules.parties import Evidence


def invoices_carry_the_numbers_they_are_counted_under(e: Evidence) -> Iterable[str]:
    """The bar code on each sheet that somebody took is the number under which it left the cabinet."""
    for sheet in e.sheets("invoice"):
        if sheet["place"] != "taken":
            continue
        code = e.code(sheet, zxingcpp.BarcodeFormat.Code128)
        if code != f"{sheet['code']}{sheet['number']}":
            yield f"{sheet['file']}: its bar code says {code}"


def invoices_move_once(e: Evidence) -> Iterable[str]:
    """Each number leaves the cabinet once, to the one taxpayer that the ledger names."""
    out = [i for i in e.sheets("invoice") if i["place"] == "taken"]
    numbers = Counter((i["code"], i["number"]) for i in out)
    for (code, number), times in numbers.items():
        if times > 1:
            yield f"invoice {code} {number} came out {times} times"
    issued: Counter[tuple[str, str]] = Counter()
    for row in e.bureau["stock_movement"]:
        if row["type"] == "ISSUE" and row["reservation"]:
            issued.update((row["code"], f"{n:08}") for n in range(row["first"], row["last"] + 1))
    for pair, times in issued.items():
        if times > 1:
            yield f"the ledger issues {' '.join(pair)} {times} times"
    for pair in numbers.keys() - issued.keys():
        yield f"invoice {' '.join(pair)} is in somebody's hands but in nobody's name"
    for pair in issued.keys() - numbers.keys():
        yield f"the ledger issues {' '.join(pair)}, which nobody took"
    open_ones = [r["reservation"] for r in e.bureau["reservation"] if r["state"] == "open"]
    if open_ones:
        yield f"reservations still open: {', '.join(open_ones)}"
