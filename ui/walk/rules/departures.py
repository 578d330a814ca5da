"""A traveller's application is entered once, holds invoices that were read, and gives back what the law says."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from ui.walk.rules.parties import Evidence

GOODS = {"at_13_fen": Decimal("0.11"), "at_9_fen": Decimal("0.08")}
"""What is given back of goods at 13 and at 9 per cent, of their price with tax (公告2019年第39号, 三)."""
FEE = Decimal("0.02")
"""The city's agency takes so much of the price with tax."""


def applications_are_entered_once(e: Evidence) -> Iterable[str]:
    """Each accepted application is held once, of that passport and those days, and none is there that was refused."""
    rows = [
        row for row in e.bureau.get("departure_refund", ()) if row["key"] in {r["key"] for r in e.journal}
    ]
    accepted = {
        row["key"] for row in e.effects() if row["kind"] == "departure.apply" and row["state"] == "accepted"
    }
    for row in rows:
        if row["key"] not in accepted:
            yield f"application {row['application']} was entered and never accepted"
    for intent in e.phase("departure.apply", "intent"):
        if intent["key"] not in accepted:
            continue
        found = [row for row in rows if row["key"] == intent["key"]]
        if len(found) != 1:
            yield f"departure.apply {intent['key']} was accepted and is held {len(found)} times"
            continue
        asked, row = intent["body"]["data"], found[0]
        if any(row[name] != asked[name] for name in ("arrived_on", "leaves_on", "port")):
            yield f"application {row['application']} is of another trip than was told"
        read = {invoice["number"]: invoice["amount_fen"] for invoice in asked["invoices"]}
        lines = [
            line for line in e.bureau.get("departure_line", ()) if line["application"] == row["application"]
        ]
        for line in lines:
            if read.get(line["invoice"]) != line["total_fen"]:
                yield f"invoice {line['invoice']} was not held before the reader, or for another sum"
        if not lines:
            yield f"application {row['application']} holds no invoice"


def refunds_are_worked_out_by_law(e: Evidence) -> Iterable[str]:
    """By line: 11 and 8 per cent of the price with tax, and a fee of two per cent of all that was paid for it."""
    for line in e.bureau.get("departure_line", ()):
        refund = _rounded(sum(line[name] * rate for name, rate in GOODS.items()))
        fee = min(refund, _rounded((line["at_13_fen"] + line["at_9_fen"]) * FEE))
        if (line["refund_fen"], line["fee_fen"]) != (refund, fee):
            yield f"invoice {line['invoice']}: {line['refund_fen']} less {line['fee_fen']}, by law {refund} less {fee}"


def _rounded(fen: Decimal | int) -> int:
    return int(Decimal(fen).quantize(Decimal(1), ROUND_HALF_UP))
