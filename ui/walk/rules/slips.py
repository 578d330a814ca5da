"""Slips: printed once, their codes lead somewhere, their figures are those that the others hold."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable

import zxingcpp

from kiosk.domain.errors import FieldError
from kiosk.domain.title_code import parse_title
from ui.walk.figures import booking_number, held, slip_against
from ui.walk.paper import read_slip
from ui.walk.rules.parties import CENTRE_KINDS, Evidence
from ui.walk.rules.worked import sheets

TITLE = "$01"
"""How a title code begins (发票抬头二维码)."""


def slips_are_printed_once_and_lead_somewhere(e: Evidence) -> Iterable[str]:
    """As many slips as journalled, and the code on each can be read and follows this very transaction.

    One that is no address is a title code, which a rule of its own looks at; a worked sheet has none.
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
    bare = sheets(e)
    for slip in slips:
        code = e.code(slip, zxingcpp.BarcodeFormat.QRCode)
        if slip["file"] in bare:
            continue
        if code is None:
            yield f"{slip['file']}: its code cannot be read"
        elif code.startswith(TITLE):
            continue
        elif not any(part in code for part in keys | numbers):
            yield f"{slip['file']}: its code {code!r} follows nothing of this visit"


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
