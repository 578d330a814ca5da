"""Payments and returns: each once, with the figure that the person confirmed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ui.walk.rules.parties import Evidence


def money_moves_once(e: Evidence) -> Iterable[str]:
    """Each payment, by code, card or debit, is one booking at the centre, each due is paid by one order."""
    payments = [*e.acquirer["payments"], *e.acquirer.get("cards", ()), *e.acquirer.get("debits", ())]
    times_charged = Counter(row["order_no"] for row in payments)
    for order, times in times_charged.items():
        if times > 1:
            yield f"order {order} was charged {times} times"
    paid = {row["order_no"]: row["amount_fen"] for row in payments}
    booked = {row["order_no"]: row["amount_fen"] for row in e.bureau["booking"]}
    orders = {row["order_no"]: row for row in e.bureau["payment_order"]}
    for order in paid.keys() - booked.keys():
        yield f"order {order} was charged and is not booked"
    for order in booked.keys() - paid.keys():
        yield f"order {order} is booked and was never charged"
    for order in paid.keys() & booked.keys():
        ordered = orders[order]["amount_fen"] if order in orders else None
        if not paid[order] == booked[order] == ordered:
            yield f"order {order}: ordered {ordered}, charged {paid[order]}, booked {booked[order]}"
    payers: Counter[str] = Counter(r["due"] for r in e.bureau["payment_due"] if r["order_no"] in paid)
    for due, times in payers.items():
        if times > 1:
            yield f"due {due} was paid {times} times"
    for record in [*e.phase("payment.create", "outcome"), *e.phase("charge", "outcome")]:
        order, state = record["body"].get("order"), record["body"].get("state")
        if state == "ordered":
            continue  # what came of a card's order its charge tells
        if order and state != "doubt" and (state == "paid") != (order in paid):
            yield f"order {order}: the terminal holds {state}, the acquirer {'paid' if order in paid else 'unpaid'}"
        amount = record["body"].get("amount_fen")
        if state == "paid" and order in paid and amount != paid[order]:
            yield f"order {order}: the slip says {amount}, charged {paid[order]}"


def notices_are_paid_once(e: Evidence) -> Iterable[str]:
    """Each notice of non-tax revenue is paid by one order, with its late fee, and each such order has its receipt."""
    booked = {row["order_no"]: row["amount_fen"] for row in e.bureau["booking"]}
    lines = [row for row in e.bureau.get("nontax_payment", ()) if row["order_no"] in booked]
    for code, times in Counter(row["code"] for row in lines).items():
        if times > 1:
            yield f"notice {code} was paid {times} times"
    for row in lines:
        whole, order = row["amount_fen"] + row["late_fee_fen"], row["order_no"]
        if whole != booked[order]:
            yield f"order {order}: the notice is of {whole}, booked {booked[order]}"
        if not row["receipt_number"]:
            yield f"order {order} paid notice {row['code']} and has no receipt"


def declarations_are_filed_once(e: Evidence) -> Iterable[str]:
    """Each accepted return is at the centre once, with the figures that the person confirmed.

    One that it corrected stands there no longer, and one that was taken back neither.
    """
    filed = {row["key"]: row for row in e.bureau["declaration"] if row["key"]}
    periods = Counter(
        (r["taxpayer"], r["tax"], r["period_first"]) for r in e.bureau["declaration"] if r["state"] == "filed"
    )
    for period, times in periods.items():
        if times > 1:
            yield f"{period} is filed {times} times"
    for record in e.phase("declaration.submit", "intent"):
        data = record["body"]["data"]
        confirmed, answer = data["total_fen"], e.answer(record)
        if answer and answer["state"] == "accepted":
            wrong, ends = data.get("corrects"), data.get("way")
            states = {r["state"] for r in e.bureau["declaration"] if wrong and r["declaration"] == wrong}
            if wrong and states != {"withdrawn" if ends == "withdraw" else "replaced"}:
                yield f"declaration {wrong} was to {ends}, and is {', '.join(sorted(states)) or 'nowhere'}"
            if ends == "withdraw":
                continue
            row = filed.get(record["key"])
            if row is None:
                yield f"declaration {record['key']} was accepted and is not filed"
            elif row["total_fen"] != confirmed:
                yield f"declaration {record['key']}: confirmed {confirmed}, filed {row['total_fen']}"
