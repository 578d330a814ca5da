"""``/v1/public``: third parties verify without signing, within limits, and are told no more than the public page tells."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest
import requests
from fastapi import FastAPI

from bureau.api.problems import add_handlers
from bureau.api.public_routes import public_router
from bureau.certificates.issue import IssuedPdf
from bureau.certificates.office import Trust
from bureau.city.cast import HEMU
from bureau.limits import Limiter, Rate
from bureau.public.routes import told
from bureau.public.site import PublicSite
from config.clock import CHINA
from kiosk.domain.scanned import parse_certificate
from sync.models import CertificateVerdict, LotteryRound, Verified
from tests.bureau.api.asking import problem
from tests.bureau.public.conftest import NAME, Register
from tests.bureau.serving import served


@pytest.fixture
def register(issued: IssuedPdf, other: IssuedPdf) -> Register:
    found = Register()
    found.enter(issued)
    found.enter(other)
    return found


@pytest.fixture
def site(register: Register, trust: Trust) -> PublicSite:
    return PublicSite(register, trust, NAME, guesses=Limiter(Rate(2, 3600)), looks=Limiter(Rate(30, 60)))


@pytest.fixture
def url(site: PublicSite) -> Iterator[str]:
    app = FastAPI()
    app.include_router(public_router(site))
    add_handlers(app, lambda request, status: told(site, request, status))
    with served(app) as address:
        yield address + "/v1/public"


def check(url: str, number: str, code: str, **more: str) -> requests.Response:
    return requests.post(
        url + "/certificates/check", json={"number": number, "code": code, **more}, timeout=20
    )


def test_a_genuine_certificate_is_told_to_anybody_with_number_and_code(url: str, issued: IssuedPdf) -> None:
    answer = check(url, issued.number, issued.code)
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    verdict = CertificateVerdict.model_validate(answer.json())
    assert verdict.finding == "valid" and verdict.facts
    signature = parse_certificate(issued.url).signature
    assert check(url, issued.number, issued.code, signature=signature).json()["finding"] == "valid"
    assert check(url, issued.number, issued.code, signature="A" * 90).json()["finding"] == "forgedQr"


def test_a_wrong_code_tells_nothing_and_cannot_be_guessed_at_for_long(
    url: str, issued: IssuedPdf, other: IssuedPdf
) -> None:
    for _ in range(2):
        wrong = check(url, issued.number, other.code).json()
        assert wrong["finding"] == "mismatch" and len(wrong["facts"]) == 1 and not wrong["total"]
    limited = check(url, issued.number, other.code)
    problem(limited, 429, "too-many-requests")
    assert int(limited.headers["retry-after"]) > 60
    signature = parse_certificate(issued.url).signature
    assert check(url, issued.number, issued.code, signature=signature).json()["finding"] == "valid"
    assert check(url, other.number, other.code).json()["finding"] == "valid"


def test_what_cannot_be_a_number_or_a_code_is_said_so(
    url: str, issued: IssuedPdf, register: Register
) -> None:
    for number, code in (("12", issued.code), (issued.number, "x"), ("\x00", "\x00")):
        problem(check(url, number, code), 422, "number-invalid")
    for body in (b"", b"[]", b'{"number": 1}', b'{"number": "1", "code": "2", "more": "3"}'):
        problem(requests.post(url + "/certificates/check", data=body, timeout=20), 422, "request-invalid")
    assert register.asked == []


def test_a_registration_is_told_by_its_number(url: str, register: Register) -> None:
    register.enterprises[HEMU] = Verified(
        taxpayer=HEMU,
        name="云川禾木文具有限公司",
        state={"zh-CN": "正常", "en-US": "normal"},
        taxation={"zh-CN": "小规模纳税人", "en-US": "small-scale"},
        registered_on=date(2020, 1, 2),
        as_of=datetime(2026, 10, 12, 9, tzinfo=CHINA),
    )
    answer = requests.get(f"{url}/registrations/{HEMU}", timeout=20)
    assert Verified.model_validate(answer.json()) == register.enterprises[HEMU]
    for wrong in (HEMU[:-1], "x", "%00"):
        problem(requests.get(f"{url}/registrations/{wrong}", timeout=20), 422, "number-invalid")


def test_one_address_may_ask_so_often_and_no_more(url: str, register: Register) -> None:
    for _ in range(30):
        problem(requests.get(f"{url}/registrations/{HEMU}", timeout=20), 404, "registration-unknown")
    limited = requests.get(f"{url}/registrations/{HEMU}", timeout=20)
    problem(limited, 429, "too-many-requests")
    assert int(limited.headers["retry-after"]) >= 1
    problem(check(url, "12", "x"), 429, "too-many-requests")
    assert len(register.asked) == 30


def test_a_round_of_the_lottery_is_published_and_no_other_day(url: str, register: Register) -> None:
    day = date(2026, 10, 12)
    known = LotteryRound(day=day, commitment="ab" * 32, odds=[[500, 120_000]], seed=None)
    register.rounds[day] = known
    answer = requests.get(f"{url}/lottery/rounds/2026-10-12", timeout=20)
    assert answer.status_code == 200 and LotteryRound.model_validate(answer.json()) == known
    problem(requests.get(f"{url}/lottery/rounds/2026-10-13", timeout=20), 404, "round-unknown")
    assert requests.get(f"{url}/lottery/rounds/yesterday", timeout=20).status_code == 422
