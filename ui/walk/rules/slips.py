"""Slips: printed once, their codes lead somewhere, their figures are those that the others hold."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import zxingcpp

from config import library as libraries
from config.catalogue import shipped
from config.catalogue.basics import REQUIRED_LANGUAGES
from kiosk.domain.errors import FieldError
from kiosk.domain.title_code import parse_title
from ui.walk.figures import booking_number, enrolment_number, held, slip_against
from ui.walk.paper import read_slip
from ui.walk.rules.navigated import checklists
from ui.walk.rules.parties import CENTRE_KINDS, Evidence, Rows
from ui.walk.rules.worked import sheets

TITLE = "$01"
"""How a title code begins (发票抬头二维码)."""


def slips_are_printed_once_and_lead_somewhere(e: Evidence) -> Iterable[str]:
    """As many slips as journalled, and the code on each can be read and follows this very transaction.

    One that is no address is a title code; a worked sheet, a checklist, one of the library or of a conversation has
    none. Rules of their own look at these.
    """
    slips = e.sheets("slip")
    journalled = Counter(r["body"].get("outcome") for r in e.phase("slip", "outcome"))
    sure = journalled["printed"]
    if not sure <= len(slips) <= sure + journalled["uncertain"]:
        yield f"{len(slips)} slips came out, {sure} were journalled"
    keys = {str(r["key"]) for r in e.journal if r["phase"] == "intent" and r["kind"] in CENTRE_KINDS}
    numbers = {row["number"] for row in e.bureau["certificate"]}
    numbers |= {row["ticket"] for row in e.bureau.get("lottery_ticket", ()) if row["key"] in keys}
    booked = {row.get("reference") for row in e.bureau["effect"] if row["key"] in keys}
    numbers |= {row["token"] for row in e.bureau.get("appointment", ()) if booking_number(row) in booked}
    seats = e.bureau.get("school_enrolment", ())
    numbers |= {row["token"] for row in seats if enrolment_number(row) in booked}
    numbers |= {
        row["reference"] for row in e.bureau["effect"] if row["key"] in keys and row["kind"] == "ideas.vote"
    }
    visits = {r["visit"] for r in e.journal}
    talks = [r for r in e.bureau.get("remote_talk", ()) if r["visit"] in visits and r["taken_at"] is not None]
    bare, without = sheets(e), len(answer_sheets(e)) + len(checklists(e)) + len(talks)
    for slip in slips:
        code = e.code(slip, zxingcpp.BarcodeFormat.QRCode)
        if slip["file"] in bare:
            continue
        if code is None and without:
            without -= 1
        elif code is None:
            yield f"{slip['file']}: its code cannot be read"
        elif code.startswith(TITLE):
            continue
        elif not any(part in code for part in keys | numbers):
            yield f"{slip['file']}: its code {code!r} follows nothing of this visit"


def sheets_of_the_library_say_what_it_holds(e: Evidence) -> Iterable[str]:
    """What is printed of the library is one answer or clause of it, whole, and its figures came out as they stand.

    It has no code: nothing at the centre follows from it.
    """
    printed = [s for s in e.sheets("slip") if e.code(s, zxingcpp.BarcodeFormat.QRCode) is None]
    for record in answer_sheets(e):
        blocks = record["body"]["data"]["blocks"]
        said = [str(block.get("text", "")) for block in blocks]
        if any(block["type"] == "qr" for block in blocks):
            yield f"{record['key']}: a sheet of the library has a code"
        if not any(title in said and text in said for title, text in _held_by_the_library()):
            yield f"{record['key']}: what was printed stands nowhere in the library"
        figures = _digits("".join(f"{block.get('text', '')}{block.get('value', '')}" for block in blocks))
        if not any(_digits(_read(e, slip)) == figures for slip in printed):
            yield f"{record['key']}: no sheet that came out has its figures"


def answer_sheets(e: Evidence) -> Rows:
    """The slips journalled by services that look things up in the library."""
    opened = {r["transaction"]: r["body"]["service"] for r in e.phase("service.opened", "note")}
    return [r for r in e.phase("slip", "intent") if _looks_up(opened.get(r["transaction"], ""))]


def _looks_up(service: str) -> bool:
    return service in shipped() and any(step.kind == "consult" for step in shipped()[service].service.steps)


@cache
def _held_by_the_library() -> frozenset[tuple[str, str]]:
    """Title and text of every answer and clause, in each language."""
    held = libraries.load()
    answers = {
        (one.asked[0][lang], one.answer[lang]) for one in held.answers.values() for lang in REQUIRED_LANGUAGES
    }
    clauses = (clause for text in held.texts.values() for clause in text.clauses)
    return frozenset(
        answers | {(one.heading[lang], one.text[lang]) for one in clauses for lang in REQUIRED_LANGUAGES}
    )


def _read(e: Evidence, slip: Mapping[str, Any]) -> str:
    return "".join("".join(line.fields) for line in read_slip(e.folder / "printed" / slip["file"]))


def _digits(text: str) -> str:
    """The figures alone, one after the other: lines break where they will."""
    return "".join(re.findall("[0-9]+", text))


def title_codes_say_what_is_registered(e: Evidence) -> Iterable[str]:
    """A title code can be read by a seller, names a registered enterprise, and its number stands beside it."""
    names = {row["taxpayer"]: row["name"] for row in e.bureau.get("taxpayer", ())}
    for slip in e.sheets("slip"):
        code = e.code(slip, zxingcpp.BarcodeFormat.QRCode) or ""
        if not code.startswith(TITLE):
            continue
        try:
            title = parse_title(code)
        except FieldError as fault:
            yield f"{slip['file']}: its title code cannot be read ({fault.code})"
            continue
        registered = unicodedata.normalize("NFKC", str(names.get(title.taxpayer, "")))
        if title.name != registered:
            yield f"{slip['file']}: its title code names {title.name!r}, registered is {registered!r}"
        if not any(title.taxpayer in line.fields for line in read_slip(e.folder / "printed" / slip["file"])):
            yield f"{slip['file']} does not show the number {title.taxpayer} of its title code"


def slips_say_what_the_others_hold(e: Evidence) -> Iterable[str]:
    """Amounts, numbers and invoices printed on a slip are those of the transaction that its code leads to."""
    keys = {row["key"]: row["key"] for row in e.effects()}
    keys |= {row["number"]: row["key"] for row in e.bureau["certificate"]}
    transactions = {row["key"]: row["transaction"] for row in e.effects()}
    for slip in e.sheets("slip"):
        code = e.code(slip, zxingcpp.BarcodeFormat.QRCode) or ""
        key = next((key for part, key in keys.items() if part in code), None)
        if key not in transactions:
            continue  # told by the rule above
        known = held(transactions[key], e.journal, e.bureau, e.acquirer)
        for problem in slip_against(read_slip(e.folder / "printed" / slip["file"]), known):
            yield f"{slip['file']} {problem}"
