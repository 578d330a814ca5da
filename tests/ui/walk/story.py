"""What every party holds after a walk, written as the gatherer does: all as it should be, until a test spoils it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import zxingcpp
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from drivers.receipt import parse_receipt
from drivers.receipt_raster import render, to_png
from ui.walk import checker
from ui.walk.rules.parties import CENTRE_KINDS

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
CASE = "63990026101200000015"
DIGEST = "ab" * 32
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
    letters: list[Row] = field(default_factory=list)
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
        if kind in CENTRE_KINDS:
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
        """A slip as the printer burns it, with ``text`` in its code; without text it has none."""
        blocks: list[Row] = [{"type": "title", "text": "云川市税务局"}]
        for row in rows:
            label, _, value = row.partition(" ")
            blocks.append({"type": "row", "label": label, "value": value})
        if total:
            blocks.append({"type": "total", "label": "税费合计", "value": total})
        if text:
            blocks.append({"type": "qr", "data": text, "caption": "扫码可查办理结果"})
        blocks += [
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
        (self.folder / "mailboxes.json").write_text(json.dumps(self.letters))
        (self.folder / "printed" / "index.json").write_text(json.dumps({"version": 1, "items": self.items}))

    def journalled(self, kind: str, phase: str) -> Row:
        return next(r for r in self.journal if (r["kind"], r["phase"]) == (kind, phase))


ASKED = {"certificate": "iit-record", "first": "2026-01", "last": "2026-02"}
RETURN = (f"纳税人识别号 {ENTERPRISE}", f"受理编号 {DECLARATION}", f"缴款凭证号 {VOUCHER}")
WAITING = (f"纳税人识别号 {ENTERPRISE}", f"受理编号 {GIVEN}")
LOST = {"code": CODE, "first": "00004811", "last": "00004813"}
MATTER = (
    f"纳税人识别号 {ENTERPRISE}",
    f"发票代码 {CODE}",
    f"起始号码 {LOST['first']}",
    f"终止号码 {LOST['last']}",
    f"受理编号 {CASE}",
)
COLLECTION = (f"纳税人识别号 {ENTERPRISE}", f"发票代码 {CODE}", "号码 00004801–00004803", "未出数量 0")


def good_walk(folder: Path) -> Story:
    """A certificate, three invoices, a return that was paid, one taken offline, a matter, a rating: all as it should be."""
    made = Story(folder)
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
    # a matter that was carried out at once
    made.transaction, opened = "t5", {"state": "accepted", "case": CASE}
    named = [{"key": "g1", "sha256": DIGEST}]
    made.effect("matter.submit", "q1", {"phone": "13900002345", "pages": named}, opened)
    made.bureau["matter_case"] = [
        {
            "key": "q1",
            "case_no": CASE,
            "state": "approved",
            "taxpayer": ENTERPRISE,
            "fields": json.dumps(LOST),
        }
    ]
    made.bureau["registration_entry"] = [
        {"case_no": None, "taxpayer": ENTERPRISE},
        {"case_no": CASE, "taxpayer": ENTERPRISE},
    ]
    # with a scanned page that went ahead of it
    made.effect("material.page", "g1", {"sha256": DIGEST}, {"state": "accepted", "sha256": DIGEST})
    made.bureau["material_page"] = [{"key": "g1", "sha256": DIGEST, "case_no": CASE}]
    made.effect("slip", "s5", {"blocks": []}, {"outcome": "printed", "key": "s5"})
    made.slip("011-slip.png", f"{URL}/s/q1", *MATTER)
    # a certificate that was given up in a silence, and a rating
    made.effect("certificate.issue", "c9", {"certificate": "iit-record"}, {"fault": "unreachable"})
    del made.effects["c9"]
    made.effect("feedback.rate", "f1", {"level": 5}, None, {"state": "accepted"})
    made.record("visit.ended", "note", None, {})
    return made
