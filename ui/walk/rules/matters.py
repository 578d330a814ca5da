"""Cases and their pages, enrolments, documents served: each once, as it was meant and signed."""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from ui.walk.rules.parties import Evidence

PERSONS_LEAVE = ("registration.temporary", "identity.delegate", "identity.undelegate")
"""Matters of a person that leave a row of their own: a taxpayer, a mandate, its end."""


def matters_are_opened_once(e: Evidence) -> Iterable[str]:
    """Each accepted matter has its one case at the centre; one carried out has left entries or moved numbers."""
    cases = {row["key"]: row for row in e.bureau.get("matter_case", ())}
    entered = Counter(row["case_no"] for row in e.bureau.get("registration_entry", ()))
    entered += Counter(row["cause"] for row in e.bureau.get("stock_movement", ()) if row.get("cause"))
    entered += Counter(row["case_no"] for row in e.bureau.get("lottery_ticket", ()))
    entered += Counter(row["case_no"] for row in e.bureau.get("relief", ()) if row["granted_by"])
    phones = e.bureau.get("issuing_phone", ())
    entered += Counter(number for row in phones for number in (row["case_no"], row["ended_by"]))
    mandates = e.bureau.get("mandate", ())
    entered += Counter(number for row in mandates for number in (row["case_no"], row["ended_by"]))
    entered += Counter(row["case_no"] for row in e.bureau.get("invoice_booking", ()))
    consents = e.bureau.get("share_consent", ())
    entered += Counter(number for row in consents for number in (row["case_no"], row["ended_by"]))
    orders = e.bureau.get("invoice_delivery", ())
    entered += Counter(number for row in orders for number in (row["order_no"], row["closed_by"]))
    for record in e.phase("matter.submit", "intent"):
        answer = e.answer(record)
        case = cases.get(record["key"])
        if answer is None or answer["state"] != "accepted":
            if case is not None:
                yield f"case {case['case_no']} was opened and never accepted"
        elif case is None:
            yield f"matter {record['key']} was accepted and has no case"
        elif case["state"] == "approved" and _enters(case) and not entered[case["case_no"]]:
            yield f"case {case['case_no']} is carried out and changed nothing"


def _enters(case: Mapping[str, Any]) -> bool:
    """Whether the matter leaves something: all of enterprises do, of a person's those that make or end something."""
    return bool(case["taxpayer"]) or case.get("matter") in PERSONS_LEAVE


def pages_belong_to_their_case(e: Evidence) -> Iterable[str]:
    """Every page that something accepted names is held, as it was scanned, by the case that it names."""
    pages = {row["key"]: row for row in e.bureau.get("material_page", ())}
    cases = {row["key"]: row["case_no"] for row in e.bureau.get("matter_case", ())}
    for record in (*e.phase("matter.submit", "intent"), *e.phase("materials.supply", "intent")):
        data = record["body"]["data"]
        answer = e.answer(record)
        if answer is None or answer["state"] != "accepted":
            continue
        wanted = cases.get(record["key"]) or data.get("case") or data.get("number")
        for named in data.get("pages", ()):
            page = pages.get(named["key"])
            if page is None:
                yield f"page {named['key']} was named and is not held"
            elif (page["sha256"], page["case_no"]) != (named["sha256"], wanted):
                yield f"page {named['key']} is another page, or of another case than {wanted}"


def enrolments_are_what_was_signed(e: Evidence) -> Iterable[str]:
    """Each accepted enrolment is held once, under the digest that was signed; who it is is on file with that phone."""
    held: dict[str, list[dict[str, Any]]] = {}
    for row in e.bureau.get("person_enrolment", ()):
        held.setdefault(row["key"], []).append(row)
    people = {(row["kind"], row["number"]): row for row in e.bureau.get("person", ())}
    for record in e.phase("identity.enrol", "intent"):
        answer = e.answer(record)
        found = held.get(record["key"], [])
        if answer is None or answer["state"] != "accepted":
            if found:
                yield f"enrolment {found[0]['enrolment']} was entered and never accepted"
            continue
        if len(found) != 1:
            yield f"enrolment {record['key']} was accepted and is held {len(found)} times"
            continue
        data, row = record["body"]["data"], found[0]
        yield from _signed_otherwise(f"enrolment {row['enrolment']}", data, row["text_sha256"])
        person = people.get((row["person_kind"], row["person_number"]))
        if person is None or person["mobile"] != row["mobile"]:
            yield f"enrolment {row['enrolment']}: on file is not the phone that was proven"


def documents_are_served_by_their_hand(e: Evidence) -> Iterable[str]:
    """Each accepted signature serves its document, by this effect alone; a refused one serves nothing."""
    served = {row["document"]: row for row in e.bureau.get("document", ()) if row["state"] == "served"}
    for record in e.phase("document.serve", "intent"):
        answer = e.answer(record)
        data = record["body"]["data"]
        row = served.get(data["document"])
        if answer is None or answer["state"] != "accepted":
            if row is not None and row["key"] == record["key"]:
                yield f"document {data['document']} was served and never accepted"
            continue
        if row is None or (row["key"], row["way"]) != (record["key"], "signed"):
            yield f"document {data['document']} was signed for and is not served by that"
            continue
        yield from _signed_otherwise(f"document {data['document']}", data, row["text_sha256"])


def mandates_are_what_was_signed(e: Evidence) -> Iterable[str]:
    """Each mandate that was accepted is held as it was signed: its attorney and its scope, and whose it is."""
    held = {row["case_no"]: row for row in e.bureau.get("mandate", ())}
    cases = {
        row["key"]: row for row in e.bureau.get("matter_case", ()) if row.get("matter") == "identity.delegate"
    }
    for record in e.phase("matter.submit", "intent"):
        case, data = cases.get(record["key"]), record["body"]["data"]
        if case is None:
            continue
        row = held.get(case["case_no"])
        if row is None:
            yield f"mandate {case['case_no']} was accepted and is not held"
            continue
        yield from _signed_otherwise(f"mandate {case['case_no']}", data, data["sha256"])
        wanted = (case["person_number"], data["number"], data["scope"])
        if (row["principal_number"], row["attorney_number"], row["scope"]) != wanted:
            yield f"mandate {case['case_no']} is another one than was signed"


def guardians_wait_for_an_officer(e: Evidence) -> Iterable[str]:
    """Each guardian's case that was accepted names the ward who was signed for, and nobody acts by it yet."""
    acting = {row["case_no"] for row in e.bureau.get("mandate", ())}
    cases = {
        row["key"]: row for row in e.bureau.get("matter_case", ()) if row.get("matter") == "identity.guardian"
    }
    for record in e.phase("matter.submit", "intent"):
        case, data = cases.get(record["key"]), record["body"]["data"]
        if case is None:
            continue
        what = f"guardian {case['case_no']}"
        if case["state"] != "open" or case["case_no"] in acting:
            yield f"{what} acts and no officer has decided"
        yield from _signed_otherwise(what, data, data["sha256"])
        fields = json.loads(case["fields"])
        if any(fields.get(name) != data[name] for name in ("kind", "name", "number")):
            yield f"{what} is for another ward than was signed"


def _signed_otherwise(what: str, data: Mapping[str, Any], kept: str) -> Iterable[str]:
    """Where text, digest and ink do not belong together."""
    signed = hashlib.sha256(str(data["text"]).encode()).hexdigest()
    ink = base64.b64decode(data["signature"])[4:36].hex()
    if not signed == ink == data["sha256"] == kept:
        yield f"{what}: the ink belongs to {ink[:8]}, the text is {signed[:8]}"
