"""An invoice's files under a link that works once and soon ends, sent to a phone or shown as a code."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from fastapi import FastAPI
from sqlalchemy import select, update

from bureau.city.cast import HEMU
from bureau.public.routes import create_router
from bureau.store import tables
from tests.bureau.conftest import Centre
from tests.bureau.serving import served
from tests.bureau.terminals import Terminal, subject

MULAN = subject("he-mulan", HEMU, "L")
SALE = tables.sale


@pytest.fixture
def site(centre: Centre) -> Iterator[str]:
    app = FastAPI()
    app.include_router(create_router(centre.container.site))
    with served(app) as url:
        yield url


@pytest.fixture
def number(centre: Centre) -> str:
    with centre.database.read() as connection:
        mine = (SALE.c.taxpayer == HEMU) & (SALE.c.code == "") & (SALE.c.state == "valid")
        return str(connection.execute(select(SALE.c.number).where(mine).limit(1)).scalar_one())


def deliver(terminal: Terminal, number: str, way: str = "code") -> Any:
    return terminal.do("einvoice.deliver", {"invoice": number, "way": way}, MULAN)


def path(result: dict[str, Any]) -> str:
    return "/e/" + str(result["verify_url"]).rpartition("/e/")[2]


def test_the_files_are_fetched_once_and_looking_at_the_page_uses_nothing_up(
    site: str, terminal: Terminal, number: str
) -> None:
    link = site + path(deliver(terminal, number).result)
    for _ in range(2):
        assert number in requests.get(link, timeout=20).text
    fetched = requests.post(link, timeout=20)
    assert fetched.status_code == 200 and fetched.headers["Content-Type"] == "application/zip"
    assert fetched.headers["Cache-Control"] == "no-store"
    names = zipfile.ZipFile(io.BytesIO(fetched.content)).namelist()
    assert names == [f"{number}.{ending}" for ending in ("pdf", "ofd", "xml")]
    assert requests.post(link, timeout=20).status_code == 404
    assert requests.get(link, timeout=20).status_code == 404


def test_a_link_ends_after_half_an_hour(site: str, centre: Centre, terminal: Terminal, number: str) -> None:
    link = site + path(deliver(terminal, number).result)
    centre.clock.forward(minutes=29)
    assert requests.get(link, timeout=20).status_code == 200
    centre.clock.forward(minutes=2)
    assert requests.get(link, timeout=20).status_code == 404
    assert requests.post(link, timeout=20).status_code == 404


def test_another_secret_or_another_key_opens_nothing(site: str, terminal: Terminal, number: str) -> None:
    link = path(deliver(terminal, number).result)
    other = path(deliver(terminal, number).result)
    crossed = link.partition(".")[0] + "." + other.partition(".")[2]
    for wrong in (
        link[:-1] + ("A" if link[-1] != "A" else "B"),
        crossed,
        link.partition(".")[0],
        "/e/x",
        "/e/.",
    ):
        assert requests.post(site + wrong, timeout=20).status_code == 404
    assert requests.post(site + link, timeout=20).status_code == 200


def test_the_secret_is_kept_as_its_hash_alone(centre: Centre, terminal: Terminal, number: str) -> None:
    secret = path(deliver(terminal, number).result).partition(".")[2]
    with centre.database.read() as connection:
        (row,) = connection.execute(select(tables.einvoice_link)).all()
    assert len(secret) == 24 and secret not in str(tuple(row)) and len(row.secret_sha256) == 64


def test_by_message_the_link_goes_to_the_registered_phone_alone(
    site: str, centre: Centre, terminal: Terminal, number: str
) -> None:
    result = deliver(terminal, number, "phone").result
    assert (result["verify_url"], result["phone"]) == ("", "199****1004")
    with centre.database.read() as connection:
        sms = connection.execute(select(tables.sms).order_by(tables.sms.c.at.desc())).first()
    assert sms is not None and sms.mobile == "19900001004"
    link = "/e/" + sms.text.partition("/e/")[2].partition(" ")[0]
    assert requests.post(site + link, timeout=20).status_code == 200
    kinds = [n["kind"] for n in terminal.data("person.profile", subject("he-mulan"))["notices"]]
    assert "einvoice-link" not in kinds  # it is fetched, nobody needs to hear of it


def test_without_a_phone_and_for_anothers_invoice_it_is_refused(
    centre: Centre, terminal: Terminal, number: str
) -> None:
    with centre.database.write() as connection:
        t = tables.person
        connection.execute(update(t).where(t.c.name == "何木兰").values(mobile=""))
    assert deliver(terminal, number, "phone").refusal.code == "phoneMissing"
    assert deliver(terminal, number).state == "accepted"
    data = {"invoice": "26991999999999999999", "way": "code"}
    assert terminal.do("einvoice.deliver", data, MULAN).refusal.code == "invoiceUnknown"
