"""A certificate's file under a link that works once and soon ends, for the phone that scanned it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from fastapi import FastAPI
from sqlalchemy import select

from bureau.certificates.data import freeze
from bureau.city.cast import QINGHE
from bureau.engine import voiding
from bureau.public.routes import create_router
from bureau.store import tables
from tests.bureau.certificates import samples
from tests.bureau.conftest import Centre
from tests.bureau.engine.test_reissuing import HANDS, SHEN, issued
from tests.bureau.serving import served
from tests.bureau.terminals import Terminal, subject


@pytest.fixture
def site(centre: Centre) -> Iterator[str]:
    app = FastAPI()
    app.include_router(create_router(centre.container.site))
    with served(app) as url:
        yield url


@pytest.fixture
def number(terminal: Terminal, centre: Centre, monkeypatch: pytest.MonkeyPatch) -> str:
    """A certificate whose frozen content the page can read."""
    drawn = centre.office._drawn

    def readable(certificate: Any) -> Any:
        return dataclasses.replace(drawn(certificate), frozen=freeze(samples.record()))

    monkeypatch.setattr(centre.office, "_drawn", readable)
    return issued(terminal)


def deliver(terminal: Terminal, number: str, who: dict[str, Any] = SHEN) -> Any:
    return terminal.do("certificate.deliver", {"number": number}, who)


def path(answer: Any) -> str:
    return "/k/" + str(answer.result["url"]).rpartition("/k/")[2]


def test_the_file_is_fetched_once_as_it_was_issued_and_looking_uses_nothing_up(
    site: str, terminal: Terminal, centre: Centre, number: str
) -> None:
    answer = deliver(terminal, number)
    assert answer.result["seconds"] == 1800
    link = site + path(answer)
    for _ in range(2):
        shown = requests.get(link, timeout=20)
        assert "个人所得税纳税记录" in shown.text and f"{number[:4]} … {number[-4:]}" in shown.text
        assert number not in shown.text and "沈知舟" not in shown.text
        assert "看不出" not in shown.text and "是否仍然有效" in shown.text
    fetched = requests.post(link, timeout=20)
    assert (fetched.status_code, fetched.headers["Content-Type"]) == (200, "application/pdf")
    assert fetched.headers["Cache-Control"] == "no-store"
    assert fetched.content == centre.container.copies.first(number, "A-07")
    for gone in (requests.post(link, timeout=20), requests.get(link, timeout=20)):
        assert gone.status_code == 404 and "链接已经失效" in gone.text
    with centre.database.read() as connection:
        assert connection.execute(select(tables.certificate.c.copies)).scalar_one() == 0, (
            "nothing was printed"
        )


def test_a_link_ends_after_half_an_hour(site: str, centre: Centre, terminal: Terminal, number: str) -> None:
    link = site + path(deliver(terminal, number))
    centre.clock.forward(minutes=29)
    assert requests.get(link, timeout=20).status_code == 200
    centre.clock.forward(minutes=2)
    assert requests.get(link, timeout=20).status_code == 404
    assert requests.post(link, timeout=20).status_code == 404


def test_a_link_of_one_that_is_void_meanwhile_gives_nothing(
    site: str, centre: Centre, terminal: Terminal, number: str
) -> None:
    link = site + path(deliver(terminal, number))
    with centre.system.write() as work:
        voiding.void(work.core, number, "wrong", HANDS)
    assert requests.get(link, timeout=20).status_code == 404
    assert requests.post(link, timeout=20).status_code == 404
    assert deliver(terminal, number).refusal.code == "certificateEnded"


def test_another_secret_or_another_key_opens_nothing(site: str, terminal: Terminal, number: str) -> None:
    link, other = path(deliver(terminal, number)), path(deliver(terminal, number))
    crossed = link.partition(".")[0] + "." + other.partition(".")[2]
    wrong = (link[:-1] + ("A" if link[-1] != "A" else "B"), crossed, link.partition(".")[0], "/k/x", "/k/.")
    for one in wrong:
        assert requests.post(site + one, timeout=20).status_code == 404
    assert requests.post(site + link, timeout=20).status_code == 200


def test_the_secret_is_kept_as_its_hash_alone(centre: Centre, terminal: Terminal, number: str) -> None:
    secret = path(deliver(terminal, number)).partition(".")[2]
    with centre.database.read() as connection:
        (row,) = connection.execute(select(tables.certificate_link)).all()
    assert len(secret) == 24 and secret not in str(tuple(row)) and len(row.secret_sha256) == 64


def test_nobody_else_has_it_sent_and_no_terminal_at_which_it_was_not_had(
    centre: Centre, terminal: Terminal, number: str
) -> None:
    assert deliver(terminal, number, subject("li-xiulan")).refusal.code == "certificateNotHeld"
    assert deliver(centre.terminal("B-01"), number).refusal.code == "certificateNotHeld"
    in_role = terminal.do(
        "certificate.deliver", {"number": number}, subject("shen-zhizhou", QINGHE, "F"),
        service="certificate.tax-payment",
    )  # fmt: skip
    assert in_role.refusal.code == "certificateNotHeld", "it is their own and not the enterprise's"
