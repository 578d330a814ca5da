"""Matters with a case: accepted, carried out at once or decided by an officer, told, and seen by their owner."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from bureau.city.cast import FIRMS, HEMU, QINGHE
from bureau.engine.matters.deciding import approve, refuse_case
from bureau.errors import CaseDecided, CaseUnknown, ReasonMissing
from bureau.store import tables
from bureau.texts import ids
from tests.bureau.conftest import Centre
from tests.bureau.engine.matters import (
    CONFIRM,
    DETAILS,
    MULAN,
    PHONE,
    change,
    code,
    details,
    notices,
    progress,
)
from tests.bureau.terminals import Terminal, subject

ADDRESS = "云川市书院区文庙街88号"
ABNORMAL = next(firm for firm in FIRMS if firm.state == "abnormal")


# --- what is registered ---------------------------------------------------------------------------------------


def test_the_registration_is_shown_with_phone_account_and_who_acts(terminal: Terminal) -> None:
    found = details(terminal)
    assert (found["taxpayer"], found["name"]) == (HEMU, "云川禾木文具有限公司")
    assert found["phone"] == "19900001004"  # its legal representative's
    assert found["bank"] in ids("bank") and found["bank_name"]["en-US"]
    assert len(found["account"]) == 19
    assert found["state"]["zh-CN"] == "正常"
    roles = [(officer["role"]["zh-CN"], officer["name"]) for officer in found["officers"]]
    assert roles[0] == ("法定代表人", "何木兰")
    assert ("办税员", "沈知舟") in roles and ("购票员", "周明远") in roles
    assert (found["accounting"], found["confirmed_on"]) == (None, None)


@pytest.mark.parametrize(
    ("who", "told"),
    [
        (subject("zhou-mingyuan", HEMU, "B"), "roleNotAllowed"),
        (subject("tang-yue", HEMU), "roleMissing"),
        (subject("he-mulan", HEMU, "L", evidence="document", face=None), "identityWeak"),
        (subject("sun-li", HEMU), "personUnknown"),
        (subject("he-mulan"), "taxpayerMissing"),
    ],
)
def test_nobody_else_sees_or_changes_it(terminal: Terminal, who: dict[str, Any], told: str) -> None:
    refusal = terminal.ask("registration.details", who, service=DETAILS).refusal
    assert refusal is not None and refusal.code == told
    assert code(change(terminal, who, phone=PHONE)) == told


# --- a change that counts at once -----------------------------------------------------------------------------


def test_the_head_hears_of_another_account_to_which_refunds_go(terminal: Terminal) -> None:
    handler, account = subject("shen-zhizhou", HEMU, "T"), "6217000000000001234"
    assert change(terminal, handler, phone=PHONE).state == "accepted"
    assert notices(terminal) == [], "a phone moves no money"
    assert change(terminal, handler, bank="icbc", account=account).state == "accepted"
    (told,) = terminal.data("person.profile", subject("he-mulan"))["notices"]
    assert told["kind"] == "account-changed" and account[-4:] in told["text"]["zh-CN"]
    assert account not in str(told) and "云川禾木文具有限公司" in told["text"]["en-US"]
    assert change(terminal, MULAN, bank="icbc", account=account[::-1]).state == "accepted"
    assert len(notices(terminal)) == 1, "she knows what she did herself"


def test_a_new_phone_is_in_force_at_once_and_only_what_changed_is_entered(
    terminal: Terminal, centre: Centre
) -> None:
    before = details(terminal)
    answer = change(terminal, phone=PHONE, bank=before["bank"], account=before["account"])
    assert answer.state == "accepted"
    assert answer.result["state"] == "approved"
    assert answer.result["effective_on"] == "2026-10-12"
    assert "登记管理办法" in answer.result["basis"]["zh-CN"]
    found = details(terminal)
    assert found == {**before, "phone": PHONE, "facts": {**before["facts"], "phone": PHONE}}
    t = tables.registration_entry
    query = select(t.c.fact, t.c.value, t.c.line).where(t.c.case_no == answer.result["case"])
    with centre.database.read() as connection:
        assert [tuple(row) for row in connection.execute(query)] == [("phone", PHONE, 2)]


def test_what_stood_there_before_stays_as_history_by_day(terminal: Terminal, centre: Centre) -> None:
    change(terminal, phone=PHONE)
    centre.clock.forward(days=3)
    change(terminal, phone="13900009999")
    with centre.system.read() as work:
        phones = [
            work.core.registration.facts(HEMU, day)["phone"]
            for day in (date(2026, 10, 11), date(2026, 10, 12), date(2026, 10, 14), date(2026, 10, 15))
        ]
    assert phones == ["19900001004", PHONE, PHONE, "13900009999"]


def test_the_store_itself_lets_nobody_rewrite_the_history(terminal: Terminal, centre: Centre) -> None:
    change(terminal, phone=PHONE)
    for statement in (update(tables.registration_entry).values(line=9), tables.registration_entry.delete()):
        with pytest.raises(DBAPIError, match="append only"), centre.database.write() as connection:
            connection.execute(statement)


def test_the_same_key_again_is_the_same_case(terminal: Terminal, centre: Centre) -> None:
    signed = terminal.intent("matter.submit", {"phone": PHONE}, MULAN)
    first, again = terminal.send(signed), terminal.send(signed)
    assert first == again
    assert len(progress(terminal)) == 1


BAD: list[tuple[dict[str, Any], str]] = [
    ({}, "nothingChanged"),
    ({"phone": "19900001004"}, "nothingChanged"),
    ({"phone": "12345"}, "fieldWrong"),
    ({"phone": True}, "fieldWrong"),
    ({"bank": "swiss"}, "fieldWrong"),
    ({"account": "12345678"}, "fieldWrong"),
    ({"account": "62220000000000000A"}, "fieldWrong"),
    ({"account": "６２２２００００００００００００"}, "fieldWrong"),
    ({"account": 6222000000000000}, "fieldWrong"),
    ({"address": "短"}, "fieldWrong"),
    ({"address": "云川市书院区\n文庙街88号"}, "fieldWrong"),
    ({"address": "长" * 61}, "fieldWrong"),
    ({"name": "另一家公司"}, "fieldUnknown"),
]


@pytest.mark.parametrize(("fields", "told"), BAD)
def test_what_cannot_be_registered_is_refused_and_changes_nothing(
    terminal: Terminal, fields: dict[str, Any], told: str
) -> None:
    before = details(terminal)
    assert code(change(terminal, **fields)) == told
    assert details(terminal) == before
    assert progress(terminal) == []


def test_a_bank_without_an_account_is_no_account(terminal: Terminal, centre: Centre) -> None:
    t = tables.registration_entry
    with centre.database.write() as connection:  # an enterprise that never had an account
        if connection.dialect.name == "postgresql":
            connection.execute(
                text("ALTER TABLE registration_entry DISABLE TRIGGER registration_entry_no_change")
            )
        else:
            connection.execute(text("DROP TRIGGER registration_entry_no_delete"))
        connection.execute(t.delete().where(t.c.taxpayer == HEMU, t.c.fact.in_(["bank", "account"])))
        if connection.dialect.name == "postgresql":
            connection.execute(
                text("ALTER TABLE registration_entry ENABLE TRIGGER registration_entry_no_change")
            )
    assert code(change(terminal, bank="icbc")) == "factsTogether"
    assert change(terminal, bank="icbc", account="6222000000000000001").state == "accepted"
    assert change(terminal, bank="abc").state == "accepted"


def test_a_cancelled_enterprise_changes_nothing(terminal: Terminal, centre: Centre) -> None:
    t = tables.taxpayer
    with centre.database.write() as connection:
        connection.execute(update(t).where(t.c.taxpayer == HEMU).values(state="cancelled"))
    assert code(change(terminal, phone=PHONE)) == "taxpayerCancelled"


def test_an_enterprise_in_abnormal_state_may_correct_its_phone(terminal: Terminal) -> None:
    answer = change(terminal, subject("qian-sheng", ABNORMAL.taxpayer, "L"), phone=PHONE)
    assert answer.state == "accepted"


# --- a change that an officer decides -------------------------------------------------------------------------


def opened(terminal: Terminal) -> str:
    answer = change(terminal, address=ADDRESS, phone=PHONE)
    assert (answer.state, answer.result["state"]) == ("accepted", "open")
    assert answer.result["due_on"] == "2026-10-19"  # five working days after 12 October
    return str(answer.result["case"])


def test_a_new_address_waits_for_an_officer_and_nothing_of_it_counts_before(terminal: Terminal) -> None:
    before = details(terminal)
    case = opened(terminal)
    assert details(terminal)["address"] == before["address"]
    assert details(terminal)["phone"] == before["phone"]
    (row,) = progress(terminal)
    assert (row["case"], row["state"], row["owner"]) == (case, "open", "云川禾木文具有限公司")
    assert "10月19日" in row["next_step"]["zh-CN"]
    assert code(change(terminal, phone="13900007777")) == "caseOpen"


def test_an_approved_case_counts_from_that_day_and_is_told(terminal: Terminal, centre: Centre) -> None:
    case = opened(terminal)
    centre.clock.forward(days=2)
    with centre.system.write() as work:
        done = approve(work.core, case, "周审核")
    assert (done.state, done.decided_by, done.effective_on) == ("approved", "周审核", date(2026, 10, 14))
    assert (details(terminal)["address"], details(terminal)["phone"]) == (ADDRESS, PHONE)
    assert progress(terminal)[0]["state"] == "approved"
    assert notices(terminal) == ["case-approved"]
    assert change(terminal, phone="13900007777").state == "accepted"


def test_a_refused_case_changes_nothing_and_its_reason_is_told(terminal: Terminal, centre: Centre) -> None:
    before, case = details(terminal), opened(terminal)
    with centre.system.write() as work:
        refuse_case(work.core, case, "周审核", "新地址属于云岭区税务局管辖")
    assert {**details(terminal), "as_of": before["as_of"]} == before
    (row,) = progress(terminal)
    assert (row["state"], row["due_on"]) == ("refused", None)
    assert "云岭区税务局" in row["next_step"]["zh-CN"]
    with centre.database.read() as connection:
        (sms,) = connection.execute(select(tables.sms.c.text)).scalars().all()
    assert "新地址属于云岭区税务局管辖" in sms and "行政复议" in sms


def test_a_case_is_decided_once(terminal: Terminal, centre: Centre) -> None:
    case = opened(terminal)
    with centre.system.write() as work:
        approve(work.core, case, "a")
    decide: tuple[Callable[[Any], Any], ...] = (
        lambda core: approve(core, case, "b"),
        lambda core: refuse_case(core, case, "b", "太迟"),
    )
    for again in decide:
        with pytest.raises(CaseDecided, match="approved already"), centre.system.write() as work:
            again(work.core)
    assert notices(terminal) == ["case-approved"]


def test_a_case_that_is_none_and_a_refusal_without_words_are_told(terminal: Terminal, centre: Centre) -> None:
    case = opened(terminal)
    with pytest.raises(CaseUnknown, match="no case 63"), centre.system.write() as work:
        approve(work.core, "63", "a")
    for reason in ("", "   ", "x" * 201, "两\n行"):
        with pytest.raises(ReasonMissing), centre.system.write() as work:
            refuse_case(work.core, case, "a", reason)
    assert progress(terminal)[0]["state"] == "open"


def test_the_code_on_the_slip_tells_how_the_case_stands_now(terminal: Terminal, centre: Centre) -> None:
    slip = centre.container.site.records.slip
    done = change(terminal, phone=PHONE)
    assert (slip(done.key).state, slip(done.key).text["zh-CN"]) == ("accepted", "自10月12日起生效")
    waits = change(terminal, address=ADDRESS)
    assert slip(waits.key).state == "open" and "10月19日" in slip(waits.key).text["zh-CN"]
    with centre.system.write() as work:
        refuse_case(work.core, waits.result["case"], "周审核", "不属于本局管辖")
    assert slip(waits.key).state == "refused" and "不属于本局管辖" in slip(waits.key).text["zh-CN"]
    assert slip(change(terminal, phone=PHONE).key).state == "refused"  # it never became a case


# --- offline ---------------------------------------------------------------------------------------------------


def test_what_was_taken_offline_is_carried_out_on_delivery_and_told(
    terminal: Terminal, centre: Centre
) -> None:
    signed = terminal.intent("matter.submit", {"phone": PHONE}, subject("he-mulan", HEMU), offline=True)
    centre.clock.forward(hours=5)
    assert terminal.send(signed, queued=True).state == "accepted"
    assert details(terminal)["phone"] == PHONE
    assert notices(terminal) == ["matter-accepted"]


def test_what_was_taken_offline_from_somebody_without_the_role_is_refused_and_told(
    terminal: Terminal, centre: Centre
) -> None:
    signed = terminal.intent("matter.submit", {"phone": PHONE}, subject("he-mulan", QINGHE), offline=True)
    centre.clock.forward(hours=5)
    assert code(terminal.send(signed, queued=True)) == "roleMissing"
    assert notices(terminal) == ["matter-refused"]


# --- confirmation, progress ------------------------------------------------------------------------------------


def test_a_confirmed_registration_keeps_the_day_and_the_standards(terminal: Terminal) -> None:
    known = details(terminal)
    data = {"phone": known["phone"], "accounting": "small"}
    answer = terminal.do("matter.submit", data, MULAN, service=CONFIRM)
    assert (answer.state, answer.result["state"]) == ("accepted", "approved")
    found = details(terminal)
    assert (found["accounting"], found["confirmed_on"]) == ("small", "2026-10-12")
    assert found["accounting_name"]["zh-CN"] == "小企业会计准则"
    again = terminal.do("matter.submit", data, MULAN, service=CONFIRM)
    assert again.state == "accepted"  # nothing has changed, and it is confirmed all the same


def test_a_confirmation_needs_every_row(terminal: Terminal) -> None:
    answer = terminal.do("matter.submit", {"phone": PHONE, "accounting": None}, MULAN, service=CONFIRM)
    assert code(answer) == "fieldMissing"
    assert "会计制度" in answer.refusal.text["zh-CN"]


def test_a_service_that_is_no_matter_opens_none(terminal: Terminal) -> None:
    answer = terminal.do("matter.submit", {"phone": PHONE}, MULAN, service="declare.vat-small")
    assert code(answer) == "notOfThisService"


def test_progress_shows_the_cases_of_every_enterprise_of_mine_and_nobody_elses(terminal: Terminal) -> None:
    case = opened(terminal)
    shen = subject("shen-zhizhou", evidence="document", face=None)  # its tax handler
    assert [row["case"] for row in progress(terminal, shen)] == [case]
    assert progress(terminal, subject("li-xiulan", evidence="document", face=None)) == []


def test_open_cases_stand_first_then_the_newest(terminal: Terminal, centre: Centre) -> None:
    case = opened(terminal)
    centre.clock.forward(hours=1)
    data = {"phone": PHONE, "accounting": "small"}
    confirmed = terminal.do("matter.submit", data, MULAN, service=CONFIRM).result["case"]
    assert [row["case"] for row in progress(terminal)] == [case, confirmed]
