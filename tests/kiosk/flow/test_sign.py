"""Signing by hand: what is read is what is signed, the ink is looked at, and nobody is held by a pad that is away."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import pytest

from kiosk.domain.signing import SignedPaper
from kiosk.flow.effects import Ask, Note, PressPad, StopWaiting, Submit, TakeSignature
from kiosk.flow.events import Action
from kiosk.flow.pages import DonePage, FormPage, MessagePage, Page, ReviewPage, SignPage, WorkingPage
from tests.kiosk.flow.test_phone import CHALLENGE, MOBILE, SENT, no
from tests.kiosk.flow.visitor import CARD, PASSED, Visitor

SIGNED = {"signature": "S1NHMQ==", "png": "iVBORw=="}
AGAIN = {"signature": "S1NHMg==", "png": "iVBORg=="}
STATE = {"known": False, "mobile_masked": None, "state_text": {"zh-CN": "还没有采集", "en-US": "Not on file"}}
ENROLLED: dict[str, Any] = {
    "state": "accepted",
    "enrolment": "65990026101200000018",
    "first": True,
    "accepted_at": "2026-10-12T09:45:00+08:00",
    "evidence_text": {"zh-CN": "身份证件和人脸比对", "en-US": "Document and live face"},
    "signed_text": {"zh-CN": "本人签名", "en-US": "Signed in person"},
    "state_text": {"zh-CN": "已采集", "en-US": "Enrolled"},
    "basis": {"zh-CN": "税总发〔2016〕111号", "en-US": "No. 111"},
}


def at_review(**world: bool) -> Visitor:
    """A person nobody knows, with a phone that was proven."""
    visitor = Visitor().world(**{"signaturePad": True, **world})
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "identity.enrol")
    visitor.answer(CARD)
    visitor.touch(Action.PROCEED)
    visitor.answer(PASSED)
    assert isinstance(visitor.answer({"known": False, "roles": [], "notices": []}), FormPage)
    visitor.touch(Action.FILL, "mobile", MOBILE)
    visitor.touch(Action.PROCEED)
    visitor.answer(SENT)
    visitor.touch(Action.FILL, "sms", "123456")
    visitor.touch(Action.PROCEED)
    visitor.answer({"mobile_masked": "139****0007"})
    assert visitor.asked == Ask("identity.enrolment", {})
    return visitor


def at_text() -> Visitor:
    visitor = at_review()
    assert isinstance(visitor.answer(STATE), ReviewPage)
    visitor.touch(Action.PROCEED)
    return visitor


def writing() -> Visitor:
    visitor = at_text()
    sign(visitor.touch(Action.PROCEED), "opening")
    sign(visitor.answer({"state": "writing"}, partial=True), "writing")
    return visitor


def sign(page: Page, state: str) -> SignPage:
    assert isinstance(page, SignPage), page
    assert page.state == state
    return page


def text_of(page: SignPage) -> str:
    facts = [f"{label}: {value}" for label, value in page.facts]
    return "\n".join([page.heading, *page.paragraphs, *facts, page.day])


def test_what_is_shown_is_what_is_signed_and_handed_in_letter_by_letter() -> None:
    visitor = at_text()
    page = sign(visitor.page, "ready")
    text = text_of(page)
    assert CARD["name"] in text and MOBILE not in text and CARD["number"] not in text
    assert page.day == "2026年10月12日"
    visitor.touch(Action.PROCEED)
    digest = hashlib.sha256(text.encode()).hexdigest()
    assert visitor.asked == TakeSignature(digest)
    visitor.answer({"state": "writing"}, partial=True)
    shown = sign(visitor.answer(SIGNED), "shown")
    assert text_of(shown) == text
    assert dict(shown.papers) == {shown.picture: SIGNED["png"]}
    assert isinstance(visitor.touch(Action.PROCEED), WorkingPage)
    assert visitor.asked == Submit(
        "identity.enrol",
        {
            "text": text,
            "sha256": digest,
            "signature": SIGNED["signature"],
            "lang": "zh-CN",
            "signed_on": "2026-10-12",
        },
    )
    claim = visitor.issued[-1].subject
    assert claim["phone"] == {"mobile": MOBILE, "challenge": CHALLENGE}
    visitor.answer(ENROLLED)
    done = visitor.answer({"outcome": "printed"})
    assert isinstance(done, DonePage) and done.reference.replace(" ", "") == ENROLLED["enrolment"]


def test_the_journal_learns_the_digest_and_never_the_ink() -> None:
    visitor = writing()
    visitor.answer(SIGNED)
    visitor.touch(Action.PROCEED)
    (note,) = [i.effect for i in visitor.issued if isinstance(i.effect, Note) and i.effect.kind == "signed"]
    assert set(note.data) == {"sha256"}
    shown = str([i for i in visitor.issued if not isinstance(i.effect, Submit)])
    assert SIGNED["signature"] not in shown and SIGNED["png"] not in shown


def test_the_ink_goes_with_the_visit() -> None:
    visitor = writing()
    visitor.answer(SIGNED)
    assert SIGNED["png"] not in repr(visitor.state.local)
    visitor.touch(Action.LEAVE)
    assert visitor.state.local is None and "sign" not in visitor.state.data
    assert SIGNED["signature"] not in str(visitor.state)


def test_the_keys_of_the_screen_are_the_pads_while_it_waits() -> None:
    visitor = writing()
    page = sign(visitor.page, "writing")
    assert page.action and page.second is not None
    visitor.touch(Action.SECOND, "again")
    assert visitor.asked == PressPad("again")
    sign(visitor.answer({"pressed": "again"}), "writing")
    wiped = sign(visitor.answer({"state": "again"}, partial=True), "writing")
    assert wiped.message != page.message
    visitor.touch(Action.PROCEED)
    assert visitor.asked == PressPad("done")
    sign(visitor.answer({"pressed": "done"}), "writing")
    sign(visitor.answer(SIGNED), "shown")


def test_no_key_is_sent_to_a_pad_that_is_not_ready_or_away() -> None:
    visitor = at_text()
    opening = sign(visitor.touch(Action.PROCEED), "opening")
    assert (opening.action, opening.second) == ("", None)
    sent = len(visitor.issued)
    visitor.touch(Action.PROCEED)
    visitor.touch(Action.SECOND, "again")
    away = sign(visitor.answer({"state": "away"}, partial=True), "away")
    assert (away.action, away.second) == ("", None) and away.message
    visitor.touch(Action.PROCEED)
    assert len(visitor.issued) == sent
    sign(visitor.answer({"state": "writing"}, partial=True), "writing")


def test_ink_that_is_not_liked_is_written_anew_and_the_first_is_gone() -> None:
    visitor = writing()
    visitor.answer(SIGNED)
    page = sign(visitor.touch(Action.SECOND, "again"), "opening")
    assert (page.picture, dict(page.papers)) == ("", {})
    assert isinstance(visitor.asked, TakeSignature)
    visitor.answer({"state": "writing"}, partial=True)
    visitor.answer(AGAIN)
    visitor.touch(Action.PROCEED)
    assert isinstance(visitor.asked, Submit) and visitor.asked.data["signature"] == AGAIN["signature"]


@pytest.mark.parametrize("lang", ["zh-CN", "en-US"])
@pytest.mark.parametrize(
    "fault", ["signatureTooShort", "penOutOfArea", "refused", "timeOut", "tooLong", "device", "hardwareError"]
)
def test_each_failure_is_told_and_can_be_tried_again(fault: str, lang: str) -> None:
    visitor = writing()
    visitor.touch(Action.LANGUAGE, lang)
    page = sign(visitor.answer(fault=fault), "again")
    assert page.message and page.action and page.picture == ""
    sign(visitor.touch(Action.PROCEED), "opening")
    assert isinstance(visitor.asked, TakeSignature)


def test_failures_of_different_kinds_are_told_apart() -> None:
    faults = ("signatureTooShort", "penOutOfArea", "refused", "timeOut", "tooLong", "device")
    told = {sign(writing().answer(fault=fault), "again").message for fault in faults}
    assert len(told) == len(faults)


def test_another_language_changes_what_will_be_signed_and_not_what_is_being_signed() -> None:
    visitor = at_text()
    chinese = text_of(sign(visitor.page, "ready"))
    visitor.touch(Action.LANGUAGE, "en-US")
    english = text_of(sign(visitor.page, "ready"))
    assert english != chinese
    visitor.touch(Action.PROCEED)
    visitor.answer({"state": "writing"}, partial=True)
    visitor.touch(Action.LANGUAGE, "zh-CN")
    assert text_of(sign(visitor.page, "writing")) == english
    visitor.answer(SIGNED)
    visitor.touch(Action.PROCEED)
    assert isinstance(visitor.asked, Submit)
    assert (visitor.asked.data["text"], visitor.asked.data["lang"]) == (english, "en-US")


def test_the_way_back_leads_from_the_pad_to_the_text_then_to_the_review() -> None:
    visitor = writing()
    sign(visitor.touch(Action.BACK), "ready")
    assert isinstance(visitor.issued[-1].effect, StopWaiting)
    assert isinstance(visitor.touch(Action.BACK), WorkingPage)
    assert isinstance(visitor.answer(STATE), ReviewPage)


def test_a_signature_that_comes_after_the_way_back_is_dropped() -> None:
    visitor = writing()
    visitor.touch(Action.BACK)
    page = sign(visitor.answer(SIGNED), "ready")
    assert page.picture == "" and SIGNED["signature"] not in str(visitor.state)


def test_who_cannot_enrol_is_told_before_they_sign() -> None:
    visitor = at_review()
    page = visitor.answer(no("这个手机号已经登记在别人名下", "请换一个您自己的手机号"))
    assert isinstance(page, MessagePage) and "请换一个您自己的手机号" in page.body


def test_a_statement_is_its_lines() -> None:
    day = Visitor().engine.around.now().date()
    paper = SignedPaper("H", " one \n\n two\n", (("a", "1"),), day, "en-US")
    assert paper.text == "H\none\ntwo\na: 1\n12 Oct 2026"
    assert paper.is_text(paper.text) and not paper.is_text(replace(paper, lang="zh-CN").text)
    assert paper.is_text("H\none\ntwo\na: 1\n2026-10-12"), "as a terminal of an older release writes it"
    assert paper.digest == hashlib.sha256(paper.text.encode()).digest()
