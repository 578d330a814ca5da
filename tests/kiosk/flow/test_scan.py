"""A code is held before the reader: understood, of another kind, unreadable, or typed instead."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from config.catalogue import Catalogue, read_service
from kiosk.domain import scanned
from kiosk.domain.title_code import InvoiceTitle, make_title
from kiosk.flow.effects import ReadCode, ReadCodesOfPage, ReadInvoice, StopWaiting
from kiosk.flow.engine import Engine
from kiosk.flow.events import Action
from kiosk.flow.pages import Page, PagesPage, ReviewPage, ScanPage
from kiosk.flow.state import ServiceState, World, WorldChanged
from kiosk.steps.scan import PARSERS
from tests.kiosk.flow.visitor import DEVICES, Visitor, surroundings

INVOICE = "01,10,099002600111,00274801,104.72,20261001,12345678901234567890,1774,"
CERTIFICATE = "https://bureau.example/v?n=21990026101200000427&c=7K2M9QX4PD3A8HEW&s=AbC_-9"
FILE = """
format: 1
id: test.scan
action: 10
title: {{zh-CN: 查验, en-US: Verify}}
summary: {{zh-CN: 查验, en-US: Verify}}
icon: verify
audience: anyone
sign_in: "0"
offline: online
devices: {{required: [barcodeReader]}}
steps:
  - id: code
    kind: scan
    reads: {reads}
    typed: {typed}
    mark: {{zh-CN: 扫码, en-US: Scan}}
    title: {{zh-CN: 请扫码, en-US: Please scan}}
  - id: check
    kind: review
    title: {{zh-CN: 核对, en-US: Check}}
    sections:
      - title: {{zh-CN: 号码, en-US: Number}}
        rows:
          - {{label: {{zh-CN: 号码, en-US: Number}}, value: code.number}}
"""


PRINT = {
    "digital": True,
    "figures": {
        "number": ["26991000000000000001", True],
        "code": None,
        "issued": None,
        "net_fen": [165_856, True],
        "total_fen": [167_515, False],
        "check_code": None,
    },
}
"""What is told of a 数电票 whose day is torn off and whose total was not clear."""


def at_the_reader(reads: str = "invoice", *, typed: bool = True, **devices: bool) -> Visitor:
    raw = FILE.format(reads=reads, typed=str(typed).lower()).encode()
    catalogue = Catalogue({"test.scan": read_service(raw, Path("test.scan.yaml"))})
    visitor = Visitor(Engine(catalogue, surroundings()))
    visitor._step(
        WorldChanged(World(services={"test.scan": ServiceState(True)}, devices={**DEVICES, **devices}))
    )
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "test.scan")
    return visitor


def laid_down(page: Page, state: str) -> PagesPage:
    assert isinstance(page, PagesPage), page
    assert page.state == state
    return page


def codes(*payloads: str) -> dict[str, Any]:
    return {
        "codes": [
            {"symbology": "qrCode", "data": base64.b64encode(one.encode()).decode()} for one in payloads
        ]
    }


def read(visitor: Visitor, payload: str | bytes) -> Page:
    data = payload.encode() if isinstance(payload, str) else payload
    return visitor.answer({"symbology": "qrCode", "data": base64.b64encode(data).decode()})


def scanning(page: Page) -> ScanPage:
    assert isinstance(page, ScanPage)
    return page


@pytest.mark.parametrize(
    ("reads", "payload", "left"),
    [
        (
            "invoice",
            INVOICE,
            {
                "kind": "10",
                "code": "099002600111",
                "number": "00274801",
                "amount_fen": 10472,
                "gross_fen": None,
                "with_tax": False,
                "issued": "2026-10-01",
                "check_code": "12345678901234567890",
            },
        ),
        (
            "certificate",
            CERTIFICATE,
            {"number": "21990026101200000427", "code": "7K2M9QX4PD3A8HEW", "signature": "AbC_-9"},
        ),
        (
            "slip",
            "https://bureau.example/s/01a2b3c4-0000-7000-8000-0123456789ab",
            {"key": "01a2b3c4-0000-7000-8000-0123456789ab"},
        ),
        ("number", " 21990026101200000427\r", {"number": "21990026101200000427"}),
        ("voucher", "3410 1626 0000 1234 56", {"voucher": "341016260000123456"}),
    ],
)
def test_what_a_code_says_is_left_for_the_steps_behind(
    reads: str, payload: str, left: dict[str, Any]
) -> None:
    from kiosk.domain.checkdigits import mod_11_10

    good = "2199002610120000042"
    payload = payload.replace("21990026101200000427", good + mod_11_10(good))
    left = {k: good + mod_11_10(good) if v == "21990026101200000427" else v for k, v in left.items()}
    visitor = at_the_reader(reads)
    assert isinstance(read(visitor, payload), ReviewPage)
    assert visitor.state.data["code"] == {**left, "scanned": True}


@pytest.mark.parametrize("reads", sorted(PARSERS))
@pytest.mark.parametrize(
    "payload",
    [
        "",
        "hello",
        "http://[",
        "x" * 4000,
        "\ufeff" * 3,
        b"\xff\xfe\x80",
        "https://a/v?n=1&c=2",
        "https://shop.example/?" + "&".join(f"utm_{n}={n}" for n in range(20)),
    ],
)
def test_another_code_is_told_and_the_reader_waits_again(reads: str, payload: str | bytes) -> None:
    visitor = at_the_reader(reads)
    page = scanning(read(visitor, payload))
    assert page.state == "again"
    assert page.message
    assert [i.effect for i in visitor.issued if isinstance(i.effect, ReadCode)] == [ReadCode()] * 2
    assert "code" not in visitor.state.data


def test_a_code_in_gb18030_with_full_width_commas_is_read() -> None:
    visitor = at_the_reader("invoice")
    assert isinstance(read(visitor, INVOICE.replace(",", "，").encode("gb18030")), ReviewPage)


def test_a_reader_that_is_broken_is_asked_again_only_when_the_person_wants() -> None:
    visitor = at_the_reader()
    page = scanning(visitor.answer(fault="device"))
    assert (page.state, page.action) == ("failed", "再扫一次")
    asked = len(visitor.issued)
    page = scanning(visitor.touch(Action.PROCEED))
    assert (page.state, len(visitor.issued)) == ("waiting", asked + 1)


def test_without_a_code_the_reader_waits_on_and_the_idle_clock_ends_it() -> None:
    visitor = at_the_reader()
    assert scanning(visitor.answer(fault="noCode")).state == "again"
    assert visitor.asked == ReadCode()


def test_a_reader_that_is_away_for_a_moment_says_so() -> None:
    visitor = at_the_reader()
    away = scanning(visitor.answer({"state": "away"}, partial=True))
    assert (away.state, away.message) == ("away", "扫码器还没准备好，请稍等")
    back = scanning(visitor.answer({"state": "waiting"}, partial=True))
    assert (back.state, back.message) == ("waiting", "")
    assert isinstance(read(visitor, INVOICE), ReviewPage)


def test_who_cannot_scan_types_at_a_later_step() -> None:
    visitor = at_the_reader()
    assert [other.id for other in scanning(visitor.page).others] == ["type"]
    assert isinstance(visitor.touch(Action.SECOND, "type"), ReviewPage)
    assert visitor.state.data["code"] == {"scanned": False}


def test_what_cannot_be_typed_offers_no_such_way() -> None:
    visitor = at_the_reader("slip", typed=False)
    assert scanning(visitor.page).others == ()
    assert isinstance(visitor.touch(Action.SECOND, "type"), ScanPage)


def test_a_buyers_title_is_read_also_where_it_is_longer_than_our_own_codes() -> None:
    visitor = at_the_reader("title")
    long = InvoiceTitle("司" * 50, "91990199MA607F0M7X", "云" * 50, "行" * 50)
    assert len(make_title(long)) > scanned.LONGEST
    assert isinstance(read(visitor, make_title(long)), ReviewPage)
    assert visitor.state.data["code"] == {"name": long.name, "taxpayer": long.taxpayer, "scanned": True}


def test_another_code_in_place_of_a_title_is_told() -> None:
    page = read(at_the_reader("title"), INVOICE)
    assert isinstance(page, ScanPage) and "抬头" in page.message


def test_a_ticket_leaves_its_number_and_claim_code() -> None:
    visitor = at_the_reader("ticket", typed=False)
    read(visitor, "https://bureau.example/l/64990026101200000019?c=7K2M9QX4PD")
    assert visitor.state.data["code"] == {
        "number": "64990026101200000019",
        "code": "7K2M9QX4PD",
        "scanned": True,
    }


@pytest.mark.parametrize(
    "other",
    [
        "https://bureau.example/l/64990026101200000019",
        "https://bureau.example/l/64990026101200000019?c=short",
        "https://bureau.example/l/64990026101200000019?" + "&".join(["c=7K2M9QX4PD"] * 13),
        "https://bureau.example/s/64990026101200000019?c=7K2M9QX4PD",
        CERTIFICATE,
    ],
)
def test_what_is_no_ticket_is_told(other: str) -> None:
    visitor = at_the_reader("ticket", typed=False)
    page = read(visitor, other)
    assert "奖券" in str(page)


@pytest.mark.parametrize("role", ["documentCamera", "documentScanner"])
def test_where_no_code_reader_works_the_paper_is_laid_down_and_its_code_read_there(role: str) -> None:
    visitor = at_the_reader(barcodeReader=False, **{role: True})
    page = laid_down(visitor.page, "ready")
    assert (page.illustration, page.action, page.second and page.second.id) == (role, "读纸上的码", "type")
    assert not [i for i in visitor.issued if i.id in visitor.state.waiting], (
        "nothing is lit or drawn in before the person says so"
    )
    reading = laid_down(visitor.touch(Action.PROCEED), "reading")
    assert (visitor.asked, reading.preview) == (ReadInvoice(role, "2026-10-12"), role == "documentCamera")
    assert isinstance(visitor.answer(codes(CERTIFICATE, INVOICE)), ReviewPage), (
        "another code on it is passed by"
    )
    assert visitor.state.data["code"]["number"] == "00274801"


def test_beside_a_code_reader_the_camera_is_another_way_and_back_leads_to_the_reader() -> None:
    visitor = at_the_reader(documentCamera=True)
    assert [other.id for other in scanning(visitor.page).others] == ["lay", "type"]
    laid_down(visitor.touch(Action.SECOND, "lay"), "ready")
    laid_down(visitor.touch(Action.PROCEED), "reading")
    laid_down(visitor.touch(Action.SECOND, "stop"), "ready")
    scanning(visitor.touch(Action.BACK))
    assert [type(i.effect) for i in visitor.issued][-2:] == [StopWaiting, ReadCode]
    assert isinstance(read(visitor, INVOICE), ReviewPage)


@pytest.mark.parametrize(
    ("told", "fault", "words"),
    [
        (codes(), "", "没有看到码"),
        (codes("hello"), "", "这不是发票二维码"),
        ({}, "cutOff", "没有全部拍到"),
        ({}, "device", "没有回应"),
    ],
)
def test_a_sheet_whose_code_is_not_read_says_why_and_can_be_read_again_or_typed(
    told: dict[str, Any], fault: str, words: str
) -> None:
    visitor = at_the_reader(barcodeReader=False, documentCamera=True)
    visitor.touch(Action.PROCEED)
    page = laid_down(visitor.answer(told, fault), "again")
    assert words in page.message
    laid_down(visitor.touch(Action.PROCEED), "reading")
    visitor.answer(told, fault)
    assert isinstance(visitor.touch(Action.SECOND, "type"), ReviewPage)


def test_of_another_paper_than_an_invoice_the_codes_alone_are_read() -> None:
    visitor = at_the_reader("certificate", barcodeReader=False, documentCamera=True)
    visitor.touch(Action.PROCEED)
    assert visitor.asked == ReadCodesOfPage("documentCamera")


def test_an_invoice_without_a_code_has_its_print_read_and_the_page_says_so() -> None:
    visitor = at_the_reader(barcodeReader=False, documentScanner=True)
    visitor.touch(Action.PROCEED)
    page = laid_down(visitor.answer({"state": "printed"}, partial=True), "reading")
    assert "正在读票面" in page.title and not page.preview and page.second and page.second.id == "stop"
    assert isinstance(visitor.answer({**codes(CERTIFICATE), "print": PRINT}), ReviewPage)
    left = visitor.state.data["code"]
    assert (left["number"], left["code"], left["amount_fen"], left["check_code"], left["issued"]) == (
        "26991000000000000001", "", 167_515, "", ""
    )  # fmt: skip
    assert left["scanned"] is False and left["printed"] == {
        "number": True,
        "amount_fen": False,
        "gross_fen": False,
    }


@pytest.mark.parametrize("role", ["documentCamera", "documentScanner"])
def test_while_the_terminal_reads_a_paper_the_idle_clock_stands_still(role: str) -> None:
    visitor = at_the_reader(barcodeReader=False, **{role: True})
    assert visitor.screen.idle_after_s == 60 and visitor.screen.status_note
    visitor.touch(Action.PROCEED)
    laid_down(visitor.page, "reading")
    assert visitor.screen.idle_after_s == 0 and not visitor.screen.status_note
    laid_down(visitor.answer({"state": "printed"}, partial=True), "reading")
    assert visitor.screen.idle_after_s == 0 and visitor.screen.can_leave
    before = visitor.screen.serial
    laid_down(visitor.answer(fault="cutOff"), "again")
    assert visitor.screen.idle_after_s == 60 and visitor.screen.serial > before, "its whole time, from now on"


def test_whoever_stops_while_print_is_read_lays_it_down_again() -> None:
    visitor = at_the_reader(barcodeReader=False, documentScanner=True)
    visitor.touch(Action.PROCEED)
    visitor.answer({"state": "printed"}, partial=True)
    laid_down(visitor.touch(Action.SECOND, "stop"), "ready")
    assert isinstance(visitor.issued[-1].effect, StopWaiting)


@pytest.mark.parametrize(
    ("flaw", "words"),
    [
        ("not-an-invoice", "也没有读出发票"),
        ("two", "不止一张"),
        ("length", "字太多"),
        ("away", "这次没有读出来"),
        ("picture", "这次没有读出来"),
    ],
)
def test_a_sheet_of_which_nothing_is_read_says_why_and_can_be_typed(flaw: str, words: str) -> None:
    visitor = at_the_reader(barcodeReader=False, documentCamera=True)
    visitor.touch(Action.PROCEED)
    page = laid_down(visitor.answer({**codes(), "print": {"flaw": flaw}}), "again")
    assert words in page.message and "自己输入" in page.message
    assert isinstance(visitor.touch(Action.SECOND, "type"), ReviewPage)


def test_where_nothing_can_read_a_code_the_person_comes_to_the_keys_at_once() -> None:
    visitor = at_the_reader(barcodeReader=False)
    assert isinstance(visitor.page, ReviewPage)
    assert visitor.state.data["code"]["scanned"] is False


def test_a_slip_is_no_sheet_to_lay_down() -> None:
    visitor = at_the_reader("slip", documentCamera=True)
    assert [other.id for other in scanning(visitor.page).others] == ["type"]
