"""Bad cards, wrong documents, hostile typing, a centre in trouble: what the person reads, and who comes next."""

from __future__ import annotations

import re
from typing import Any

import pytest

from config.texts import catalogue
from kiosk.flow.effects import Ask, ReadDocument, Submit
from kiosk.flow.events import Action
from kiosk.flow.pages import CapturePage, ChoosePage, FormPage, HomePage, IdentifyPage, MessagePage, Page
from kiosk.steps.document import LAY_AGAIN
from tests.kiosk.flow.test_certificate import at_the_record, issuing
from tests.kiosk.flow.visitor import CARD, PASSED, PROFILE, Visitor

LANGUAGES = ("zh-CN", "en-US")
CARD_FAULTS = (
    "noMedia",
    "invalidMedia",
    "invalidData",
    "mediaMustBeRepresented",
    "cardCollision",
    "securityFail",
    "samSelfTestFailed",
    "hardwareError",
    "deviceNotReady",
    "device",
)
"""All that the card reader's program answers, and ``device`` for a program that does not answer."""
CENTRE_FAULTS = ("unreachable", "busy", "garbled", "rejected", "internal", "timeout")
WHAT_NEXT = {
    "zh-CN": re.compile("请|可以|可凭|改由|找工作人员"),
    "en-US": re.compile(
        r"\b(please|try|use|place|call|ask|go to|leave|lift|compare|come back|look|enter|let|check|step|"
        r"file a|can add|print it|will be told|touch)\b",
        re.IGNORECASE,
    ),
}
"""Words by which a sentence says what to do."""
TELLS_WHAT_NEXT = re.compile(
    r"identify\.fault\..*|fault\..*\.body|staff\.(wrong|locked)|claim\.wrong|form\.amount\.wrong|"
    r"form\.offline\.too-much|form\.declared\.body|entitlement\.none\.body|roles\.none\.body|dispense\.none|"
    r"face\.(black|covered|frozen|locked|noFace|noMatch|refused|severalFaces|still|timeout|tooFar|unavailable)|"
    r"print\.(failed|uncertain)\.lead|pay\.doubt\.lead|outOfService\.else|choose\.first"
)


def arriving(lang: str, visitor: Visitor | None = None) -> Visitor:
    """Somebody who begins, chooses the language and opens a service that needs a card."""
    visitor = visitor or Visitor().world()
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.LANGUAGE, lang)
    visitor.touch(Action.OPEN, "certificate.iit-record")
    assert isinstance(visitor.asked, ReadDocument)
    return visitor


def identify_page(page: Page) -> IdentifyPage:
    assert isinstance(page, IdentifyPage)
    return page


def the_next_one_is_served(visitor: Visitor) -> None:
    """The terminal is as at the start, in its own language, and somebody else gets past the card and the face."""
    visitor.touch(Action.LEAVE)
    if visitor.page.kind == "farewell":
        visitor.touch(Action.PROCEED)
    assert visitor.page.kind == "attract"
    assert visitor.screen.lang == "zh-CN"
    assert visitor.state.person is None
    for lang in LANGUAGES:
        arriving(lang, visitor)
        visitor.answer(CARD)
        visitor.touch(Action.PROCEED)
        visitor.answer(PASSED)
        visitor.answer(PROFILE)
        assert visitor.asked == Ask("iit.months", {})
        visitor.touch(Action.LEAVE)
        if visitor.page.kind == "farewell":
            visitor.touch(Action.PROCEED)


# --- words ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sentence_about_trouble_says_what_to_do_next(lang: str) -> None:
    told = {i: t for i, t in catalogue(lang).items() if TELLS_WHAT_NEXT.fullmatch(i)}
    assert len(told) > 40
    assert {i: t for i, t in told.items() if not WHAT_NEXT[lang].search(t)} == {}


# --- cards ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("fault", CARD_FAULTS)
def test_a_card_that_cannot_be_read_is_told_and_the_next_person_is_served(fault: str, lang: str) -> None:
    visitor = arriving(lang)
    page = identify_page(visitor.answer(fault=fault))
    assert page.message == catalogue(lang)[f"identify.fault.{fault}"]
    assert WHAT_NEXT[lang].search(page.message)
    if fault in LAY_AGAIN:
        assert page.state == "again"
    else:
        assert (page.state, page.action) == ("failed", catalogue(lang)["identify.once-more"])
        visitor.touch(Action.PROCEED)
    assert isinstance(visitor.asked, ReadDocument)
    assert isinstance(visitor.answer(CARD), CapturePage), "the same person with a good card"
    the_next_one_is_served(visitor)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_card_that_still_lies_there_is_to_be_lifted_and_why_it_was_refused_stays(lang: str) -> None:
    visitor, words = arriving(lang), catalogue(lang)
    page = identify_page(visitor.answer({"state": "back"}, partial=True))
    assert (page.state, page.message) == ("again", words["identify.fault.mediaMustBeRepresented"])
    identify_page(visitor.answer(fault="invalidMedia"))
    page = identify_page(visitor.answer({"state": "back"}, partial=True))
    assert (page.state, page.message) == ("again", words["identify.fault.invalidMedia"])
    page = identify_page(visitor.answer({"state": "reading"}, partial=True))
    assert page.state == "reading"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_reader_that_answers_in_words_nobody_knows_is_told_as_silent(lang: str) -> None:
    visitor = arriving(lang)
    page = identify_page(visitor.answer(fault="<script>\x00"))
    assert page.message == catalogue(lang)["identify.fault.device"]
    the_next_one_is_served(visitor)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("dates", "text"),
    [
        ({"validTo": "2026-10-11"}, "expired"),
        ({"validTo": "1999-12-31"}, "expired"),
        ({"validFrom": "2026-10-14"}, "notYetValid"),
        ({"validFrom": "2030-01-01", "validTo": None}, "notYetValid"),
    ],
)
def test_a_document_out_of_its_time_is_told_and_a_good_one_taken(
    dates: dict[str, Any], text: str, lang: str
) -> None:
    visitor = arriving(lang)
    page = identify_page(visitor.answer({**CARD, **dates}))
    assert (page.state, page.message) == ("failed", catalogue(lang)[f"identify.fault.{text}"])
    assert WHAT_NEXT[lang].search(page.message)
    assert visitor.state.person is None
    assert "李秀兰" not in repr(visitor.state), "nothing of a refused document is kept"
    visitor.touch(Action.PROCEED)
    assert isinstance(visitor.answer(CARD), CapturePage)
    the_next_one_is_served(visitor)


def test_a_document_is_good_on_its_last_day_and_one_that_never_ends_always() -> None:
    for dates in ({"validTo": "2026-10-12"}, {"validTo": None}, {"validFrom": "2026-10-12"}):
        assert isinstance(arriving("zh-CN").answer({**CARD, **dates}), CapturePage)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("fault", ["timeout", "unavailable", "refused", "locked", "internal"])
def test_a_camera_in_trouble_is_told_and_staff_can_check_instead(fault: str, lang: str) -> None:
    visitor = arriving(lang)
    visitor.answer(CARD)
    visitor.touch(Action.PROCEED)
    page = visitor.answer(fault=fault)
    assert isinstance(page, CapturePage)
    known = catalogue(lang)
    assert page.message == known.get(f"face.{fault}", known["face.unavailable"])
    assert WHAT_NEXT[lang].search(page.message)
    assert [choice.id for choice in page.others] == ["staff"]
    the_next_one_is_served(visitor)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_wrong_staff_code_is_told_and_can_be_entered_again(lang: str) -> None:
    visitor = arriving(lang)
    visitor.answer(CARD)
    visitor.touch(Action.SECOND, "staff")
    visitor.touch(Action.FILL, "pin", "000000")
    visitor.touch(Action.PROCEED)
    page = visitor.answer({"passed": False})
    assert isinstance(page, FormPage)
    assert page.errors == (catalogue(lang)["staff.wrong"],)
    assert page.rows[0].value == ""
    the_next_one_is_served(visitor)


# --- a centre in trouble --------------------------------------------------------------------------------------


def told(page: Page, fault: str, lang: str) -> None:
    assert isinstance(page, MessagePage)
    known = catalogue(lang)
    assert (page.title, page.body) == (known[f"fault.{fault}.title"], (known[f"fault.{fault}.body"],))
    assert page.action


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("fault", CENTRE_FAULTS)
def test_a_centre_in_trouble_at_sign_in_is_told_and_the_way_leads_home(fault: str, lang: str) -> None:
    visitor = arriving(lang)
    visitor.answer(CARD)
    visitor.touch(Action.PROCEED)
    visitor.answer(PASSED)
    told(visitor.answer(fault=fault), fault, lang)
    assert isinstance(visitor.touch(Action.PROCEED), HomePage)
    the_next_one_is_served(visitor)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("fault", CENTRE_FAULTS)
def test_a_question_without_an_answer_can_be_asked_again(fault: str, lang: str) -> None:
    visitor = Visitor().world()
    visitor.sign_in("certificate.iit-record")
    visitor.touch(Action.LANGUAGE, lang)
    told(visitor.answer(fault=fault), fault, lang)
    visitor.touch(Action.PROCEED)
    assert visitor.asked == Ask("iit.months", {})
    the_next_one_is_served(visitor)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("fault", [*CENTRE_FAULTS, "in-doubt"])
def test_an_effect_that_was_not_done_is_told_and_never_done_by_itself(fault: str, lang: str) -> None:
    visitor = at_the_record()
    visitor.touch(Action.LANGUAGE, lang)
    issuing(visitor)
    assert isinstance(visitor.asked, Submit)
    told(visitor.answer(fault=fault), fault, lang)
    assert isinstance(visitor.touch(Action.PROCEED), HomePage)
    assert sum(isinstance(i.effect, Submit) for i in visitor.issued) == 1
    the_next_one_is_served(visitor)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_fault_nobody_wrote_words_for_has_words_all_the_same(lang: str) -> None:
    visitor = Visitor().world()
    visitor.sign_in("certificate.iit-record")
    visitor.touch(Action.LANGUAGE, lang)
    told(visitor.answer(fault="{0.__class__}\x00"), "internal", lang)
    the_next_one_is_served(visitor)


# --- hostile typing -------------------------------------------------------------------------------------------

HOSTILE = (
    "",
    "\x00",
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "{uscc}{0.__class__}",
    "I" * 5000,
    "\u202e1234",
    "😀" * 20,
    "Ｉ２３" * 9,
    "-1",
    "1e309",
    "NaN",
    "\ud83d",
)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_enterprise_code_is_told_and_can_be_typed_again(text: str, lang: str) -> None:
    visitor = Visitor().world(online=False)
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.LANGUAGE, lang)
    visitor.touch(Action.OPEN, "declare.vat-small")
    visitor.answer(CARD)
    visitor.touch(Action.PROCEED)
    visitor.answer(PASSED)
    visitor.answer(fault="unreachable")
    visitor.touch(Action.FILL, "uscc", text)
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, FormPage)
    assert page.rows[0].id == "uscc"
    assert page.errors in ((), (catalogue(lang)["claim.wrong"],))
    assert page.errors or not page.action_enabled
    visitor.touch(Action.FILL, "uscc", "91110108MA01K1050C")
    page = visitor.touch(Action.PROCEED)
    assert not isinstance(page, ChoosePage | MessagePage)
    assert isinstance(page, FormPage)
    assert page.rows[0].id != "uscc"
    visitor.world()
    the_next_one_is_served(visitor)
