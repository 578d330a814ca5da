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
import segno
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

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


CERTIFICATE = pdf("Certificate", "YC 2600 01", "Total 4,800.78")
ANOTHER = pdf("Certificate", "YC260002")


@dataclass
class Story:
    """What every party holds after a walk; written out as the gatherer does."""

    folder: Path
    journal: list[Row] = field(default_factory=list)
    effects: dict[str, str] = field(default_factory=dict)
    bureau: dict[str, list[Row]] = field(default_factory=dict)
    acquirer: dict[str, list[Row]] = field(default_factory=lambda: {"orders": [], "payments": []})
    items: list[Row] = field(default_factory=list)

    def __post_init__(self) -> None:
        (self.folder / "printed").mkdir()
        for table in (
            "certificate", "declaration", "payment_order", "payment_due", "booking", "reservation", "stock_movement",
        ):  # fmt: skip
            self.bureau[table] = []

    def record(self, kind: str, phase: str, key: str | None, body: Row) -> None:
        row = {"seq": len(self.journal) + 1, "kind": kind, "phase": phase, "key": key, "body": body}
        self.journal.append({**row, "visit": "v1", "transaction": "t1", "step": "s"})

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
            self.effects[key] = state if state in ("accepted", "refused", "duplicate") else "accepted"

    def item(self, kind: str, name: str, raw: bytes, **facts: Any) -> None:
        (self.folder / "printed" / name).write_bytes(raw)
        self.items.append({"n": len(self.items) + 1, "file": name, "kind": kind, "place": "taken", **facts})

    def slip(self, name: str, text: str) -> None:
        """A slip with the code in the middle of other print."""
        small = self.folder / "code.png"
        segno.make(text, error="m").save(str(small), scale=4, border=4)
        paper = Image.new("L", (576, 900), 255)
        with Image.open(small) as code:
            paper.paste(code.convert("L"), (100, 500))
        small.unlink()
        paper.save(self.folder / "printed" / name)
        self.items.append({"n": len(self.items) + 1, "file": name, "kind": "slip", "place": "taken"})

    def check(self) -> list[str]:
        self.write()
        return checker.check(self.folder)

    def write(self) -> None:
        lines = [json.dumps(row, ensure_ascii=False) for row in self.journal]
        (self.folder / "journal.jsonl").write_text("".join(f"{line}\n" for line in lines))
        kinds = {r["key"]: r["kind"] for r in self.journal if r["key"]}
        effects = [{"key": k, "kind": kinds.get(k, "?"), "state": s} for k, s in self.effects.items()]
        (self.folder / "bureau.json").write_text(json.dumps({"effect": effects, **self.bureau}))
        (self.folder / "acquirer.json").write_text(json.dumps(self.acquirer))
        (self.folder / "printed" / "index.json").write_text(json.dumps({"version": 1, "items": self.items}))

    def journalled(self, kind: str, phase: str) -> Row:
        return next(r for r in self.journal if (r["kind"], r["phase"]) == (kind, phase))


@pytest.fixture
def story(tmp_path: Path) -> Story:
    """A certificate, three invoices, a return that was paid, one taken offline, a rating: all as it should be."""
    made = Story(tmp_path)
    made.record("visit.begun", "note", None, {})
    # a certificate
    issued = {"state": "accepted", "number": "YC260001", "code": "ABCD"}
    made.effect("certificate.issue", "c1", {"certificate": "iit-record"}, issued)
    made.effect("print", "p1", {"number": "YC260001", "pages": 1}, {"outcome": "printed", "key": "p1"})
    report = {"number": "YC260001", "outcome": "printed"}
    made.effect("certificate.printed", "c2", report, None, {"state": "accepted", "result": {}})
    digest = hashlib.sha256(CERTIFICATE).hexdigest()
    made.bureau["certificate"].append({"number": "YC260001", "pdf_sha256": digest, "copies": 1})
    made.item("certificate", "001-certificate.pdf", CERTIFICATE)
    made.effect("slip", "s1", {"blocks": []}, {"outcome": "printed", "key": "s1"})
    made.slip("002-slip.png", f"{URL}/v?n=YC260001&c=ABCD")
    # three invoices
    made.effect("invoice.reserve", "i1", {"count": 3}, {"state": "accepted", "reservation": "R1"})
    made.effect("dispense", "d1", {"reservation": "R1"}, {"delivered": 3, "cause": None})
    made.effect("invoice.commit", "i2", {"reservation": "R1"}, {"state": "accepted", "movement": "M1"})
    made.bureau["reservation"].append({"reservation": "R1", "state": "committed"})
    movement = {"code": CODE, "first": 4801, "last": 4803, "reservation": "R1"}
    made.bureau["stock_movement"] += [
        {"type": "LOAD", "code": CODE, "first": 4801, "last": 4900, "reservation": None},
        {"type": "ISSUE", **movement},
    ]
    for number in (4801, 4802, 4803):
        name = f"{number}-invoice.png"
        made.item("invoice", name, b"\x89PNG", code=CODE, number=f"{number:08}")
    made.effect("slip", "s2", {"blocks": []}, {"outcome": "printed", "key": "s2"})
    made.slip("006-slip.png", f"{URL}/s/i2")
    # a return that was paid
    filed = {"state": "accepted", "declaration": "D1", "total_fen": 409_584}
    made.effect("declaration.submit", "r1", {"total_fen": 409_584}, filed)
    due = {"taxpayer": "T1", "tax": "vat-small", "period_first": "2026-07-01", "state": "filed"}
    made.bureau["declaration"] += [
        {"key": "r1", "total_fen": 409_584, **due},
        {"key": None, "total_fen": 5, **due, "period_first": "2026-04-01"},  # the city's past
    ]
    made.effect("payment.create", "m1", {}, {"state": "paid", "order": "O1", "amount_fen": 409_584})
    made.bureau["payment_order"].append({"order_no": "O1", "amount_fen": 409_584, "state": "approved"})
    made.bureau["payment_due"].append({"order_no": "O1", "due": "S1"})
    made.bureau["booking"].append({"order_no": "O1", "amount_fen": 409_584})
    made.acquirer["payments"].append({"order_no": "O1", "amount_fen": 409_584})
    # one taken offline, for another taxpayer
    made.effect("declaration.submit", "r2", {"total_fen": 7}, None, {"state": "accepted", "result": {}})
    made.bureau["declaration"].append({"key": "r2", "total_fen": 7, **due, "taxpayer": "T2"})
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
    story.effect("print", "p2", {"number": "YC260001", "pages": 1}, {"outcome": "printed", "key": "p2"})
    story.item("certificate", "009-certificate.pdf", later)
    story.bureau["certificate"][0]["copies"] = 2
    assert any("is not a document that the centre sealed" in problem for problem in story.check())
    copy = {"number": "YC260001", "copy": 2, "pdf": hashlib.sha256(later).hexdigest()}
    story.bureau["certificate_copy"] = [{"number": "YC260001", "copy": 1, "pdf": None}, copy]
    assert story.check() == []


@fault(checker.certificates_are_printed_as_sealed, "is not a document that the centre sealed")
def a_byte_of_the_sheet_differs(story: Story) -> None:
    (story.folder / "printed" / "001-certificate.pdf").write_bytes(CERTIFICATE + b"\n")


@fault(checker.certificates_are_printed_as_sealed, "does not show its number YC260001")
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
    story.bureau["certificate"].append({"number": "YC260009", "pdf_sha256": "0" * 64, "copies": 1})


@fault(checker.slips_are_printed_once_and_lead_somewhere, "3 slips came out, 2 were journalled")
def a_slip_came_out_twice(story: Story) -> None:
    story.slip("010-slip.png", f"{URL}/s/i2")


@fault(checker.slips_are_printed_once_and_lead_somewhere, "1 slips came out, 2 were journalled")
def a_slip_never_came_out(story: Story) -> None:
    del story.items[[i["kind"] for i in story.items].index("slip")]


@fault(checker.slips_are_printed_once_and_lead_somewhere, "its code cannot be read")
def the_code_of_a_slip_is_smudged(story: Story) -> None:
    with Image.open(story.folder / "printed" / "006-slip.png") as paper:
        clean = paper.copy()
    clean.paste(0, (100, 560, 400, 640))
    clean.save(story.folder / "printed" / "006-slip.png")


@fault(checker.slips_are_printed_once_and_lead_somewhere, "follows nothing of this visit")
def the_code_of_a_slip_is_a_stranger_s(story: Story) -> None:
    story.items = [i for i in story.items if i["file"] != "006-slip.png"]
    story.slip("006-slip.png", f"{URL}/s/somebody-else")


@fault(checker.slips_are_printed_once_and_lead_somewhere, "follows nothing of this visit")
def the_code_of_a_slip_is_a_key_that_only_the_terminal_knows(story: Story) -> None:
    story.items = [i for i in story.items if i["file"] != "006-slip.png"]
    story.slip("006-slip.png", f"{URL}/s/d1")


@fault(checker.invoices_move_once, f"invoice {CODE} 00004802 came out 2 times")
def an_invoice_came_out_twice(story: Story) -> None:
    story.item("invoice", "again.png", b"\x89PNG", code=CODE, number="00004802")


@fault(checker.invoices_move_once, f"invoice {CODE} 00004804 is in somebody's hands but in nobody's name")
def an_invoice_is_in_nobody_s_name(story: Story) -> None:
    story.item("invoice", "more.png", b"\x89PNG", code=CODE, number="00004804")


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


@fault(checker.money_moves_once, "order O1 was charged and is not booked")
def money_came_and_is_not_booked(story: Story) -> None:
    story.bureau["booking"].clear()


@fault(checker.money_moves_once, "order O1 is booked and was never charged")
def money_is_booked_that_never_came(story: Story) -> None:
    story.acquirer["payments"].clear()
    story.journalled("payment.create", "outcome")["body"]["state"] = "expired"


@fault(checker.money_moves_once, "order O1 was charged 2 times")
def one_order_was_charged_twice(story: Story) -> None:
    story.acquirer["payments"].append({"order_no": "O1", "amount_fen": 409_584})


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


@fault(checker.money_moves_once, "order O1: the terminal holds expired, the acquirer paid")
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


def test_a_payment_in_doubt_that_was_paid_and_booked_is_no_disagreement(story: Story) -> None:
    story.journalled("payment.create", "outcome")["body"]["state"] = "doubt"
    assert story.check() == []


def test_a_payment_in_doubt_that_nobody_booked_is_one(story: Story) -> None:
    story.journalled("payment.create", "outcome")["body"]["state"] = "doubt"
    story.bureau["booking"].clear()
    assert story.check() == ["order O1 was charged and is not booked"]


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
        story.slip("020-slip.png", f"{URL}/s/r1")
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
