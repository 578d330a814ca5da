"""Consents to share data: given by a signature, used by an officer, told each time, withdrawn; nothing without one."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bureau.city.cast import FIRMS, HEMU
from bureau.engine.sharing import data as figures
from bureau.engine.sharing.giving import hand_over
from bureau.engine.sharing.recipients import shares
from bureau.engine.sharing.words import signed_words
from bureau.errors import SharingRefused
from bureau.fleet.vault import SealingVault
from bureau.store import tables
from config.catalogue.models import FormStep
from tests.bureau.conftest import Centre
from tests.bureau.engine.matters import code
from tests.bureau.enrolling import hand, published, titles_of
from tests.bureau.stores import DAY
from tests.bureau.terminals import CAST, Terminal, subject
from tests.shipped import CATALOGUE

GIVE, WITHDRAW = "share.consent", "share.withdraw"
HEAD = subject("he-mulan", HEMU, "L")
FIRM = next(firm.name for firm in FIRMS if firm.taxpayer == HEMU)
GIVEN = {"recipient": "guarantee", "term": "days-30"}


def paper(given: dict[str, str], lang: str = "zh-CN") -> str:
    words = signed_words(given, lang)
    recipient, term = titles_of(GIVE, given, ("recipient", "term"), lang)
    name = CAST["he-mulan"].name
    return published(
        GIVE, (FIRM, name, recipient, words["check.purpose"], words["check.data_text"], term), lang
    )


def give(terminal: Terminal, lang: str = "zh-CN", **changed: str) -> Any:
    given = {**GIVEN, **changed}
    return terminal.do("matter.submit", {**given, **hand(paper(given, lang), lang)}, HEAD, service=GIVE)


def withdraw(terminal: Terminal, consent: str, who: dict[str, Any] = HEAD) -> Any:
    return terminal.do("matter.submit", {"consent": consent}, who, service=WITHDRAW)


def row(terminal: Terminal, recipient: str = "guarantee") -> dict[str, Any]:
    rows = terminal.data("shares.list", HEAD, {}, GIVE)["rows"]
    return next(one for one in rows if one["recipient"] == recipient)


@pytest.mark.parametrize("lang", ["zh-CN", "en-US"])
def test_a_consent_holds_for_its_term_and_keeps_the_very_text(
    terminal: Terminal, centre: Centre, lang: str
) -> None:
    assert row(terminal)["state"] == "none"
    answer = give(terminal, lang)
    case = answer.result["case"]
    held = row(terminal)
    assert (held["state"], held["consent"], held["until"]) == ("given", case, str(DAY + timedelta(days=30)))
    assert "第二十三条" in answer.result["basis"]["zh-CN"]
    with centre.database.read() as connection:
        kept = connection.execute(select(tables.share_consent)).one()
    assert "授权书".encode() not in kept.sealed
    opened = json.loads(SealingVault(centre.container.keys.sealing).open(case, kept.sealed))
    assert opened["text"] == paper(GIVEN, lang)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"recipient": "park"}, "signedTextDiffers"),
        ({"term": "year-1"}, "signedTextDiffers"),
        ({"recipient": "neighbour"}, "fieldWrong"),
    ],
)
def test_nothing_is_given_but_what_was_signed(
    terminal: Terminal, changed: dict[str, str], expected: str
) -> None:
    answer = terminal.do("matter.submit", {**GIVEN, **hand(paper(GIVEN)), **changed}, HEAD, service=GIVE)
    assert code(answer) == expected and row(terminal)["state"] == "none"


def test_an_unsigned_consent_is_none_and_who_may_not_sign_is_refused(terminal: Terminal) -> None:
    assert code(terminal.do("matter.submit", GIVEN, HEAD, service=GIVE)) == "signatureTorn"
    handler = subject("chen-mo", HEMU, "T")
    assert code(terminal.do("matter.submit", GIVEN, handler, service=GIVE)) == "roleNotAllowed"


def test_one_recipient_has_one_consent_at_a_time(terminal: Terminal) -> None:
    give(terminal)
    assert code(give(terminal)) == "shareHeld"
    no = terminal.ask("shares.check", HEAD, {"recipient": "guarantee"}, GIVE)
    assert no.refusal is not None and no.refusal.code == "shareHeld", "nobody signs for nothing"
    assert terminal.data("shares.check", HEAD, {"recipient": "park"}, GIVE)["firm"] == FIRM
    assert give(terminal, recipient="park").state == "accepted"


def test_what_an_officer_gives_is_what_the_consent_covers_and_everybody_can_see_it(
    terminal: Terminal, centre: Centre
) -> None:
    case = give(terminal).result["case"]
    with centre.system.write() as work:
        noted, raw = hand_over(work.core, case, "周审核")
    told = json.loads(raw)
    assert set(told) == {"taxpayer", "name", "as_of", "since", "registration", "credit", "sales", "paid"}
    assert told["taxpayer"] == HEMU and all(one["sales_fen"] >= 0 for one in told["sales"])
    assert noted.sha256 == hashlib.sha256(raw).hexdigest()
    assert CAST["he-mulan"].number not in raw.decode() and CAST["he-mulan"].name not in raw.decode()
    (listed,) = terminal.data("shares.log", HEAD, {}, GIVE)["rows"]
    assert (listed["consent"], listed["digest"]) == (case, noted.sha256[:12])
    assert row(terminal)["given_text"]["en-US"] == "Given 1 times, last on 12 Oct 2026"
    notices = terminal.data("person.profile", HEAD, {}, GIVE)["notices"]
    assert "data-given" in [one["kind"] for one in notices]


def test_once_withdrawn_nothing_is_given_and_what_was_given_stays(terminal: Terminal, centre: Centre) -> None:
    case = give(terminal).result["case"]
    with centre.system.write() as work:
        hand_over(work.core, case, "周审核")
    assert withdraw(terminal, case).state == "accepted"
    with pytest.raises(SharingRefused, match="withdrawn or is over"), centre.system.write() as work:
        hand_over(work.core, case, "周审核")
    assert code(withdraw(terminal, case)) == "shareOver"
    assert row(terminal)["state"] == "over" and len(terminal.data("shares.log", HEAD, {}, GIVE)["rows"]) == 1
    assert terminal.data("shares.standing", HEAD, {}, WITHDRAW)["rows"] == []
    assert give(terminal).state == "accepted", "it may be given again"


def test_a_consent_is_over_after_its_last_day(terminal: Terminal, centre: Centre) -> None:
    case = give(terminal).result["case"]
    centre.clock.at += timedelta(days=30)
    with centre.system.write() as work:
        hand_over(work.core, case, "周审核")
    centre.clock.at += timedelta(days=1)
    with pytest.raises(SharingRefused), centre.system.write() as work:
        hand_over(work.core, case, "周审核")
    assert row(terminal)["state"] == "over"


def test_nobody_withdraws_for_another_enterprise(terminal: Terminal) -> None:
    case = give(terminal).result["case"]
    other = next(firm for firm in FIRMS if firm.roles_of("xu-wen"))
    assert code(withdraw(terminal, case, subject("xu-wen", other.taxpayer, "F"))) == "shareOver"
    assert row(terminal)["state"] == "given"


def test_the_service_offers_the_recipients_and_terms_of_the_file() -> None:
    form = next(s for s in CATALOGUE[GIVE].service.steps if isinstance(s, FormStep))
    options = {r.id: {o.id: (o.title, o.note) for o in r.options} for r in form.rows}
    assert options["recipient"] == {one.id: (one.title, one.purpose) for one in shares().recipients}
    assert set(options["term"]) == set(shares().terms)
    for one in shares().recipients:
        words = signed_words({"recipient": one.id}, "en-US").values()
        assert all(text[:1].isupper() for text in words), (
            "a page begins each value so, and that is what is signed"
        )
    assert {kind for one in shares().recipients for kind in one.data} <= set(figures.KINDS)
