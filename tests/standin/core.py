"""A stand-in core system: a program of its own that shares no line with the centre (``python -m tests.standin.core``).

It speaks what docs/integrating.md says and nothing else, in plain dictionaries, over the standard library's server.
One writing transaction at a time; each works on a copy of the books that takes their place when it is committed.
"""

from __future__ import annotations

import copy
import json
import sys
import threading
import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

CHINA = timezone(timedelta(hours=8))
SILENT_S = 2.0
"""A transaction nobody asks anything in for so long is undone."""
WAIT_S = 3.0
DIGITS = "0123456789"


class Outcome(Exception):
    """What a method answers in place of its result."""

    def __init__(self, error: str, **values: Any) -> None:
        self.error, self.values = error, values


class Missing(Exception):
    """A method that this core does not have."""


class Books:
    """What this core knows; every method of a port is one here: ``port_method``."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = {
            "answers": {},
            "filed": [],
            "dues": [],
            "notices": [],
            "cases": {},
            "repayments": [],
            "ratings": {},
            "looks": [],
            "nontax": {},
            "devices": {},
            "device_reports": [],
            "device_orders": [],
            "complete_since": None,
            "duties": {},
            "serial": 0,
        }
        self.data |= {"orders": {}, "numbers": {}, "certificates": {}, "copies": {}, "links": {}} | data

    def number(self, kind: str, now: datetime) -> str:
        """This core's own numbers; where the centre prints them it wants twenty digits with a check digit."""
        self.data["serial"] += 1
        body = f"{kind}7700{now.astimezone(CHINA):%y%m%d}{self.data['serial']:07d}"
        return body + _check_digit(body)

    # --- registration

    def registration_person(self, now: datetime, key: dict[str, str]) -> Any:
        return next((p for p in self.data["people"] if p["key"] == key), None)

    def registration_taxpayer(self, now: datetime, taxpayer: str, lock: bool) -> Any:
        return self.data["taxpayers"].get(taxpayer)

    def registration_roles(self, now: datetime, key: dict[str, str], day: str) -> Any:
        held = [r for r in self.data["roles"] if r["key"] == key]
        return [{"taxpayer": self.data["taxpayers"][r["taxpayer"]], "role": r["role"]} for r in held]

    def registration_own(self, now: datetime, key: dict[str, str]) -> Any:
        return self.data["taxpayers"].get(key["number"])

    def mandates_of_attorney(self, now: datetime, person: dict[str, str], day: str) -> Any:
        return []  # nobody acts for another person here

    def registration_owner(self, now: datetime, taxpayer: str) -> Any:
        return next((p for p in self.data["people"] if p["key"]["number"] == taxpayer), None)

    def registration_liable(self, now: datetime, taxpayer: str, tax: str, cycle: str, since: str) -> Any:
        mine = self.data["duties"].setdefault(taxpayer, [])
        known = next((d for d in mine if d["tax"] == tax and d["valid_to"] is None), None)
        if known is None:
            duty = {"tax": tax, "cycle": cycle, "quota_fen": None, "valid_from": since, "valid_to": None}
            mine.append(duty)
        else:
            known["valid_from"] = min(since, known["valid_from"])

    def registration_staff(self, now: datetime, taxpayer: str, roles: list[str], day: str) -> Any:
        keys = [r["key"] for r in self.data["roles"] if r["taxpayer"] == taxpayer and r["role"] in roles]
        return [p for p in self.data["people"] if p["key"] in keys]

    def registration_declaring(self, now: datetime, after: str, limit: int) -> Any:
        return []  # this core reminds people itself

    # --- returns

    def returns_income_months(self, now: datetime, key: dict[str, str]) -> Any:
        return sorted({line["month"] for line in self._income(key)})

    def returns_income(self, now: datetime, key: dict[str, str], first: str, last: str) -> Any:
        return [line for line in self._income(key) if first <= line["month"] <= last]

    def _income(self, key: dict[str, str]) -> list[Any]:
        return list(self.data["income"].get(key["number"], []))

    def returns_sales(self, now: datetime, taxpayer: str, first: str, last: str) -> Any:
        return self.data["sales"].get(taxpayer, {"count": 0, "ordinary_fen": 0, "special_fen": 0})

    def returns_filed(
        self, now: datetime, taxpayer: str, tax: str, first: str, last: str, subject: str
    ) -> Any:
        wanted = (taxpayer, tax, first, last, subject)
        found = [f for f in self.data["filed"] if _about(f) == wanted and f["stands"]]
        return _filed(found[0]) if found else None

    def returns_filings(self, now: datetime, taxpayer: str, since: str) -> Any:
        mine = [f for f in self.data["filed"] if f["taxpayer"] == taxpayer and f["period_last"] >= since]
        return [self._kept(f) for f in reversed(mine)]

    def returns_kept(self, now: datetime, declaration: str) -> Any:
        return next((self._kept(f) for f in self.data["filed"] if f["declaration"] == declaration), None)

    def _kept(self, filed: dict[str, Any]) -> Any:
        mine = [
            d for d in self.data["dues"] if d["declaration"] == filed["declaration"] and d["state"] == "open"
        ]
        return {
            "filed": _filed(filed),
            "figures": filed["figures"],
            "subject": filed["subject"],
            "limit_date": filed["limit_date"],
            "stands": filed["stands"],
            "owed_fen": sum(d["amount_fen"] for d in mine),
            "withdrawn": filed.get("withdrawn", False),
        }

    def returns_file(self, now: datetime, filing: dict[str, Any]) -> Any:
        earlier = [f for f in self.data["filed"] if _about(f) == _about(filing) and f["stands"]]
        if earlier and earlier[0]["declaration"] != filing["replaces"]:
            raise Outcome("AlreadyFiled", declaration=earlier[0]["declaration"])
        for one in earlier:
            self._end(one)
        filed = filing | {"declaration": self.number("31", now), "stands": True}
        self.data["filed"].append(filed)
        for due in filing["dues"]:
            if due["amount_fen"]:
                self.data["dues"].append({
                    "due": self.number("43", now), "taxpayer": filing["taxpayer"], "tax": due["tax"],
                    "period_first": filing["period_first"], "period_last": filing["period_last"],
                    "amount_fen": due["amount_fen"], "limit_date": filing["limit_date"],
                    "declaration": filed["declaration"], "state": "open", "held_by": None,
                })  # fmt: skip
        return _filed(filed)

    def returns_withdraw(self, now: datetime, declaration: str) -> Any:
        filed = next(f for f in self.data["filed"] if f["declaration"] == declaration)
        mine = [d for d in self.data["dues"] if d["declaration"] == declaration]
        if any(d["state"] == "paid" or d["held_by"] for d in mine):
            return False
        self._end(filed)
        filed["withdrawn"] = True
        return True

    def _end(self, filed: dict[str, Any]) -> None:
        filed["stands"] = False
        for due in self.data["dues"]:
            mine = due["declaration"] == filed["declaration"] and due["state"] == "open"
            if mine and not due["held_by"]:
                due["state"] = "cancelled"

    def returns_dues(self, now: datetime, taxpayer: str) -> Any:
        mine = [d for d in self.data["dues"] if d["taxpayer"] == taxpayer and d["state"] == "open"]
        return sorted(mine, key=lambda due: str(due["limit_date"]))

    def returns_due(self, now: datetime, due: str, lock: bool = False) -> Any:
        return next((d for d in self.data["dues"] if d["due"] == due), None)

    def returns_paid(
        self, now: datetime, taxpayer: str, tax: str, first: str, last: str, subject: str | None
    ) -> Any:
        of_period = self._of_period((taxpayer, tax, first, last), subject)
        mine = [d for d in self.data["dues"] if d["declaration"] in of_period and d["state"] == "paid"]
        return {d["tax"]: sum(o["amount_fen"] for o in mine if o["tax"] == d["tax"]) for d in mine}

    def _of_period(self, wanted: tuple[str, ...], subject: str | None) -> set[str]:
        mine = [f for f in self.data["filed"] if _about(f)[:4] == wanted]
        return {f["declaration"] for f in mine if subject is None or f["subject"] == subject}

    def returns_in_treasury(
        self, now: datetime, taxpayer: str, tax: str, first: str, last: str, subject: str | None
    ) -> Any:
        of_period = self._of_period((taxpayer, tax, first, last), subject)
        days = {
            part["due"]: (order["voucher"], str(order["paid_at"])[:10])
            for order in self.data["orders"].values()
            if order["state"] == "approved"
            for part in order["dues"]
        }
        names = ("due", "tax", "period_first", "period_last", "amount_fen")
        return [
            {name: due[name] for name in names}
            | {"late_fee_fen": 0, "voucher": days[due["due"]][0], "entry_date": days[due["due"]][1]}
            for due in self.data["dues"]
            if due["declaration"] in of_period and due["due"] in days
        ]

    def reliefs_granted(self, now: datetime, taxpayer: str) -> Any:
        return []  # this core grants none

    def refunds_of_declaration(self, now: datetime, declaration: str) -> Any:
        return []  # this core gives nothing back

    def returns_overdue(self, now: datetime, taxpayer: str, day: str) -> Any:
        return [d for d in self.returns_dues(now, taxpayer) if d["limit_date"] < day]

    def returns_complete_since(self, now: datetime) -> Any:
        return self.data["complete_since"]

    def returns_duties(self, now: datetime, taxpayer: str, first: str, last: str) -> Any:
        mine = self.data["duties"].get(taxpayer, [])
        return [d for d in mine if d["valid_from"] <= last and first <= (d["valid_to"] or last)]

    # --- payments

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
        if known["state"] in ("approved", "declined", "closed"):
            return known
        known |= {"state": heard["state"], "qr": heard["qr"] or known["qr"]}
        if known.get("debit"):
            known["debit"]["word"] = heard.get("word", "")
        if heard["state"] == "approved":
            known |= {"paid_at": heard["paid_at"], "payer_masked": heard["payer_masked"]}
            known["voucher"] = self.number("44", now)
        for part in known["dues"] if known["state"] != "created" else ():
            due = self.returns_due(now, part["due"])
            due |= {"held_by": None, "state": "paid" if known["state"] == "approved" else "open"}
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
        known["state"] = "unknown"
        return known

    def payments_waiting(self, now: datetime, now_: str, limit: int) -> Any:
        late = [o for o in self.data["orders"].values() if o["state"] in ("created", "unknown")]
        return [o for o in late if datetime.fromisoformat(o["expires_at"]) < now][:limit]

    def payments_paid(self, now: datetime, taxpayer: str, since: str) -> Any:
        return [
            o for o in self.data["orders"].values() if o["taxpayer"] == taxpayer and o["state"] == "approved"
        ]

    def payments_give_up(self, now: datetime, order: dict[str, Any], note: str) -> Any:
        known = self.data["orders"][order["order"]]
        if known["state"] in ("created", "unknown"):
            known["state"] = "closed"
            for part in known["dues"]:
                self.returns_due(now, part["due"])["held_by"] = None
        return known

    def repayments_of_taxpayer(self, now: datetime, taxpayer: str, since: str) -> Any:
        mine = {o["order"] for o in self.data["orders"].values() if o["taxpayer"] == taxpayer}
        return [
            r for r in reversed(self.data["repayments"]) if r["order"] in mine and r["state"] != "refused"
        ]

    def repayments_order(self, now: datetime, new: dict[str, Any]) -> Any:
        made = {"repayment": self.number("45", now), "state": "ordered", "ordered_at": now.isoformat()}
        self.data["repayments"].append(new | made | {"given_at": None, "tries": 0})
        return self.data["repayments"][-1]

    def repayments_repayment(self, now: datetime, repayment: str, lock: bool) -> Any:
        return next((r for r in self.data["repayments"] if r["repayment"] == repayment), None)

    def repayments_waiting(self, now: datetime, now_: str, limit: int) -> Any:
        return [r for r in self.data["repayments"] if r["state"] in ("ordered", "processing")][:limit]

    def repayments_answered(self, now: datetime, repayment: dict[str, Any], heard: Any) -> Any:
        known = self.repayments_repayment(now, repayment["repayment"], lock=True)
        if heard is not None and known["state"] in ("ordered", "processing"):
            known |= {"state": heard["state"], "word": heard["word"]}
            known["given_at"] = now.isoformat() if heard["state"] == "given" else None
        return known

    # --- notices of non-tax revenue

    def nontax_notice(self, now: datetime, code: str) -> Any:
        return self.data["nontax"].get(code)

    def nontax_elsewhere(self, now: datetime, code: str) -> Any:
        return not code.startswith("770000")

    # --- tax_control

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

    def tax_control_elsewhere(self, now: datetime, taxpayer: str, first: str, last: str) -> Any:
        sales = self.data["sales"].get(taxpayer, {"ordinary_fen": 0, "special_fen": 0})
        return {"ordinary_fen": sales["ordinary_fen"], "special_fen": sales["special_fen"], "tax_fen": 0}

    # --- privacy

    def privacy_note(self, now: datetime, person: dict[str, str], look: dict[str, str]) -> Any:
        self.data["looks"].append({"person": person, "at": now.isoformat(), **look})

    def privacy_holder(self, now: datetime, certificate: str) -> Any:
        found = self.data["certificates"].get(certificate)
        return found and found["person"]

    # --- certificates

    def certificates_number_for(self, now: datetime, key: str) -> Any:
        return self.data["numbers"].setdefault(key, self.number("21", now))

    def certificates_add(self, now: datetime, certificate: dict[str, Any]) -> Any:
        self.data["certificates"][certificate["number"]] = certificate | {"state": "valid", "copies": 0}

    def certificates_record(self, now: datetime, number: str, lock: bool) -> Any:
        found = self.data["certificates"].get(number)
        names = (
            "number",
            "code",
            "kind",
            "issued_at",
            "content_sha256",
            "pdf_sha256",
            "pages",
            "copies",
            "state",
            "frozen",
            "verify_url",
            "person",
            "taxpayer",
            "asked",
        )
        if found is None:
            return None
        return {name: found[name] for name in names} | {"ended": found.get("ended")}

    def certificates_held(
        self, now: datetime, person: dict[str, str], taxpayer: str | None, limit: int
    ) -> Any:
        theirs = [
            number
            for number, one in sorted(self.data["certificates"].items(), reverse=True)
            if one["taxpayer"] == taxpayer and (taxpayer is not None or one["person"] == person)
        ]
        return [self.certificates_record(now, number, lock=False) for number in theirs[:limit]]

    def certificates_original(self, now: datetime, original: str, lock: bool) -> Any:
        return next(
            (
                number
                for number, one in self.data["certificates"].items()
                if (one["original"], one["state"]) == (original, "valid")
            ),
            None,
        )

    def certificates_end(self, now: datetime, number: str, end: dict[str, Any]) -> Any:
        found = self.data["certificates"][number]
        if found["state"] != "valid":
            return False
        found |= {"state": end["state"], "ended": end}
        return True

    def certificates_let_out(self, now: datetime, number: str, key: str, terminal: str) -> Any:
        self.data["certificates"][number].setdefault("out", []).append(terminal)

    def certificates_add_link(self, now: datetime, link: dict[str, Any]) -> Any:
        self.data["links"][link["key"]] = link

    def certificates_linked(self, now: datetime, key: str) -> Any:
        link = self.data["links"].get(key)
        return link if link is not None and datetime.fromisoformat(link["expires_at"]) > now else None

    def certificates_fetch(self, now: datetime, key: str) -> Any:
        link = self.certificates_linked(now, key)
        if link is None:
            return None
        del self.data["links"][key]
        return self.data["certificates"][link["number"]]["pdf"]

    def certificates_issued(self, now: datetime, content_sha256: str) -> Any:
        known = self.data["certificates"].values()
        return sorted(one["number"] for one in known if one["content_sha256"] == content_sha256)

    def certificates_pdf(self, now: datetime, number: str, terminal: str) -> Any:
        found = self.data["certificates"].get(number)
        given = found is not None and terminal in (found["terminal"], *found.get("out", ()))
        return found["pdf"] if given else None

    def certificates_printed(
        self, now: datetime, number: str, key: str, outcome: str, terminal: str, job: str | None
    ) -> Any:
        self.data["copies"][key] = outcome
        found = self.data["certificates"][number]
        found["copies"] += outcome == "printed"
        return found["copies"]

    # --- what was answered, told and thought

    def answers_find(self, now: datetime, key: str) -> Any:
        found = self.data["answers"].get(key)
        return found and found["kept"]

    def answers_effect(self, now: datetime, key: str) -> Any:
        return self.data["answers"].get(key)

    def answers_take_turn(self, now: datetime, key: str) -> Any:
        return True  # writers come one by one

    def answers_keep(self, now: datetime, effect: dict[str, Any]) -> Any:
        self.data["answers"][effect["kept"]["key"]] = effect

    def answers_told(self, now: datetime, key: str) -> Any:
        self.data["answers"][key]["kept"]["told"] = True

    def notices_tell(self, now: datetime, person: dict[str, Any], message: dict[str, Any]) -> Any:
        number = self.number("62", now)
        self.data["notices"].append({"id": number, "person": person["key"], "message": message})
        return number

    def notices_for_person(self, now: datetime, key: dict[str, str], taxpayers: list[str]) -> Any:
        return []

    def notices_seen(self, now: datetime, notices: list[str]) -> Any:
        return None

    def notices_mended(self, now: datetime, matter: str) -> Any:
        return None

    def notices_finish(self, now: datetime) -> Any:
        return 0

    def cases_open(self, now: datetime, kind: str, reference: str, details: dict[str, Any]) -> Any:
        return self.data["cases"].setdefault(f"{kind}/{reference}", self.number("61", now))

    def ratings_rated(self, now: datetime, item: str) -> Any:
        return item in self.data["ratings"]

    def ratings_rate(self, now: datetime, rating: dict[str, Any]) -> Any:
        self.data["ratings"][rating["item"]] = rating

    def invoices_expire(self, now: datetime, now_: str) -> Any:
        return 0

    def agency_waiting(self, now: datetime, before: str) -> Any:
        return []

    def handovers_watch(self, now: datetime) -> Any:
        return 0

    def public_slip(self, now: datetime, key: str) -> Any:
        words = {"zh-CN": "", "en-US": ""}
        known = self.data["answers"].get(key)
        state = known["state"] if known else "unknown"
        return {
            "key": key, "state": state, "kind": "", "title": words, "text": words,
            "reference": known["reference"] if known else "", "received_at": None, "deadline": None,
        }  # fmt: skip


def _about(filing: dict[str, Any]) -> tuple[str, ...]:
    return tuple(filing[name] for name in ("taxpayer", "tax", "period_first", "period_last", "subject"))


def _filed(filing: dict[str, Any]) -> dict[str, Any]:
    names = ("declaration", "taxpayer", "tax", "period_first", "period_last", "total_fen", "filed_at")
    return {name: filing[name] for name in names}


def _check_digit(body: str) -> str:
    """ISO/IEC 7064, MOD 11-10."""
    product = 10
    for digit in body:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return DIGITS[(11 - product) % 10]


class Core:
    """The books, and the transactions under way."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.writing = threading.Lock()
        self.open: dict[str, Transaction] = {}
        self.calls: list[str] = []

    def begin(self, kind: str, now: str) -> str:
        """A new transaction; one that writes waits for its turn."""
        if kind == "write" and not self.writing.acquire(timeout=WAIT_S):
            self._undo_the_silent()
            if not self.writing.acquire(timeout=WAIT_S):
                raise Outcome("StoreConflict")
        name = str(uuid.uuid4())
        self.open[name] = Transaction(self, kind, datetime.fromisoformat(now))
        return name

    def _undo_the_silent(self) -> None:
        for name, transaction in list(self.open.items()):
            if transaction.kind == "write" and time.monotonic() - transaction.heard > SILENT_S:
                self.end(name, commit=False)

    def end(self, name: str, *, commit: bool) -> None:
        """Let the copy take the books' place, or forget it."""
        transaction = self.open.pop(name)
        if commit and transaction.kind == "write":
            self.books = transaction.books
        if transaction.kind == "write":
            self.writing.release()


class Transaction:
    """One copy of the books."""

    def __init__(self, core: Core, kind: str, now: datetime) -> None:
        self.kind, self.now = kind, now
        self.books = copy.deepcopy(core.books)
        self.marks: list[Books] = []
        self.heard = time.monotonic()

    def savepoint(self) -> int:
        self.marks.append(copy.deepcopy(self.books))
        return len(self.marks) - 1

    def undo(self, mark: int) -> None:
        self.books = self.marks[mark]
        del self.marks[mark:]

    def call(self, port: str, method: str, given: dict[str, Any]) -> Any:
        self.heard = time.monotonic()
        found: Callable[..., Any] | None = getattr(self.books, f"{port}_{method}", None)
        if found is None:
            raise Missing(f"{port}.{method}")
        return found(
            self.now, **{("now_" if name == "now" else name): value for name, value in given.items()}
        )


def handler(core: Core) -> type[BaseHTTPRequestHandler]:
    """The addresses of docs/integrating.md."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self._answer(json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}"))

        def do_DELETE(self) -> None:
            self._answer({})

        def do_GET(self) -> None:
            if self.path == "/books":  # for the tests to look into
                self._say(200, {"result": core.books.data, "calls": core.calls})
            else:
                self._say(404, {"error": "absent"})

        def _answer(self, body: dict[str, Any]) -> None:
            parts = self.path.strip("/").split("/")
            try:
                self._say(200, {"result": self._do(parts, body)})
            except Outcome as outcome:
                self._say(409, {"error": outcome.error, "values": outcome.values})
            except Missing as missing:
                self._say(501, {"error": str(missing)})
            except KeyError as unknown:
                self._say(404, {"error": f"{unknown}"})

        def _do(self, parts: list[str], body: dict[str, Any]) -> Any:
            if parts == ["v1", "transactions"]:
                return core.begin(body["kind"], body["now"])
            name, rest = parts[2], parts[3:]
            if self.command == "DELETE" or rest == ["commit"]:
                return core.end(name, commit=rest == ["commit"])
            transaction = core.open[name]
            if rest == ["savepoint"]:
                return transaction.savepoint()
            if rest == ["undo"]:
                return transaction.undo(body["savepoint"])
            core.calls.append("/".join(rest))
            return transaction.call(rest[0], rest[1], body)

        def _say(self, status: int, said: dict[str, Any]) -> None:
            content = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: it would be the persons' numbers."""

    return Handler


def main() -> None:
    """Serve the books in the file that is named, on any free port; one line of JSON tells where."""
    core = Core(Books(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2]) if len(sys.argv) > 2 else 0), handler(core))
    sys.stdout.write(json.dumps({"url": f"http://127.0.0.1:{server.server_port}"}) + "\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
