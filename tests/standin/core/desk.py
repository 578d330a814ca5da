"""What comes over the counter and is kept: enrolments, drafts of phones, official documents, scanned pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.standin.core.shelf import Shelf

NEVER_SERVED = dict.fromkeys(
    ("way", "served_on", "until", "served_by", "text_sha256", "withdrawn_at", "withdrawn_by")
)


class Desk(Shelf):
    """Each by its key or number."""

    def enrolments_number_for(self, now: datetime, key: str) -> Any:
        return self.data["numbers"].setdefault(key, self.number("65", now))

    def drafts_keep(self, now: datetime, draft: dict[str, Any]) -> Any:
        self.data["drafts"][draft["name"]] = draft

    def drafts_find(self, now: datetime, name: str, lock: bool) -> Any:
        return self.data["drafts"].get(name)

    def drafts_use(self, now: datetime, name: str) -> Any:
        self.data["drafts"][name] |= {"state": "used", "sealed": ""}

    def drafts_forget(self, now: datetime, now_: str, gone: str) -> Any:
        for name, draft in list(self.data["drafts"].items()):
            ends = datetime.fromisoformat(draft["expires_at"])
            if ends <= datetime.fromisoformat(gone):
                del self.data["drafts"][name]
            elif ends <= datetime.fromisoformat(now_):
                draft["sealed"] = ""

    def documents_issue(self, now: datetime, new: dict[str, Any]) -> Any:
        number = self.number("66", now)
        made = {name: value for name, value in new.items() if name != "by"} | NEVER_SERVED
        made |= {"document": number, "issued_at": now.isoformat(), "issued_by": new["by"], "state": "issued"}
        self.data["documents"][number] = made
        return made

    def documents_document(self, now: datetime, document: str, lock: bool) -> Any:
        return self.data["documents"].get(document)

    def documents_of(self, now: datetime, taxpayer: str) -> Any:
        mine = [
            one
            for one in reversed(self.data["documents"].values())
            if one["taxpayer"] == taxpayer and one["state"] != "withdrawn"
        ]
        return sorted(mine, key=lambda one: one["state"] != "issued")

    def documents_serve(self, now: datetime, document: str, service: dict[str, Any]) -> Any:
        known = self.data["documents"][document]
        if known["state"] == "issued":
            told = {"served_on": service["on"], "served_by": service["by"]}
            known |= told | {name: service[name] for name in ("way", "until", "text_sha256")}
            known["state"] = "served"

    def documents_settle(self, now: datetime, matter: str, by: str) -> Any:
        for one in self.data["documents"].values():
            if (one["matter"], one["state"]) == (matter, "issued"):
                one |= {"state": "withdrawn", "withdrawn_at": now.isoformat(), "withdrawn_by": by}

    def materials_keep(self, now: datetime, page: dict[str, Any]) -> Any:
        self.data["pages"].setdefault(page["key"], page | {"case": None, "number": None})

    def materials_page(self, now: datetime, key: str) -> Any:
        found = self.data["pages"].get(key)
        return found and {name: value for name, value in found.items() if name not in ("sealed", "terminal")}

    def materials_attach(self, now: datetime, case: str, keys: list[str]) -> Any:
        for key in keys:
            page = self.data["pages"][key]
            if page["case"] is None:
                page |= {"case": case, "number": len(self.materials_of(now, case)) + 1}
        return len(self.materials_of(now, case))

    def materials_of(self, now: datetime, case: str) -> Any:
        mine = [page for page in self.data["pages"].values() if page["case"] == case]
        return [
            self.materials_page(now, page["key"]) for page in sorted(mine, key=lambda page: page["number"])
        ]

    def materials_sealed(self, now: datetime, key: str) -> Any:
        return self.data["pages"][key]["sealed"]

    def materials_lapse(self, now: datetime, before: str) -> Any:
        until = datetime.fromisoformat(before)
        gone = [
            key
            for key, page in self.data["pages"].items()
            if page["case"] is None and datetime.fromisoformat(page["received_at"]) < until
        ]
        for key in gone:
            del self.data["pages"][key]
        return len(gone)
