"""Sealed documents on paper: certificates, notices, electronic invoices."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pypdf import PdfReader

from ui.walk.certified import Tables, certified, matter_number
from ui.walk.figures import amounts, certificate_against
from ui.walk.rules.parties import Evidence

ENDINGS = ("pdf", "ofd", "xml")
"""The files of an electronic invoice."""


def certificates_are_printed_as_sealed(e: Evidence) -> Iterable[str]:
    """Each sheet is byte for byte what was sealed, the first copy or a later one, and is counted once."""
    sealed = {row["number"]: row for row in e.bureau["certificate"]}
    sheets = e.sheets("certificate")
    hashes = _numbers(e)
    invoices = {row["pdf"]: row for row in e.bureau.get("einvoice_document", ())}
    hashes |= {digest: row["document"] for digest, row in invoices.items()}
    printed: Counter[str] = Counter()
    for sheet in sheets:
        path = e.folder / "printed" / sheet["file"]
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        number = hashes.get(digest)
        if number is None:
            yield f"{sheet['file']} is not a document that the centre sealed"
            continue
        printed[number] += 1
        shown = invoices[digest]["number"] if digest in invoices else number
        if shown not in _close(_text(path)):
            yield f"{sheet['file']} does not show its number {shown}"
    outcomes, unsure = (
        Counter(
            _number_of(e, r["key"]) for r in e.phase("print", "outcome") if r["body"].get("outcome") == how
        )
        for how in ("printed", "uncertain")
    )
    for number in sorted(outcomes.keys() | printed.keys() | sealed.keys()):
        if not outcomes[number] <= printed[number] <= outcomes[number] + unsure[number]:
            yield f"certificate {number}: {printed[number]} sheets came out, {outcomes[number]} were journalled"
        if number in sealed and sealed[number]["copies"] != outcomes[number]:
            yield f"certificate {number}: the centre counts {sealed[number]['copies']} copies, not {outcomes[number]}"


def _numbers(e: Evidence) -> dict[str, str]:
    """Whose file each is: by the hash of the first copy, or of one that was sealed for a later print."""
    copies = {row["pdf"]: row["number"] for row in e.bureau.get("certificate_copy", ()) if row["pdf"]}
    return {row["pdf_sha256"]: row["number"] for row in e.bureau["certificate"]} | copies


def invoices_say_what_the_centre_holds(e: Evidence) -> Iterable[str]:
    """The total of an electronic invoice on paper is that of the centre's answer, and each print is known there."""
    told = {
        row["key"]: json.loads(row["answer"])["result"]
        for row in e.effects()
        if row["kind"] in ("einvoice.copy", "invoice.issue")
    }
    made = {row["pdf"]: row for row in e.bureau.get("einvoice_document", ())}
    known = Counter(r["document"] for r in e.bureau.get("einvoice_print", ()) if r["outcome"] == "printed")
    sheets: Counter[str] = Counter()
    for sheet in e.sheets("certificate"):
        path = e.folder / "printed" / sheet["file"]
        row = made.get(hashlib.sha256(path.read_bytes()).hexdigest())
        if row is None or row["key"] not in told:
            continue
        sheets[row["document"]] += 1
        total = abs(told[row["key"]]["total_fen"])
        if total not in set(amounts(_text(path))):
            yield f"{sheet['file']} does not show its total of {total} fen"
    for document in sorted(sheets.keys() | known.keys()):
        if sheets[document] != known[document]:
            yield f"invoice {document}: {sheets[document]} sheets came out, the centre counts {known[document]}"


def certificates_say_what_the_centre_holds(e: Evidence) -> Iterable[str]:
    """The code of verification, who is certified, and each amount of what was asked for."""
    asked = {r["key"]: r["body"]["data"] for r in e.phase("certificate.issue", "intent")}
    taxpayers = {row["key"]: row.get("taxpayer") for row in e.effects()}
    numbers = _numbers(e)
    for sheet in e.sheets("certificate"):
        text = _text(e.folder / "printed" / sheet["file"])
        close = _close(text)
        digest = hashlib.sha256((e.folder / "printed" / sheet["file"]).read_bytes()).hexdigest()
        row = next((row for row in e.bureau["certificate"] if row["number"] == numbers.get(digest)), None)
        wanted = asked.get(row["key"]) or json.loads(row.get("asked") or "null") if row is not None else None
        if row is None or wanted is None:
            continue  # told by the rule above: nobody sealed this, or not for this visit
        taxpayer = taxpayers.get(row["key"]) or row.get("taxpayer")
        about = _about(wanted, row, taxpayer, e.bureau)
        for what, value in (("code", row["code"]), about):
            if not value or str(value) not in close.replace("-", ""):
                yield f"{sheet['file']} does not show the {what} {value}"
        of_holder = {**row, "taxpayer": taxpayer}
        for problem in certificate_against(text, certified(wanted, of_holder, e.bureau)):
            yield f"{sheet['file']} {problem}"


def phones_fetch_what_was_sealed(e: Evidence) -> Iterable[str]:
    """Each certificate that was sent to a phone was fetched there once, byte for byte as it was sealed."""
    fetched = Counter(
        hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted((e.folder / "fetched").glob("*.pdf"))
    )
    sealed = {row["number"]: row["pdf_sha256"] for row in e.bureau["certificate"]}
    sent = Counter(
        sealed.get(r["body"]["number"], "")
        for r in e.phase("certificate.deliver", "outcome")
        if r["body"].get("state") == "accepted"
    )
    if fetched != sent:
        yield f"{sum(sent.values())} certificates were sent to a phone, and {sum(fetched.values())} fetched as sealed"
    for link in e.bureau.get("certificate_link", ()):
        if link["number"] in sealed and not link["fetched_at"]:
            yield f"certificate {link['number']}: its link still works"


def mailboxes_hold_what_was_enclosed(e: Evidence) -> Iterable[str]:
    """Each invoice that was sent to a mailbox came to that one, once, with its three files byte for byte as kept."""
    asked = {r["key"]: r["body"]["data"] for r in e.phase("einvoice.deliver", "intent")}
    sent = {
        r["key"]: r["body"]
        for r in e.phase("einvoice.deliver", "outcome")
        if r["body"].get("state") == "accepted" and asked.get(r["key"], {}).get("way") == "mailbox"
    }
    states = {row["key"]: row["state"] for row in e.bureau.get("letter", ())}
    came = Counter(row["key"] for row in e.letters)
    for key in sorted(sent.keys() | came.keys() | states.keys()):
        if states.get(key) != "sent" or came[key] != 1 or key not in sent:
            yield f"letter {key[:8]} is {states.get(key)} at the centre and came {came[key]} times"
    for letter in e.letters:
        key = letter["key"]
        kept = {row["name"]: row["sha256"] for row in e.bureau.get("letter_file", ()) if row["key"] == key}
        number = str(sent.get(key, {}).get("number"))
        if letter["files"] != kept or set(kept) != {f"{number}.{ending}" for ending in ENDINGS}:
            yield f"letter {key[:8]} does not hold the files of its invoice as the centre kept them"
        if {letter["mailbox"], letter["to"]} != {asked.get(key, {}).get("mailbox")}:
            yield f"letter {key[:8]} came to another mailbox than was written at the terminal"
        if number not in letter["subject"]:
            yield f"letter {key[:8]} does not say which invoice it holds"


def _about(
    asked: Mapping[str, Any], row: Mapping[str, Any], taxpayer: object, bureau: Tables
) -> tuple[str, object]:
    """By which number a certificate tells whose it is, or of which matter: whoever holds a slip learns no more."""
    if asked["certificate"] == "matter-notice":
        return "matter's number", matter_number(str(asked["item"]), bureau)
    return ("taxpayer's number", taxpayer) if taxpayer else ("person number", row["person_number"])


def _text(path: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def _close(text: str) -> str:
    return text.replace(" ", "").replace("\n", "")


def _number_of(e: Evidence, key: str) -> str:
    intent = next(r for r in e.phase("print", "intent") if r["key"] == key)
    return str(intent["body"]["data"]["number"])
