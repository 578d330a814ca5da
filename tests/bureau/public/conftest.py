from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
import requests
from fastapi import FastAPI

from bureau.api.problems import add_handlers
from bureau.certificates.issue import IssuedPdf, issue
from bureau.certificates.office import Office, Trust, open_office
from bureau.certificates.sealing import open_signer
from bureau.engine.refusals import refuse
from bureau.ports.certificates import CertificateChange, CertificateEnd, CertificateRecord
from bureau.ports.public import (
    AppointmentShown,
    ContributionShown,
    DrawShown,
    QueuePlace,
    SeatShown,
    SlipStatus,
)
from bureau.public.routes import create_router, told
from bureau.public.site import PublicSite
from kiosk.domain.own_numbers import make_number
from sync.models import LotteryRound, Verified
from tests.bureau.certificates import samples
from tests.bureau.serving import served

NAME = {"zh-CN": "云川市税务局", "en-US": "Yunchuan Municipal Tax Bureau"}
KEY = "0199d5f0-7c1a-7abc-8def-0123456789ab"


@dataclass
class Register:
    """The register in memory."""

    certificates: dict[str, CertificateRecord] = field(default_factory=dict)
    slips: dict[str, SlipStatus] = field(default_factory=dict)
    enterprises: dict[str, Verified] = field(default_factory=dict)
    draws: dict[tuple[str, str], DrawShown] = field(default_factory=dict)
    places: dict[str, QueuePlace] = field(default_factory=dict)
    contributions: dict[str, ContributionShown] = field(default_factory=dict)
    bookings: dict[str, AppointmentShown] = field(default_factory=dict)
    seats: dict[str, SeatShown] = field(default_factory=dict)
    rounds: dict[date, LotteryRound] = field(default_factory=dict)
    changed: dict[str, list[CertificateChange]] = field(default_factory=dict)
    alone: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    shown: list[tuple[str, str]] = field(default_factory=list)
    broken: bool = False

    def certificate(self, number: str) -> CertificateRecord | None:
        self.asked.append(number)
        if self.broken:
            raise OSError("the store is away")
        return self.certificates.get(number)

    def changes(self, record: CertificateRecord) -> list[CertificateChange]:
        return self.changed.get(record.number, [])

    def anew(self, record: CertificateRecord) -> bool:
        return record.number not in self.alone

    def checked(self, record: CertificateRecord, terminal: str) -> None:
        self.shown.append((record.number, terminal))

    def registration(self, taxpayer: str) -> Verified | None:
        self.asked.append(taxpayer)
        if self.broken:
            raise OSError("the store is away")
        return self.enterprises.get(taxpayer)

    def draw(self, ticket: str, code: str) -> DrawShown | None:
        return self.draws.get((ticket, code))

    def queue_place(self, key: str) -> QueuePlace | None:
        return self.places.get(key)

    def contribution(self, name: str) -> ContributionShown | None:
        return self.contributions.get(name)

    def appointment(self, token: str) -> AppointmentShown | None:
        return self.bookings.get(token)

    def change_appointment(self, token: str, at: datetime | None) -> AppointmentShown:
        self.asked.append(f"{token} {at.isoformat() if at else 'cancelled'}")
        found = self.bookings.get(token)
        if found is None or not found.changeable:
            raise refuse("appointmentGone")
        words = {"zh-CN": "改好的时间", "en-US": "the new time"}
        changed = replace(found, when=words) if at else replace(found, state="cancelled", changeable=False)
        self.bookings[token] = changed
        return changed

    def seat(self, token: str) -> SeatShown | None:
        return self.seats.get(token)

    def give_back_seat(self, token: str, url: str) -> SeatShown:
        self.asked.append(f"{token} given back")
        found = self.seats.get(token)
        if found is None or not found.changeable:
            raise refuse("enrolmentGone")
        self.seats[token] = replace(found, state="cancelled", changeable=False)
        return self.seats[token]

    def lottery_round(self, day: date) -> LotteryRound | None:
        return self.rounds.get(day)

    def slip(self, key: str) -> SlipStatus:
        self.asked.append(key)
        return self.slips.get(key) or slip("unknown")

    def linked_certificate(self, key: str, secret: str) -> CertificateRecord | None:
        return None  # tests/bureau/public/test_fetching.py has links of a centre's own register

    def fetch_certificate(self, key: str, secret: str) -> tuple[str, bytes] | None:
        return None

    def end(self, issued: IssuedPdf, end: CertificateEnd) -> None:
        self.enter(issued, end.state, end)

    def enter(self, issued: IssuedPdf, state: str = "valid", ended: CertificateEnd | None = None) -> None:
        self.certificates[issued.number] = CertificateRecord(
            number=issued.number,
            code=issued.code,
            kind="iit-record",
            issued_at=samples.ISSUED_AT,
            content_sha256=issued.content_sha256,
            pdf_sha256=issued.sha256,
            pages=issued.pages,
            copies=1,
            state=state,  # type: ignore[arg-type]
            frozen=issued.frozen,
            ended=ended,
        )


def slip(state: str) -> SlipStatus:
    """A slip of a return accepted offline, in any state."""
    arrived = state != "unknown"
    return SlipStatus(
        key=KEY,
        state=state,  # type: ignore[arg-type]
        kind="declaration.submit",
        title={"zh-CN": "小规模纳税人增值税申报", "en-US": "VAT return, small-scale taxpayer"}
        if arrived
        else {"zh-CN": "回单", "en-US": "Slip"},
        text={
            "zh-CN": "申报的销售额与开票数据不符，请更正后重新申报。",
            "en-US": "The sales declared differ from the invoices issued. Correct them and file again.",
        }
        if state == "refused"
        else {"zh-CN": "", "en-US": ""},
        reference="31530126101200000174" if state in ("accepted", "duplicate") else "",
        received_at=samples.ISSUED_AT + timedelta(minutes=48) if arrived else None,
        deadline=date(2026, 10, 20) if state == "refused" else None,
        facts=(
            ({"zh-CN": "企业", "en-US": "Enterprise"}, "云川禾木文具有限公司"),
            ({"zh-CN": "所属期", "en-US": "Period"}, "2026-07 – 2026-09"),
            ({"zh-CN": "应缴合计", "en-US": "Total due"}, "¥4,095.84"),
        )
        if arrived
        else (),
    )


@dataclass
class Pages:
    """The public pages as a test meets them."""

    url: str
    site: PublicSite
    register: Register
    issued: IssuedPdf
    http: requests.Session

    @property
    def path(self) -> str:
        """Path and query of the QR code on the certificate."""
        return self.issued.url.removeprefix(samples.PUBLIC)

    def get(self, path: str, lang: str = "zh-CN", **params: str) -> requests.Response:
        return self.http.get(
            self.url + path,
            params=params,
            headers={"Accept-Language": lang},
            timeout=10,
            allow_redirects=False,
        )

    def post(self, path: str, lang: str = "zh-CN", **fields: str) -> requests.Response:
        return self.http.post(self.url + path, data=fields, headers={"Accept-Language": lang}, timeout=10)

    def upload(self, content: bytes, lang: str = "zh-CN") -> requests.Response:
        files = {"file": ("a.pdf", content, "application/pdf")}
        headers = {"Accept-Language": lang}
        return self.http.post(self.url + "/v/file", files=files, headers=headers, timeout=30)


@pytest.fixture(scope="session")
def state_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(tmp_path_factory.mktemp("bureau-state"))


@pytest.fixture(scope="session")
def trust(state_dir: Path) -> Trust:
    office: Office = open_office(state_dir, NAME, samples.PUBLIC)
    return office.trust


@pytest.fixture(scope="session")
def issued(state_dir: Path) -> IssuedPdf:
    signer, _ = open_signer(state_dir, NAME["zh-CN"])
    return issue(samples.record(), signer, number=samples.NUMBER, public_url=samples.PUBLIC)


@pytest.fixture(scope="session")
def other(state_dir: Path) -> IssuedPdf:
    """Somebody else's certificate."""
    signer, _ = open_signer(state_dir, NAME["zh-CN"])
    number = make_number("21", "5301", samples.ISSUED_AT.date(), 43)
    holder = replace(samples.HOLDER, name="陆远山")
    return issue(samples.record(4, holder=holder), signer, number=number, public_url=samples.PUBLIC)


@pytest.fixture
def pages(trust: Trust, issued: IssuedPdf, other: IssuedPdf) -> Iterator[Pages]:
    register = Register()
    register.enter(issued)
    register.enter(other)
    site = PublicSite(register, trust, NAME)
    app = FastAPI()
    app.include_router(create_router(site))
    add_handlers(app, partial(told, site))
    with served(app) as url, requests.Session() as http:
        http.trust_env = False
        yield Pages(url, site, register, issued, http)
