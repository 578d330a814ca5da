from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bureau.city.cast import HEMU, PERSONAS
from bureau.city.city import City, personas
from bureau.store import tables
from drivers.simulators.card_text import TEXT_BYTES, encode_text
from drivers.simulators.cards import Card, Layout
from drivers.simulators.face_traits import seed_of
from kiosk.domain.identifiers import check_resident_id
from kiosk.domain.people import DocumentKind
from tests.bureau.city.support import DAY

OPEN = City(7, DAY, 301, 61, made=True, filing_open=True)
LATE = City(7, date(2026, 11, 23), 301, 61, made=True, filing_open=False)
PARTS = "employee handler collector blocked elder foreigner county exempt special payer debtor limit".split()
PARTS += "chooser hmt agent abnormal expired nobody stranger".split()
LAYOUTS = {
    DocumentKind.RESIDENT_ID: Layout.RESIDENT,
    DocumentKind.HMT_RESIDENCE: Layout.HK_MACAU_TAIWAN,
    DocumentKind.FOREIGN_PERMANENT: Layout.FOREIGN_2023,
}


def playing(part: str, city: City = OPEN) -> dict[str, Any]:
    return next(p for p in personas(city) if part in p["plays"])  # type: ignore[operator]


def test_they_travel_as_json() -> None:
    listed = personas(OPEN)
    assert json.loads(json.dumps(listed, ensure_ascii=False)) == listed
    assert len({p["id"] for p in listed}) == len(listed)
    assert len({p["mobile"] for p in listed}) == len(listed)


@pytest.mark.parametrize("part", PARTS)
def test_every_part_has_somebody_who_plays_it(part: str) -> None:
    note = str(playing(part)["note"])
    assert " · " in note
    assert not note.isascii()


def test_the_simulated_reader_takes_every_card_and_the_chip_holds_it() -> None:
    for persona, told in zip(PERSONAS, personas(OPEN), strict=True):
        card = Card.model_validate(told["card"])
        assert card.layout is LAYOUTS[persona.kind]
        assert card.seed == told["faceSeed"] == seed_of(card.number)
        number = check_resident_id(card.number, DAY)
        assert number.kind is persona.kind
        assert f"{number.birth:%Y%m%d}" == card.birth
        assert number.male == (card.sex == "1")
        block = encode_text(card)
        assert len(block) == TEXT_BYTES
        text = block.decode("utf-16-le")
        for shown in (card.name, card.number, card.address or "", card.latin_name or ""):
            assert shown in text, f"{persona.id}: {shown} is cut off"


@pytest.mark.parametrize("day", [date(2024, 3, 1), DAY, date(2028, 2, 29), date(2045, 6, 30)], ids=str)
def test_only_the_expired_card_has_run_out(day: date) -> None:
    city = City(7, day, 301, 61, made=True, filing_open=True)
    for told in personas(city):
        card: Any = told["card"]
        ends = date.max if card["validTo"] == "长期" else date.fromisoformat(card["validTo"])
        assert date.fromisoformat(card["validFrom"]) < day
        assert (ends <= day) == ("expired" in told["plays"])  # type: ignore[operator]


def test_the_handler_of_the_mock_ups_company_files_and_collects_for_it() -> None:
    chen = playing("handler")
    assert chen["id"] == playing("collector")["id"] == "chen-mo"
    assert chen["roles"] == [
        {"taxpayer": HEMU, "name": "云川禾木文具有限公司", "role": role} for role in ("T", "B")
    ]


def test_after_the_limit_somebody_else_collects() -> None:
    assert playing("handler", LATE)["id"] == "chen-mo"
    assert playing("collector", LATE)["id"] == "ma-yuan"


def test_roles_are_those_of_the_registry(city: tuple[Connection, City]) -> None:
    t = tables.role
    for persona, told in zip(PERSONAS, personas(city[1]), strict=True):
        rows = city[0].execute(select(t).where(t.c.person_number == persona.number)).all()
        listed: Any = told["roles"]
        assert {(r["taxpayer"], r["role"]) for r in listed} == {(r.taxpayer, r.role) for r in rows}
    assert playing("nobody")["roles"] == []
