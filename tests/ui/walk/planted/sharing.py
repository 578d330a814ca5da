"""Faults of consents and referrals."""

from __future__ import annotations

from typing import Any

from tests.ui.walk.planted.planting import fault
from tests.ui.walk.story import PERSON, Story
from ui.walk.rules import sharing


def a_consent(story: Story, matter: str, data: dict[str, str], **held: Any) -> None:
    """A consent was given or withdrawn, and the centre holds that of case 7 as ``held`` says."""
    story.transaction = "t-share"
    story.effect("matter.submit", "h5", data, {"state": "accepted", "key": "h5"})
    case = {"case_no": held.pop("case", "7"), "key": "h5", "matter": matter, "person_number": PERSON}
    story.bureau.setdefault("matter_case", []).append({**case, "taxpayer": None, "state": "approved"})
    row = {"case_no": "7", "recipient": "park", "sealed": "00", "ended_by": None}
    story.bureau["share_consent"] = [{**row, **held}]


@fault(sharing.consents_are_as_signed, "signed for guarantee, held: park, signed")
def a_consent_is_for_another(story: Story) -> None:
    a_consent(story, "share.consent", {"recipient": "guarantee"})


@fault(sharing.consents_are_as_signed, "signed for park, held: park, unsigned")
def a_consent_has_no_ink(story: Story) -> None:
    a_consent(story, "share.consent", {"recipient": "park"}, sealed=sharing.NO_INK)


@fault(sharing.consents_are_as_signed, "has not ended by it")
def a_consent_goes_on(story: Story) -> None:
    a_consent(story, "share.withdraw", {"consent": "7"}, case="8")


def a_referral(story: Story, bank: str, product: str, **held: Any) -> None:
    """Somebody had themselves referred for a loan of the bank ``rural``; ``held`` as of a consent."""
    a_consent(story, "share.bank-loan", {"product": "rural-easy"}, recipient="rural", **held)
    story.bureau["bank_referral"] = [{"case_no": "7", "bank": bank, "product": product, "state": "waiting"}]


@fault(sharing.referrals_wait_for_their_bank, "no referral for rural-easy waits")
def a_referral_is_for_another_loan(story: Story) -> None:
    a_referral(story, "rural", "changhe-top")


@fault(sharing.referrals_wait_for_their_bank, "referred to changhe, held: rural, signed")
def a_referral_goes_to_a_bank_without_consent(story: Story) -> None:
    a_referral(story, "changhe", "rural-easy")


@fault(sharing.referrals_wait_for_their_bank, "referred to rural, held: rural, unsigned")
def a_referral_has_no_ink(story: Story) -> None:
    a_referral(story, "rural", "rural-easy", sealed=sharing.NO_INK)
