"""Tax-control devices: issued, reported, unlocked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.standin.core.shelf import CHINA, Shelf


class Devices(Shelf):
    """Devices by their number."""

    def tax_control_issue(self, now: datetime, new: dict[str, Any]) -> Any:
        made = {"state": "active", "counter": 0, "ended_on": None, "ended_by": None}
        made |= {"issued_on": now.astimezone(CHINA).date().isoformat(), "issued_by": new["by"]}
        self.data["devices"][new["device"]] = {k: v for k, v in new.items() if k != "by"} | made
        return self.data["devices"][new["device"]]

    def tax_control_device(self, now: datetime, device: str, lock: bool) -> Any:
        return self.data["devices"].get(device)

    def tax_control_listed(self, now: datetime, taxpayer: str | None, limit: int) -> Any:
        found = sorted(self.data["devices"].values(), key=lambda one: one["device"])
        return [one for one in found if taxpayer in (None, one["taxpayer"])][:limit]

    def tax_control_end(self, now: datetime, device: str, state: str, by: str) -> Any:
        known = self.data["devices"].get(device)
        if known is None or known["state"] != "active":
            return False
        known |= {"state": state, "ended_on": now.astimezone(CHINA).date().isoformat(), "ended_by": by}
        return True

    def tax_control_reports(self, now: datetime, device: str) -> Any:
        found = [one for one in self.data["device_reports"] if one["device"] == device]
        return sorted(found, key=lambda one: one["month"], reverse=True)

    def tax_control_reported(self, now: datetime, taxpayer: str, first: str, last: str) -> Any:
        mine = [one for one in self.data["device_reports"] if one["taxpayer"] == taxpayer]
        return [one for one in mine if first <= one["month"] <= last]

    def tax_control_take(self, now: datetime, report: dict[str, Any]) -> Any:
        self.data["device_reports"].append(report)

    def tax_control_order(self, now: datetime, device: str, counter: int) -> Any:
        orders = self.data["device_orders"]
        return next((one for one in orders if (one["device"], one["counter"]) == (device, counter)), None)

    def tax_control_unlock(self, now: datetime, order: dict[str, Any]) -> Any:
        self.data["device_orders"].append(order)
        moved = {
            "counter": order["counter"],
            "cleared": order["month"],
            "issues_until": order["issues_until"],
        }
        self.data["devices"][order["device"]] |= moved
