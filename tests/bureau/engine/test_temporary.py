"""Temporary registration (临时税务登记): who gets one, under which number, and what works with it from then on."""

from __future__ import annotations

import json
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from bureau.city.cast import HEMU
from bureau.engine.matters.deciding import approve, refuse_case
from bureau.engine.reminding.matters import answering, open_matters
from bureau.engine.rules import Rules
from bureau.errors import TemporaryRefused
from bureau.ports.core import Core
from bureau.ports.registration import Person, PersonKey
from bureau.store import tables
from kiosk.domain.checkdigits import resident_check
from kiosk.domain.identifiers import check_number, check_registered
from kiosk.domain.tax.parameters import built_in
from tests.bureau.conftest import Centre
from tests.bureau.engine.matters import VERIFY, code, progress
from tests.bureau.engine.test_matter_notices import facts, shown
from tests.bureau.returns import filled
from tests.bureau.terminals import CAST, Terminal, subject

RULES = Rules(built_in())
SERVICE = "registration.temporary"
TANG = subject("tang-yue")
STALL = {
    "name": "翠湖书摊", "activity": "retail", "address": "云川市书院区翠湖路51号", "district": "city",
    "grounds": "own", "starts_on": "2026-10-01", "ends_on": "2027-09-30", "phone": "19900001022",
    "bank": None, "account": None,
}  # fmt: skip


def register(terminal: Terminal, who: dict[str, Any] = TANG, **changed: Any) -> Any:
    return terminal.do("matter.submit", {**STALL, **changed}, who, service=SERVICE)


def registered(terminal: Terminal, **changed: Any) -> str:
    answer = register(terminal, **changed)
    assert (answer.state, answer.result["state"]) == ("accepted", "approved"), answer.refusal
    return str(answer.result["taxpayer"])


def head(number: str) -> dict[str, Any]:
    return subject("tang-yue", number, "L")


def prefill(terminal: Terminal, who: dict[str, Any] = TANG) -> Any:
    return terminal.ask("registration.temporary", who, service=SERVICE)


def tang(core: Core) -> Person:
    found = core.registration.person(PersonKey(CAST["tang-yue"].kind, CAST["tang-yue"].number))
    assert found is not None
    return found


def enrolled(centre: Centre, kind: str, number: str, name: str = "范小舟") -> dict[str, Any]:
    """Somebody whom the bureau knows by this document."""
    row = {"kind": kind, "number": number, "name": name, "latin_name": "", "mobile": "19900001099"}
    with centre.database.write() as connection:
        connection.execute(insert(tables.person).values(**row, enrolled_at=centre.clock.now()))
    return subject("tang-yue", kind=kind, number=number, name=name)


def born(day: date) -> str:
    body = f"539902{day:%Y%m%d}013"
    return body + resident_check(body)


# --- what is made -----------------------------------------------------------------------------------------------


def test_a_stall_is_registered_at_once_and_found_among_the_persons_roles(terminal: Terminal) -> None:
    known = prefill(terminal).data
    assert (known["phone"], known["name"], known["latest"]) == ("19900001022", None, "2027-10-12")
    number = registered(terminal, bank="icbc", account="6222000000000000009")
    (role,) = terminal.data("person.profile", TANG)["roles"]
    assert (role["taxpayer"], role["name"], role["role"]) == (number, "翠湖书摊", "L")
    assert role["temporary"] and role["small_scale"] and role["state"] == "normal"
    found = terminal.data("registration.details", head(number), service="registration.query")
    assert (found["registered_on"], found["valid_until"]) == ("2026-10-12", "2027-09-30")
    assert (found["address"], found["industry"], found["phone"]) == (STALL["address"], "零售", "19900001022")
    assert (found["bank"], found["account"]) == ("icbc", "6222000000000000009")
    assert [officer["role"]["zh-CN"] for officer in found["officers"]] == ["负责人"]
    assert found["facts"]["starts_on"] == "2026-10-01" and found["facts"]["grounds"] == "own"


@pytest.mark.parametrize(("district", "rate"), [("city", "0.07"), ("county", "0.05"), ("other", "0.01")])
def test_the_city_tax_goes_by_where_the_business_is(
    terminal: Terminal, centre: Centre, district: str, rate: str
) -> None:
    number = registered(terminal, district=district)
    with centre.system.read() as work:
        made = work.core.registration.taxpayer(number)
    assert made is not None
    assert (made.city_rate, made.levy_rate, made.quarterly, made.temporary) == (rate, "0.03", True, True)


def test_the_other_services_work_with_it(terminal: Terminal) -> None:
    who = head(registered(terminal))
    changed = terminal.do("matter.submit", {"phone": "13900002345"}, who, service="registration.change")
    assert changed.state == "accepted"
    sale = {"kind": "special", "buyer": "云川禾木文具有限公司", "buyer_number": HEMU, "goods": "3070500000000000000",
            "name": "保洁", "unit": "次", "quantity": 1, "gross_fen": 10_100}  # fmt: skip
    assert terminal.data("agency.tax", who, sale, "invoice.issue")["total_fen"] > 0
    assert terminal.data("invoice.entitlement", who, {"units": []})["blocked"]["code"] == "noApproval"
    title = terminal.data("invoice.title", who, service="invoice.title-code")
    assert who["taxpayer"] in str(title)


# --- the number -------------------------------------------------------------------------------------------------


def test_the_number_is_the_bureaus_own_and_tells_nothing_of_the_person(
    terminal: Terminal, centre: Centre, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    tang = CAST["tang-yue"]
    answer = register(terminal)
    number = str(answer.result["taxpayer"])
    assert answer.result["valid_until"] == "2027-09-30"
    assert check_number(number).number == number and number.startswith("01")
    assert check_registered(number).code == number
    slip = centre.container.site.records.slip(answer.key)
    assert number in str(slip) and STALL["name"] in str(slip)
    sheet = shown(terminal, answer.key)
    assert facts(sheet)["纳税人识别号"] == number
    told = [
        answer.result,
        str(slip),
        sheet,
        terminal.data("registration.verify", {}, {"taxpayer": number}, service=VERIFY),
        terminal.data("registration.details", head(number), service="registration.query"),
        progress(terminal, subject("tang-yue", evidence="document", face=None)),
    ]
    assert tang.number not in json.dumps(told, ensure_ascii=False, default=str)
    assert tang.number not in caplog.text
    with centre.database.read() as connection:
        t, e = tables.taxpayer, tables.registration_entry
        rows = connection.execute(select(t).where(t.c.taxpayer == number)).mappings().all()
        entered = connection.execute(select(e).where(e.c.taxpayer == number)).mappings().all()
        texts = connection.execute(select(tables.sms.c.text)).scalars().all()
    assert tang.number not in str((rows, entered, texts))


def test_anybody_may_check_it_by_its_number_and_nobody_by_the_persons(
    terminal: Terminal, centre: Centre
) -> None:
    number = registered(terminal)
    with centre.system.write() as work:
        work.core.registration.register_own(tang(work.core))
    found = centre.container.site.records.registration(number)
    assert found is not None and (found.name, found.valid_until) == ("翠湖书摊", date(2027, 9, 30))
    own = CAST["tang-yue"].number
    assert centre.container.site.records.registration(own) is None
    asked = terminal.ask("registration.verify", {}, {"taxpayer": own}, service=VERIFY)
    assert asked.refusal is not None and asked.refusal.code == "taxpayerUnknown"
    centre.clock.forward(days=365)
    ended = centre.container.site.records.registration(number)
    assert ended is not None and ended.state["zh-CN"] == "临时登记已到期"


# --- who gets none ----------------------------------------------------------------------------------------------

BAD: list[tuple[dict[str, Any], str]] = [
    ({"name": "书"}, "fieldWrong"),
    ({"name": None}, "fieldMissing"),
    ({"name": "唐悦 539902200306240152"}, "temporaryNameTells"),
    ({"name": "书摊１３９００００２３４５"}, "temporaryNameTells"),
    ({"activity": "piracy"}, "fieldWrong"),
    ({"district": "moon"}, "fieldWrong"),
    ({"starts_on": "2026-10-13"}, "fieldWrong"),
    ({"starts_on": "2025-10-11"}, "temporaryLongAgo"),
    ({"ends_on": "2026-10-11"}, "fieldWrong"),
    ({"ends_on": "2027-10-13"}, "temporaryTooLong"),
    ({"phone": "123"}, "fieldWrong"),
    ({"bank": "icbc"}, "factsTogether"),
    ({"account": "6222000000000000009"}, "factsTogether"),
]


@pytest.mark.parametrize(("fields", "told"), BAD)
def test_what_cannot_be_registered_is_refused_and_makes_nothing(
    terminal: Terminal, centre: Centre, fields: dict[str, Any], told: str
) -> None:
    assert code(register(terminal, **fields)) == told
    with centre.database.read() as connection:
        t = tables.taxpayer
        assert connection.execute(select(func.count()).where(t.c.kind == "temporary")).scalar() == 0


@pytest.mark.parametrize(
    ("who", "told"),
    [
        (subject("tang-yue", evidence="document", face=None), "identityWeak"),
        (subject("sun-li"), "personUnknown"),
        (subject("tang-yue", name="何木兰"), "nameDiffers"),
    ],
)
def test_nobody_registers_for_another(terminal: Terminal, who: dict[str, Any], told: str) -> None:
    asked = prefill(terminal, who)
    assert asked.refusal is not None and asked.refusal.code == told
    assert code(register(terminal, who)) == told


def test_who_has_an_individual_business_needs_none_and_a_company_head_may(terminal: Terminal) -> None:
    flower = subject("bai-lu")
    assert code(register(terminal, flower)) == "temporaryLicensed"
    mulan = subject("he-mulan")
    assert code(register(terminal, mulan, name="云川禾木文具 有限公司")) == "temporaryLicensed"
    assert register(terminal, mulan).result["state"] == "approved"
    assert register(terminal, flower, grounds="lease").result["state"] == "open"


@pytest.mark.parametrize(("birth", "may"), [(date(2008, 10, 12), True), (date(2008, 10, 13), False)])
def test_who_is_not_of_age_goes_to_a_counter(
    terminal: Terminal, centre: Centre, birth: date, may: bool
) -> None:
    who = enrolled(centre, "resident-id", born(birth))
    asked, answer = prefill(terminal, who), register(terminal, who)
    if may:
        assert asked.refusal is None and answer.result["state"] == "approved"
    else:
        assert asked.refusal is not None and asked.refusal.code == "temporaryMinor"
        assert "3 号窗口" in asked.refusal.next_step["zh-CN"] and code(answer) == "temporaryMinor"


# --- an officer -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("grounds", ["lease", "project"])
def test_a_contract_is_seen_by_an_officer_first(terminal: Terminal, centre: Centre, grounds: str) -> None:
    answer = register(terminal, grounds=grounds)
    assert (answer.result["state"], answer.result["taxpayer"]) == ("open", None)
    assert answer.result["valid_until"] is None
    assert answer.result["due_on"] == "2026-10-19"  # five working days
    assert terminal.data("person.profile", TANG)["roles"] == []
    asked = prefill(terminal)
    assert asked.refusal is not None and asked.refusal.code == "caseOpen"
    assert code(register(terminal)) == "caseOpen"
    case = answer.result["case"]
    centre.clock.forward(days=1)
    with centre.system.write() as work:
        approve(work.core, case, "周审核")
    (role,) = terminal.data("person.profile", TANG)["roles"]
    assert ("纳税人识别号", role["taxpayer"]) in [
        (label["zh-CN"], value) for label, value in centre.container.site.records.slip(answer.key).facts
    ]


def test_a_refusal_makes_nothing_and_the_person_may_ask_again(terminal: Terminal, centre: Centre) -> None:
    case = register(terminal, grounds="lease").result["case"]
    with centre.system.write() as work:
        refuse_case(work.core, case, "周审核", "没有合同")
    assert terminal.data("person.profile", TANG)["roles"] == []
    registered(terminal)


def test_a_passport_tells_no_age_so_an_officer_looks(terminal: Terminal, centre: Centre) -> None:
    who = enrolled(centre, "passport", "L898902C3")
    assert prefill(terminal, who).refusal is None
    assert register(terminal, who).result["state"] == "open"


def test_a_case_is_not_approved_beside_a_registration_in_force(terminal: Terminal, centre: Centre) -> None:
    case = register(terminal, grounds="lease").result["case"]
    with (
        centre.system.write() as work
    ):  # the case is filed under the document, as long as they declare nothing
        work.core.registration.register_own(tang(work.core))
    registered(terminal)
    with pytest.raises(TemporaryRefused), centre.system.write() as work:
        approve(work.core, case, "周审核")


# --- again ------------------------------------------------------------------------------------------------------


def test_a_second_visit_is_told_of_the_first_until_that_is_over(terminal: Terminal, centre: Centre) -> None:
    number = registered(terminal)
    asked = prefill(terminal)
    assert asked.refusal is not None and asked.refusal.code == "temporaryHeld"
    assert number in asked.refusal.text["zh-CN"] and "2027年9月30日" in asked.refusal.text["zh-CN"]
    assert code(register(terminal, name="另一摊")) == "temporaryHeld"
    centre.clock.at = centre.clock.at.replace(year=2027)  # 12 October, behind its last day
    known = prefill(terminal).data
    assert (known["name"], known["address"]) == ("翠湖书摊", STALL["address"])
    again = registered(terminal, starts_on="2027-10-01", ends_on="2028-09-30")
    assert again != number


def test_the_same_key_again_is_the_same_registration(terminal: Terminal, centre: Centre) -> None:
    signed = terminal.intent("matter.submit", STALL, TANG, service=SERVICE)
    assert terminal.send(signed) == terminal.send(signed)
    assert len(terminal.data("person.profile", TANG)["roles"]) == 1


def test_two_terminals_at_once_make_one(terminal: Terminal, centre: Centre) -> None:
    other, barrier = centre.terminal("B-01"), threading.Barrier(2)

    def send(sender: Terminal) -> Any:
        signed = sender.intent("matter.submit", STALL, TANG, service=SERVICE)
        barrier.wait(20)
        return sender.send(signed)

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(send, [terminal, other]))
    assert sorted(a.state.value for a in answers) == ["accepted", "refused"]
    assert [a.refusal.code for a in answers if a.refusal is not None] == ["temporaryHeld"]
    assert len(terminal.data("person.profile", TANG)["roles"]) == 1


def test_what_was_taken_offline_is_registered_on_delivery_and_told(
    terminal: Terminal, centre: Centre
) -> None:
    signed = terminal.intent("matter.submit", STALL, TANG, service=SERVICE, offline=True)
    centre.clock.forward(hours=5)
    answer = terminal.send(signed, queued=True)
    assert answer.state == "accepted" and answer.result["taxpayer"]
    with centre.database.read() as connection:
        (text,) = connection.execute(select(tables.sms.c.text)).scalars().all()
    assert "临时税务登记" in text and CAST["tang-yue"].number not in text


# --- what it has to declare -------------------------------------------------------------------------------------


def test_nothing_is_to_be_declared_before_its_first_quarter_is_over(
    terminal: Terminal, centre: Centre
) -> None:
    who = head(registered(terminal))
    for query, service in (("vat.prefill", "declare.vat-small"), ("return.prefill", "declare.zero")):
        early = terminal.ask(query, who, service=service).refusal
        assert early is not None and early.code == "notYetToFile"
        assert "2026年10–12月" in early.text["zh-CN"] and "1月1日" in early.next_step["zh-CN"]
    centre.clock.at = centre.clock.at.replace(year=2027, month=1, day=8)
    known = terminal.data("vat.prefill", who)
    assert (known["period_first"], known["period_last"]) == ("2026-10-01", "2026-12-31")
    assert terminal.do("declaration.submit", filled(known, 2_000_000), who).state == "accepted"


def test_a_return_of_a_period_before_it_began_is_not_taken(terminal: Terminal) -> None:
    who = head(registered(terminal))
    figures = filled({**terminal.data("vat.prefill", subject("shen-zhizhou", HEMU, "T"))}, 0)
    assert code(terminal.do("declaration.submit", figures, who)) == "notYetToFile"


def test_a_business_that_began_in_the_last_quarter_owes_its_return_now(
    terminal: Terminal, centre: Centre
) -> None:
    number = registered(terminal, starts_on="2026-09-20")
    assert terminal.data("vat.prefill", head(number))["period_last"] == "2026-09-30"
    with centre.system.read() as work:
        core, day = work.core, date(2026, 10, 12)
        made = core.registration.taxpayer(number)
        assert made is not None
        (due,) = open_matters(core, made, RULES, day)
        assert (due.what, due.limit) == ("file", date(2026, 10, 26))
        assert [person.name for person in answering(core, made, day, late=False)] == ["唐悦"]


def test_what_it_had_to_declare_is_declared_after_its_end_and_nothing_beyond(
    terminal: Terminal, centre: Centre
) -> None:
    number = registered(terminal, ends_on="2026-11-30")
    centre.clock.at = centre.clock.at.replace(year=2027, month=5, day=8)
    known = terminal.data("vat.prefill", head(number))
    assert (known["period_first"], known["period_last"]) == ("2026-10-01", "2026-12-31")
    assert terminal.do("declaration.submit", filled(known, 0), head(number)).state == "accepted"
    with centre.system.read() as work:
        made = work.core.registration.taxpayer(number)
        assert made is not None
        later = work.core.now.date() + timedelta(days=90)
        assert open_matters(work.core, made, RULES, later) == []


def test_after_its_end_no_invoice_is_issued_or_given_out(terminal: Terminal, centre: Centre) -> None:
    who = head(registered(terminal, ends_on="2026-10-31"))
    centre.clock.forward(days=20)
    sale = {"kind": "ordinary", "buyer": "个人", "goods": "3070500000000000000", "gross_fen": 10_100}
    refusal = terminal.ask("agency.tax", who, sale, "invoice.issue").refusal
    assert refusal is not None and refusal.code == "temporaryEnded"
    assert terminal.data("invoice.entitlement", who, {"units": []})["blocked"]["code"] == "temporaryEnded"
