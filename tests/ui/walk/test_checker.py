"""The verdict over invented evidence: a good walk has none, and each planted fault is found, once, by its rule."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from drivers.receipt import parse_receipt
from drivers.receipt_raster import render, to_png
from ui.walk import checker

CODE = "099002600104"
URL = "https://127.0.0.1:8443"
Row = dict[str, Any]


def pdf(*lines: str) -> bytes:
    """A one-page PDF that shows ``lines``."""
    from io import BytesIO

    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    fonts = DictionaryObject({NameObject(k): NameObject(v) for k, v in font.items()})
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F1"): fonts})}
    )
    shown = " ".join(f"({line}) Tj 0 -20 Td" for line in lines)
    stream = DecodedStreamObject()
    stream.set_data(f"BT /F1 12 Tf 72 720 Td {shown} ET".encode())
    page[NameObject("/Contents")] = writer._add_object(stream)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


PERSON = "539902198604180170"
ENTERPRISE = "91990199MA607F0M7X"
NUMBER, DECLARATION, GIVEN = "21990026101200000019", "31990026101200000011", "91192026101200000043"
ORDER, VOUCHER = "41990026101200000014", "399002610120000001"
FIGURES = ("2026-01 18,876.00 228.63", "2026-02 19,060.00 234.15", "Total 37,936.00 462.78")
CERTIFICATE = pdf("Certificate", "2199 0026 1012 0000 0019", PERSON, "ABCD-EFGH", *FIGURES)
ANOTHER = pdf("Certificate", "21990026101200000027")


NOBODY = {"transaction": "t9", "taxpayer": None, "person_number": ""}


@dataclass
class Story:
    """What every party holds after a walk; written out as the gatherer does."""

    folder: Path
    journal: list[Row] = field(default_factory=list)
    effects: dict[str, str] = field(default_factory=dict)
    bureau: dict[str, list[Row]] = field(default_factory=dict)
    acquirer: dict[str, list[Row]] = field(default_factory=lambda: {"orders": [], "payments": []})
    items: list[Row] = field(default_factory=list)
    transaction: str = "t1"
    taxpayer: str | None = None
    about: dict[str, Row] = field(default_factory=dict)
    """What the centre keeps beside an effect's state."""

    def __post_init__(self) -> None:
        (self.folder / "printed").mkdir()
        for table in (
            "certificate", "declaration", "payment_order", "payment_due", "booking", "reservation", "stock_movement",
            "income",
        ):  # fmt: skip
            self.bureau[table] = []

    def record(self, kind: str, phase: str, key: str | None, body: Row) -> None:
        row = {"seq": len(self.journal) + 1, "kind": kind, "phase": phase, "key": key, "body": body}
        self.journal.append({**row, "visit": "v1", "transaction": self.transaction, "step": "s"})

    def effect(self, kind: str, key: str, data: Row, outcome: Row | None, settled: Row | None = None) -> None:
        """Intent, outcome and settlement; or (no outcome) handed over and settled by what sync brought."""
        self.record(kind, "intent", key, {"kind": kind, "key": key, "data": data})
        if outcome is None:
            self.record(kind, "handover", key, {})
        else:
            self.record(kind, "outcome", key, outcome)
        self.record(kind, "settled", key, settled or {})
        state = (outcome or settled or {}).get("state")
        if kind in checker.CENTRE_KINDS:
            self.about[key] = {
                "transaction": self.transaction,
                "taxpayer": self.taxpayer,
                "person_number": PERSON,
                "accepted_at": "2026-10-12T01:42:46.447131Z",
            }
            self.effects[key] = state if state in ("accepted", "refused", "duplicate") else "accepted"

    def item(self, kind: str, name: str, raw: bytes, **facts: Any) -> None:
        (self.folder / "printed" / name).write_bytes(raw)
        self.items.append({"n": len(self.items) + 1, "file": name, "kind": kind, "place": "taken", **facts})

    def slip(self, name: str, text: str, *rows: str, total: str = "") -> None:
        """A slip as the printer burns it, with ``text`` in its code."""
        blocks: list[Row] = [{"type": "title", "text": "云川市税务局"}]
        for row in rows:
            label, _, value = row.partition(" ")
            blocks.append({"type": "row", "label": label, "value": value})
        if total:
            blocks.append({"type": "total", "label": "税费合计", "value": total})
        blocks += [
            {"type": "qr", "data": text, "caption": "扫码可查办理结果"},
            {"type": "text", "text": "2026年10月12日 9:42", "align": "center", "size": "small"},
        ]
        paper = to_png(render(parse_receipt(blocks)))
        self.items = [item for item in self.items if item["file"] != name]
        self.item("slip", name, paper)

    def invoice(self, name: str, number: int, shown: int | None = None) -> None:
        """A sheet whose bar code says ``shown``, counted under ``number``."""
        barcode = zxingcpp.create_barcode(f"{CODE}{shown or number:08}", zxingcpp.BarcodeFormat.Code128)
        bars = zxingcpp.write_barcode_to_image(barcode, scale=2)
        Image.fromarray(bars).convert("L").save(self.folder / "printed" / name)
        raw = (self.folder / "printed" / name).read_bytes()
        self.item("invoice", name, raw, code=CODE, number=f"{number:08}")

    def check(self) -> list[str]:
        self.write()
        return checker.check(self.folder)

    def write(self) -> None:
        lines = [json.dumps(row, ensure_ascii=False) for row in self.journal]
        (self.folder / "journal.jsonl").write_text("".join(f"{line}\n" for line in lines))
        kinds = {r["key"]: r["kind"] for r in self.journal if r["key"]}
        effects = [
            {"key": k, "kind": kinds.get(k, "?"), "state": s, **self.about.get(k, NOBODY)}
            for k, s in self.effects.items()
        ]
        (self.folder / "bureau.json").write_text(json.dumps({"effect": effects, **self.bureau}))
        (self.folder / "acquirer.json").write_text(json.dumps(self.acquirer))
        (self.folder / "printed" / "index.json").write_text(json.dumps({"version": 1, "items": self.items}))

    def journalled(self, kind: str, phase: str) -> Row:
        return next(r for r in self.journal if (r["kind"], r["phase"]) == (kind, phase))


ASKED = {"certificate": "iit-record", "first": "2026-01", "last": "2026-02"}
RETURN = (f"纳税人识别号 {ENTERPRISE}", f"受理编号 {DECLARATION}", f"缴款凭证号 {VOUCHER}")
WAITING = (f"纳税人识别号 {ENTERPRISE}", f"受理编号 {GIVEN}")
COLLECTION = (f"纳税人识别号 {ENTERPRISE}", f"发票代码 {CODE}", "号码 00004801–00004803", "未出数量 0")


@pytest.fixture
def story(tmp_path: Path) -> Story:
    """A certificate, three invoices, a return that was paid, one taken offline, a rating: all as it should be."""
    made = Story(tmp_path)
    made.record("visit.begun", "note", None, {})
    # a certificate
    issued = {"state": "accepted", "number": NUMBER, "code": "ABCDEFGH"}
    made.effect("certificate.issue", "c1", ASKED, issued)
    made.effect("print", "p1", {"number": NUMBER, "pages": 1}, {"outcome": "printed", "key": "p1"})
    report = {"number": NUMBER, "outcome": "printed"}
    made.effect("certificate.printed", "c2", report, None, {"state": "accepted", "result": {}})
    digest = hashlib.sha256(CERTIFICATE).hexdigest()
    made.bureau["certificate"].append(
        {
            "number": NUMBER,
            "key": "c1",
            "code": "ABCDEFGH",
            "person_number": PERSON,
            "pdf_sha256": digest,
            "copies": 1,
        }
    )
    made.bureau["income"] += [
        {"person_number": PERSON, "month": "2026-01", "income_fen": 1_887_600, "tax_fen": 22_863},
        {"person_number": PERSON, "month": "2026-02", "income_fen": 1_906_000, "tax_fen": 23_415},
        {"person_number": PERSON, "month": "2026-03", "income_fen": 5, "tax_fen": 1},
        {"person_number": "somebody else", "month": "2026-01", "income_fen": 5, "tax_fen": 1},
    ]
    made.item("certificate", "001-certificate.pdf", CERTIFICATE)
    made.effect("slip", "s1", {"blocks": []}, {"outcome": "printed", "key": "s1"})
    made.slip(
        "002-slip.png", f"{URL}/v?n={NUMBER}&c=ABCDEFGH", f"证明编号 {NUMBER}", "证件号码 539***********0170"
    )
    # three invoices
    made.transaction, made.taxpayer = "t2", ENTERPRISE
    made.effect("invoice.reserve", "i1", {"count": 3}, {"state": "accepted", "reservation": "R1"})
    made.effect("dispense", "d1", {"reservation": "R1"}, {"delivered": 3, "cause": None})
    made.effect("invoice.commit", "i2", {"reservation": "R1"}, {"state": "accepted", "movement": "M1"})
    made.bureau["reservation"].append({"reservation": "R1", "key": "i1", "code": CODE, "state": "committed"})
    movement = {"code": CODE, "first": 4801, "last": 4803, "reservation": "R1"}
    made.bureau["stock_movement"] += [
        {"type": "LOAD", "code": CODE, "first": 4801, "last": 4900, "reservation": None},
        {"type": "ISSUE", **movement},
    ]
    for number in (4801, 4802, 4803):
        made.invoice(f"{number}-invoice.png", number)
    made.effect("slip", "s2", {"blocks": []}, {"outcome": "printed", "key": "s2"})
    made.slip("006-slip.png", f"{URL}/s/i2", *COLLECTION, total="3")
    # a return that was paid
    made.transaction = "t3"
    filed = {"state": "accepted", "declaration": DECLARATION, "total_fen": 409_584}
    made.effect("declaration.submit", "r1", {"total_fen": 409_584}, filed)
    due = {"taxpayer": "T1", "tax": "vat-small", "period_first": "2026-07-01", "state": "filed"}
    made.bureau["declaration"] += [
        {"key": "r1", "declaration": DECLARATION, "total_fen": 409_584, **due},
        {
            "key": None,
            "declaration": "",
            "total_fen": 5,
            **due,
            "period_first": "2026-04-01",
        },  # the city's past
    ]
    made.effect("payment.create", "m1", {}, {"state": "paid", "order": ORDER, "amount_fen": 409_584})
    made.bureau["payment_order"].append(
        {"order_no": ORDER, "key": "m1", "amount_fen": 409_584, "state": "approved"}
    )
    made.bureau["payment_due"].append(
        {"order_no": ORDER, "due": "S1", "amount_fen": 409_584, "late_fee_fen": 0}
    )
    made.bureau["booking"].append({"order_no": ORDER, "voucher": VOUCHER, "amount_fen": 409_584})
    made.acquirer["payments"].append({"order_no": ORDER, "amount_fen": 409_584})
    made.effect("slip", "s3", {"blocks": []}, {"outcome": "printed", "key": "s3"})
    made.slip("007-slip.png", f"{URL}/s/m1", *RETURN, total="¥4,095.84")
    # one taken offline, for another taxpayer
    made.transaction = "t4"
    made.effect("declaration.submit", "r2", {"total_fen": 7}, None, {"state": "accepted", "result": {}})
    made.bureau["declaration"].append(
        {"key": "r2", "declaration": "31990026101200000029", "total_fen": 7, **due, "taxpayer": "T2"}
    )
    made.effect("slip", "s4", {"blocks": []}, {"outcome": "printed", "key": "s4"})
    made.slip("008-slip.png", f"{URL}/s/r2", *WAITING, total="¥0.07")
    # a certificate that was given up in a silence, and a rating
    made.effect("certificate.issue", "c9", {"certificate": "iit-record"}, {"fault": "unreachable"})
    del made.effects["c9"]
    made.effect("feedback.rate", "f1", {"level": 5}, None, {"state": "accepted"})
    made.record("visit.ended", "note", None, {})
    return made


def test_a_good_walk_has_no_disagreement(story: Story) -> None:
    assert story.check() == []


def test_every_rule_has_something_to_look_at_in_the_good_one(story: Story) -> None:
    """So that its silence means something."""
    story.write()
    evidence = checker.Evidence.read(story.folder)
    for kind in ("print", "slip", "dispense", "declaration.submit", "payment.create"):
        assert evidence.phase(kind, "outcome") or evidence.phase(kind, "settled")
    assert all(evidence.sheets(kind) for kind in ("certificate", "slip", "invoice"))


# --- planted faults, by rule ----------------------------------------------------------------------------------

Fault = Callable[[Story], None]
FAULTS: dict[str, tuple[Fault, str, str]] = {}
"""Name -> (how it is planted, which rule finds it, what it says)."""


def fault(rule: Callable[..., Any], says: str) -> Callable[[Fault], Fault]:
    def plant(function: Fault) -> Fault:
        FAULTS[function.__name__] = (function, rule.__name__, says)
        return function

    return plant


@fault(checker.every_effect_is_settled, "slip s2 is not settled")
def an_effect_hangs(story: Story) -> None:
    story.journal = [r for r in story.journal if (r["key"], r["phase"]) != ("s2", "settled")]
    renumber(story)


@fault(checker.every_effect_is_settled, "the journal has a gap")
def a_record_is_missing(story: Story) -> None:
    del story.journal[0]


@fault(checker.every_effect_is_settled, "the journal has a gap")
def a_record_is_there_twice(story: Story) -> None:
    story.journal.append(dict(story.journal[-1]))


@fault(checker.terminal_and_centre_hold_the_same_effects, "never reached the centre")
def a_rating_never_arrived(story: Story) -> None:
    del story.effects["f1"]


@fault(checker.terminal_and_centre_hold_the_same_effects, "which the terminal never meant")
def the_centre_holds_what_nobody_sent(story: Story) -> None:
    story.effects["x1"] = "accepted"


@fault(
    checker.terminal_and_centre_hold_the_same_effects,
    "reserve i1: the terminal holds accepted, the centre refused",
)
def an_online_answer_differs(story: Story) -> None:
    story.effects["i1"] = "refused"


@fault(
    checker.terminal_and_centre_hold_the_same_effects,
    "rate f1: the terminal holds accepted, the centre refused",
)
def a_late_answer_differs(story: Story) -> None:
    story.effects["f1"] = "refused"


def test_a_later_copy_is_another_file_of_the_same_certificate(story: Story) -> None:
    later = CERTIFICATE + b"\n"
    story.effect("print", "p2", {"number": NUMBER, "pages": 1}, {"outcome": "printed", "key": "p2"})
    story.item("certificate", "009-certificate.pdf", later)
    story.bureau["certificate"][0]["copies"] = 2
    assert any("is not a document that the centre sealed" in problem for problem in story.check())
    copy = {"number": NUMBER, "copy": 2, "pdf": hashlib.sha256(later).hexdigest()}
    story.bureau["certificate_copy"] = [{"number": NUMBER, "copy": 1, "pdf": None}, copy]
    assert story.check() == []


@fault(checker.certificates_are_printed_as_sealed, "is not a document that the centre sealed")
def a_byte_of_the_sheet_differs(story: Story) -> None:
    (story.folder / "printed" / "001-certificate.pdf").write_bytes(CERTIFICATE + b"\n")


@fault(checker.certificates_are_printed_as_sealed, f"does not show its number {NUMBER}")
def the_sheet_shows_another_number(story: Story) -> None:
    (story.folder / "printed" / "001-certificate.pdf").write_bytes(ANOTHER)
    story.bureau["certificate"][0]["pdf_sha256"] = hashlib.sha256(ANOTHER).hexdigest()


@fault(checker.certificates_are_printed_as_sealed, "2 sheets came out, 1 were journalled")
def the_sheet_came_out_twice(story: Story) -> None:
    story.item("certificate", "009-certificate.pdf", CERTIFICATE)


@fault(checker.certificates_are_printed_as_sealed, "0 sheets came out, 1 were journalled")
def the_sheet_never_came_out(story: Story) -> None:
    story.items = [i for i in story.items if i["kind"] != "certificate"]


@fault(checker.certificates_are_printed_as_sealed, "the centre counts 2 copies, not 1")
def the_centre_counts_a_copy_too_many(story: Story) -> None:
    story.bureau["certificate"][0]["copies"] = 2


@fault(checker.certificates_are_printed_as_sealed, "the centre counts 1 copies, not 0")
def the_centre_counts_a_copy_of_a_certificate_that_nobody_printed(story: Story) -> None:
    story.bureau["certificate"].append(
        {"number": "YC260009", "key": "c8", "pdf_sha256": "0" * 64, "copies": 1}
    )


@fault(checker.slips_are_printed_once_and_lead_somewhere, "5 slips came out, 4 were journalled")
def a_slip_came_out_twice(story: Story) -> None:
    story.slip("010-slip.png", f"{URL}/s/i2", *COLLECTION, total="3")


@fault(checker.slips_are_printed_once_and_lead_somewhere, "3 slips came out, 4 were journalled")
def a_slip_never_came_out(story: Story) -> None:
    del story.items[[i["kind"] for i in story.items].index("slip")]


@fault(checker.slips_are_printed_once_and_lead_somewhere, "its code cannot be read")
def the_code_of_a_slip_is_smudged(story: Story) -> None:
    with Image.open(story.folder / "printed" / "006-slip.png") as paper:
        clean = paper.copy()
    clean.paste(0, (60, clean.height // 2, 200, clean.height - 120))
    clean.save(story.folder / "printed" / "006-slip.png")


@fault(checker.slips_are_printed_once_and_lead_somewhere, "follows nothing of this visit")
def the_code_of_a_slip_is_a_stranger_s(story: Story) -> None:
    story.slip("006-slip.png", f"{URL}/s/somebody-else")


@fault(checker.slips_are_printed_once_and_lead_somewhere, "follows nothing of this visit")
def the_code_of_a_slip_is_a_key_that_only_the_terminal_knows(story: Story) -> None:
    story.slip("006-slip.png", f"{URL}/s/d1")


@fault(checker.certificates_say_what_the_centre_holds, "shows 228.63, which the centre does not hold")
def the_sheet_shows_another_tax(story: Story) -> None:
    story.bureau["income"][0]["tax_fen"] = 22_864


@fault(checker.certificates_say_what_the_centre_holds, "does not show 1.00")
def the_sheet_leaves_an_income_out(story: Story) -> None:
    row = {"person_number": PERSON, "month": "2026-02", "income_fen": 100, "tax_fen": 0}
    story.bureau["income"].append(row)


@fault(checker.certificates_say_what_the_centre_holds, "does not show the person number")
def the_sheet_is_another_person_s(story: Story) -> None:
    story.bureau["certificate"][0]["person_number"] = "539902198604180171"


@fault(checker.slips_say_what_the_others_hold, "shows 4,095.85, which neither centre nor acquirer holds")
def a_wrong_amount_on_the_slip(story: Story) -> None:
    story.slip("007-slip.png", f"{URL}/s/m1", *RETURN, total="¥4,095.85")


@fault(checker.slips_say_what_the_others_hold, "does not show 4,095.84")
def no_amount_on_the_slip(story: Story) -> None:
    story.slip("007-slip.png", f"{URL}/s/m1", *RETURN)


@fault(checker.slips_say_what_the_others_hold, f"does not show the payment's voucher {VOUCHER}")
def no_voucher_on_the_slip(story: Story) -> None:
    story.slip("007-slip.png", f"{URL}/s/m1", *RETURN[:2], total="¥4,095.84")


@fault(checker.slips_say_what_the_others_hold, "shows the number 399002610120000002")
def another_voucher_on_the_slip(story: Story) -> None:
    rows = (*RETURN[:2], "缴款凭证号 399002610120000002")
    story.slip("007-slip.png", f"{URL}/s/m1", *rows, total="¥4,095.84")


@fault(checker.slips_say_what_the_others_hold, "does not show the number under which the return waits")
def no_number_on_the_slip_of_a_return_that_waits(story: Story) -> None:
    story.slip("008-slip.png", f"{URL}/s/r2", WAITING[0], total="¥0.07")


@fault(checker.slips_say_what_the_others_hold, "shows the invoices 00004801–00004804 (4), the ledger issued")
def an_invoice_too_many_on_the_slip(story: Story) -> None:
    rows = (*COLLECTION[:2], "号码 00004801–00004804")
    story.slip("006-slip.png", f"{URL}/s/i2", *rows, total="3")


@fault(checker.slips_say_what_the_others_hold, "counts 4 sheets, the ledger issued 3")
def another_count_on_the_slip(story: Story) -> None:
    story.slip("006-slip.png", f"{URL}/s/i2", *COLLECTION, total="4")


@fault(checker.slips_say_what_the_others_hold, "which is not the person's number")
def another_person_s_number_on_the_slip(story: Story) -> None:
    url = f"{URL}/v?n={NUMBER}&c=ABCDEFGH"
    story.slip("002-slip.png", url, f"证明编号 {NUMBER}", "证件号码 539***********0171")


@fault(checker.slips_say_what_the_others_hold, f"does not show the certificate's number {NUMBER}")
def no_certificate_number_on_the_slip(story: Story) -> None:
    story.slip("002-slip.png", f"{URL}/v?n={NUMBER}&c=ABCDEFGH")


@fault(checker.invoices_carry_the_numbers_they_are_counted_under, f"its bar code says {CODE}00004809")
def a_sheet_carries_another_number(story: Story) -> None:
    story.items = [i for i in story.items if i.get("number") != "00004802"]
    story.invoice("4802-invoice.png", 4802, shown=4809)


@fault(checker.invoices_move_once, f"invoice {CODE} 00004802 came out 2 times")
def an_invoice_came_out_twice(story: Story) -> None:
    story.invoice("again.png", 4802)


@fault(checker.invoices_move_once, f"invoice {CODE} 00004804 is in somebody's hands but in nobody's name")
def an_invoice_is_in_nobody_s_name(story: Story) -> None:
    story.invoice("more.png", 4804)


@fault(checker.invoices_move_once, f"the ledger issues {CODE} 00004803, which nobody took")
def an_invoice_was_drawn_back_and_booked_all_the_same(story: Story) -> None:
    next(i for i in story.items if i.get("number") == "00004803")["place"] = "retracted"


@fault(checker.invoices_move_once, f"the ledger issues {CODE} 00004801 2 times")
def the_ledger_issues_a_number_twice(story: Story) -> None:
    row = {"type": "ISSUE", "code": CODE, "first": 4801, "last": 4801, "reservation": "R2"}
    story.bureau["stock_movement"].append(row)


@fault(checker.invoices_move_once, "reservations still open: R3")
def a_reservation_is_left_open(story: Story) -> None:
    story.bureau["reservation"].append({"reservation": "R3", "state": "open"})


@fault(checker.money_moves_once, f"order {ORDER} was charged and is not booked")
def money_came_and_is_not_booked(story: Story) -> None:
    story.bureau["booking"].clear()


@fault(checker.money_moves_once, f"order {ORDER} is booked and was never charged")
def money_is_booked_that_never_came(story: Story) -> None:
    story.acquirer["payments"].clear()
    story.journalled("payment.create", "outcome")["body"]["state"] = "expired"


@fault(checker.money_moves_once, f"order {ORDER} was charged 2 times")
def one_order_was_charged_twice(story: Story) -> None:
    story.acquirer["payments"].append({"order_no": ORDER, "amount_fen": 409_584})


@fault(checker.money_moves_once, "charged 409584, booked 409583")
def another_amount_is_booked(story: Story) -> None:
    story.bureau["booking"][0]["amount_fen"] = 409_583


@fault(checker.money_moves_once, "ordered None, charged 409584")
def an_order_that_the_centre_lost_is_booked(story: Story) -> None:
    story.bureau["payment_order"].clear()


@fault(checker.money_moves_once, "the slip says 5, charged 409584")
def the_slip_says_another_amount(story: Story) -> None:
    story.journalled("payment.create", "outcome")["body"]["amount_fen"] = 5


@fault(checker.money_moves_once, "due S1 was paid 2 times")
def one_due_was_paid_by_two_orders(story: Story) -> None:
    story.bureau["payment_order"].append({"order_no": "O2", "amount_fen": 1, "state": "approved"})
    story.bureau["payment_due"].append({"order_no": "O2", "due": "S1"})
    story.bureau["booking"].append({"order_no": "O2", "amount_fen": 1})
    story.acquirer["payments"].append({"order_no": "O2", "amount_fen": 1})


@fault(checker.money_moves_once, f"order {ORDER}: the terminal holds expired, the acquirer paid")
def the_terminal_says_unpaid_and_the_money_is_gone(story: Story) -> None:
    story.journalled("payment.create", "outcome")["body"]["state"] = "expired"


@fault(checker.money_moves_once, "order O2: the terminal holds paid, the acquirer unpaid")
def the_terminal_says_paid_and_no_money_came(story: Story) -> None:
    story.effect("payment.create", "m2", {}, {"state": "paid", "order": "O2", "amount_fen": 1})


@fault(checker.declarations_are_filed_once, "is filed 2 times")
def a_period_is_filed_twice(story: Story) -> None:
    story.bureau["declaration"].append({**story.bureau["declaration"][0], "key": None})


@fault(checker.declarations_are_filed_once, "declaration r2 was accepted and is not filed")
def an_accepted_return_is_not_filed(story: Story) -> None:
    story.bureau["declaration"].pop()


@fault(checker.declarations_are_filed_once, "declaration r1: confirmed 409584, filed 409583")
def another_figure_is_filed(story: Story) -> None:
    story.bureau["declaration"][0]["total_fen"] = 409_583


def renumber(story: Story) -> None:
    for number, row in enumerate(story.journal, 1):
        row["seq"] = number


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found_by_its_rule(story: Story, name: str) -> None:
    plant, rule, says = FAULTS[name]
    plant(story)
    story.write()
    evidence = checker.Evidence.read(story.folder)
    found = {r.__name__: list(r(evidence)) for r in checker.RULES}
    assert [problem for problem in found[rule] if says in problem], found
    assert checker.check(story.folder) == [p for r in checker.RULES for p in found[r.__name__]]


def test_each_rule_has_a_fault_that_it_finds() -> None:
    assert {rule for _, rule, _ in FAULTS.values()} == {r.__name__ for r in checker.RULES}


# --- what is no fault -----------------------------------------------------------------------------------------


def in_doubt(story: Story) -> None:
    """The visitor goes with a slip that names no voucher."""
    story.journalled("payment.create", "outcome")["body"]["state"] = "doubt"
    story.slip("007-slip.png", f"{URL}/s/m1", *RETURN[:2], total="¥4,095.84")


def test_a_payment_in_doubt_that_was_paid_and_booked_is_no_disagreement(story: Story) -> None:
    in_doubt(story)
    assert story.check() == []


def test_a_payment_in_doubt_that_nobody_booked_is_one(story: Story) -> None:
    in_doubt(story)
    story.bureau["booking"].clear()
    assert story.check() == [f"order {ORDER} was charged and is not booked"]


@pytest.mark.parametrize("came_out", [True, False])
def test_a_sheet_that_nobody_could_be_sure_of_may_have_come_out_or_not(story: Story, came_out: bool) -> None:
    story.journalled("print", "outcome")["body"]["outcome"] = "uncertain"
    story.bureau["certificate"][0]["copies"] = 0
    if not came_out:
        story.items = [i for i in story.items if i["kind"] != "certificate"]
    assert story.check() == []


@pytest.mark.parametrize("came_out", [True, False])
def test_a_slip_that_nobody_could_be_sure_of_may_have_come_out_or_not(story: Story, came_out: bool) -> None:
    story.effect("slip", "s9", {"blocks": []}, {"outcome": "uncertain"})
    if came_out:
        story.slip("020-slip.png", f"{URL}/s/r1", *RETURN, total="¥4,095.84")
    assert story.check() == []


def test_what_was_given_up_in_a_silence_may_have_reached_the_centre(story: Story) -> None:
    story.effects["c9"] = "accepted"
    assert story.check() == []


def test_nothing_done_is_nothing_to_disagree_about(tmp_path: Path) -> None:
    assert Story(tmp_path).check() == []


@pytest.mark.parametrize(("plant", "status"), [(None, 0), (a_reservation_is_left_open, 1)])
def test_as_a_command_it_prints_what_it_found_and_ends_with_it(
    story: Story, plant: Fault | None, status: int
) -> None:
    if plant is not None:
        plant(story)
    story.write()
    done = subprocess.run(
        [sys.executable, "-m", "ui.walk.checker", str(story.folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stderr
    assert ("agree" in done.stdout) == (status == 0)
    assert ("R3" in done.stdout) == (status == 1)
