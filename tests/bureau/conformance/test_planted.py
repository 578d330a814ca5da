"""A mistake planted in a core that keeps its promises is told as the promise that it breaks, and as no other."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bureau.cli import app_of
from bureau.conformance.bench import PROMISES
from tests.bureau.conformance.served import listening
from tests.depth import some
from tests.standin.core import transactions
from tests.standin.core.books import Books
from tests.standin.core.serving import handler
from tests.standin.core.shelf import Outcome
from tests.standin.core.transactions import Core, Transaction
from tests.standin.running import BOOKS

MANIFEST = Path(__file__).parents[2] / "standin" / "check.toml"
Planted = Callable[[pytest.MonkeyPatch], None]
MISTAKES: dict[str, tuple[str, str, Planted]] = {}
"""Name -> (the promise, a part of what is said to have come, how it is planted)."""


def mistake(promise: str, came: str) -> Callable[[Planted], Planted]:
    def enter(plant: Planted) -> Planted:
        MISTAKES[plant.__name__] = (promise, came, plant)
        return plant

    return enter


def around(patch: pytest.MonkeyPatch, kind: type, name: str, change: Callable[..., Any]) -> None:
    """``change`` in place of a method, given the method itself first."""
    right = getattr(kind, name)
    patch.setattr(kind, name, lambda self, *given, **named: change(right, self, *given, **named))


@mistake("transactions.undone", "in place of []")
def a_deleted_write_leaves_its_returns(patch: pytest.MonkeyPatch) -> None:
    def end(right: Any, core: Core, name: str, *, commit: bool) -> None:
        transaction = core.open[name]
        silent = time.monotonic() - transaction.heard > transactions.SILENT_S
        if not (commit or silent) and transaction.kind == "write":
            core.books.data |= {name: transaction.books.data[name] for name in ("filed", "serial")}
        right(core, name, commit=commit)

    around(patch, Core, "end", end)


@mistake("transactions.savepoint", "in place of []")
def undo_keeps_the_returns(patch: pytest.MonkeyPatch) -> None:
    def undo(right: Any, self: Transaction, mark: int) -> None:
        filed = self.books.data["filed"]
        right(self, mark)
        self.books.data["filed"] = filed

    around(patch, Transaction, "undo", undo)


@mistake("transactions.alone", "in place of []")
def a_reader_sees_what_nobody_has_committed(patch: pytest.MonkeyPatch) -> None:
    def begin(right: Any, core: Core, kind: str, now: str) -> str:
        name = str(right(core, kind, now))
        if kind == "read":
            for other in list(core.open.values()):
                core.open[name].books = other.books if other.kind == "write" else core.open[name].books
        return name

    around(patch, Core, "begin", begin)


@mistake("transactions.one-state", "in place of []")
def a_reader_sees_what_was_committed_meanwhile(patch: pytest.MonkeyPatch) -> None:
    def end(right: Any, core: Core, name: str, *, commit: bool) -> None:
        right(core, name, commit=commit)
        for other in core.open.values():
            other.books = core.books if other.kind == "read" else other.books

    around(patch, Core, "end", end)


@mistake("transactions.deadline", "another transaction went first")
def a_silent_writer_holds_everybody_up(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(transactions, "SILENT_S", 1e9)


@mistake("answers.once", "that it filed stands")
def answers_are_lost_at_the_commit(patch: pytest.MonkeyPatch) -> None:
    def end(right: Any, core: Core, name: str, *, commit: bool) -> None:
        core.open[name].books.data["answers"] = dict(core.books.data["answers"])
        right(core, name, commit=commit)

    around(patch, Core, "end", end)


@mistake("returns.once", "it was done")
def a_period_is_filed_twice(patch: pytest.MonkeyPatch) -> None:
    def file(right: Any, self: Books, now: datetime, filing: dict[str, Any]) -> Any:
        try:
            return right(self, now, filing)
        except Outcome:
            return right(self, now, {**filing, "subject": filing["subject"] + "/2"})

    around(patch, Books, "returns_file", file)


@mistake("returns.number", "check-digit")
def a_number_has_another_last_digit(patch: pytest.MonkeyPatch) -> None:
    def number(right: Any, self: Books, kind: str, now: datetime) -> str:
        made = str(right(self, kind, now))
        return made if kind != "31" else made[:-1] + str((int(made[-1]) + 1) % 10)

    around(patch, Books, "number", number)


@mistake("wire.amounts", "the number 126000.0")
def an_amount_is_a_float(patch: pytest.MonkeyPatch) -> None:
    def dues(right: Any, self: Books, *given: Any, **named: Any) -> Any:
        found = [dict(one) for one in right(self, *given, **named)]
        return [one | {"amount_fen": float(one["amount_fen"])} for one in found]

    around(patch, Books, "returns_dues", dues)


@mistake("wire.moments", "without an offset")
def a_moment_has_no_offset(patch: pytest.MonkeyPatch) -> None:
    def learn(right: Any, self: Books, *given: Any, **named: Any) -> Any:
        found = right(self, *given, **named)
        return {**found, "created_at": found["created_at"][:19]}

    around(patch, Books, "payments_learn", learn)


@mistake("wire.outcomes", '"AlreadyDone"')
def an_outcome_has_a_name_of_its_own(patch: pytest.MonkeyPatch) -> None:
    def file(right: Any, self: Books, now: datetime, filing: dict[str, Any]) -> Any:
        try:
            return right(self, now, filing)
        except Outcome as outcome:
            raise Outcome("AlreadyDone", **outcome.values) from outcome

    around(patch, Books, "returns_file", file)


@mistake("payments.held", "it was done")
def two_orders_collect_one_due(patch: pytest.MonkeyPatch) -> None:
    def opened(right: Any, self: Books, now: datetime, new: dict[str, Any]) -> Any:
        holders = {}
        for part in new["dues"]:
            due = self.returns_due(now, part["due"])
            holders[part["due"]], due["held_by"] = due["held_by"], None
        made = right(self, now, new)
        for number, holder in holders.items():
            due = self.returns_due(now, number)
            due["held_by"] = holder or due["held_by"]
        return made

    around(patch, Books, "payments_open", opened)


@mistake("payments.booked-once", "in place of (<PaymentStateName.APPROVED")
def an_approval_is_booked_again(patch: pytest.MonkeyPatch) -> None:
    def learn(right: Any, self: Books, now: datetime, order: dict[str, Any], heard: Any, source: str) -> Any:
        known = self.data["orders"][order["order"]]
        if known["state"] == "approved" == heard["state"]:
            known["voucher"] = self.number("44", now)
        return right(self, now, order, heard, source)

    around(patch, Books, "payments_learn", learn)


@mistake("invoices.once", "it was done")
def a_sheet_is_reserved_twice(patch: pytest.MonkeyPatch) -> None:
    def reserve(right: Any, self: Books, now: datetime, wanted: dict[str, Any]) -> Any:
        held = [
            sheet
            for sheet in self.data["sheets"]
            if (sheet["code"], sheet["number"], sheet["lies"])
            == (wanted["code"], wanted["numbers"]["first"], "reserved")
        ]
        for sheet in held:
            sheet |= {"lies": "on-hand"}
        return right(self, now, wanted)

    around(patch, Books, "invoices_reserve", reserve)


@mistake("certificates.frozen", "in place of")
def an_ended_certificate_says_something_else(patch: pytest.MonkeyPatch) -> None:
    def end(right: Any, self: Books, now: datetime, number: str, end: dict[str, Any]) -> Any:
        done = right(self, now, number, end)
        self.data["certificates"][number]["frozen"] = "e30="
        return done

    around(patch, Books, "certificates_end", end)


@mistake("certificates.number", "in place of")
def each_question_has_a_new_number(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Books, "certificates_number_for", lambda self, now, key: self.number("21", now))


@mistake("deliveries.placed", "[], in place of")
def orders_are_never_listed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Books, "deliveries_listed", lambda self, now, states, limit: [])


@mistake("deliveries.ended", "it was done")
def what_came_back_lies_in_its_parcel(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Books, "deliveries_take_back", lambda self, now, order, operator, witness: None)


@mistake("deliveries.ended", "it was done")
def what_is_lost_lies_in_its_parcel(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Books, "deliveries_lose", lambda self, now, order, operator, witness: None)


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.parametrize("name", some(list(MISTAKES), 7))
def test_a_planted_mistake_is_told_as_the_promise_that_it_breaks(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    promise, came, plant = MISTAKES[name]
    monkeypatch.setattr(transactions, "SILENT_S", 1.0)
    monkeypatch.setattr(transactions, "WAIT_S", 2.0)
    manifest = tmp_path / "check.toml"
    manifest.write_text(MANIFEST.read_text().replace("silent_s = 2", "silent_s = 1"))
    plant(monkeypatch)
    with listening(handler(Core(Books(json.loads(json.dumps(BOOKS)))))) as url:
        done = CliRunner().invoke(app_of("core"), ["check", url, "--manifest", str(manifest), "--json"])
    broken = [one for one in json.loads(done.stdout) if one["verdict"] == "broken"]
    assert [one["promise"] for one in broken] == [promise], broken
    (told,) = broken
    assert came in told["came"]
    assert told["asked"] and told["page"] == PROMISES[promise].says and told["do"]
    assert done.exit_code == 1
