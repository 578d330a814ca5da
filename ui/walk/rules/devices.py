"""Tax-control devices: each report in the books once, each order made for its month and written into its device."""

from __future__ import annotations

from collections.abc import Iterable

from ui.walk.rules.parties import Evidence


def devices_report_once(e: Evidence) -> Iterable[str]:
    """Each report that was accepted is in the books, once."""
    held = [(row["device"], row["month"]) for row in e.bureau.get("device_report", ())]
    for record in e.phase("device.report", "intent"):
        answer, data = e.answer(record), record["body"]["data"]
        device, month = data["said"]["device"], data["month"]
        count = held.count((device, month))
        if answer is not None and answer["state"] == "accepted" and count != 1:
            yield f"device {device}: {month[:7]} was reported and is held {count} times"


def devices_obey_their_orders(e: Evidence) -> Iterable[str]:
    """Each order that was given is in the books for its month, and the device has taken it."""
    orders = {(row["device"], row["counter"]): row["month"] for row in e.bureau.get("device_order", ())}
    told = {r["key"]: r["body"] for r in e.phase("device.unlock", "outcome")}
    written = {(r["body"]["device"], r["body"]["counter"]) for r in e.phase("device.unlocked", "note")}
    for record in e.phase("device.unlock", "intent"):
        answer, data = told.get(record["key"], {}), record["body"]["data"]
        if answer.get("state") != "accepted":
            continue
        device, month, counter = data["said"]["device"], data["month"], answer["counter"]
        if orders.get((device, counter)) != month:
            yield f"device {device}: order {counter} is not in the books for {month[:7]}"
        if (device, counter) not in written:
            yield f"device {device}: order {counter} was never written"
