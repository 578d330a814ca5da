"""The verdict: terminal, paper, acquirer and centre must tell the same story. Reads evidence, runs nothing.

It knows the evidence folder alone (``journal.jsonl``, ``bureau.json``, ``acquirer.json``, ``printed/``). Figures of
paper are read off the paper: a slip's by its dots (``paper.py``, which has the slip's type and nothing else in common
with what it judges), a certificate's by its text, an invoice's by its bar code. ``python -m ui.walk.checker DIR``.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import zxingcpp
from PIL import Image
from pypdf import PdfReader

from kiosk.domain.errors import FieldError
from kiosk.domain.title_code import parse_title
from ui.walk.certified import Tables, certified, matter_number
from ui.walk.figures import amounts, booking_number, certificate_against, held, slip_against
from ui.walk.paper import read_slip

CENTRE_KINDS = (
    "certificate.issue", "certificate.printed", "invoice.reserve", "invoice.commit",
    "invoice.check", "invoice.apply", "invoice.issue", "einvoice.copy", "invoice.red", "einvoice.deliver",
    "declaration.submit", "payment.create", "payment.close", "payment.card", "matter.submit",
    "material.page", "materials.supply",
    "feedback.rate", "lottery.draw", "identity.enrol", "queue.take", "document.serve",
    "appointment.book", "appointment.cancel",
)  # fmt: skip
TITLE = "$01"
"""How a title code begins (发票抬头二维码)."""
Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What each party holds."""

    folder: Path
    journal: Rows
    bureau: dict[str, Rows]
    acquirer: dict[str, Rows]
    printed: Rows
    before: int = 0
    """Records of the journal that belong to visits before this one."""

    @classmethod
    def read(cls, folder: Path) -> Evidence:
        """From a walk's folder."""
        journal = [json.loads(line) for line in (folder / "journal.jsonl").read_text().splitlines()]
        index = json.loads((folder / "printed" / "index.json").read_text())
        bureau = json.loads((folder / "bureau.json").read_text())
        acquirer = json.loads((folder / "acquirer.json").read_text())
        begin = folder / "begin.json"
        before = json.loads(begin.read_text())["records"] if begin.exists() else 0
        return cls(folder, journal, bureau, acquirer, index["items"], before)

    def phase(self, kind: str, phase: str) -> Rows:
        """The journal's records of one kind and phase."""
        return [r for r in self.journal if r["kind"] == kind and r["phase"] == phase]

    def sheets(self, kind: str) -> Rows:
        """Printed items of one kind."""
        return [i for i in self.printed if i["kind"] == kind]

    def effects(self) -> Rows:
        """The centre's effects that this terminal's journal should know."""
        return self.bureau["effect"]


def check(folder: Path) -> list[str]:
    """Every disagreement found; none: the walk is good."""
    evidence = Evidence.read(folder)
    return [problem for rule in RULES for problem in rule(evidence)]


def every_effect_is_settled(e: Evidence) -> Iterable[str]:
    """Nothing hangs: each intent is settled, and its sequence has no gap."""
    settled = {r["key"] for r in e.journal if r["phase"] == "settled"}
    for record in e.journal:
        if record["phase"] == "intent" and record["key"] not in settled:
            yield f"{record['kind']} {record['key']} is not settled"
    numbers = [r["seq"] for r in e.journal]
    if numbers != list(range(e.before + 1, e.before + len(numbers) + 1)):
        yield "the journal has a gap"


def terminal_and_centre_hold_the_same_effects(e: Evidence) -> Iterable[str]:
    """Each effect the terminal believes answered is at the centre with that answer, and the other way round."""
    ours = {r["key"]: r["kind"] for r in e.journal if r["phase"] == "intent" and r["kind"] in CENTRE_KINDS}
    theirs = {row["key"]: row for row in e.effects()}
    told: dict[str, str] = {}  # an outcome's settlement says nothing more; one that sync brought says it all
    for r in e.journal:
        if r["phase"] in ("outcome", "settled") and r["body"].get("state"):
            told[r["key"]] = r["body"]["state"]
    for key in theirs.keys() - ours.keys():
        yield f"the centre holds {theirs[key]['kind']} {key}, which the terminal never meant"
    for key, kind in ours.items():
        abandoned = any(
            r["key"] == key and r["body"].get("fault") for r in e.journal if r["phase"] == "outcome"
        )
        if key not in theirs and not abandoned:
            yield f"{kind} {key} never reached the centre"
        answer = told.get(key)
        if (
            key in theirs
            and answer in ("accepted", "refused", "duplicate")
            and answer != theirs[key]["state"]
        ):
            yield f"{kind} {key}: the terminal holds {answer}, the centre {theirs[key]['state']}"


def certificates_are_printed_as_sealed(e: Evidence) -> Iterable[str]:
    """Each sheet is byte for byte what was sealed, the first copy or a later one, and is counted once."""
    sealed = {row["number"]: row for row in e.bureau["certificate"]}
    sheets = e.sheets("certificate")
    hashes = {row["pdf_sha256"]: number for number, row in sealed.items()}
    hashes |= {row["pdf"]: row["number"] for row in e.bureau.get("certificate_copy", ()) if row["pdf"]}
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
    for sheet in e.sheets("certificate"):
        text = _text(e.folder / "printed" / sheet["file"])
        close = _close(text)
        row = next((row for row in e.bureau["certificate"] if row["number"] in close), None)
        if row is None or row["key"] not in asked:
            continue  # told by the rule above: nobody sealed this, or not for this visit
        taxpayer = taxpayers.get(row["key"])
        about = _about(asked[row["key"]], row, taxpayer, e.bureau)
        for what, value in (("code", row["code"]), about):
            if not value or str(value) not in close.replace("-", ""):
                yield f"{sheet['file']} does not show the {what} {value}"
        of_holder = {**row, "taxpayer": taxpayer}
        for problem in certificate_against(text, certified(asked[row["key"]], of_holder, e.bureau)):
            yield f"{sheet['file']} {problem}"


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


def slips_are_printed_once_and_lead_somewhere(e: Evidence) -> Iterable[str]:
    """As many slips as journalled, and the code on each can be read and follows this very transaction.

    One that is no address is a title code, which a rule of its own looks at.
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
    for slip in slips:
        code = _code(e, slip, zxingcpp.BarcodeFormat.QRCode)
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
        code = _code(e, slip, zxingcpp.BarcodeFormat.QRCode) or ""
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
        code = _code(e, slip, zxingcpp.BarcodeFormat.QRCode) or ""
        key = next((key for part, key in keys.items() if part in code), None)
        if key not in transactions:
            continue  # told by the rule above
        known = held(transactions[key], e.journal, e.bureau, e.acquirer)
        for problem in slip_against(read_slip(e.folder / "printed" / slip["file"]), known):
            yield f"{slip['file']} {problem}"


def invoices_carry_the_numbers_they_are_counted_under(e: Evidence) -> Iterable[str]:
    """The bar code on each sheet that somebody took is the number under which it left the cabinet."""
    for sheet in e.sheets("invoice"):
        if sheet["place"] != "taken":
            continue
        code = _code(e, sheet, zxingcpp.BarcodeFormat.Code128)
        if code != f"{sheet['code']}{sheet['number']}":
            yield f"{sheet['file']}: its bar code says {code}"


def _code(e: Evidence, item: dict[str, Any], kind: zxingcpp.BarcodeFormat) -> str | None:
    with Image.open(e.folder / "printed" / item["file"]) as picture:
        codes = zxingcpp.read_barcodes(picture.convert("L"), formats=zxingcpp.BarcodeFormats(kind))
    return codes[0].text if codes else None


def invoices_move_once(e: Evidence) -> Iterable[str]:
    """Each number leaves the cabinet once, to the one taxpayer that the ledger names."""
    out = [i for i in e.sheets("invoice") if i["place"] == "taken"]
    numbers = Counter((i["code"], i["number"]) for i in out)
    for (code, number), times in numbers.items():
        if times > 1:
            yield f"invoice {code} {number} came out {times} times"
    issued: Counter[tuple[str, str]] = Counter()
    for row in e.bureau["stock_movement"]:
        if row["type"] == "ISSUE" and row["reservation"]:
            issued.update((row["code"], f"{n:08}") for n in range(row["first"], row["last"] + 1))
    for pair, times in issued.items():
        if times > 1:
            yield f"the ledger issues {' '.join(pair)} {times} times"
    for pair in numbers.keys() - issued.keys():
        yield f"invoice {' '.join(pair)} is in somebody's hands but in nobody's name"
    for pair in issued.keys() - numbers.keys():
        yield f"the ledger issues {' '.join(pair)}, which nobody took"
    open_ones = [r["reservation"] for r in e.bureau["reservation"] if r["state"] == "open"]
    if open_ones:
        yield f"reservations still open: {', '.join(open_ones)}"


def money_moves_once(e: Evidence) -> Iterable[str]:
    """Each payment at an acquirer, by code or card, is one booking at the centre, each due is paid by one order."""
    payments = [*e.acquirer["payments"], *e.acquirer.get("cards", ())]
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


def declarations_are_filed_once(e: Evidence) -> Iterable[str]:
    """Each accepted return is at the centre once, with the figures that the person confirmed."""
    filed = {row["key"]: row for row in e.bureau["declaration"] if row["key"]}
    periods = Counter(
        (r["taxpayer"], r["tax"], r["period_first"]) for r in e.bureau["declaration"] if r["state"] == "filed"
    )
    for period, times in periods.items():
        if times > 1:
            yield f"{period} is filed {times} times"
    for record in e.phase("declaration.submit", "intent"):
        confirmed = record["body"]["data"]["total_fen"]
        answer = next((x for x in e.effects() if x["key"] == record["key"]), None)
        if answer and answer["state"] == "accepted":
            row = filed.get(record["key"])
            if row is None:
                yield f"declaration {record['key']} was accepted and is not filed"
            elif row["total_fen"] != confirmed:
                yield f"declaration {record['key']}: confirmed {confirmed}, filed {row['total_fen']}"


def matters_are_opened_once(e: Evidence) -> Iterable[str]:
    """Each accepted matter has its one case at the centre; one carried out has left entries or moved numbers."""
    cases = {row["key"]: row for row in e.bureau.get("matter_case", ())}
    entered = Counter(row["case_no"] for row in e.bureau.get("registration_entry", ()))
    entered += Counter(row["cause"] for row in e.bureau.get("stock_movement", ()) if row.get("cause"))
    entered += Counter(row["case_no"] for row in e.bureau.get("lottery_ticket", ()))
    orders = e.bureau.get("invoice_delivery", ())
    entered += Counter(number for row in orders for number in (row["order_no"], row["closed_by"]))
    for record in e.phase("matter.submit", "intent"):
        answer = next((x for x in e.effects() if x["key"] == record["key"]), None)
        case = cases.get(record["key"])
        if answer is None or answer["state"] != "accepted":
            if case is not None:
                yield f"case {case['case_no']} was opened and never accepted"
        elif case is None:
            yield f"matter {record['key']} was accepted and has no case"
        elif case["state"] == "approved" and _enters(case) and not entered[case["case_no"]]:
            yield f"case {case['case_no']} is carried out and changed nothing"


def _enters(case: Mapping[str, Any]) -> bool:
    """Whether the matter leaves something: all of enterprises do, of a person's the one that makes a taxpayer."""
    return bool(case["taxpayer"]) or case.get("matter") == "registration.temporary"


def pages_belong_to_their_case(e: Evidence) -> Iterable[str]:
    """Every page that something accepted names is held, as it was scanned, by the case that it names."""
    pages = {row["key"]: row for row in e.bureau.get("material_page", ())}
    cases = {row["key"]: row["case_no"] for row in e.bureau.get("matter_case", ())}
    for record in (*e.phase("matter.submit", "intent"), *e.phase("materials.supply", "intent")):
        data = record["body"]["data"]
        answer = next((x for x in e.effects() if x["key"] == record["key"]), None)
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
        answer = next((x for x in e.effects() if x["key"] == record["key"]), None)
        found = held.get(record["key"], [])
        if answer is None or answer["state"] != "accepted":
            if found:
                yield f"enrolment {found[0]['enrolment']} was entered and never accepted"
            continue
        if len(found) != 1:
            yield f"enrolment {record['key']} was accepted and is held {len(found)} times"
            continue
        data, row = record["body"]["data"], found[0]
        signed = hashlib.sha256(str(data["text"]).encode()).hexdigest()
        ink = base64.b64decode(data["signature"])[4:36].hex()
        if not signed == ink == data["sha256"] == row["text_sha256"]:
            yield f"enrolment {row['enrolment']}: the ink belongs to {ink[:8]}, the text is {signed[:8]}"
        person = people.get((row["person_kind"], row["person_number"]))
        if person is None or person["mobile"] != row["mobile"]:
            yield f"enrolment {row['enrolment']}: on file is not the phone that was proven"


def documents_are_served_by_their_hand(e: Evidence) -> Iterable[str]:
    """Each accepted signature serves its document, by this effect alone; a refused one serves nothing."""
    served = {row["document"]: row for row in e.bureau.get("document", ()) if row["state"] == "served"}
    for record in e.phase("document.serve", "intent"):
        answer = next((x for x in e.effects() if x["key"] == record["key"]), None)
        data = record["body"]["data"]
        row = served.get(data["document"])
        if answer is None or answer["state"] != "accepted":
            if row is not None and row["key"] == record["key"]:
                yield f"document {data['document']} was served and never accepted"
            continue
        if row is None or (row["key"], row["way"]) != (record["key"], "signed"):
            yield f"document {data['document']} was signed for and is not served by that"
            continue
        signed = hashlib.sha256(str(data["text"]).encode()).hexdigest()
        ink = base64.b64decode(data["signature"])[4:36].hex()
        if not signed == ink == data["sha256"] == row["text_sha256"]:
            yield f"document {data['document']}: the ink belongs to {ink[:8]}, the text is {signed[:8]}"


RULES: tuple[Callable[[Evidence], Iterable[str]], ...] = (
    every_effect_is_settled,
    terminal_and_centre_hold_the_same_effects,
    certificates_are_printed_as_sealed,
    certificates_say_what_the_centre_holds,
    invoices_say_what_the_centre_holds,
    slips_are_printed_once_and_lead_somewhere,
    title_codes_say_what_is_registered,
    slips_say_what_the_others_hold,
    invoices_carry_the_numbers_they_are_counted_under,
    invoices_move_once,
    money_moves_once,
    declarations_are_filed_once,
    matters_are_opened_once,
    pages_belong_to_their_case,
    enrolments_are_what_was_signed,
    documents_are_served_by_their_hand,
)

if __name__ == "__main__":
    found = check(Path(sys.argv[1]))
    print("\n".join(found) or "terminal, paper, acquirer and centre agree")
    sys.exit(bool(found))
