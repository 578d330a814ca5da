"""Orders of payment and what they pay: dues, or one notice of non-tax revenue."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.standin.core.shelf import CHINA, Outcome
from tests.standin.core.treasury import Treasury

UNSETTLED = ("created", "unknown")
PAUSE = timedelta(seconds=5)
"""Before an order in doubt is asked about again; longer each time."""


class Payments(Treasury):
    """Orders, each known by its effect's key."""

    def payments_by_key(self, now: datetime, key: str) -> Any:
        return next((o for o in self.data["orders"].values() if o["key"] == key), None)

    def payments_order(self, now: datetime, order: str, lock: bool) -> Any:
        return self.data["orders"].get(order)

    def payments_open(self, now: datetime, new: dict[str, Any]) -> Any:
        for part in new["dues"]:
            due = self.returns_due(now, part["due"])
            if due is None or due["state"] != "open" or due["held_by"]:
                raise Outcome("DueTaken", due=part["due"], order=due and due["held_by"])
        notice = self._ordered_notice(new)
        if notice is not None and (notice["held_by"] or notice["withdrawn_on"]):
            raise Outcome("DueTaken", due=notice["code"], order=notice["held_by"])
        number = self.number("41", now)
        for part in (*(self.returns_due(now, due["due"]) for due in new["dues"]), notice):
            if part is not None:
                part["held_by"] = number
        made = {"order": number, "state": "created", "qr": "", "created_at": now.isoformat(), "tries": 0}
        self.data["orders"][number] = new | made | {"paid_at": None, "payer_masked": None, "voucher": None}
        return self.data["orders"][number]

    def payments_learn(self, now: datetime, order: dict[str, Any], heard: dict[str, Any], source: str) -> Any:
        known = self.data["orders"][order["order"]]
        if known["state"] not in UNSETTLED:
            return known
        known |= {"state": heard["state"], "qr": heard["qr"] or known["qr"]}
        if known.get("debit"):
            known["debit"]["word"] = heard.get("word", "")
        if heard["state"] == "approved":
            known |= {"paid_at": heard["paid_at"], "payer_masked": heard["payer_masked"]}
            known["voucher"] = f"3{self.number('44', now)[2:19]}"  # 电子税票号码: 18 digits
        for part in known["dues"] if known["state"] != "created" else ():
            due = self.returns_due(now, part["due"])
            due |= {"held_by": None, "state": "paid" if known["state"] == "approved" else "open"}
            if known["state"] == "approved":
                self.enter(now, part["due"], part["amount_fen"], part["late_fee_fen"], known["voucher"])
        notice = self._ordered_notice(known)
        if notice is not None and known["state"] == "approved":
            notice["paid_on"] = now.astimezone(CHINA).date().isoformat()
            number = f"{now.astimezone(CHINA):%m%d}{self.data['serial']:06}"
            known["receipt"] = {"code": "77030126", "number": number, "check": "ab23cd"}
        elif notice is not None and known["state"] != "created":
            notice["held_by"] = None
        return known

    def _ordered_notice(self, order: dict[str, Any]) -> Any:
        wanted = order["notice"]
        return self.data["nontax"][wanted["code"]] if wanted else None

    def payments_doubt(self, now: datetime, order: dict[str, Any], source: str, note: str) -> Any:
        known = self.data["orders"][order["order"]]
        if known["state"] in UNSETTLED:  # silence says nothing new of one that is settled
            known |= {"state": "unknown", "tries": known["tries"] + 1}
            self.data["asked_at"][order["order"]] = now.isoformat()
        return known

    def payments_waiting(self, now: datetime, now_: str, limit: int) -> Any:
        at = datetime.fromisoformat(now_)
        open_ones = [o for o in self.data["orders"].values() if o["state"] in UNSETTLED]
        return [o for o in open_ones if self._ask_again_at(o) <= at][:limit]

    def _ask_again_at(self, order: dict[str, Any]) -> datetime:
        """When the acquirer should be asked about it: at its end, or soon after it gave no answer."""
        asked = self.data["asked_at"].get(order["order"])
        if asked is None:
            return datetime.fromisoformat(order["expires_at"])
        return datetime.fromisoformat(asked) + PAUSE * order["tries"]

    def payments_paid(self, now: datetime, taxpayer: str, since: str) -> Any:
        return [
            o for o in self.data["orders"].values() if o["taxpayer"] == taxpayer and o["state"] == "approved"
        ]

    def payments_give_up(self, now: datetime, order: dict[str, Any], note: str) -> Any:
        known = self.data["orders"][order["order"]]
        if known["state"] in UNSETTLED:
            known["state"] = "closed"
            for part in known["dues"]:
                self.returns_due(now, part["due"])["held_by"] = None
        return known

    def nontax_notice(self, now: datetime, code: str) -> Any:
        return self.data["nontax"].get(code)

    def nontax_elsewhere(self, now: datetime, code: str) -> Any:
        return not code.startswith("770000")
