"""Who acts for an enterprise: bound and released by its legal representative."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bureau.city.cast import HEMU, Persona
from bureau.ports.registration import PersonKey
from bureau.store import tables
from kiosk.domain.people import DocumentKind
from tests.bureau.conftest import Centre
from tests.bureau.engine.matters import MULAN, PHONE, change, code, details
from tests.bureau.terminals import CAST, Terminal, subject

BIND, UNBIND = "identity.bind-role", "identity.unbind-role"
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


def test_who_acted_in_an_earlier_year_stays_on_record_when_the_role_is_given_again(
    terminal: Terminal, centre: Centre
) -> None:
    shen = CAST["shen-zhizhou"]
    first = held_from(centre, shen)
    assert len(first) == 1
    post = officers(terminal)[("沈知舟", "办税员")]
    assert terminal.do("matter.submit", {"post": post}, MULAN, service=UNBIND).state == "accepted"
    centre.clock.forward(days=40)
    for _ in range(2):  # given again, taken back on the same day, and given once more: one row, one day
        assert bind(terminal, number=shen.number).state == "accepted"
        post = officers(terminal)[("沈知舟", "办税员")]
        assert terminal.do("matter.submit", {"post": post}, MULAN, service=UNBIND).state == "accepted"
    assert bind(terminal, number=shen.number).state == "accepted"
    assert held_from(centre, shen) == [*first, centre.clock.now().date()]
    assert [acts(centre, shen, day) for day in (first[0], between(centre), centre.clock.now().date())] == [
        True,
        False,
        True,
    ]


def held_from(centre: Centre, person: Persona) -> list[date]:
    t = tables.role
    mine = select(t.c.valid_from).where(t.c.person_number == person.number, t.c.taxpayer == HEMU)
    with centre.database.read() as connection:
        return list(connection.execute(mine.order_by(t.c.valid_from)).scalars())


def between(centre: Centre) -> date:
    return centre.clock.now().date() - timedelta(days=20)


def acts(centre: Centre, person: Persona, day: date) -> bool:
    with centre.system.read() as work:
        held = work.core.registration.roles(PersonKey(DocumentKind.RESIDENT_ID, person.number), day)
    return any(role.taxpayer.taxpayer == HEMU for role in held)


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
