"""Faults of sealed documents, on paper and on a phone."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from tests.ui.walk.planted.planting import fault
from tests.ui.walk.story import ANOTHER, CERTIFICATE, NUMBER, PERSON, Story, pdf
from ui.walk.rules import sealed


@fault(sealed.certificates_are_printed_as_sealed, "is not a document that the centre sealed")
def a_byte_of_the_sheet_differs(story: Story) -> None:
    (story.folder / "printed" / "001-certificate.pdf").write_bytes(CERTIFICATE + b"\n")


@fault(sealed.certificates_are_printed_as_sealed, f"does not show its number {NUMBER}")
def the_sheet_shows_another_number(story: Story) -> None:
    (story.folder / "printed" / "001-certificate.pdf").write_bytes(ANOTHER)
    story.bureau["certificate"][0]["pdf_sha256"] = hashlib.sha256(ANOTHER).hexdigest()


@fault(sealed.certificates_are_printed_as_sealed, "2 sheets came out, 1 were journalled")
def the_sheet_came_out_twice(story: Story) -> None:
    story.item("certificate", "009-certificate.pdf", CERTIFICATE)


@fault(sealed.certificates_are_printed_as_sealed, "0 sheets came out, 1 were journalled")
def the_sheet_never_came_out(story: Story) -> None:
    story.items = [i for i in story.items if i["kind"] != "certificate"]


@fault(sealed.certificates_are_printed_as_sealed, "the centre counts 2 copies, not 1")
def the_centre_counts_a_copy_too_many(story: Story) -> None:
    story.bureau["certificate"][0]["copies"] = 2


@fault(sealed.certificates_are_printed_as_sealed, "the centre counts 1 copies, not 0")
def the_centre_counts_a_copy_of_a_certificate_that_nobody_printed(story: Story) -> None:
    story.bureau["certificate"].append(
        {"number": "YC260009", "key": "c8", "pdf_sha256": "0" * 64, "copies": 1}
    )


def sent(story: Story, fetched: bytes | None, *, used: bool = True) -> None:
    """The certificate is sent to a phone, which fetches these bytes."""
    result = {"number": NUMBER, "url": "https://bureau.test/k/c3.s"}
    story.effect("certificate.deliver", "c3", {"number": NUMBER}, {"state": "accepted", **result})
    at = "2026-10-12T01:50:00Z" if used else None
    story.bureau["certificate_link"] = [{"key": "c3", "number": NUMBER, "fetched_at": at}]
    if fetched is not None:
        (story.folder / "fetched").mkdir()
        (story.folder / "fetched" / "1.pdf").write_bytes(fetched)


@fault(sealed.phones_fetch_what_was_sealed, "1 certificates were sent to a phone, and 0 fetched")
def the_phone_fetched_nothing(story: Story) -> None:
    sent(story, None)


@fault(sealed.phones_fetch_what_was_sealed, "1 certificates were sent to a phone, and 1 fetched")
def the_phone_fetched_other_bytes(story: Story) -> None:
    sent(story, ANOTHER)


@fault(sealed.phones_fetch_what_was_sealed, "its link still works")
def the_link_works_still(story: Story) -> None:
    sent(story, CERTIFICATE, used=False)


@fault(sealed.certificates_say_what_the_centre_holds, "shows 228.63, which the centre does not hold")
def the_sheet_shows_another_tax(story: Story) -> None:
    story.bureau["income"][0]["tax_fen"] = 22_864


@fault(sealed.certificates_say_what_the_centre_holds, "does not show 1.00")
def the_sheet_leaves_an_income_out(story: Story) -> None:
    row = {"person_number": PERSON, "month": "2026-02", "income_fen": 100, "tax_fen": 0}
    story.bureau["income"].append(row)


@fault(sealed.certificates_say_what_the_centre_holds, "does not show the person number")
def the_sheet_is_another_person_s(story: Story) -> None:
    story.bureau["certificate"][0]["person_number"] = "539902198604180171"


@fault(sealed.certificates_say_what_the_centre_holds, "does not show the matter's number")
def the_notice_of_a_slip_is_of_another_matter(story: Story) -> None:
    intent = next(r for r in story.journal if r["key"] == "c1" and r["phase"] == "intent")
    intent["body"]["data"] = {"certificate": "matter-notice", "item": "q1"}


def an_electronic_invoice(story: Story, shown: str) -> None:
    """One of 1,675.15 that was printed; on the paper stands ``shown``."""
    paper, document = pdf("26991000000000000001", shown), "22990026101200000018"
    story.transaction = "t8"
    answer = {"state": "accepted", "document": document}
    story.effect("einvoice.copy", "e1", {"invoice": "26991000000000000001"}, answer)
    told = {"number": "26991000000000000001", "code": "", "total_fen": 167_515}
    story.about["e1"]["answer"] = json.dumps({"result": told})
    story.effect("print", "e2", {"number": document, "pages": 1}, {"outcome": "printed", "key": "e2"})
    digest = hashlib.sha256(paper).hexdigest()
    story.bureau["einvoice_document"] = [
        {"document": document, "key": "e1", "number": "26991000000000000001", "pdf": digest}
    ]
    story.bureau["einvoice_print"] = [{"document": document, "outcome": "printed"}]
    story.item("certificate", "012-einvoice.pdf", paper)


@fault(sealed.invoices_say_what_the_centre_holds, "does not show its total of 167515 fen")
def an_electronic_invoice_over_another_total(story: Story) -> None:
    an_electronic_invoice(story, "1675.16")


@fault(sealed.invoices_say_what_the_centre_holds, "1 sheets came out, the centre counts 0")
def an_electronic_invoice_that_nobody_counted(story: Story) -> None:
    an_electronic_invoice(story, "1675.15")
    story.bureau["einvoice_print"] = []


def a_letter(story: Story, **came: Any) -> None:
    """An invoice that was sent to a mailbox; ``came``: how what came there differs."""
    number, box = "26991000000000000001", "zhang@qq.com"
    story.transaction = "t9"
    data = {"invoice": number, "way": "mailbox", "mailbox": box}
    answer = {"state": "accepted", "number": number, "mailbox": "z***@qq.com", "total_fen": 167_515}
    story.effect("einvoice.deliver", "l1", data, answer)
    story.about["l1"]["answer"] = json.dumps({"result": answer})
    files = {
        f"{number}.{ending}": hashlib.sha256(ending.encode()).hexdigest() for ending in ("ofd", "pdf", "xml")
    }
    story.bureau["letter"] = [{"key": "l1", "state": "sent"}]
    story.bureau["letter_file"] = [
        {"key": "l1", "name": name, "sha256": digest} for name, digest in files.items()
    ]
    letter = {
        "key": "l1",
        "mailbox": box,
        "to": box,
        "subject": f"电子发票 {number}",
        "text": "",
        "files": files,
    }
    story.letters = [letter | came]


@fault(sealed.mailboxes_hold_what_was_enclosed, "is queued at the centre and came 0 times")
def a_letter_that_never_left(story: Story) -> None:
    a_letter(story)
    story.bureau["letter"][0]["state"], story.letters = "queued", []


@fault(sealed.mailboxes_hold_what_was_enclosed, "is None at the centre and came 0 times")
def a_letter_that_nobody_wrote_down(story: Story) -> None:
    a_letter(story)
    story.bureau["letter"] = story.bureau["letter_file"] = story.letters = []


@fault(sealed.mailboxes_hold_what_was_enclosed, "is sent at the centre and came 2 times")
def a_letter_that_came_twice(story: Story) -> None:
    a_letter(story)
    story.letters *= 2


@fault(
    sealed.mailboxes_hold_what_was_enclosed, "does not hold the files of its invoice as the centre kept them"
)
def a_letter_with_another_file(story: Story) -> None:
    a_letter(story)
    story.letters[0]["files"] |= {"26991000000000000001.pdf": "0" * 64}


@fault(sealed.mailboxes_hold_what_was_enclosed, "came to another mailbox than was written at the terminal")
def a_letter_to_somebody_else(story: Story) -> None:
    a_letter(story, mailbox="zheng@qq.com")


@fault(sealed.mailboxes_hold_what_was_enclosed, "does not say which invoice it holds")
def a_letter_without_its_number(story: Story) -> None:
    a_letter(story, subject="电子发票")
