"""Phones by which invoices are issued for an enterprise: bound by whoever holds them, released by who acts there."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import select

from bureau.city.cast import HEMU
from bureau.city.issuing import FIRM, HOLDER
from bureau.engine.matters.issuing import BINDING, MOST_FIRMS, MOST_PHONES
from bureau.engine.reference.issuing import ReferenceIssuing
from bureau.engine.reference.work import ReferenceSystem
from bureau.ports.issuing import IssuingPhone
from bureau.ports.registration import PersonKey
from bureau.store import tables
from tests.bureau.conftest import Centre
from tests.bureau.engine.matters import MULAN, code
from tests.bureau.engine.test_agency import CAFE, issued
from tests.bureau.phones import MOBILE, prove
from tests.bureau.terminals import CAST, Terminal, subject
from tests.shipped import CATALOGUE

BIND, UNBIND = "invoice.phone-bind", "invoice.phone-unbind"
XU = subject("xu-wen", FIRM.taxpayer, "F")
Who = dict[str, Any]


def bind(terminal: Terminal, who: Who, phone: dict[str, str] | None, **more: Any) -> Any:
    return terminal.do("matter.submit", more, {**who, "phone": phone}, service=BIND)


def bound(terminal: Terminal, who: Who) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = terminal.data("invoice.phones", who, service=BIND)["rows"]
    return rows


def enter(centre: Centre, taxpayer: str, mobile: str, persona: str, case: str) -> None:
    """As another terminal would have bound it."""
    holder = PersonKey(CAST[persona].kind, CAST[persona].number)
    with ReferenceSystem(centre.database, centre.clock).write() as work:
        work.core.issuing.bind(IssuingPhone(taxpayer, mobile, holder, centre.clock.now().date(), case))


def test_a_phone_is_bound_in_the_hand_of_who_proved_it_and_the_head_is_told(
    terminal: Terminal, centre: Centre
) -> None:
    handler = subject("shen-zhizhou", HEMU, "T")
    assert bound(terminal, handler) == []
    done = bind(terminal, handler, prove(terminal, centre))
    assert done.result["state"] == "approved"
    (row,) = bound(terminal, handler)
    assert (row["mobile_masked"], row["name"]) == ("139****0007", "沈知舟")
    assert MOBILE not in str(row)
    told = terminal.data("person.profile", MULAN)["notices"]
    assert [notice["kind"] for notice in told] == ["issuing-phone-bound"]
    assert "139****0007" in told[0]["text"]["zh-CN"]


def test_a_number_on_the_wire_is_not_believed(terminal: Terminal, centre: Centre) -> None:
    phone = prove(terminal, centre)
    assert code(bind(terminal, MULAN, None)) == "phoneUnproven"
    assert code(bind(terminal, MULAN, {**phone, "mobile": "13900000000"})) == "phoneNotProven"
    assert code(bind(terminal, MULAN, phone, mobile="13900000000")) == "fieldUnknown"
    assert bound(terminal, MULAN) == []


def test_a_phone_is_bound_once_and_of_one_person(terminal: Terminal, centre: Centre) -> None:
    phone = prove(terminal, centre)
    assert bind(terminal, MULAN, phone).state == "accepted"
    assert code(bind(terminal, MULAN, phone)) == "issuingPhoneBound"
    assert code(bind(terminal, XU, phone)) == "issuingPhoneOfAnother"
    assert [row["name"] for row in bound(terminal, XU)] == [HOLDER.name]


def test_two_firms_never_bind_one_phone_in_two_hands_at_the_same_moment(
    terminal: Terminal, centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_looked, look = threading.Barrier(2), ReferenceIssuing.of_phone

    def looking(issuing: ReferenceIssuing, mobile: str) -> Sequence[IssuingPhone]:
        found = look(issuing, mobile)
        with suppress(threading.BrokenBarrierError):
            both_looked.wait(2)
        return found

    monkeypatch.setattr(ReferenceIssuing, "of_phone", looking)
    asking = []
    for place, who in (("C-01", MULAN), ("C-02", XU)):
        hall = centre.terminal(place)
        asking.append((hall, who, prove(hall, centre)))
        centre.clock.forward(minutes=2)  # a phone is not sent code upon code
    with ThreadPoolExecutor(len(asking)) as pool:
        found = [work.result(60) for work in [pool.submit(bind, *one) for one in asking]]
    assert sorted(answer.state for answer in found) == ["accepted", "refused"]
    assert [code(answer) for answer in found if answer.refusal] == ["issuingPhoneOfAnother"]


def test_neither_a_firm_nor_a_phone_has_more_than_enough(terminal: Terminal, centre: Centre) -> None:
    phone = prove(terminal, centre)
    with centre.database.read() as connection:
        t = tables.taxpayer
        query = select(t.c.taxpayer).where(t.c.kind == "enterprise", t.c.taxpayer != HEMU)
        firms = list(connection.execute(query.limit(MOST_FIRMS)).scalars())
    for number, firm in enumerate(firms):
        enter(centre, firm, MOBILE, "he-mulan", f"case-{number}")
    assert code(bind(terminal, MULAN, phone)) == "issuingFirmsEnough"
    for number in range(MOST_PHONES):
        enter(centre, HEMU, f"1391234{number:04}", "he-mulan", f"of-hemu-{number}")
    assert code(bind(terminal, MULAN, phone)) == "issuingPhonesEnough"


def test_a_released_phone_issues_no_more_its_holder_is_told_and_it_may_be_anothers(
    terminal: Terminal, centre: Centre
) -> None:
    (row,) = bound(terminal, XU)
    phone = prove(terminal, centre, HOLDER.mobile)
    done = terminal.do("matter.submit", {"phone": row["id"]}, XU, service=UNBIND)
    assert done.result["state"] == "approved"
    assert bound(terminal, XU) == []
    again = terminal.do("matter.submit", {"phone": row["id"]}, XU, service=UNBIND)
    assert code(again) == "issuingPhoneUnknown"
    told = terminal.data("person.profile", subject("xu-wen"))["notices"]
    assert "issuing-phone-released" in [notice["kind"] for notice in told]
    assert bind(terminal, MULAN, phone).state == "accepted"
    with centre.database.read() as connection:
        t = tables.issuing_phone
        rows = connection.execute(select(t.c.ended_by).where(t.c.mobile == HOLDER.mobile).order_by(t.c.since))
        assert list(rows.scalars()) == [done.result["case"], None], "what is over stays as history"


def test_who_loses_the_last_role_issues_no_more(terminal: Terminal, centre: Centre) -> None:
    handler = subject("shen-zhizhou", HEMU, "T")
    bind(terminal, handler, prove(terminal, centre))
    assert {role.value for role in BINDING} == set(CATALOGUE[BIND].service.roles)
    assert terminal.do("matter.submit", {"role": "collector", "number": CAST["shen-zhizhou"].number}, MULAN,
                       service="identity.bind-role").state == "accepted"  # fmt: skip
    assert terminal.do("matter.submit", {"role": "finance", "number": CAST["shen-zhizhou"].number}, MULAN,
                       service="identity.bind-role").state == "accepted"  # fmt: skip
    ended = []
    for role in ("办税员", "财务负责人"):
        posts = terminal.data("registration.details", MULAN, service="registration.query")["officers"]
        (post,) = (p["id"] for p in posts if (p["name"], p["role"]["zh-CN"]) == ("沈知舟", role))
        terminal.do("matter.submit", {"post": post}, MULAN, service="identity.unbind-role")
        ended.append(not bound(terminal, MULAN))
    assert ended == [False, True], (
        "a phone stays as long as its holder may bind one; who collects paper may not"
    )


def test_another_firms_phone_is_as_good_as_none(terminal: Terminal) -> None:
    (row,) = bound(terminal, XU)
    told = terminal.do("matter.submit", {"phone": row["id"]}, MULAN, service=UNBIND)
    assert code(told) == "issuingPhoneUnknown"
    assert len(bound(terminal, XU)) == 1


@pytest.mark.parametrize("service", [BIND, UNBIND])
def test_who_collects_paper_alone_has_no_say(terminal: Terminal, centre: Centre, service: str) -> None:
    zhou = next((firm, role) for firm, role in _roles(terminal, "ma-yuan") if role == "B")
    who = {**subject("ma-yuan", *zhou), "phone": prove(terminal, centre)}
    assert code(terminal.do("matter.submit", {}, who, service=service)) == "roleNotAllowed"


def _roles(terminal: Terminal, persona: str) -> set[tuple[str, str]]:
    found = terminal.data("person.profile", subject(persona))["roles"]
    return {(role["taxpayer"], role["role"]) for role in found}


def test_who_looks_at_the_phones_of_a_firm_is_kept_with_whose_they_are(
    terminal: Terminal, centre: Centre
) -> None:
    bind(terminal, subject("shen-zhizhou", HEMU, "T"), prove(terminal, centre))
    bound(terminal, MULAN)
    seen = terminal.data("privacy.accesses", subject("shen-zhizhou"), service="privacy.my-data")["rows"]
    assert any("云川禾木文具有限公司" in str(row["who"]) for row in seen)


def test_a_bound_phone_hears_of_each_invoice_that_is_issued_for_the_firm(
    terminal: Terminal, centre: Centre
) -> None:
    bind(terminal, CAFE, prove(terminal, centre))
    made = issued(centre, terminal, CAFE)
    with centre.database.read() as connection:
        t = tables.sms
        texts = connection.execute(select(t.c.text).where(t.c.mobile == MOBILE)).scalars().all()
    (told,) = [text for text in texts if made["number"] in text]
    assert "10,100.00" in told
