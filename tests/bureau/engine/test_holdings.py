"""Invoices in an enterprise's hands: checked as used, handed in, reported lost; each number in one state always."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from bureau.city.cast import CHENXING, FIRMS, HEMU
from bureau.engine.matters.deciding import approve, refuse_case
from bureau.engine.reference.stock_check import check_stock
from bureau.store import tables
from kiosk.domain.invoices import InvoiceRange, add
from tests.bureau.conftest import Centre
from tests.bureau.engine.test_invoices import cases, settled, units, wanted
from tests.bureau.terminals import CAST, Terminal, subject

LIN = subject("lin-tao", CHENXING, "L")
CHEN = subject("chen-mo", HEMU, "B")
CHECK, RETURN, VOID, LOSS = (
    f"invoice.{name}" for name in ("check-used", "return", "void-return", "report-loss")
)
ALL = (CHECK, RETURN, VOID, LOSS)
MORE: dict[str, dict[str, Any]] = {
    VOID: {"reason": "misprint"},
    LOSS: {"reason": "lost", "found_on": "2026-10-12"},
}


def rows(terminal: Terminal, service: str, who: dict[str, Any] = LIN) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = terminal.data("invoice.holdings", who, service=service)["rows"]
    return found


def submit(terminal: Terminal, service: str, who: dict[str, Any] = LIN, **fields: Any) -> Any:
    return terminal.do("matter.submit", {**MORE.get(service, {}), **fields}, who, service=service)


def of(row: dict[str, Any], **changed: str) -> dict[str, Any]:
    return {name: row[name] for name in ("code", "first", "last")} | changed


def code(answer: Any) -> str:
    assert answer.state == "refused" and answer.refusal is not None
    assert answer.refusal.next_step["zh-CN"] and answer.refusal.next_step["en-US"]
    return str(answer.refusal.code)


def proven(centre: Centre) -> bool:
    with centre.system.read() as work:
        return check_stock(work.context) == []


def states(centre: Centre, taxpayer: str) -> dict[str, int]:
    t = tables.stock_range
    query = select(t.c.state, func.sum(t.c.last - t.c.first + 1)).where(t.c.holder == taxpayer)
    with centre.database.read() as connection:
        return {state: int(count) for state, count in connection.execute(query.group_by(t.c.state))}


def entitled(terminal: Terminal, who: dict[str, Any], next_number: str = "00274801") -> Any:
    return terminal.data("invoice.entitlement", who, units(next_number))["kinds"][0]


def decide(centre: Centre, case: str, why: str = "") -> None:
    with centre.system.write() as work:
        if why:
            refuse_case(work.core, case, "周审核", why)
        else:
            approve(work.core, case, "周审核")


# --- what is held ---------------------------------------------------------------------------------------------


def test_each_service_lists_what_it_can_be_about(terminal: Terminal) -> None:
    (used,) = rows(terminal, CHECK)
    (blank,) = rows(terminal, RETURN)
    assert (used["count"], blank["count"]) == (4, 26)
    assert used["amount_fen"] > 0 and blank["amount_fen"] is None
    assert add(used["last"], 1) == blank["first"]
    assert [row["id"] for row in rows(terminal, VOID)] == [blank["id"]]
    assert [row["count"] for row in rows(terminal, LOSS)] == [4, 26]


@pytest.mark.parametrize("service", ALL)
@pytest.mark.parametrize(
    ("who", "told"),
    [
        (subject("tang-yue", CHENXING), "roleMissing"),
        (subject("xie-an", CHENXING, "A"), "roleNotAllowed"),
        (subject("lin-tao", CHENXING, "L", evidence="document", face=None), "identityWeak"),
        (subject("lin-tao", HEMU), "roleMissing"),
    ],
)
def test_nobody_else_sees_or_moves_them(
    terminal: Terminal, centre: Centre, service: str, who: dict[str, Any], told: str
) -> None:
    refusal = terminal.ask("invoice.holdings", who, service=service).refusal
    assert refusal is not None and refusal.code == told
    before = states(centre, CHENXING)
    assert code(submit(terminal, service, who, **of(rows(terminal, LOSS)[0]))) == told
    assert states(centre, CHENXING) == before


# --- used ones ------------------------------------------------------------------------------------------------


def test_who_holds_all_it_may_checks_the_used_ones_and_collects_again(
    terminal: Terminal, centre: Centre
) -> None:
    centre.load()
    assert (entitled(terminal, LIN)["allowed"], entitled(terminal, LIN)["unused_held"]) == (0, 30)
    (used,) = rows(terminal, CHECK)
    answer = submit(terminal, CHECK, **of(used))
    assert (answer.state, answer.result["state"]) == ("accepted", "approved")
    assert (entitled(terminal, LIN)["allowed"], entitled(terminal, LIN)["unused_held"]) == (4, 26)
    reserved = terminal.do("invoice.reserve", wanted(4), LIN).result
    assert terminal.do("invoice.commit", settled(reserved)).state == "accepted"
    assert entitled(terminal, LIN, "00274805")["allowed"] == 0
    assert rows(terminal, CHECK) == []
    # the new ones are written on and uploaded: checked at the second visit, they make room again
    upload(centre, CHENXING, reserved["code"], "00274801", "00274802", date(2026, 10, 12))
    assert [row["count"] for row in rows(terminal, CHECK)] == [2]
    assert submit(terminal, CHECK, **of(rows(terminal, CHECK)[0])).state == "accepted"
    assert entitled(terminal, LIN, "00274805")["allowed"] == 2
    assert proven(centre)


def upload(centre: Centre, taxpayer: str, code: str, first: str, last: str, day: date) -> None:
    """The enterprise's tax-control device uploads what it issued."""
    sale = {"code": code, "taxpayer": taxpayer, "kind": "ordinary", "issued_on": day, "buyer": "个人"}
    with centre.database.write() as connection:
        connection.execute(
            tables.sale.insert(),
            [{**sale, "number": n, "net_fen": 10_000, "tax_fen": 100, "state": "valid"}
             for n in InvoiceRange(first, last)],
        )  # fmt: skip


def test_checking_a_part_leaves_the_rest_and_the_same_again_is_refused(
    terminal: Terminal, centre: Centre
) -> None:
    (used,) = rows(terminal, CHECK)
    part = of(used, last=add(used["first"], 1))
    assert submit(terminal, CHECK, **part).state == "accepted"
    (left,) = rows(terminal, CHECK)
    assert (left["first"], left["count"]) == (add(used["first"], 2), 2)
    again = submit(terminal, CHECK, **of(used))
    assert code(again) == "numbersSettled"
    assert part["first"] in again.refusal.text["zh-CN"] and "已验旧" in again.refusal.text["zh-CN"]
    assert proven(centre)


def test_what_was_not_uploaded_is_not_checked(terminal: Terminal, centre: Centre) -> None:
    (used,), (blank,) = rows(terminal, CHECK), rows(terminal, RETURN)
    before = states(centre, CHENXING)
    answer = submit(terminal, CHECK, **of(used, last=blank["first"]))
    assert code(answer) == "numbersNotUploaded"
    assert blank["first"] in answer.refusal.text["en-US"]
    assert states(centre, CHENXING) == before


def test_checks_that_are_behind_block_collecting_until_they_are_made(
    terminal: Terminal, centre: Centre
) -> None:
    centre.load()
    t = tables.taxpayer
    with centre.database.write() as connection:
        connection.execute(
            update(t).where(t.c.taxpayer == CHENXING).values(used_verified_to=date(2026, 7, 31))
        )
    blocked = terminal.data("invoice.entitlement", LIN, units())["blocked"]
    assert blocked["code"] == "previousUnverified"
    (used,) = rows(terminal, CHECK)
    assert submit(terminal, CHECK, **of(used, last=used["first"])).state == "accepted"
    assert terminal.data("invoice.entitlement", LIN, units())["blocked"]["code"] == "previousUnverified"
    (left,) = rows(terminal, CHECK)
    assert submit(terminal, CHECK, **of(left)).state == "accepted"
    assert entitled(terminal, LIN)["allowed"] == 4


# --- unused and spoilt ones -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("service", "waiting"), [(RETURN, "returning"), (VOID, "voided")])
def test_what_is_handed_in_counts_as_held_until_the_counter_has_it(
    terminal: Terminal, centre: Centre, service: str, waiting: str
) -> None:
    centre.load()
    (blank,) = rows(terminal, service)
    part = of(blank, first=add(blank["first"], 3), last=add(blank["first"], 7))
    answer = submit(terminal, service, **part)
    assert (answer.state, answer.result["state"], answer.result["due_on"]) == (
        "accepted",
        "open",
        "2026-10-19",
    )
    assert states(centre, CHENXING)[waiting] == 5
    assert entitled(terminal, LIN)["unused_held"] == 30
    assert [row["count"] for row in rows(terminal, service)] == [3, 18]
    assert code(submit(terminal, service, **of(rows(terminal, service)[0]))) == "caseOpen"
    assert code(submit(terminal, LOSS, **part)) == "numbersSettled"
    decide(centre, answer.result["case"])
    assert waiting not in states(centre, CHENXING)
    assert (entitled(terminal, LIN)["unused_held"], entitled(terminal, LIN)["allowed"]) == (25, 5)
    assert code(submit(terminal, service, **part)) == "numbersNotHeld"
    assert proven(centre)


def test_returned_sheets_are_on_the_shelf_in_quarantine_and_spoilt_ones_written_off(
    terminal: Terminal, centre: Centre
) -> None:
    (blank,) = rows(terminal, RETURN)
    first, second = of(blank, last=blank["first"]), of(blank, first=blank["last"])
    for service, part in ((RETURN, first), (VOID, second)):
        decide(centre, submit(terminal, service, **part).result["case"])
    t = tables.stock_range
    with centre.database.read() as connection:
        found = {
            where["first"]: connection.execute(
                select(t.c.state, t.c.place).where(
                    t.c.code == where["code"],
                    t.c.first <= int(where["first"]),
                    t.c.last >= int(where["first"]),
                )
            ).one()
            for where in (first, second)
        }
        moves = tables.stock_movement
        by = connection.execute(select(moves.c.operator).where(moves.c.type == "RETURN")).scalar_one()
    assert tuple(found[first["first"]]) == ("quarantined", "shelf")
    assert tuple(found[second["first"]]) == ("spoiled", None)
    assert by == "周审核"
    assert proven(centre)


@pytest.mark.parametrize("service", [RETURN, VOID])
def test_what_the_counter_does_not_take_is_the_enterprises_as_before(
    terminal: Terminal, centre: Centre, service: str
) -> None:
    before = states(centre, CHENXING)
    case = submit(terminal, service, **of(rows(terminal, service)[0])).result["case"]
    decide(centre, case, "少了一份")
    assert states(centre, CHENXING) == before
    assert submit(terminal, service, **of(rows(terminal, service)[0])).state == "accepted"
    assert proven(centre)


@pytest.mark.parametrize("service", [RETURN, VOID])
def test_issued_ones_are_not_handed_in(terminal: Terminal, centre: Centre, service: str) -> None:
    (used,) = rows(terminal, CHECK)
    before = states(centre, CHENXING)
    assert code(submit(terminal, service, **of(used, last=add(used["last"], 2)))) == "numbersUsed"
    assert states(centre, CHENXING) == before


# --- lost ones ------------------------------------------------------------------------------------------------


def test_a_loss_counts_at_once_and_staff_have_a_case(terminal: Terminal, centre: Centre) -> None:
    centre.load()
    (used,) = rows(terminal, CHECK)
    assert submit(terminal, CHECK, **of(used, last=used["first"])).state == "accepted"
    lost = of(used, last=add(used["last"], 2))  # a used one, three issued ones, two blank ones
    assert submit(terminal, LOSS, **lost).result["state"] == "approved"
    assert states(centre, CHENXING)["lost"] == 6
    assert cases(centre) == ["invoices-lost"]
    assert entitled(terminal, LIN)["unused_held"] == 24
    assert code(submit(terminal, LOSS, **lost)) == "numbersSettled"
    assert code(submit(terminal, CHECK, **of(used, first=add(used["first"], 1)))) == "numbersSettled"
    assert proven(centre)


def test_a_loss_is_not_found_out_tomorrow(terminal: Terminal, centre: Centre) -> None:
    tomorrow = (centre.clock.now().date() + timedelta(days=1)).isoformat()
    answer = submit(terminal, LOSS, **of(rows(terminal, LOSS)[0]), found_on=tomorrow)
    assert code(answer) == "fieldWrong"


# --- every service --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("service", ALL)
def test_what_cannot_be_is_refused_and_moves_nothing(
    terminal: Terminal, centre: Centre, service: str
) -> None:
    row, before = rows(terminal, CHECK if service == CHECK else RETURN)[0], states(centre, CHENXING)
    others = rows(terminal, LOSS, CHEN)[0]
    for fields, told in (
        (of(row, first=row["last"], last=row["first"]), "numbersBackwards"),
        (of(row, code="099009900104"), "numbersNotHeld"),
        (of(row, last="99999999"), "numbersNotHeld"),
        (of(others), "numbersNotHeld"),
        (of(row, first="1"), "fieldWrong"),
        (of(row, first="١٢٣٤٥٦٧٨"), "fieldWrong"),
        (of(row, first=""), "fieldMissing"),
        ({**of(row), "sheets": 1}, "fieldUnknown"),
    ):
        assert code(submit(terminal, service, **fields)) == told
    assert states(centre, CHENXING) == before
    assert proven(centre)


@pytest.mark.parametrize("service", ALL)
def test_the_same_key_again_moves_nothing_twice(terminal: Terminal, centre: Centre, service: str) -> None:
    row = rows(terminal, service)[0]
    signed = terminal.intent("matter.submit", {**MORE.get(service, {}), **of(row)}, LIN, service=service)
    first = terminal.send(signed)
    after = states(centre, CHENXING)
    assert terminal.send(signed) == first
    assert states(centre, CHENXING) == after
    assert proven(centre)


@pytest.mark.parametrize("service", ALL)
def test_what_was_taken_offline_is_told_by_message(terminal: Terminal, centre: Centre, service: str) -> None:
    claimed = {**LIN, "role": None}
    answer = terminal.do(
        "matter.submit", {**MORE.get(service, {}), **of(rows(terminal, service)[0])}, claimed,
        service=service, offline=True,
    )  # fmt: skip
    assert answer.state == "accepted"
    wrong = terminal.do(
        "matter.submit", {**MORE.get(service, {}), **of(rows(terminal, LOSS, CHEN)[0])}, claimed,
        service=service, offline=True,
    )  # fmt: skip
    assert code(wrong) == "numbersNotHeld"
    with centre.database.read() as connection:
        t = tables.notice
        kinds = connection.execute(select(t.c.kind).where(t.c.person_number == CAST["lin-tao"].number))
        assert sorted(kinds.scalars()) == ["matter-accepted", "matter-refused"]


def test_the_city_holds_what_its_firms_say(centre: Centre) -> None:
    for firm in FIRMS:
        if firm.approved and firm.held:
            assert states(centre, firm.taxpayer)["issued"] == firm.held * len(firm.kinds)
    assert proven(centre)


# --- what is approved -----------------------------------------------------------------------------------------

QUOTA = "invoice.quota"
MULAN = subject("he-mulan", HEMU, "L")
MORE_OF_IT = {"kind": "ordinary", "face_limit": "upto-1m", "monthly_max": 80, "reason": "business"}


def approvals(terminal: Terminal) -> dict[str, dict[str, Any]]:
    found = terminal.data("invoice.approvals", MULAN, service=QUOTA)["rows"]
    return {row["id"]: row for row in found}


def test_what_is_approved_is_seen_and_changes_when_an_officer_says_so(
    terminal: Terminal, centre: Centre
) -> None:
    centre.load()
    before = approvals(terminal)
    assert [row["approved"] for row in before.values()] == [True, True, False]
    assert (before["ordinary"]["face_limit"], before["ordinary"]["monthly_max"]) == ("upto-100k", 50)
    answer = submit(terminal, QUOTA, MULAN, **MORE_OF_IT)
    assert (answer.state, answer.result["state"], answer.result["due_on"]) == (
        "accepted",
        "open",
        "2026-11-09",
    )
    assert approvals(terminal) == before
    assert entitled(terminal, MULAN)["monthly_max"] == 50
    decide(centre, answer.result["case"])
    after = approvals(terminal)
    assert (after["ordinary"]["face_limit"], after["ordinary"]["monthly_max"]) == ("upto-1m", 80)
    assert after["special"] == before["special"]
    figures = entitled(terminal, MULAN)
    assert (figures["monthly_max"], figures["hold_max"], figures["per_time_max"]) == (80, 80, 25)
    assert figures["face_limit_fen"] == 100_000_000
    assert code(submit(terminal, QUOTA, MULAN, **MORE_OF_IT)) == "nothingChanged"


def test_a_refused_request_leaves_what_is_approved(terminal: Terminal, centre: Centre) -> None:
    before = approvals(terminal)
    case = submit(terminal, QUOTA, MULAN, **MORE_OF_IT).result["case"]
    decide(centre, case, "开票量没有变化")
    assert approvals(terminal) == before


def test_a_new_kind_is_approved_within_what_a_first_approval_may_be(
    terminal: Terminal, centre: Centre
) -> None:
    new = {**MORE_OF_IT, "kind": "roll"}
    for beyond in ({"monthly_max": 51, "face_limit": "upto-10k"}, {"monthly_max": 50}):
        assert code(submit(terminal, QUOTA, MULAN, **{**new, **beyond})) == "quotaFirst"
    within = {**new, "monthly_max": 20, "face_limit": "upto-10k"}
    decide(centre, submit(terminal, QUOTA, MULAN, **within).result["case"])
    assert approvals(terminal)["roll"]["monthly_max"] == 20


@pytest.mark.parametrize(
    ("who", "changed", "told"),
    [
        (subject("chen-mo", HEMU, "B"), {}, "roleNotAllowed"),
        (subject("tang-yue", HEMU), {}, "roleMissing"),
        (MULAN, {"face_limit": "upto-100k", "monthly_max": 50}, "nothingChanged"),
        (MULAN, {"kind": "electronic"}, "fieldWrong"),
        (MULAN, {"monthly_max": 0}, "fieldWrong"),
        (MULAN, {"monthly_max": 2001}, "fieldWrong"),
        (MULAN, {"reason": None}, "fieldMissing"),
    ],
)
def test_what_cannot_be_asked_for(
    terminal: Terminal, who: dict[str, Any], changed: dict[str, Any], told: str
) -> None:
    assert code(submit(terminal, QUOTA, who, **{**MORE_OF_IT, **changed})) == told
