"""Faults of matters, their cases and papers."""

from __future__ import annotations

import base64
import hashlib
import json

from tests.ui.walk.planted.planting import fault
from tests.ui.walk.planted.scenes import an_enrolment
from tests.ui.walk.story import CASE, DIGEST, PERSON, Story
from ui.walk.rules import matters


@fault(matters.matters_are_opened_once, "matter q1 was accepted and has no case")
def an_accepted_matter_has_no_case(story: Story) -> None:
    story.bureau["matter_case"].clear()


@fault(matters.matters_are_opened_once, f"case {CASE} is carried out and changed nothing")
def a_matter_changed_nothing(story: Story) -> None:
    story.bureau["registration_entry"].pop()


@fault(matters.matters_are_opened_once, f"case {CASE} was opened and never accepted")
def a_refused_matter_has_a_case(story: Story) -> None:
    story.effects["q1"] = "refused"


@fault(matters.pages_belong_to_their_case, "page g1 was named and is not held")
def a_page_that_got_lost(story: Story) -> None:
    story.bureau["material_page"].clear()


@fault(matters.pages_belong_to_their_case, f"page g1 is another page, or of another case than {CASE}")
def a_page_of_another_case(story: Story) -> None:
    story.bureau["material_page"] = [{"key": "g1", "sha256": DIGEST, "case_no": None}]


@fault(matters.pages_belong_to_their_case, f"page g1 is another page, or of another case than {CASE}")
def a_page_that_was_exchanged(story: Story) -> None:
    story.bureau["material_page"] = [{"key": "g1", "sha256": "cd" * 32, "case_no": CASE}]


@fault(matters.enrolments_are_what_was_signed, "the ink belongs to")
def an_enrolment_signed_on_another_text(story: Story) -> None:
    an_enrolment(story, of="T")


@fault(matters.enrolments_are_what_was_signed, "on file is not the phone that was proven")
def an_enrolment_with_another_phone(story: Story) -> None:
    an_enrolment(story, mobile="13912340008")


@fault(matters.enrolments_are_what_was_signed, "was accepted and is held 0 times")
def an_enrolment_that_nobody_holds(story: Story) -> None:
    an_enrolment(story)
    story.bureau["person_enrolment"].clear()


@fault(matters.enrolments_are_what_was_signed, "was entered and never accepted")
def a_refused_enrolment_that_was_entered(story: Story) -> None:
    an_enrolment(story)
    story.effects["n1"] = "refused"


def a_service(story: Story, *, of: str = "S") -> None:
    """A document that was signed for; the ink is on ``of``."""
    digest = hashlib.sha256(b"S").hexdigest()
    compact = b"KSG1" + hashlib.sha256(of.encode()).digest() + bytes(16)
    number = "66990026101200000018"
    data = {
        "document": number, "text": "S", "sha256": digest, "signature": base64.b64encode(compact).decode()
    }  # fmt: skip
    story.transaction = "t10"
    story.effect("document.serve", "d1", data, {"state": "accepted", "document": number})
    story.bureau["document"] = [
        {"document": number, "key": "d1", "state": "served", "way": "signed", "text_sha256": digest}
    ]


@fault(matters.documents_are_served_by_their_hand, "the ink belongs to")
def a_document_signed_on_another_text(story: Story) -> None:
    a_service(story, of="T")


@fault(matters.documents_are_served_by_their_hand, "was signed for and is not served by that")
def a_document_that_was_signed_and_is_not_served(story: Story) -> None:
    a_service(story)
    story.bureau["document"][0]["state"] = "issued"


@fault(matters.documents_are_served_by_their_hand, "was served and never accepted")
def a_refused_signature_that_served(story: Story) -> None:
    a_service(story)
    story.effects["d1"] = "refused"


def a_mandate(story: Story, *, of: str = "S", **changed: str) -> None:
    """A mandate that was signed, and is held as ``changed``; the ink is on ``of``."""
    digest = hashlib.sha256(b"S").hexdigest()
    compact = b"KSG1" + hashlib.sha256(of.encode()).digest() + bytes(16)
    number = "61990026101200000019"
    data = {
        "number": "530103199103270011", "scope": "papers",
        "text": "S", "sha256": digest, "signature": base64.b64encode(compact).decode(),
    }  # fmt: skip
    story.transaction = "t14"
    story.effect("matter.submit", "m9", data, {"state": "accepted", "case": number})
    case = {"case_no": number, "key": "m9", "matter": "identity.delegate", "person_number": PERSON}
    story.bureau.setdefault("matter_case", []).append({**case, "taxpayer": None, "state": "approved"})
    held = {
        "principal_number": PERSON,
        "attorney_number": data["number"],
        "scope": "papers",
        "ended_by": None,
    }
    story.bureau["mandate"] = [{"case_no": number, **held, **changed}]


@fault(matters.mandates_are_what_was_signed, "the ink belongs to")
def a_mandate_signed_on_another_text(story: Story) -> None:
    a_mandate(story, of="T")


@fault(matters.mandates_are_what_was_signed, "is another one than was signed")
def a_mandate_for_more_than_was_signed(story: Story) -> None:
    a_mandate(story, scope="all")


@fault(matters.mandates_are_what_was_signed, "is another one than was signed")
def a_mandate_of_another_attorney(story: Story) -> None:
    a_mandate(story, attorney_number="530103197509300019")


@fault(matters.mandates_are_what_was_signed, "was accepted and is not held")
def a_mandate_that_nobody_holds(story: Story) -> None:
    a_mandate(story)
    story.bureau["mandate"].clear()


@fault(matters.matters_are_opened_once, "is carried out and changed nothing")
def a_mandate_that_changed_nothing(story: Story) -> None:
    a_mandate(story)
    story.bureau["mandate"].clear()


def a_guardian(story: Story, *, of: str = "S", state: str = "open", **changed: str) -> None:
    """A guardian's statement that waits, for the ward as ``changed``; the ink is on ``of``."""
    digest = hashlib.sha256(b"S").hexdigest()
    compact = b"KSG1" + hashlib.sha256(of.encode()).digest() + bytes(16)
    number = "61990026101200000027"
    ward = {"kind": "parent", "name": "林小禾", "number": "530103201603120017"}
    signed = {"text": "S", "sha256": digest, "signature": base64.b64encode(compact).decode()}
    story.transaction = "t15"
    story.effect("matter.submit", "m10", {**ward, **signed}, {"state": "accepted", "case": number})
    case = {"case_no": number, "key": "m10", "matter": "identity.guardian", "person_number": PERSON}
    fields = json.dumps({**ward, **changed})
    story.bureau.setdefault("matter_case", []).append(
        {**case, "taxpayer": None, "state": state, "fields": fields}
    )


@fault(matters.guardians_wait_for_an_officer, "the ink belongs to")
def a_guardian_who_signed_another_text(story: Story) -> None:
    a_guardian(story, of="T")


@fault(matters.guardians_wait_for_an_officer, "is for another ward than was signed")
def a_guardian_of_another_ward(story: Story) -> None:
    a_guardian(story, number="530103201603120025")


@fault(matters.guardians_wait_for_an_officer, "acts and no officer has decided")
def a_guardian_whom_nobody_looked_at(story: Story) -> None:
    a_guardian(story, state="approved")


@fault(matters.guardians_wait_for_an_officer, "acts and no officer has decided")
def a_guardian_who_acts_already(story: Story) -> None:
    a_guardian(story)
    story.bureau.setdefault("mandate", []).append({"case_no": "61990026101200000027", "ended_by": None})
