"""Each scene sees its promise broken: one method of the stand-in answers or does something else, and its port is checked."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bureau.cli import app_of
from bureau.conformance.check import PROMISES
from tests.bureau.conformance.served import listening
from tests.bureau.conformance.test_planted import MISTAKES, around
from tests.standin.core.books import Books
from tests.standin.core.serving import handler
from tests.standin.core.shelf import Outcome
from tests.standin.core.transactions import Core, Transaction
from tests.standin.running import BOOKS

MANIFEST = Path(__file__).parents[2] / "standin" / "check.toml"
Change = Callable[..., Any]
Right = Callable[..., Any]


def nothing(_right: Right, *_: Any, **__: Any) -> None:
    """The method answers with nothing and does nothing."""


def answers(value: object) -> Change:
    return lambda _right, *_, **__: json.loads(json.dumps(value))


def also(change: Callable[..., Any]) -> Change:
    """What came, changed: told the books, what came, and what was asked."""

    def changed(right: Right, self: Books, *given: Any, **named: Any) -> Any:
        came = json.loads(json.dumps(right(self, *given, **named)))
        return change(self, came, named)

    return changed


def beside(change: Callable[..., Any]) -> Change:
    """The method does what it should, and something besides."""

    def changed(right: Right, self: Books, *given: Any, **named: Any) -> Any:
        came = right(self, *given, **named)
        change(self, came, named)
        return came

    return changed


def without_outcome(right: Right, self: Books, *given: Any, **named: Any) -> Any:
    """What should be refused is answered as if it were done."""
    try:
        return right(self, *given, **named)
    except Outcome:
        return json.loads(json.dumps(next(iter(self.data["reservations"].values()))))


def _moved_as_far_as_may_be(right: Right, self: Books, *given: Any, **named: Any) -> Any:
    """A range of which one sheet stands in the way is told as moved."""
    try:
        return right(self, *given, **named)
    except Outcome:
        return self.number("52", NOW)


def _never_there(books: Books, *_: object) -> None:
    """A number that has left the books is forgotten."""
    books.data["sheets"] = [sheet for sheet in books.data["sheets"] if sheet["lies"] != "sent-back"]


def _lying(lies: str, as_if: str) -> Change:
    """What was done is done, and the sheets lie where they must not."""

    def changed(books: Books, *_: object) -> None:
        for sheet in books.data["sheets"]:
            if sheet["lies"] == lies:
                sheet["lies"] = as_if

    return beside(changed)


def _counted_whenever(right: Right, self: Books, *given: Any, **named: Any) -> Any:
    """What the unit held when it was counted is not looked at."""
    return right(self, *given, **named | {"book": None})


def _wanted_otherwise(books: Books, _came: object, asked: dict[str, Any]) -> None:
    """Who decides a slip may change what it wants."""
    books.data["slips"][asked["slip"]["slip"]]["wanted"] = asked["slip"]["wanted"]


def _the_last_alone(right: Right, self: Books, *given: Any, **named: Any) -> None:
    """A mark takes the place of those before it."""
    self.data["bookings"].pop(named["number"], None)
    right(self, *given, **named)


def _promised_anew(books: Books, _came: object, asked: dict[str, Any]) -> None:
    """What officers decide takes the promise with it."""
    books.data["pools"][asked["pool"]["pool"]]["budget_fen"] = asked["pool"]["budget_fen"]


def _back_in_front(books: Books, *_: object) -> None:
    """What came back lies on the shelf as if it had never been out of the house."""
    for sheet in books.data["sheets"]:
        if sheet["place"] == "shelf":
            sheet |= {"lies": "on-hand", "by": None}


def _any_paper_will_do(right: Right, self: Books, now: datetime, note: dict[str, Any], **named: Any) -> Any:
    """Who has the paper is given the stock."""
    own = {"to": "", "fate": "move", "hall": self.data["terminals"][named["terminal"]]}
    return right(self, now, note=note | own, **named)


def _forgotten(right: Right, core: Core, name: str, *, commit: bool) -> None:
    kept = core.books
    right(core, name, commit=commit)
    core.books = kept


def _freed(self: Books, came: Any, _named: Any) -> None:
    for due in self.data["dues"]:
        due["held_by"] = None


def _taken_to(self: Books, _came: Any, named: dict[str, Any]) -> None:
    for key in named["keys"]:
        self.data["pages"][key]["case"] = named["case"]


def _decided(right: Right, self: Books, now: Any, case: dict[str, Any], decision: dict[str, Any]) -> Any:
    self.data["matters"][case["case"]]["state"] = "open"
    return right(self, now, case, decision)


def _written_in_a_read(right: Right, core: Core, name: str, *, commit: bool) -> None:
    core.open[name].kind, kind = "write" if commit else core.open[name].kind, core.open[name].kind
    if kind == "read" and commit:
        core.writing.acquire()
    right(core, name, commit=commit)


def _no_turns(right: Right, core: Core, kind: str, now: str) -> str:
    """Two writers at once; the last to commit wins."""
    if kind == "write":
        core.writing = type("Open", (), {"acquire": lambda *_, **__: True, "release": lambda *_: None})()
    return str(right(core, kind, now))


NOW = datetime.fromisoformat("2026-10-12T10:00:00+08:00")
SCENES: dict[str, tuple[type, str, Change]] = {
    "transactions.durable": (Core, "end", _forgotten),
    "transactions.read-only": (Core, "end", _written_in_a_read),
    "transactions.conflict": (Core, "begin", _no_turns),
    "answers.kept": (Books, "answers_effect", also(lambda s, c, n: c and {**c, "offline": True})),
    "answers.told": (Books, "answers_told", nothing),
    "registration.person": (Books, "registration_person", also(lambda s, c, n: c or s.data["people"][0])),
    "registration.roles": (Books, "registration_roles", answers([])),
    "registration.facts": (Books, "registration_facts", also(lambda s, c, n: {e["fact"]: e["value"] for e in s.data["entries"]})),
    "registration.bind": (Books, "registration_release", nothing),
    "registration.own": (Books, "registration_register_own", also(lambda s, c, n: {**c, "taxpayer": s.number("10", NOW)})),
    "returns.dues": (Books, "returns_file", beside(lambda s, c, n: s.data["dues"].pop())),
    "returns.replaced": (Books, "returns_kept", also(lambda s, c, n: c and {**c, "stands": not c["withdrawn"]})),
    "returns.withdrawn": (Books, "returns_kept", also(lambda s, c, n: c and {**c, "withdrawn": False})),
    "returns.income": (Books, "returns_income", also(lambda s, c, n: [{**c[0], "month": "2025-12"}, *c])),
    "payments.number": (Books, "payments_open", also(lambda s, c, n: {**c, "order": c["order"][:-1]})),
    "payments.found": (Books, "payments_by_key", nothing),
    "payments.let-go": (Books, "payments_learn", beside(lambda s, c, n: [d.update(held_by="x") for d in s.data["dues"] if d["state"] == "open"])),
    "payments.doubt": (Books, "payments_doubt", beside(_freed)),
    "payments.asked-again": (Books, "payments_waiting", answers([])),
    "nontax.held": (Books, "payments_open", beside(lambda s, c, n: [one.update(held_by=None) for one in s.data["nontax"].values()])),
    "invoices.reserved": (Books, "invoices_held", also(lambda s, c, n: 2)),
    "invoices.in-front": (Books, "invoices_reserve", without_outcome),
    "invoices.settled": (Books, "invoices_settled", also(lambda s, c, n: {**c, "cause": "jam"})),
    "invoices.expired": (Books, "invoices_expire", answers(1)),
    "invoices.disputed": (Books, "invoices_dispute", nothing),
    "holdings.settled": (Books, "holdings_settle", _moved_as_far_as_may_be),
    "refunds.allowed": (Books, "refunds_of_declaration", answers([])),
    "refunds.once": (Books, "_given_back", answers([])),
    "refunds.ordered": (Books, "refunds_order", also(lambda s, c, n: {**c, "state": "ordered", "settled_on": None})),
    "refunds.settled": (Books, "refunds_again", also(lambda s, c, n: {**c, "reason": "no such account"})),
    "refunds.set-off": (Books, "returns_set_off", beside(lambda s, c, n: s.data["treasury"].pop())),
    "deliveries.placed": (Books, "deliveries_change", beside(lambda s, c, n: s.data["deliveries"][n["order"]["order"]].update(recipient="AHJlY2lwaWVudP8="))),
    "deliveries.in-stock": (Books, "deliveries_in_stock", answers(8)),
    "deliveries.packed": (Books, "deliveries_unpack", nothing),
    "deliveries.issued": (Books, "deliveries_issue", nothing),
    "deliveries.ended": (Books, "deliveries_take_back", beside(_back_in_front)),
    "handovers.out": (Books, "handovers_out", also(lambda s, c, n: {**c, "movement": s.number("52", NOW)})),
    "handovers.either-order": (Books, "handovers_take_up", also(lambda s, c, n: [{**c[0], "movement": ""}, c[1]])),
    "handovers.differs": (Books, "handovers_out", beside(lambda s, c, n: s.data["locks"].clear())),
    "handovers.not-for-here": (Books, "handovers_take_up", _any_paper_will_do),
    "handovers.not-there": (Books, "_already", answers(10)),
    "stock.lies": (Books, "stock_lies", also(lambda s, c, n: [{**one, "where": {**one["where"], "unit": "unit9"}} for one in c])),
    "stock.place": (Books, "stock_check_place", nothing),
    "stock.whole": (Books, "stock_fetch", _moved_as_far_as_may_be),
    "stock.known": (Books, "stock_unload", beside(_never_there)),
    "stock.gone": (Books, "stock_lose", _lying("gone", "quarantined")),
    "stock.apart": (Books, "stock_take_back", _lying("quarantined", "on-hand")),
    "stock.counted": (Books, "invoices_lock_slot", nothing),
    "stock.as-counted": (Books, "stock_count", _counted_whenever),
    "stock.timing": (Books, "stock_count", also(lambda s, c, n: {**c, "result": c["result"].replace("TIMING", "DIFFERENCE")})),
    "stock.on-the-way": (Books, "stock_on_the_way", answers([])),
    "stock.slips": (Books, "stock_decide", beside(_wanted_otherwise)),
    "einvoices.found": (Books, "einvoices_find", also(lambda s, c, n: c and {**c, "remark": ""})),
    "einvoices.number": (Books, "einvoices_next_digital", answers("26772101200000000099")),
    "einvoices.numbers-kept": (Books, "einvoices_document_for", also(lambda s, c, n: s.number("54", NOW))),
    "einvoices.counted": (Books, "einvoices_checked", answers(1)),
    "einvoices.taken-back": (Books, "einvoices_taken_back", answers([0, 0])),
    "einvoices.sales": (Books, "returns_sales", also(lambda s, c, n: {**c, "count": 0})),
    "einvoices.listed": (Books, "einvoices_issued", also(lambda s, c, n: c[::-1])),
    "einvoices.booked": (Books, "einvoices_book", _the_last_alone),
    "einvoices.link": (Books, "einvoices_fetched", answers(True)),
    "einvoices.file": (Books, "einvoices_document", also(lambda s, c, n: s.data["invoice_files"][n["document"]]["pdf"])),
    "certificates.file": (Books, "certificates_pdf", also(lambda s, c, n: s.data["certificates"][n["number"]]["pdf"])),
    "certificates.copies": (Books, "certificates_sealed", also(lambda s, c, n: n["pdf"])),
    "certificates.link": (Books, "certificates_fetch", also(lambda s, c, n: c or next(iter(s.data["certificates"].values()))["pdf"])),
    "certificates.original": (Books, "certificates_original", also(lambda s, c, n: c or next((k for k, v in s.data["certificates"].items() if v["original"] == n["original"]), None))),
    "matters.opened": (Books, "matters_waiting", nothing),
    "matters.decided-once": (Books, "matters_decide", _decided),
    "matters.supplied": (Books, "matters_supplied", also(lambda s, c, n: {**c, "wanted": "more"})),
    "matters.listed": (Books, "matters_listed", also(lambda s, c, n: c[::-1])),
    "cases.same": (Books, "cases_open", also(lambda s, c, n: s.number("61", NOW))),
    "cases.listed": (Books, "cases_close", nothing),
    "ratings.latest": (Books, "ratings_latest", answers([])),
    "ratings.one": (Books, "ratings_rated", answers(False)),
    "notices.told": (Books, "notices_for_person", answers([])),
    "drafts.once": (Books, "drafts_use", nothing),
    "documents.served-once": (Books, "documents_settle", beside(lambda s, c, n: [d.update(state="withdrawn") for d in s.data["documents"].values()])),
    "enrolments.number": (Books, "enrolments_number_for", also(lambda s, c, n: s.number("65", NOW))),
    "materials.kept": (Books, "materials_attach", beside(_taken_to)),
    "mail.kept": (Books, "mail_end", also(lambda s, c, n: True)),
    "mail.taken": (Books, "mail_take", also(lambda s, c, n: c and {**c, "tries": 0})),
    "mail.again": (Books, "mail_again", answers(False)),
    "mail.counted": (Books, "mail_since", also(lambda s, c, n: [one for one in c if one["state"] == "queued"])),
    "mail.forgotten": (Books, "mail_forget", nothing),
    "mail.remembered": (Books, "mail_drop", nothing),
    "phones.challenge": (Books, "phones_tried", nothing),
    "phones.sent": (Books, "phones_sent_to", also(lambda s, c, n: c[::-1])),
    "queue.halls": (Books, "queue_lock", answers(True)),
    "queue.next": (Books, "queue_next_number", answers(1)),
    "queue.found": (Books, "queue_of_day", also(lambda s, c, n: c[::-1])),
    "queue.served": (Books, "queue_served_seconds", answers([90, 90])),
    "lottery.bound": (Books, "lottery_open", also(lambda s, c, n: n["new"])),
    "lottery.revealed": (Books, "lottery_reveal", nothing),
    "lottery.number": (Books, "lottery_number_for", also(lambda s, c, n: s.number("55", NOW))),
    "lottery.once": (Books, "lottery_of_invoice", nothing),
    "lottery.promised": (Books, "lottery_change_pool", beside(_promised_anew)),
    "lottery.counted": (Books, "lottery_tally", also(lambda s, c, n: [{**one, "lapsed": False} for one in c])),
    "lottery.claimed": (Books, "lottery_change", nothing),
    "wire.values": (Books, "returns_filed", also(lambda s, c, n: c and {**c, "total_fen": str(c["total_fen"])})),
}  # fmt: skip


def broken(port: str) -> list[str]:
    with listening(handler(Core(Books(json.loads(json.dumps(BOOKS)))))) as url:
        done = CliRunner().invoke(
            app_of("core"), ["check", url, "--manifest", str(MANIFEST), "--json", "--port", port]
        )
    return [one["promise"] for one in json.loads(done.stdout) if one["verdict"] == "broken"]


def test_every_promise_is_seen_broken_somewhere() -> None:
    assert SCENES.keys() | {promise for promise, *_ in MISTAKES.values()} == PROMISES.keys()


@pytest.mark.parametrize("promise", SCENES)
def test_a_scene_sees_its_promise_broken(promise: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kind, method, change = SCENES[promise]
    around(monkeypatch, kind, method, change)
    port = "returns" if promise == "wire.values" else promise.partition(".")[0]
    assert promise in broken(port)


def test_a_method_that_is_not_there_is_told_and_nothing_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    right = Transaction.call

    def call(self: Transaction, port: str, method: str, given: dict[str, Any]) -> Any:
        return right(self, port, "gone" if (port, method) == ("drafts", "keep") else method, given)

    monkeypatch.setattr(Transaction, "call", call)
    with listening(handler(Core(Books(json.loads(json.dumps(BOOKS)))))) as url:
        done = CliRunner().invoke(
            app_of("core"), ["check", url, "--manifest", str(MANIFEST), "--port", "drafts"]
        )
    assert "not there  drafts.once (POST drafts/keep is answered with 501)" in done.output
    assert done.exit_code == 0
