"""Referrals to banks: by grade, signed, sent when they are sent, confirmed, taken back; nothing without the consent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bureau.city.cast import FIRMS, HEMU
from bureau.engine.sharing.bank_folder import BankFolders
from bureau.engine.sharing.recipients import shares
from bureau.engine.sharing.referring import Delivered, deliver
from bureau.engine.sharing.words import signed_words
from bureau.ports.banks import Doubt
from bureau.store import tables
from config.catalogue.models import FormStep
from tests.bureau.conftest import Centre
from tests.bureau.engine.matters import code
from tests.bureau.enrolling import hand, published, titles_of
from tests.bureau.stores import DAY
from tests.bureau.terminals import CAST, Terminal, subject
from tests.shipped import CATALOGUE

REFER, WITHDRAW = "share.bank-loan", "share.withdraw"
HEAD = subject("he-mulan", HEMU, "L")
FIRM = next(firm.name for firm in FIRMS if firm.taxpayer == HEMU)
WANTED = {"product": "rural-easy", "width": "needed", "term": "days-30"}


@pytest.fixture
def graded(centre: Centre) -> Iterator[None]:
    """The enterprise is of grade B, by each of its evaluations."""
    _grade(centre, "B")
    yield


def _grade(centre: Centre, grade: str) -> None:
    t = tables.credit_rating
    with centre.database.write() as connection:
        connection.execute(t.update().where(t.c.taxpayer == HEMU).values(grade=grade, points=None))


def paper(wanted: dict[str, str], lang: str = "zh-CN") -> str:
    words = signed_words(wanted, lang)
    (term,) = titles_of(REFER, wanted, ("term",), lang)
    facts = (words["check.loan"], words["check.purpose"], words["check.data_text"])
    return published(REFER, (FIRM, CAST["he-mulan"].name, *facts, term), lang)


def refer(terminal: Terminal, lang: str = "zh-CN", **changed: str) -> Any:
    wanted = {**WANTED, **changed}
    return terminal.do("matter.submit", {**wanted, **hand(paper(wanted, lang), lang)}, HEAD, service=REFER)


def withdraw(terminal: Terminal, consent: str) -> Any:
    return terminal.do("matter.submit", {"consent": consent}, HEAD, service=WITHDRAW)


def rows(terminal: Terminal) -> dict[str, dict[str, Any]]:
    return {one["product"]: one for one in terminal.data("loans.list", HEAD, {}, REFER)["rows"]}


def round_(centre: Centre, folder: Path) -> list[Delivered | Doubt]:
    return list(deliver(centre.system, BankFolders(folder)))


def states(centre: Centre, folder: Path) -> list[str]:
    """What a round came to: the new state of each, or why there is a doubt."""
    return [one.state if isinstance(one, Delivered) else one.why for one in round_(centre, folder)]


def receipt(folder: Path, case: str, sha256: str, bank: str = "rural") -> None:
    (folder / bank / "in").mkdir(parents=True, exist_ok=True)
    told = {"case": case, "sha256": sha256, "number": "LN-1", "at": "2026-10-13T09:00:00+08:00"}
    (folder / bank / "in" / f"{case}.receipt.json").write_text(json.dumps(told))


@pytest.mark.parametrize(
    ("grade", "open_"),
    [
        ("A", {"yunchuan-credit", "rural-easy", "changhe-top"}),
        ("B", {"yunchuan-credit", "rural-easy"}),
        ("M", {"yunchuan-start", "rural-easy"}),
        ("C", set()),
        ("D", set()),
    ],
)
def test_loans_are_open_by_the_grade_and_the_others_say_why_not(
    terminal: Terminal, centre: Centre, grade: str, open_: set[str]
) -> None:
    _grade(centre, grade)
    found = rows(terminal)
    assert {name for name, one in found.items() if one["open"]} == open_
    assert all(one["why_not"]["en-US"].startswith("For grades") for one in found.values() if not one["open"])
    closed = next(name for name in found if name not in open_)
    assert code(refer(terminal, product=closed)) == "loanGrade"
    params = {"product": closed, "width": "needed"}
    assert terminal.ask("loans.check", HEAD, params, REFER).refusal.code == "loanGrade"


@pytest.mark.usefixtures("graded")
@pytest.mark.parametrize("lang", ["zh-CN", "en-US"])
def test_a_referral_is_a_consent_for_that_bank_alone_and_waits(
    terminal: Terminal, centre: Centre, lang: str
) -> None:
    case = refer(terminal, lang, width="wider").result["case"]
    with centre.system.read() as work:
        consent, referral = work.core.sharing.find(case), work.core.sharing.referral(case)
    assert consent is not None and referral is not None
    assert (consent.recipient, consent.data) == ("rural", ("registration", "credit", "filing", "sales"))
    assert (referral.state, referral.product, referral.sha256) == ("waiting", "rural-easy", "")
    assert rows(terminal)["rural-easy"]["state"] == "given"
    assert code(refer(terminal, lang)) == "shareHeld"
    (standing,) = terminal.data("shares.standing", HEAD, {}, WITHDRAW)["rows"]
    assert standing["consent"] == case and "sales" in standing["data_text"]["en-US"]
    assert refer(terminal, lang, product="yunchuan-credit").state == "accepted"


@pytest.mark.usefixtures("graded")
@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"width": "wider"}, "signedTextDiffers"),
        ({"term": "year-1"}, "signedTextDiffers"),
        ({"product": "yunchuan-credit"}, "signedTextDiffers"),
        ({"product": "nowhere"}, "loanUnknown"),
        ({"width": "all"}, "fieldWrong"),
    ],
)
def test_nothing_is_referred_but_what_was_signed(
    terminal: Terminal, centre: Centre, changed: dict[str, str], expected: str
) -> None:
    data = {**WANTED, **hand(paper(WANTED)), **changed}
    assert code(terminal.do("matter.submit", data, HEAD, service=REFER)) == expected
    with centre.database.read() as connection:
        assert connection.execute(select(tables.bank_referral)).first() is None


@pytest.mark.usefixtures("graded")
def test_what_is_sent_is_gathered_then_noted_told_and_confirmed_by_the_bank(
    terminal: Terminal, centre: Centre, tmp_path: Path
) -> None:
    case = refer(terminal).result["case"]
    assert states(centre, tmp_path) == ["sent"]
    path = tmp_path / "rural/out" / f"{case}.json"
    raw = path.read_bytes()
    told = json.loads(raw)
    until = str(DAY + timedelta(days=30))
    assert told["referral"] == {"case": case, "bank": "rural", "product": "rural-easy", "until": until}
    assert "sales" not in told and told["credit"][0]["grade"] == "B" and path.stat().st_mode & 0o077 == 0
    assert CAST["he-mulan"].number not in raw.decode() and CAST["he-mulan"].name not in raw.decode()
    (listed,) = terminal.data("shares.log", HEAD, {}, "share.consent")["rows"]
    assert listed["digest"] == hashlib.sha256(raw).hexdigest()[:12]
    assert round_(centre, tmp_path) == [], "it is sent once"
    receipt(tmp_path, case, "0" * 64)
    assert states(centre, tmp_path) == [f"rural confirms other bytes of {case} than were sent"]
    receipt(tmp_path, case, hashlib.sha256(raw).hexdigest())
    assert states(centre, tmp_path) == ["received"]
    assert round_(centre, tmp_path) == [], "a receipt that lies there on is entered once"
    kinds = [one["kind"] for one in terminal.data("person.profile", HEAD, {}, REFER)["notices"]]
    assert {"data-given", "referral-received"} <= set(kinds)


@pytest.mark.usefixtures("graded")
def test_who_withdraws_before_it_is_sent_was_never_referred(
    terminal: Terminal, centre: Centre, tmp_path: Path
) -> None:
    case = refer(terminal).result["case"]
    assert withdraw(terminal, case).state == "accepted"
    assert round_(centre, tmp_path) == [] and not (tmp_path / "rural").exists()
    assert rows(terminal)["rural-easy"]["open"]


@pytest.mark.usefixtures("graded")
def test_a_bank_that_has_it_is_told_of_the_withdrawal(
    terminal: Terminal, centre: Centre, tmp_path: Path
) -> None:
    case = refer(terminal).result["case"]
    round_(centre, tmp_path)
    withdraw(terminal, case)
    centre.clock.at += timedelta(days=1)
    assert states(centre, tmp_path) == ["revoked"]
    told = json.loads((tmp_path / "rural/out" / f"{case}.withdrawn.json").read_bytes())
    assert told == {"case": case, "withdrawn_on": DAY.isoformat()}


@pytest.mark.usefixtures("graded")
def test_a_consent_that_ended_before_it_was_sent_sends_nothing(
    terminal: Terminal, centre: Centre, tmp_path: Path
) -> None:
    refer(terminal)
    centre.clock.at += timedelta(days=31)
    assert states(centre, tmp_path) == ["withdrawn"]
    assert not (tmp_path / "rural").exists()


@pytest.mark.usefixtures("graded")
def test_a_receipt_in_doubt_is_named_and_keeps_back_no_other(
    terminal: Terminal, centre: Centre, tmp_path: Path
) -> None:
    case = refer(terminal).result["case"]
    round_(centre, tmp_path)
    sent = hashlib.sha256((tmp_path / f"rural/out/{case}.json").read_bytes()).hexdigest()
    receipt(tmp_path, "1" * 20, sent)
    receipt(tmp_path, case, sent)
    receipt(tmp_path, case, sent, bank="yunchuan")
    broken = tmp_path / "rural/in/0.receipt.json"
    broken.write_text("{}")
    first, *others = states(centre, tmp_path)
    assert first == f"yunchuan confirms {case}, which was not sent there"
    assert others == [
        f"{broken} is no receipt: ValidationError",
        f"rural confirms {'1' * 20}, which was not sent there",
        "received",
    ]


def test_the_service_offers_the_terms_of_the_file() -> None:
    form = next(s for s in CATALOGUE[REFER].service.steps if isinstance(s, FormStep))
    options = {row.id: {option.id for option in row.options} for row in form.rows}
    assert options == {"width": {"needed", "wider"}, "term": set(shares().terms)}
