"""Matters with a case: accepted, carried out at once or decided by an officer, told, and seen by their owner."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from bureau.city.cast import FIRMS, HEMU, QINGHE
from bureau.city.enterprises import CHENXING
from bureau.engine.matters import kinds
from bureau.engine.matters.deciding import approve, refuse_case
from bureau.engine.matters.effects import EFFECTS
from bureau.engine.matters.kinds import matters, read_matter
from bureau.errors import CaseDecided, CaseUnknown, MatterFileWrong, ReasonMissing
from bureau.store import tables
from bureau.texts import has, ids
from config.catalogue.models import FormStep, SubmitStep
from tests.bureau.conftest import Centre
from tests.bureau.terminals import CAST, Terminal, subject
from tests.shipped import CATALOGUE

MULAN = subject("he-mulan", HEMU, "L")
PHONE = "13900002345"
ADDRESS = "云川市书院区文庙街88号"
CHANGE, CONFIRM, DETAILS = "registration.change", "registration.confirm", "registration.query"
ABNORMAL = next(firm for firm in FIRMS if firm.state == "abnormal")


def details(terminal: Terminal, who: dict[str, Any] = MULAN) -> dict[str, Any]:
    found: dict[str, Any] = terminal.data("registration.details", who, service=DETAILS)
    return found


def progress(terminal: Terminal, who: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = terminal.data(
        "progress.list", who or subject("he-mulan", evidence="document", face=None), service="progress.query"
    )["rows"]
    return rows


def change(terminal: Terminal, who: dict[str, Any] = MULAN, **fields: Any) -> Any:
    """As the terminal sends it: every row of the form, what nobody gave is None."""
    data = {"phone": None, "bank": None, "account": None, "address": None, **fields}
    return terminal.do("matter.submit", data, who)


def code(answer: Any) -> str:
    assert answer.state == "refused" and answer.refusal is not None
    return str(answer.refusal.code)


def notices(terminal: Terminal) -> list[str]:
    return [n["kind"] for n in terminal.data("person.profile", subject("he-mulan"))["notices"]]


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


# --- the files -------------------------------------------------------------------------------------------------


def test_every_matter_belongs_to_a_service_that_submits_its_facts() -> None:
    submitting = {
        name
        for name, published in CATALOGUE.items()
        if any(isinstance(s, SubmitStep) and s.effect == "matter.submit" for s in published.service.steps)
    }
    assert submitting == set(matters())
    for name, matter in matters().items():
        (step,) = (s for s in CATALOGUE[name].service.steps if isinstance(s, SubmitStep))
        assert set(matter.facts) <= set(step.data)
        assert matter.effect in EFFECTS
        assert has(f"matter.{name}")


def test_every_option_that_is_registered_has_a_name() -> None:
    for published in CATALOGUE.values():
        for step in published.service.steps:
            for row in step.rows if isinstance(step, FormStep) else ():
                if row.id in ("bank", "accounting"):
                    assert {option.id for option in row.options} == set(ids(row.id))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"workdays": 0}, "needs workdays"),
        ({"workdays": -1}, "workdays"),
        ({"officer_for": ["adress"]}, "adress"),
        ({"basis": {"zh-CN": "法"}}, "en-US"),
        ({"surprise": 1}, "surprise"),
        ({"effect": "bind-role"}, "nowhere else"),
        ({"id": "registration.other"}, "registration.other.yaml"),
    ],
)
def test_a_mistake_in_a_matter_is_told_with_its_file(
    tmp_path: Path, changed: dict[str, Any], told: str
) -> None:
    data = yaml.safe_load((kinds.FOLDER / f"{CHANGE}.yaml").read_text())
    path = tmp_path / f"{CHANGE}.yaml"
    path.write_text(yaml.safe_dump({**data, **changed}, allow_unicode=True))
    with pytest.raises(MatterFileWrong, match=told) as caught:
        read_matter(path)
    assert path.name in str(caught.value)


def test_a_file_that_is_no_yaml_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.y.yaml"
    path.write_bytes(b"id: [\n\xff")
    with pytest.raises(MatterFileWrong, match=r"x\.y\.yaml"):
        read_matter(path)


# --- roles -----------------------------------------------------------------------------------------------------

BIND, UNBIND, VERIFY = "identity.bind-role", "identity.unbind-role", "registration.verify"
TANG = CAST["tang-yue"]


def bind(terminal: Terminal, role: str = "handler", number: str = TANG.number, who: Any = MULAN) -> Any:
    return terminal.do("matter.submit", {"role": role, "number": number}, who, service=BIND)


def officers(terminal: Terminal) -> dict[tuple[str, str], str]:
    """Who acts for the enterprise: name and role, and how the post is named."""
    return {(o["name"], o["role"]["zh-CN"]): o["id"] for o in details(terminal)["officers"]}


def roles(terminal: Terminal, persona: str) -> set[tuple[str, str]]:
    found = terminal.data("person.profile", subject(persona))["roles"]
    return {(role["taxpayer"], role["role"]) for role in found}


def test_a_bound_person_acts_for_the_enterprise_at_once_and_is_told(terminal: Terminal) -> None:
    assert roles(terminal, "tang-yue") == set()
    assert bind(terminal).result["state"] == "approved"
    assert roles(terminal, "tang-yue") == {(HEMU, "T")}
    told = terminal.data("person.profile", subject("tang-yue"))["notices"]
    assert [notice["kind"] for notice in told] == ["role-bound"]
    assert "云川禾木文具有限公司" in told[0]["text"]["zh-CN"] and "办税员" in told[0]["text"]["zh-CN"]
    assert change(terminal, subject("tang-yue", HEMU, "T"), phone=PHONE).state == "accepted"


def test_who_is_to_be_bound_is_shown_by_name_to_who_may_bind_alone(terminal: Terminal) -> None:
    params = {"number": TANG.number}
    assert terminal.data("identity.candidate", MULAN, params, service=BIND) == {"name": TANG.name}
    shen = terminal.ask("identity.candidate", subject("shen-zhizhou", HEMU, "T"), params, service=BIND)
    assert shen.refusal is not None and shen.refusal.code == "roleNotAllowed"
    nobody = terminal.ask("identity.candidate", MULAN, {"number": CAST["sun-li"].number}, service=BIND)
    assert nobody.refusal is not None and nobody.refusal.code == "candidateUnknown"


@pytest.mark.parametrize(
    ("role", "number", "told"),
    [
        ("handler", CAST["sun-li"].number, "candidateUnknown"),
        ("handler", CAST["shen-zhizhou"].number, "roleHeld"),
        ("handler", "123456789012345678", "fieldWrong"),
        ("owner", TANG.number, "fieldWrong"),
    ],
)
def test_a_role_that_cannot_be_given_is_refused(
    terminal: Terminal, role: str, number: str, told: str
) -> None:
    before = officers(terminal)
    assert code(bind(terminal, role, number)) == told
    assert officers(terminal) == before


def test_a_tax_handler_gives_nobody_a_role(terminal: Terminal) -> None:
    assert code(bind(terminal, who=subject("shen-zhizhou", HEMU, "T"))) == "roleNotAllowed"


def test_a_released_person_acts_no_more_from_that_day_and_may_be_bound_again(
    terminal: Terminal, centre: Centre
) -> None:
    post = officers(terminal)[("沈知舟", "办税员")]
    assert terminal.do("matter.submit", {"post": post}, MULAN, service=UNBIND).state == "accepted"
    assert (HEMU, "T") not in roles(terminal, "shen-zhizhou")
    assert code(change(terminal, subject("shen-zhizhou", HEMU, "T"), phone=PHONE)) == "roleMissing"
    told = terminal.data("person.profile", subject("shen-zhizhou"))["notices"]
    assert "role-released" in [notice["kind"] for notice in told]
    again = terminal.do("matter.submit", {"post": post}, MULAN, service=UNBIND)
    assert code(again) == "postUnknown"
    assert bind(terminal, number=CAST["shen-zhizhou"].number).state == "accepted"
    assert (HEMU, "T") in roles(terminal, "shen-zhizhou")
    t = tables.registration_entry
    query = select(t.c.value).where(t.c.fact == f"post.{post}").order_by(t.c.line)
    with centre.database.read() as connection:
        assert list(connection.execute(query).scalars()) == ["released", "bound"]


def test_the_legal_representative_is_the_company_registers(terminal: Terminal) -> None:
    post = officers(terminal)[("何木兰", "法定代表人")]
    row = next(o for o in details(terminal)["officers"] if o["id"] == post)
    assert row["releasable"] is False and "市场监管" in row["why_not"]["zh-CN"]
    assert code(terminal.do("matter.submit", {"post": post}, MULAN, service=UNBIND)) == "postOfRegister"


@pytest.mark.parametrize("data", [{}, {"post": None}])
def test_a_release_of_nobody_is_refused(terminal: Terminal, data: dict[str, Any]) -> None:
    assert code(terminal.do("matter.submit", data, MULAN, service=UNBIND)) == "fieldMissing"


def test_posts_are_named_without_the_number_of_the_person(terminal: Terminal) -> None:
    for post in officers(terminal).values():
        assert not any(person.number in post for person in CAST.values())


# --- withholding, and what anybody may check -------------------------------------------------------------------


def test_a_withholding_agent_is_registered_from_the_day_of_the_duty(terminal: Terminal) -> None:
    data = {"withholding": "wages", "withholding_since": "2026-10-01"}
    assert terminal.do("matter.submit", data, MULAN, service="registration.withholding").state == "accepted"
    found = details(terminal)
    assert (found["facts"]["withholding"], found["facts"]["withholding_since"]) == ("wages", "2026-10-01")
    again = terminal.do("matter.submit", data, MULAN, service="registration.withholding")
    assert code(again) == "nothingChanged"


@pytest.mark.parametrize("since", ["2026-10-13", "2026-02-30", "soon", 20261001])
def test_a_duty_that_begins_tomorrow_or_on_no_day_is_none_yet(terminal: Terminal, since: Any) -> None:
    data = {"withholding": "wages", "withholding_since": since}
    answer = terminal.do("matter.submit", data, MULAN, service="registration.withholding")
    assert code(answer) == "fieldWrong"


def test_anybody_checks_a_registration_and_sees_what_is_public_alone(terminal: Terminal) -> None:
    found = terminal.data("registration.verify", {}, {"taxpayer": HEMU}, service=VERIFY)
    assert (found["name"], found["state"]["zh-CN"]) == ("云川禾木文具有限公司", "正常")
    assert found["taxation"]["zh-CN"] == "小规模纳税人"
    assert not {"phone", "account", "address", "officers"} & found.keys()
    unknown = terminal.ask("registration.verify", {}, {"taxpayer": "91110108MA01K1050C"}, service=VERIFY)
    assert unknown.refusal is not None and unknown.refusal.code == "taxpayerUnknown"
    other = terminal.ask("registration.details", MULAN, service=VERIFY)
    assert other.refusal is not None and other.refusal.code == "notOfThisService"


# --- debit agreement, preferences ------------------------------------------------------------------------------

DEBIT = {"debit": True, "debit_bank": "icbc", "debit_account": "6222000000000000001"}


def test_a_debit_agreement_is_in_force_when_the_bank_has_checked_it_and_can_be_ended(
    terminal: Terminal, centre: Centre
) -> None:
    signed = terminal.do("matter.submit", DEBIT, MULAN, service="agreement.triparty")
    assert (signed.state, signed.result["state"]) == ("accepted", "open")
    assert "debit" not in details(terminal)["facts"]
    with centre.system.write() as work:
        approve(work.core, signed.result["case"], "周审核")
    assert details(terminal)["facts"].items() >= DEBIT.items()
    ended = terminal.do("matter.submit", {**DEBIT, "debit": False}, MULAN, service="agreement.triparty")
    with centre.system.write() as work:
        approve(work.core, ended.result["case"], "周审核")
    assert details(terminal)["facts"]["debit"] is False


def test_a_debit_needs_its_account_and_a_yes_or_no(terminal: Terminal) -> None:
    for changed, told in (({"debit_account": None}, "fieldMissing"), ({"debit": "yes"}, "fieldWrong")):
        answer = terminal.do("matter.submit", {**DEBIT, **changed}, MULAN, service="agreement.triparty")
        assert code(answer) == told


def test_a_preference_is_filed_with_the_month_from_which_it_counts(terminal: Terminal) -> None:
    data = {"preference": "software", "preference_since": "2026-09", "preference_kept": True}
    assert terminal.do("matter.submit", data, MULAN, service="preference.file").state == "accepted"
    assert details(terminal)["facts"].items() >= data.items()
    later = {**data, "preference_since": "2026-11"}
    assert code(terminal.do("matter.submit", later, MULAN, service="preference.file")) == "fieldWrong"


# --- general taxpayers -----------------------------------------------------------------------------------------

GENERAL = "registration.general-taxpayer"
LINTAO = subject("lin-tao", CHENXING, "L")
"""Of the tea house: small-scale, by the quarter, the last one filed."""
CHOICE = {"general_reason": "voluntary", "general_accounts": True}


def general(terminal: Terminal, who: dict[str, Any] = LINTAO, **changed: Any) -> Any:
    return terminal.do("matter.submit", {**CHOICE, **changed}, who, service=GENERAL)


def test_a_small_scale_taxpayer_becomes_a_general_one_from_the_first_of_the_month(terminal: Terminal) -> None:
    assert details(terminal, LINTAO)["taxation"]["zh-CN"] == "小规模纳税人"
    answer = general(terminal)
    assert (answer.state, answer.result["state"]) == ("accepted", "approved")
    assert answer.result["effective_on"] == "2026-10-01"
    after = details(terminal, LINTAO)
    assert after["taxation"]["zh-CN"] == "一般纳税人"
    assert after["facts"]["general_since"] == "2026-10-01"
    assert {fact: after["facts"][fact] for fact in CHOICE} == CHOICE
    verified = terminal.data("registration.verify", {}, {"taxpayer": CHENXING}, service=VERIFY)
    assert verified["taxation"]["zh-CN"] == "一般纳税人"


def test_a_general_taxpayer_files_no_small_scale_return_and_owes_none_of_the_months_before(
    terminal: Terminal, centre: Centre
) -> None:
    general(terminal)
    refusal = terminal.ask("vat.prefill", LINTAO).refusal
    assert refusal is not None and refusal.code == "notSmallScale"
    owed = terminal.data("obligations.list", LINTAO, service="query.due")["obligations"]
    assert not [row for row in owed if row["tax"].startswith("vat")], owed
    centre.clock.forward(hours=24 * 25)
    owed = terminal.data("obligations.list", LINTAO, service="query.due")["obligations"]
    assert [row["period_first"] for row in owed if row["tax"] == "vat-general"] == ["2026-10-01"]


def test_who_is_above_the_threshold_registers_whatever_the_books_are(terminal: Terminal) -> None:
    assert general(terminal, general_reason="threshold", general_accounts=False).state == "accepted"


def test_a_general_taxpayer_for_each_reason_not(terminal: Terminal, centre: Centre) -> None:
    assert code(general(terminal, general_accounts=False)) == "accountsUnsound"
    assert code(general(terminal, general_reason="because")) == "fieldWrong"
    assert code(general(terminal, MULAN)) == "unfiledBeforeGeneral"
    sheng = subject("qian-sheng", ABNORMAL.taxpayer, "L")
    assert code(general(terminal, sheng)) == "taxpayerAbnormal"
    assert general(terminal).state == "accepted"
    assert code(general(terminal)) == "alreadyGeneral"


def test_in_the_middle_of_a_quarter_it_is_a_matter_for_a_counter(terminal: Terminal, centre: Centre) -> None:
    centre.clock.forward(hours=24 * 25)
    assert code(general(terminal)) == "generalMidQuarter"
