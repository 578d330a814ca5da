"""Who looked at a person's data, what is held of them, the copy of it, and what is deleted when they want it."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from sqlalchemy import event, func, insert, select, update
from sqlalchemy.exc import DBAPIError

from bureau.city.cast import HEMU, PERSONAS
from bureau.city.own_taxes import CAR_OWNER
from bureau.engine import looks
from bureau.engine.matters.deciding import approve, refuse_case
from bureau.engine.own_data import RULES
from bureau.engine.reference.privacy import SOURCES
from bureau.ports.privacy import HeldKind, Look, Looked
from bureau.ports.registration import PersonKey
from bureau.store import tables
from bureau.texts import has, ids
from tests.bureau.conftest import Centre
from tests.bureau.engine.matters import DETAILS, MULAN, code
from tests.bureau.engine.test_sheets import YEAR, issue, of
from tests.bureau.pages import page, picture
from tests.bureau.terminals import CAST, Terminal, subject

MINE, ERASE = "privacy.my-data", "privacy.erase"
LI = subject("li-xiulan")
PERIOD = {"first": "2026-01", "last": "2026-09"}
BOUND = {"number": CAST["tang-yue"].number, "role": "handler"}


def key(persona: str) -> PersonKey:
    return PersonKey(CAST[persona].kind, CAST[persona].number)


def on_record(centre: Centre, persona: str) -> list[Look]:
    """The newest first."""
    with centre.system.read() as work:
        found: list[Looked] = list(work.core.privacy.looks(key(persona), 100))
    return [one.look for one in found]


def held(terminal: Terminal, who: dict[str, Any] = LI) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in terminal.data("privacy.held", who, service=MINE)["rows"]}


def erase(terminal: Terminal, kind: str, who: dict[str, Any] = LI) -> Any:
    return terminal.do("matter.submit", {"kind": kind}, who, service=ERASE)


# --- who looked -----------------------------------------------------------------------------------------------


def test_the_person_sees_what_they_asked_for_themself_where_when_and_for_what(
    terminal: Terminal, centre: Centre
) -> None:
    terminal.data("iit.record", LI, PERIOD)
    row = terminal.data("privacy.accesses", LI, service=MINE)["rows"][0]
    assert row["who"]["zh-CN"] == f"您本人（终端 {terminal.name}）"
    assert (row["what"]["zh-CN"], row["purpose"]["zh-CN"]) == ("收入纳税明细", "打印个税纳税记录")
    assert row["at"].startswith(centre.clock.now().isoformat()[:10])
    assert on_record(centre, "li-xiulan")[0] == Look("self", terminal.name, "access", MINE)
    assert on_record(centre, "he-mulan") == []


def test_what_was_refused_showed_nothing_and_is_no_access(terminal: Terminal, centre: Centre) -> None:
    weak = subject("li-xiulan", evidence="document", face=None)
    assert terminal.ask("iit.record", weak, PERIOD).refusal is not None
    assert code(erase(terminal, "return")) in ("dataNotHeld", "dataKept")
    assert on_record(centre, "li-xiulan") == []


def test_the_number_of_the_document_is_nowhere_in_the_record(terminal: Terminal, centre: Centre) -> None:
    terminal.data("iit.record", LI, PERIOD)
    with centre.database.read() as connection:
        rows = connection.execute(select(tables.access)).mappings().all()
        alias = connection.execute(
            select(tables.person.c.alias).where(tables.person.c.number == CAST["li-xiulan"].number)
        ).scalar()
        aliases = connection.execute(select(tables.person.c.alias)).scalars().all()
    assert [row["person"] for row in rows] == [alias]
    assert CAST["li-xiulan"].number not in str(rows) and CAST["li-xiulan"].name not in str(rows)
    assert None not in aliases and len(set(aliases)) == len(aliases)


def test_who_works_for_an_enterprise_learns_that_its_people_saw_them(
    terminal: Terminal, centre: Centre
) -> None:
    terminal.data("registration.details", MULAN, service=DETAILS)
    seen = Look("enterprise", "云川禾木文具有限公司", "role", DETAILS)
    assert on_record(centre, "shen-zhizhou") == [seen]
    assert on_record(centre, "he-mulan") == []  # what she is in the enterprise she saw as its head
    row = terminal.data("privacy.accesses", subject("shen-zhizhou"), service=MINE)["rows"][0]
    assert row["who"]["zh-CN"] == "云川禾木文具有限公司"


def test_who_is_looked_up_and_bound_learns_of_both(terminal: Terminal, centre: Centre) -> None:
    bind = "identity.bind-role"
    terminal.data("identity.candidate", MULAN, {"number": BOUND["number"]}, bind)
    assert terminal.do("matter.submit", BOUND, MULAN, service=bind).state == "accepted"
    firm = "云川禾木文具有限公司"
    assert on_record(centre, "tang-yue") == [
        Look("enterprise", firm, "role", bind),
        Look("enterprise", firm, "identity", bind),
    ]


def test_an_effect_in_ones_own_name_is_an_access_and_one_for_an_enterprise_is_none(
    terminal: Terminal, centre: Centre
) -> None:
    assert erase(terminal, "phone").state == "accepted"
    assert on_record(centre, "li-xiulan") == [Look("self", terminal.name, "case", ERASE)]
    assert terminal.do("matter.submit", {"phone": "13900002345", "bank": None, "account": None,
                                         "address": None}, MULAN).state == "accepted"  # fmt: skip
    assert on_record(centre, "he-mulan") == []


@pytest.mark.parametrize(("payer", "seen"), [(subject(CAR_OWNER.id), True), (of("xu-wen"), False)])
def test_a_certificate_of_paid_taxes_is_a_persons_only_where_they_paid_in_their_own_name(
    terminal: Terminal, centre: Centre, payer: dict[str, Any], seen: bool
) -> None:
    number = issue(terminal, "tax-payment", payer, **YEAR, form="list").result["number"]
    records = centre.container.site.records
    record = records.certificate(number)
    assert record is not None
    records.checked(record, "")
    persona = next(one.id for one in PERSONAS if one.number == payer["person"]["number"])
    looks = [look.party for look in on_record(centre, persona)]
    assert ("public" in looks) is seen


def test_the_same_effect_again_is_one_access(terminal: Terminal, centre: Centre) -> None:
    sent = terminal.intent("matter.submit", {"kind": "phone"}, LI, service=ERASE)
    assert terminal.send(sent) == terminal.send(sent)
    assert len(on_record(centre, "li-xiulan")) == 1


def test_whoever_checks_a_certificate_of_mine_is_seen_and_who_guesses_is_not(
    terminal: Terminal, centre: Centre
) -> None:
    shown = terminal.data("iit.record", LI, PERIOD)
    wanted = {"certificate": "iit-record", **PERIOD, "content_sha256": shown["content_sha256"]}
    number = terminal.do("certificate.issue", wanted, LI).result["number"]
    before = len(on_record(centre, "li-xiulan"))
    records = centre.container.site.records
    record = records.certificate(number)
    assert record is not None
    assert len(on_record(centre, "li-xiulan")) == before  # found, and nothing was shown of it yet
    records.checked(record, terminal.name)
    centre.clock.forward(seconds=1)
    records.checked(record, "")
    page_, at = on_record(centre, "li-xiulan")[:2]
    assert page_ == Look("public", "", "certificate", "certificate.verify")
    assert at == Look("public", terminal.name, "certificate", "certificate.verify")
    rows = terminal.data("privacy.accesses", LI, service=MINE)["rows"]
    assert [row["who"]["en-US"] for row in rows[:2]] == [
        "Holder of your certificate (public page)",
        f"Holder of your certificate (terminal {terminal.name})",
    ]


def test_a_question_is_one_row_in_one_transaction(terminal: Terminal, centre: Centre) -> None:
    writes: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.lstrip().upper().startswith(("SELECT", "BEGIN")):
            writes.append(statement)

    engine = centre.database._writer
    event.listen(engine, "before_cursor_execute", note)
    terminal.data("iit.record", LI, PERIOD)
    event.remove(engine, "before_cursor_execute", note)
    assert len(writes) == 1 and writes[0].startswith("INSERT INTO access")


def test_no_access_is_ever_changed_and_they_go_after_three_years(terminal: Terminal, centre: Centre) -> None:
    terminal.data("iit.record", LI, PERIOD)
    with pytest.raises(DBAPIError, match="append only"), centre.database.write() as connection:
        connection.execute(update(tables.access).values(who="nobody"))
    centre.clock.forward(days=3 * 365)
    sweep(centre)
    assert len(on_record(centre, "li-xiulan")) == 1
    centre.clock.forward(days=2)
    sweep(centre)
    assert on_record(centre, "li-xiulan") == []


def sweep(centre: Centre) -> None:
    (chore,) = (c for c in centre.container.housekeeping.chores if c.name == "records of accesses")
    chore.work()


def test_every_question_says_what_it_shows_of_a_person(centre: Centre) -> None:
    known = set(centre.container.queries.registry)
    assert not set(looks.QUERIES) & looks.NOT_OF_A_PERSON
    assert known == set(looks.QUERIES) | looks.NOT_OF_A_PERSON | looks.OTHERS


def test_every_command_and_kind_has_words() -> None:
    for kind in RULES:
        assert has(f"held.{kind}")
    assert set(RULES) == set(SOURCES) == set(get_args(HeldKind))
    assert ids("look.purpose")


# --- what is held ---------------------------------------------------------------------------------------------


def test_every_table_that_names_a_person_is_counted() -> None:
    naming = {
        t.name for t in tables.metadata.sorted_tables if {"person_number", "buyer_number"} & set(t.c.keys())
    }
    counted = {source.table.name for sources in SOURCES.values() for source in sources}
    assert naming <= counted


def test_each_kind_tells_since_when_until_when_and_why(terminal: Terminal, centre: Centre) -> None:
    found = held(terminal)
    assert list(found)[0] == "phone" and found["phone"]["erasable"]
    income = found["income"]
    with centre.database.read() as connection:
        t = tables.income
        rows = select(func.count(), func.min(t.c.entry_date), func.max(t.c.entry_date))
        count, first, last = connection.execute(
            rows.where(t.c.person_number == CAST["li-xiulan"].number)
        ).one()
    assert (income["count"], income["since"]) == (count, first.isoformat())
    assert income["until"]["zh-CN"] == f"至{last.year + 10}年{last.month}月{last.day}日"
    assert "第二十九条" in income["basis"]["zh-CN"] and not income["erasable"]
    assert income["why_not"]["zh-CN"].startswith("依法保存")
    assert found["vehicle"]["count"] == 2
    assert "prize" not in found
    assert held(terminal, subject("tang-yue")).keys() != found.keys()


def test_nobody_else_asks_for_it(terminal: Terminal) -> None:
    for query in ("privacy.held", "privacy.accesses"):
        for who, told in (
            (subject("li-xiulan", evidence="document", face=None), "identityWeak"),
            (subject("sun-li"), "personUnknown"),
            (subject("li-xiulan", name="唐悦"), "nameDiffers"),
            ({"person": None, "taxpayer": HEMU, "role": "L"}, "identityMissing"),
        ):
            refusal = terminal.ask(query, who, service=MINE).refusal
            assert refusal is not None and refusal.code == told


def test_the_copy_says_what_is_held_with_the_numbers_in_full_on_paper_alone(
    terminal: Terminal, centre: Centre
) -> None:
    shown = terminal.data("certificate.preview", LI, service=MINE)
    li = CAST["li-xiulan"]
    assert li.number not in str(shown) and li.mobile not in str(shown)
    found = held(terminal)
    assert [row[0]["zh-CN"] for row in shown["rows"]] == [
        row["title"]["zh-CN"] for kind, row in found.items() if kind != "access"
    ]
    data = {"certificate": "personal-data", "content_sha256": shown["content_sha256"]}
    issued = terminal.do("certificate.issue", data, LI, service=MINE)
    assert issued.state == "accepted" and issued.result["pages"] >= 1
    (drawn,) = centre.office.sheets
    assert [fact.value["zh-CN"] for fact in drawn.sheet.facts][-2:] == [li.number, li.mobile]
    assert code(terminal.do("certificate.issue", data, LI, service=MINE)) == "changedMeanwhile"
    other = {**data, "certificate": "residence"}
    assert code(terminal.do("certificate.issue", other, LI, service=MINE)) == "notOfThisService"


# --- deletion -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["income", "vehicle", "identity"])
def test_what_the_law_has_kept_is_refused_at_once_with_the_article(terminal: Terminal, kind: str) -> None:
    answer = erase(terminal, kind)
    assert code(answer) == "dataKept"
    assert held(terminal)[kind]["basis"]["zh-CN"] in answer.refusal.text["zh-CN"]
    assert "手机号" in answer.refusal.next_step["zh-CN"]


@pytest.mark.parametrize("kind", ["scan", "nonsense"])
def test_what_is_not_held_is_not_deleted(terminal: Terminal, kind: str) -> None:
    assert code(erase(terminal, kind)) == "dataNotHeld"


def test_the_phone_is_gone_with_every_message_once_an_officer_approved(
    terminal: Terminal, centre: Centre
) -> None:
    mobile = CAST["li-xiulan"].mobile
    row = {"sms": "s-1", "notice": "", "mobile": mobile, "text": "验证码", "at": centre.clock.now()}
    with centre.database.write() as connection:
        connection.execute(insert(tables.sms).values(row))
    answer = erase(terminal, "phone")
    assert answer.state == "accepted" and answer.result["state"] == "open"
    assert answer.result["due_on"] == "2026-11-02"
    assert "phone" in held(terminal)
    assert code(erase(terminal, "phone")) == "caseOpen"
    with centre.system.write() as work:
        assert approve(work.core, answer.result["case"], "王敏").state == "approved"
    assert "phone" not in held(terminal)
    with centre.database.read() as connection:
        for table in (tables.sms, tables.phone_code, tables.person):
            found = connection.execute(select(func.count()).where(table.c.mobile == mobile)).scalar()
            assert found == 0, table.name
    told = terminal.data("person.profile", LI)["notices"]
    assert [notice["kind"] for notice in told]  # at the terminal, as there is no phone any more
    assert code(erase(terminal, "phone")) == "dataNotHeld"


def test_a_refused_deletion_deletes_nothing(terminal: Terminal, centre: Centre) -> None:
    case = erase(terminal, "phone").result["case"]
    with centre.system.write() as work:
        refuse_case(work.core, case, "王敏", "案件未结")
    assert "phone" in held(terminal)


def test_scanned_pages_of_no_case_are_deleted_and_those_of_a_case_are_kept(
    terminal: Terminal, centre: Centre
) -> None:
    assert terminal.do("material.page", page(picture()), LI).state == "accepted"
    assert held(terminal)["scan"]["count"] == 1
    case = erase(terminal, "scan").result["case"]
    with centre.system.write() as work:
        approve(work.core, case, "王敏")
    assert "scan" not in held(terminal)
    with centre.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(tables.material_page)).scalar() == 0


def test_what_is_kept_cannot_be_erased_by_mistake(centre: Centre) -> None:
    with pytest.raises(ValueError, match="kept by law"), centre.system.write() as work:
        work.core.privacy.erase(key("li-xiulan"), "income")
