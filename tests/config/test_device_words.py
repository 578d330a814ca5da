"""Whatever a device may say that reaches a visitor's page is said in both languages, with what to do next."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from config import texts
from config.faults import ANY, Ask, load_faults
from drivers.devices.ecr_profile import load_dialect
from drivers.payment import Outcome
from drivers.protocols.ecr_replies import STATES
from kiosk.effects.charge import NEVER_BEGUN, OFFLINE
from kiosk.flow.state import FlowState
from kiosk.steps.base import AREAS, Ctx
from tests.kiosk.flow.visitor import surroundings
from tests.shipped import CATALOGUE

TABLE = load_faults()
LANGUAGES = ("zh-CN", "en-US")
NEXT = {
    "zh-CN": re.compile(r"请|改用|再[打刷放试扫]"),
    "en-US": re.compile(
        r"\b(please|call|try|use|place|print|pay|look|lift|wait|step|clear|let|ask|scan|hold|swipe)\b", re.I
    ),
}
"""A text that says what to do next has one of these."""
MADE_HERE = {
    "pay.why": {NEVER_BEGUN, OFFLINE, "voided", "byStaff", "reversed", "declined", "timeOut", "canceled"},
    "identify.fault": {"noMedia", "device", "expired", "notYetValid", "timeout"},
    "passport.fault": {"noMedia", "invalidMedia", "invalidData", "device", "expired", "no-passport"},
    "scan.fault": {"noCode", "device", "invalidData"},
    "pages.camera": {"noDocument", "device"},
    "pages.scanner": {"noDocument", "device"},
    "sign.fault": {"timeOut", "tooLong", "device"},
    "ukey.fault": {"noMedia", "mute", "otherCard", "otherUkey", "tornOut", "notTaken", "device"},
    "face": {
        *("timeout", "unavailable", "refused", "locked", "noMatch"),
        *("noFace", "severalFaces", "still", "frozen", "black", "covered", "tooFar"),
    },
    "printer": {"unreachable", "uncertain", "unknown", "copiesSpent"},
    "dispense.cause": {"mediaJammed", "doubleFeed", "numberMismatch", "notTaken", "powerLoss", "uncertain"},
}
"""Words that this program itself gives on a device's behalf."""


def cases() -> Iterator[tuple[str, str]]:
    for area, role in AREAS.items():
        for code in sorted({*TABLE.rows(role), *MADE_HERE[area]}):
            yield area, code


def ctx(lang: str) -> Ctx[object]:
    published = next(iter(CATALOGUE.values()))
    state = FlowState(lang=lang, service=published)
    return Ctx(published.service.steps[0], state, surroundings())


CTX = {lang: ctx(lang) for lang in LANGUAGES}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("area", "code"), [*cases()])
def test_every_code_is_put_into_words_that_say_what_to_do(area: str, code: str, lang: str) -> None:
    said = CTX[lang].told(area, code, "no such text: this code was not foreseen")
    assert NEXT[lang].search(said), said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_a_visitor_can_put_right_has_words_of_its_own(lang: str) -> None:
    known = texts.catalogue(lang)
    missing = [
        f"{area}.{code}"
        for area, role in AREAS.items()
        for code, row in TABLE.rows(role).items()
        if row.ask is Ask.VISITOR and code not in TABLE.rows(ANY) and f"{area}.{code}" not in known
    ]
    assert missing == [], "write what the visitor should do"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_whatever_the_card_terminal_may_end_with_has_words(lang: str) -> None:
    words = {meaning.word for meaning in load_dialect("ecr").codes.values() if meaning.word}
    words |= {str(outcome) for outcome in Outcome if outcome not in ("approve", "unknown", "onlineRequest")}
    words |= {state for state in STATES if state == "reversed"}
    for word in words - {"confirmationRequired", "endApplication"}:
        said = CTX[lang].told("pay.why", word, "unknown")
        assert NEXT[lang].search(said), word
        assert "没有扣" in said or "nothing was charged" in said or "taken back" in said, word


def test_a_code_that_nobody_foresaw_is_still_told_with_a_way_on() -> None:
    for lang in LANGUAGES:
        assert CTX[lang].told("printer", "somethingNew", "unknown") == CTX[lang].t("printer.unknown")


def test_the_search_would_find_a_missing_text() -> None:
    with pytest.raises(texts.MissingText):
        CTX["en-US"].told("printer", "somethingNew", "no-such-text")
