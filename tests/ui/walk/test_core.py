"""Another core behind a walk: started and asked, and what it holds of a visit in the checker's tables."""

from __future__ import annotations

import hashlib
import json
import shlex
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from bureau.ports.deliveries import Delivery
from bureau.ports.einvoices import InvoiceDocument
from bureau.ports.invoices import Settlement, WantedNumbers
from bureau.ports.lottery import Ticket
from bureau.ports.matters import NewCase
from bureau.ports.queue import QueueTicket
from bureau.ports.registration import PersonKey
from bureau.ports.returns import Filing, NewDue
from bureau.ports.system import AnsweredEffect, KeptAnswer, Work
from config.clock import CHINA, SystemClock
from kiosk.domain.invoices import InvoiceRange
from kiosk.domain.people import Role
from kiosk.stack import Blanks, Plan, StackError
from tests.bureau import stores
from tests.standin.running import CODE, FILE, FIRM, SUN, SUPPLIED, seen
from ui.walk.core import AnotherCore
from ui.walk.rules import money, sealed, stock
from ui.walk.rules.parties import Evidence
from ui.walk.touch import NotThere

COMMAND = f"{shlex.quote(sys.executable)} -m tests.standin.core {shlex.quote(str(FILE))}"
QUARTER = (stores.DAY.replace(month=7, day=1), stores.DAY.replace(month=9, day=30))
PERSON = PersonKey(SUN.kind, SUN.number)
Rows = list[dict[str, Any]]


@pytest.fixture
def core(tmp_path: Path) -> Iterator[AnotherCore]:
    started = AnotherCore(COMMAND, tmp_path / "core.log")
    yield started
    started.close()


def test_the_cabinet_is_loaded_with_what_the_core_s_ledger_has_there(core: AnotherCore) -> None:
    plan = core.plan(Plan(Path("somewhere")))
    assert (plan.sheets, plan.blanks) == (10, Blanks("unit1", CODE, "04", "00100001"))
    assert core.plan(Plan(Path("somewhere"), terminal="A-99")).sheets == 0


def test_who_comes_is_known_to_the_core(core: AnotherCore) -> None:
    assert core.comes("", "") == ("sun-li", FIRM)
    assert core.comes("sun-li", SUPPLIED) == ("sun-li", SUPPLIED)
    with pytest.raises(NotThere, match="has no li-xiulan on file"):
        core.comes("li-xiulan", "")


@pytest.mark.parametrize("command", ["/nowhere/core", "true", "echo {}", "echo 7", "'"])
def test_a_core_that_does_not_start_is_told(command: str, tmp_path: Path) -> None:
    with pytest.raises(StackError, match="the core "):
        AnotherCore(command, tmp_path / "core.log")


def test_a_core_that_does_not_answer_is_told_before_anything_starts(tmp_path: Path) -> None:
    core = AnotherCore("http://127.0.0.1:1", tmp_path / "core.log")
    with pytest.raises(StackError, match="gives no answer"):
        core.plan(Plan(tmp_path))
    core.close()


def kept(work: Work, key: str, kind: str, result: dict[str, Any]) -> None:
    answer: dict[str, object] = {"state": "accepted", "result": result}
    work.answers.keep(
        AnsweredEffect(
            KeptAnswer(key, "A-07", "f", answer), kind, "s", "h", True, "v", "t", PERSON, FIRM, False,
            work.core.now, work.core.now, "accepted", "",
        )
    )  # fmt: skip


def filed(work: Work, key: str, total_fen: int) -> None:
    made = work.core.returns.file(
        Filing(
            key, FIRM, "vat-small", *QUARTER, {"vat_fen": total_fen}, total_fen, stores.DAY, work.core.now, "A-07",
            PERSON, None, (NewDue("vat", total_fen),),
        )
    )  # fmt: skip
    kept(work, key, "declaration.submit", {"declaration": made.declaration})


def intent(kind: str, key: str, **data: object) -> dict[str, Any]:
    return {"kind": kind, "phase": "intent", "key": key, "body": {"data": data}}


def evidence(core: AnotherCore, journal: Rows) -> Evidence:
    tables = json.loads(json.dumps(core.tables(journal)))
    return Evidence(Path(), journal, tables, {"orders": [], "payments": []}, [], [])


@pytest.mark.parametrize(
    ("confirmed", "said"), [(500, ""), (700, "declaration d1: confirmed 700, filed 500")]
)
def test_a_return_is_compared_with_what_the_core_has_filed(
    core: AnotherCore, confirmed: int, said: str
) -> None:
    with seen(core) as system, system.write("A-07") as work:
        filed(work, "d1", 500)
    journal = [
        intent("declaration.submit", "d1", total_fen=confirmed),
        intent("declaration.submit", "unheard"),
    ]
    journal[1]["body"]["data"] = {"total_fen": 1}
    told = evidence(core, journal)
    assert [(row["key"], row["taxpayer"]) for row in told.effects()] == [("d1", FIRM)]
    assert "; ".join(money.declarations_are_filed_once(told)) == said
    assert [row["state"] for row in told.bureau["due"]] == ["open"]


def test_sheets_are_compared_with_what_the_core_has_issued(core: AnotherCore) -> None:
    with seen(core) as system, system.write("A-07") as work:
        two, until = InvoiceRange.starting("00100001", 2), work.core.now + timedelta(minutes=5)
        reserved = work.core.invoices.reserve(
            WantedNumbers("i1", "A-07", "unit1", SUPPLIED, "04", CODE, two, until)
        )
        kept(work, "i1", "invoice.reserve", {"reservation": reserved.reservation})
    told = evidence(core, [intent("invoice.reserve", "i1")])
    assert list(stock.invoices_move_once(told)) == [f"reservations still open: {reserved.reservation}"]
    with seen(core) as system, system.write("A-07") as work:
        work.core.invoices.settle(reserved, Settlement((two,), (), (), None))
    told = evidence(core, [intent("invoice.reserve", "i1")])
    assert sorted(stock.invoices_move_once(told)) == [
        f"the ledger issues {CODE} {number}, which nobody took" for number in ("00100001", "00100002")
    ]


def test_an_invoice_is_compared_with_the_file_that_the_core_gives_its_terminal(core: AnotherCore) -> None:
    pdf = b"%PDF-1.7"
    with seen(core) as system, system.write("A-07") as work:
        invoices = work.core.einvoices
        (sold,) = invoices.issued(FIRM, *QUARTER, 1)
        document = invoices.document_for("c1")
        invoices.add_document(
            InvoiceDocument(document, "c1", sold, "A-07", PERSON, pdf, "", 1, work.core.now)
        )
        kept(work, "c1", "einvoice.copy", {"document": document, "number": sold.number, "code": sold.code})
        kept(work, "p1", "certificate.printed", {})
    journal = [
        intent("einvoice.copy", "c1", invoice=sold.id),
        intent("certificate.printed", "p1", number=document, outcome="printed"),
        intent("certificate.printed", "unheard", number=document, outcome="printed"),
    ]
    told = evidence(core, journal)
    (row,) = told.bureau["einvoice_document"]
    assert (row["number"], row["pdf"]) == (sold.number, hashlib.sha256(pdf).hexdigest())
    assert list(sealed.invoices_say_what_the_centre_holds(told)) == [
        f"invoice {document}: 0 sheets came out, the centre counts 1"
    ]


def test_a_draw_a_number_and_an_order_are_those_that_the_core_holds(core: AnotherCore) -> None:
    with seen(core) as system, system.write("A-07") as work:
        now, day = work.core.now, stores.DAY
        ticket = work.core.lottery.number_for("l1")
        drawn = ("l1", day, "26771000000000000015", "13900000000", "A-07", 7, 500, now, day, "c" * 64, "won")
        work.core.lottery.add(Ticket(ticket, *drawn))
        kept(work, "l1", "lottery.draw", {"ticket": ticket})
        work.core.queue.add(
            QueueTicket("q1", "H-01", day, "general", 1, "phone:13900000000", False, "A-07", now)
        )
        kept(work, "q1", "queue.take", {})
        case = work.core.matters.open(
            NewCase(
                "invoice.deliver", "m1", PERSON, SUPPLIED, Role.LEGAL_REPRESENTATIVE, "A-07", {}, now, day
            )
        )
        work.core.deliveries.place(Delivery(case.case, SUPPLIED, "04", 2, day, "ordered", now))
        kept(work, "m1", "matter.submit", {"case": case.case})
    journal = [intent("lottery.draw", "l1"), intent("queue.take", "q1"), intent("matter.submit", "m1")]
    tables = evidence(core, journal).bureau
    assert [(row["ticket"], row["prize_fen"]) for row in tables["lottery_ticket"]] == [(ticket, 500)]
    assert [(row["key"], row["visitor"]) for row in tables["queue_ticket"]] == [("q1", "phone:13900000000")]
    assert [row["order_no"] for row in tables["invoice_delivery"]] == [case.case]


def test_what_the_core_sends_to_a_phone_is_read_there_once_it_is_sent(core: AnotherCore) -> None:
    with seen(core) as system:
        with pytest.raises(RuntimeError), system.write("A-07") as work:
            work.core.phones.tell("13900000000", "never sent")
            raise RuntimeError("undone")
        assert core.messages_to("13900000000") == []
        for text in ("first", "second"):
            with system.write("A-07") as work:
                work.core.phones.tell("13900000000", text)
    assert core.messages_to("13900000000") == ["first", "second"]
    assert core.messages_to("13900000001") == []


@pytest.mark.parametrize(
    ("day", "said"), [(date(2026, 10, 12), "400000"), (date(2026, 7, 1), "400000"), (date(2027, 3, 31), "0")]
)
def test_who_declares_without_the_network_knows_what_they_sold_last_quarter(
    core: AnotherCore, day: date, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SystemClock, "now", lambda _: datetime.combine(day, time(9), CHINA))
    assert core.invoiced(FIRM) == said
