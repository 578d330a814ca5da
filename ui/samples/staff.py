"""The staff's pages on a morning on which something is wrong: made by the real board from invented states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from config.catalogue import shipped
from config.clock import CHINA
from config.texts import Texts
from drivers.bench import CONNECTED, Check
from drivers.client import RoleStatus
from drivers.client.care import Cared
from drivers.client.facades import Bin
from kiosk.flow.state import ServiceState, World
from kiosk.staff.board import Known, icon
from kiosk.staff.exchange import Count, Taken
from kiosk.staff.exchanging import State
from kiosk.staff.guides import GUIDES
from kiosk.staff.loading import Loading, NotLoadable
from kiosk.staff.pages import Guiding, StaffPages
from kiosk.staff.settlement_pages import Stand
from kiosk.staff.views import StaffView, Trial
from sync.models import TakenRange
from sync.stock_note import Fate, NoteItem, StockNote

NOW = datetime(2026, 10, 12, 9, 42, tzinfo=CHINA)
WELL = RoleStatus("online", {}, 1.0)


def _printer(paper: str, **rest: str) -> RoleStatus:
    return RoleStatus("online", {"printer": {"paper": {"upper": paper}, **rest}}, 1.0)


def known(ill: bool) -> Known:
    """A terminal on that morning, or one on which all is well but for an empty unit."""
    statuses = {
        "idReader": WELL,
        "faceCamera": WELL,
        "documentPrinter": _printer("out" if ill else "full", toner="low" if ill else "full"),
        "receiptPrinter": _printer("low" if ill else "full"),
        "invoiceDispenser": WELL,
        "barcodeReader": RoleStatus() if ill else WELL,
    }
    units = {
        "unit1": {
            "code": "053001900104",
            "next": "00274804",
            "last": "00275115",
            "count": 312,
            "loaded": 500,
            "status": "ok",
        },
        "unit2": {"count": 0, "status": "ok"},
    }
    out = ServiceState(False, "documentPrinter") if ill else ServiceState(True)
    poorer = ServiceState(True, degraded="receiptPrinter") if ill else ServiceState(True)
    services = {"certificate.iit-record": out, "invoice.collect": poorer, "declare.vat-small": poorer}
    since = {"documentPrinter": NOW - timedelta(minutes=6), "barcodeReader": NOW - timedelta(minutes=31)}
    queue = {"queue": 2, "parked": 1, "audit_waiting": 14, "oldest_s": 4020.0} if ill else {}
    today = {"certificates": 17, "collections": 8, "declarations": 21}
    bins = {"unitReject": Bin(3), "unitRetract": Bin(44, nearly_full=True)} if ill else {}
    world = World(not ill, services)
    return Known(statuses, units, world, queue, today, NOW, since if ill else {}, bins=bins)


def staff(lang: str) -> Mapping[str, StaffView]:
    """All pages by name."""
    texts = Texts(lang)
    pages, ill, well = StaffPages(texts, shipped()), known(True), known(False)
    wrong = replace(
        pages.sign_in(0, locked=False, nobody=False), message=texts.get("staff.wrong"), message_tone="bad"
    )
    tried = {
        "idReader": _tried(
            pages, ill, "idReader", Check("security module", True, "05.01 20150101-0012345678")
        ),
        "documentPrinter": _tried(pages, ill, "documentPrinter", Check("test page", False, code="paperOut")),
        "receiptPrinter": pages.trial("receiptPrinter", "running"),
        "faceCamera": pages.trial(
            "faceCamera", "untried", (Check(CONNECTED, True),), texts.get("bench.fault.none")
        ),
    }
    loading = Loading("unit1", ("053001900104", "00275116", "200"), "count")
    found: dict[str, StaffView] = {
        "sign-in": pages.sign_in(3, locked=False, nobody=False),
        "sign-in-wrong": wrong,
        "sign-in-nobody": pages.sign_in(0, locked=False, nobody=True),
        "board": pages.overview(ill, False),
        "board-well": pages.overview(well, True),
        "why": pages.why(ill),
        "trials": pages.trials(ill.statuses, tried),
        "care": pages.care.page(_cared(), "", icon),
        "care-sure": pages.care.page(_cared(), "receiptPrinter:cutter", icon),
        "care-none": pages.care.page(Cared({}, {"receiptPrinter": "silent"}), "", icon),
        "load": pages.load(loading, ill.units),
        "load-wrong": pages.load(loading.refused(NotLoadable("code", "bench.load.badKind")), ill.units),
        "handover": pages.handover(ill, "007", False),
        **_exchange(pages, ill),
        **_settlements(pages),
    }
    for name, guide in GUIDES.items():
        role = guide.role or "barcodeReader"
        for at in range(len(guide.pictures)):
            found[f"guide-{name}-{at + 1}"] = pages.guide(
                Guiding(name, role, at), ill.statuses.get(role, WELL)
            )
    where = texts.get("bench.where", hall="中心大厅", terminal="A-07", version="2026.10.1")
    return {name: _framed(name, view, lang, where) for name, view in found.items()}


def _cared() -> Cared:
    """Something due, something soon, something never recorded, and a device that does not answer."""
    return Cared(
        {
            "receiptPrinter": {
                "parts": [
                    _wears("printHead", "热敏打印头", "thermal print head", "mm", 41_200_000, 100_000_000),
                    _wears("cutter", "切刀", "cutter", "cuts", 931_400, 1_000_000),
                ],
                "plan": [
                    _cleaned("用酒精棉清洁打印头和胶辊", "clean print head and roller with alcohol", 180, 170)
                ],
            },
            "barcodeReader": {"plan": [_cleaned("清洁扫码窗口", "clean the reading window", 30, 9)]},
            "idReader": {"plan": [_cleaned("清洁读卡面板", "clean the reading plate", 30, None)]},
            "invoiceDispenser": {
                "parts": [_wears("rollers", "分离胶辊", "separation rollers", "sheets", 251_377, 300_000)]
            },
        },
        {"documentPrinter": "no connection"},
    )


def _wears(name: str, zh: str, en: str, counter: str, used: int, life: int) -> Mapping[str, object]:
    share = used / life
    return {"name": name, "zh": zh, "en": en, "counter": counter, "used": used, "life": life, "share": share,
            "due": share >= 0.9}  # fmt: skip


def _cleaned(zh: str, en: str, days: int, ago: int | None) -> Mapping[str, object]:
    last = (NOW - timedelta(days=ago)).isoformat() if ago is not None else None
    share = 1.0 if ago is None else ago / days
    return {"name": "cleaning", "zh": zh, "en": en, "days": days, "last": last, "share": share,
            "due": share >= 1}  # fmt: skip


def _exchange(pages: StaffPages, known: Known) -> dict[str, StaffView]:
    """A cabinet exchanged with stock inside, one sheet of which is missing."""
    count = Count.of(["unit1", "unit2"])
    for key in "00274805":
        count = count.press(key)
    item = NoteItem("unit1", "053001900104", "04", (274_804, 275_115), (274_805, 275_115))
    note = StockNote("0199d6c1-0000-7000-8000-000000000007", "A-07", "0", "H-01", "", Fate.MOVE, NOW,
                     "007", "012", 250, (item,))  # fmt: skip
    span = {"unit": "unit1", "code": item.code, "last": "00275115"}
    taken = Taken(
        (TakenRange(first="00274806", **span),),
        (TakenRange(**{**span, "first": "00274805", "last": "00274805"}),),
        {},
    )
    steps = {
        "start": State(),
        "scan": State("scan", "in"),
        "count": State("count", "out", count.focus("count")),
        "check": State("check", "out", count, items=(item,)),
        "witness": State("witness", "out"),
        "done": State("done", "out", note=note),
        "in-check": State("check", "in", count, note, taken=taken),
        "in-part": State("done", "in", taken=taken, refused={"unit2": "numberMismatch"}),
    }
    return {
        f"exchange-{name}": pages.exchange.page(step, known, 2, paper=True) for name, step in steps.items()
    }


def counts(sales: int, fen: int) -> dict[str, int]:
    """What one side has counted of a batch."""
    voids = {"voidCount": 1, "voidAmount": 41_470, "refundCount": 0, "refundAmount": 0}
    return {"saleCount": sales, "saleAmount": fen, **voids}


def settlement(key: str, state: str, **more: object) -> dict[str, object]:
    """One settlement as the device program tells it."""
    told = {"key": key, "state": state, "batch": "000017", "serial": "YP-0042173", "book": counts(12, 2_841_306),
            "begunAt": "2026-10-11T23:30:02+08:00"}  # fmt: skip
    return {**told, **more}


DOUBT = {
    "key": "41990026101200000017",
    "operation": "sale",
    "amount": 414_704,
    "reference": "41990026101200000017",
    "serial": "YP-0042173",
    "begunAt": "2026-10-12T09:45:03+08:00",
}
"""A card payment that nobody knows the end of, as the device program tells it."""


def _settlements(pages: StaffPages) -> dict[str, StaffView]:
    """The card terminal's batches: all well, about to be settled, differing, and one that nobody knows of."""
    counted = {"terminal": counts(12, 2_841_306), "book": counts(12, 2_841_306)}
    totals = {"batch": "000018", "terminal": counts(5, 930_000), "book": counts(5, 930_000), "agrees": True}
    well = settlement("day-1", "settled", **counted, balanced=True, agrees=True)
    differs = {**well, "terminal": counts(13, 2_882_776), "agrees": False}
    open_ = settlement("day-1", "open")
    failed = settlement("day-2", "notSettled", errorCode="hostUnreachable")
    doubts = [DOUBT]
    stands = {
        "well": (Stand({"known": True, **well}, totals), ""),
        "sure": (Stand({"known": True, **well}, totals), "ask"),
        "differs": (Stand({"known": True, **differs}, totals, closed=True), ""),
        "open": (Stand({"known": True, **failed, "unresolved": [open_]}, totals), ""),
        "close": (Stand({"known": True, **open_, "unresolved": [open_]}, totals), "close:day-1"),
        "never": (Stand(trouble="deviceOffline"), ""),
        "doubt": (Stand({"known": True, **well}, totals, doubts=doubts), ""),
        "resolve": (Stand({"known": True, **well}, totals, doubts=doubts), f"resolve:{DOUBT['key']}"),
    }
    return {f"settlement-{name}": pages.settlement.page(*stand) for name, stand in stands.items()}


def _framed(name: str, view: StaffView, lang: str, where: str) -> StaffView:
    return replace(view, lang=lang, where=where, staff="" if name.startswith("sign-in") else "007")


def _tried(pages: StaffPages, known: Known, role: str, check: Check) -> Trial:
    """A device after its trial: connected, and one more thing."""
    stands = pages.board.tile(role, known.statuses[role]).text
    return pages.trial(role, "ok" if check.ok else "failed", (Check(CONNECTED, True), check), stands)
