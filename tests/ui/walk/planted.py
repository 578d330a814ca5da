"""Faults planted into a good walk: how each is planted, which rule of the checker finds it, and what it says."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Any

from PIL import Image

from config import library as libraries
from drivers.receipt import parse_receipt
from drivers.receipt_raster import render, to_png
from kiosk.domain.title_code import InvoiceTitle, make_title
from tests.shipped import CATALOGUE
from tests.ui.walk.story import (
    ANOTHER,
    CASE,
    CERTIFICATE,
    CODE,
    COLLECTION,
    DIGEST,
    ENTERPRISE,
    MATTER,
    NUMBER,
    ORDER,
    PERSON,
    RETURN,
    URL,
    VOUCHER,
    WAITING,
    Story,
    pdf,
)
from ui.walk.rules import (
    departures,
    devices,
    effects,
    feedback,
    matters,
    money,
    mutual,
    navigated,
    remote,
    sealed,
    sharing,
    slips,
    stock,
    subscriptions,
    surveys,
    worked,
)

NOTICE = "99019926000100042174"
"""The payment code of a notice of non-tax revenue."""
Fault = Callable[[Story], None]
FAULTS: dict[str, tuple[Fault, str, str]] = {}
"""Name -> (how it is planted, which rule finds it, what it says)."""


def fault(rule: Callable[..., Any], says: str) -> Callable[[Fault], Fault]:
    def plant(function: Fault) -> Fault:
        FAULTS[function.__name__] = (function, rule.__name__, says)
        return function

    return plant


@fault(effects.every_effect_is_settled, "slip s2 is not settled")
def an_effect_hangs(story: Story) -> None:
    story.journal = [r for r in story.journal if (r["key"], r["phase"]) != ("s2", "settled")]
    renumber(story)


@fault(effects.the_core_alone_keeps_effects, "in its own store, beside the core")
def an_effect_is_kept_beside_another_core(story: Story) -> None:
    story.bureau["kept_here"] = [{"kind": "rate", "key": "r1"}]


@fault(effects.every_effect_is_settled, "the journal has a gap")
def a_record_is_missing(story: Story) -> None:
    del story.journal[0]


@fault(effects.every_effect_is_settled, "the journal has a gap")
def a_record_is_there_twice(story: Story) -> None:
    story.journal.append(dict(story.journal[-1]))


@fault(effects.terminal_and_centre_hold_the_same_effects, "never reached the centre")
def a_rating_never_arrived(story: Story) -> None:
    del story.effects["f1"]


@fault(effects.terminal_and_centre_hold_the_same_effects, "which the terminal never meant")
def the_centre_holds_what_nobody_sent(story: Story) -> None:
    story.effects["x1"] = "accepted"


@fault(
    effects.terminal_and_centre_hold_the_same_effects,
    "reserve i1: the terminal holds accepted, the centre refused",
)
def an_online_answer_differs(story: Story) -> None:
    story.effects["i1"] = "refused"


@fault(
    effects.terminal_and_centre_hold_the_same_effects,
    "rate f1: the terminal holds accepted, the centre refused",
)
def a_late_answer_differs(story: Story) -> None:
    story.effects["f1"] = "refused"


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


@fault(slips.slips_are_printed_once_and_lead_somewhere, "6 slips came out, 5 were journalled")
def a_slip_came_out_twice(story: Story) -> None:
    story.slip("010-slip.png", f"{URL}/s/i2", *COLLECTION, total="3")


@fault(slips.slips_are_printed_once_and_lead_somewhere, "4 slips came out, 5 were journalled")
def a_slip_never_came_out(story: Story) -> None:
    del story.items[[i["kind"] for i in story.items].index("slip")]


@fault(slips.slips_are_printed_once_and_lead_somewhere, "its code cannot be read")
def the_code_of_a_slip_is_smudged(story: Story) -> None:
    with Image.open(story.folder / "printed" / "006-slip.png") as paper:
        clean = paper.copy()
    clean.paste(0, (60, clean.height // 2, 200, clean.height - 120))
    clean.save(story.folder / "printed" / "006-slip.png")


@fault(slips.slips_are_printed_once_and_lead_somewhere, "follows nothing of this visit")
def the_code_of_a_slip_is_a_stranger_s(story: Story) -> None:
    story.slip("006-slip.png", f"{URL}/s/somebody-else")


@fault(slips.slips_are_printed_once_and_lead_somewhere, "follows nothing of this visit")
def the_code_of_a_slip_is_a_key_that_only_the_terminal_knows(story: Story) -> None:
    story.slip("006-slip.png", f"{URL}/s/d1")


LATE = libraries.load().answers["surcharge-rate"].answer["zh-CN"]
SURCHARGE = ("税交晚了，滞纳金怎么算？", LATE)
"""An answer of the library: its question and what it says."""


def an_answer_sheet(
    story: Story,
    said: tuple[str, str] = SURCHARGE,
    printed: str = "",
    code: str = "",
    *,
    service: str = "consult.ask",
) -> None:
    """A sheet of the library at a visit of its own; ``printed`` is what came out in place of what was meant."""
    story.transaction = "t-library"
    story.record("service.opened", "note", None, {"service": service})
    blocks: list[dict[str, Any]] = [{"type": "text", "text": text} for text in said]
    blocks += [{"type": "qr", "data": code}] if code else []
    story.effect("slip", "s-library", {"blocks": blocks}, {"outcome": "printed", "key": "s-library"})
    shown = [{"type": "text", "text": text} for text in (said[0], printed or said[1])]
    paper = render(parse_receipt([*shown, *([{"type": "qr", "data": code}] if code else [])]))
    story.item("slip", "020-slip.png", to_png(paper))


@fault(
    slips.sheets_of_the_library_say_what_it_holds, "s-library: what was printed stands nowhere in the library"
)
def a_sheet_says_what_stands_nowhere(story: Story) -> None:
    an_answer_sheet(story, (SURCHARGE[0], LATE.replace("万分之五", "万分之六")))


@fault(
    slips.sheets_of_the_library_say_what_it_holds, "s-library: what was printed stands nowhere in the library"
)
def a_sheet_has_the_persons_words_over_the_answer(story: Story) -> None:
    an_answer_sheet(story, ("我晚交了三个月要多少钱", LATE))


@fault(slips.sheets_of_the_library_say_what_it_holds, "s-library: no sheet that came out has its figures")
def a_figure_of_a_sheet_came_out_as_another(story: Story) -> None:
    an_answer_sheet(story, printed=LATE.replace("150", "750"))


@fault(slips.slips_are_printed_once_and_lead_somewhere, "020-slip.png: its code cannot be read")
def a_slip_without_a_code_is_of_a_service_that_has_one(story: Story) -> None:
    an_answer_sheet(story, service="invoice.title-code")


BRINGS = CATALOGUE["declare.deed"].service
"""Whose checklist is printed."""


def a_checklist(
    story: Story, things: Sequence[str] = (), printed: Sequence[str] = (), code: str = "", *, title: str = ""
) -> None:
    """A checklist at a visit of its own; ``printed`` are the things that came out in place of what was meant."""
    story.transaction = "t-navigator"
    story.record("service.opened", "note", None, {"service": "tools.navigator"})
    meant = things or [thing["zh-CN"] for thing in BRINGS.brings]

    def lines(of: Sequence[str]) -> list[dict[str, Any]]:
        numbered = [f"{number}. {thing}" for number, thing in enumerate(of, 1)]
        texts = (title or BRINGS.title["zh-CN"], BRINGS.summary["zh-CN"], *numbered)
        told = [{"type": "text", "text": text} for text in texts]
        return [*told, *([{"type": "qr", "data": code}] if code else [])]

    story.effect("slip", "s-list", {"blocks": lines(meant)}, {"outcome": "printed", "key": "s-list"})
    story.item("slip", "021-slip.png", to_png(render(parse_receipt(lines(printed or meant)))))


@fault(navigated.checklists_say_what_the_service_takes, "s-list: the checklist is that of no service")
def a_checklist_leaves_something_out(story: Story) -> None:
    a_checklist(story, ["身份证原件"])


@fault(navigated.checklists_say_what_the_service_takes, "s-list: the checklist is that of no service")
def a_checklist_is_that_of_another_service(story: Story) -> None:
    a_checklist(story, title="契税退税")


@fault(navigated.checklists_say_what_the_service_takes, "no sheet that came out has 2 things to bring")
def a_thing_to_bring_did_not_come_out(story: Story) -> None:
    a_checklist(story, printed=["身份证原件"])


@fault(navigated.checklists_say_what_the_service_takes, "s-list: a checklist has a code")
def a_checklist_has_a_code(story: Story) -> None:
    a_checklist(story, code=f"{URL}/s/nowhere")


QUESTION, IDEA = "67990026101200000016", "67990026100790000012"


def a_question(story: Story, **kept: Any) -> None:
    """Somebody asked, and the centre keeps it; ``kept`` is what it has in place of that."""
    told = {"topic": "other", "text": "电话[电话]打不通"}
    story.transaction = "t-help"
    story.effect("help.ask", "h1", told, {"state": "accepted", "number": QUESTION, "key": "h1"})
    story.about["h1"]["reference"] = QUESTION
    row = {"key": "h1", "number": QUESTION, "kind": "question", "state": "waiting", "about": "", "stage": ""}
    words = json.dumps({"zh-CN": told["text"]}, ensure_ascii=False)
    story.bureau["contribution"] = [{**row, "text": words, **kept}]


def a_vote(story: Story, vote: str, *values: int) -> None:
    """Somebody voted, and the centre counts ``values`` of them."""
    told = {"idea": IDEA, "number": None, "vote": vote}
    story.transaction = "t-ideas"
    story.effect("ideas.vote", "h2", told, {"state": "accepted", "number": IDEA, "key": "h2"})
    story.about["h2"]["reference"] = IDEA
    story.bureau["contribution_mark"] = [
        {"number": IDEA, "who": f"phone:1391234000{n}", "value": value} for n, value in enumerate(values)
    ]


def thanks(story: Story, times: int) -> None:
    """Somebody said that it helped, and the centre counts it so often."""
    story.transaction = "t-thanks"
    story.effect("help.thank", "h3", {"question": QUESTION}, {"state": "accepted", "key": "h3"})
    visit = next(r for r in story.journal if r["key"] == "h3")["visit"]
    story.bureau["contribution_mark"] = [{"number": QUESTION, "who": visit, "value": 1} for _ in range(times)]


@fault(mutual.contributions_are_kept_as_they_were_shown, "the centre keeps other words than were shown")
def a_phone_that_was_out_of_sight_is_kept(story: Story) -> None:
    a_question(story, text=json.dumps({"zh-CN": "电话13912340007打不通"}))


@fault(mutual.contributions_are_kept_as_they_were_shown, "it is kept as a published question")
def a_question_is_published_unread(story: Story) -> None:
    a_question(story, state="published")


@fault(mutual.contributions_are_kept_as_they_were_shown, "the centre keeps it 0 times")
def a_question_is_lost(story: Story) -> None:
    a_question(story, key="another")


@fault(mutual.contributions_are_kept_as_they_were_shown, "it has another number than was told")
def a_question_has_another_number(story: Story) -> None:
    a_question(story, number=IDEA)


@fault(mutual.votes_count_once, "voted for, the centre counts [1, 1]")
def a_vote_counts_twice(story: Story) -> None:
    a_vote(story, "for", 1, 1)


@fault(mutual.votes_count_once, "voted none, the centre counts [1]")
def a_vote_that_was_taken_back_counts(story: Story) -> None:
    a_vote(story, "none", 1)


@fault(mutual.thanks_count_once, "it helped once, the centre counts 0")
def thanks_are_lost(story: Story) -> None:
    thanks(story, 0)


def subscriptions_of(story: Story, chosen: list[str], held: list[str]) -> None:
    """Somebody left ``chosen`` marked, and the centre holds ``held``."""
    who = {
        "person": None,
        "phone": {"mobile": "13912340029", "challenge": "c"},
        "taxpayer": None,
        "role": None,
    }
    story.transaction = "t-follow"
    story.effect("subscription.change", "h4", {"topics": chosen}, {"state": "accepted", "key": "h4"})
    next(r for r in story.journal if r["key"] == "h4" and r["phase"] == "intent")["body"]["subject"] = who
    story.bureau["subscription"] = [
        {"visitor": "phone:13912340029", "topic": topic, "active": 1} for topic in held
    ] + [{"visitor": "phone:13912340029", "topic": "school", "active": 0}]


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


DEPARTING = "46990026101200000018"


def an_application(story: Story, **line: Any) -> None:
    """A traveller asked for the refund on a scarf of 1,000 yuan; ``line`` is held otherwise."""
    trip = {"arrived_on": "2026-09-28", "leaves_on": "2026-10-20", "port": "airport"}
    bought = [{"number": "2" * 20, "issued": "2026-10-08", "amount_fen": 100_000}]
    story.transaction = "t7"
    answer = {"state": "accepted", "application": DEPARTING}
    story.effect("departure.apply", "d7", {**trip, "invoices": bought}, answer)
    story.bureau["departure_refund"] = [{"key": "d7", "application": DEPARTING, **trip}]
    worked = {"at_13_fen": 100_000, "at_9_fen": 0, "refund_fen": 11_000, "fee_fen": 2_000}
    held = {"application": DEPARTING, "invoice": "2" * 20, "total_fen": 100_000, **worked}
    story.bureau["departure_line"] = [{**held, **line}]


@fault(departures.applications_are_entered_once, "departure.apply d7 was accepted and is held 0 times")
def an_application_is_lost(story: Story) -> None:
    an_application(story)
    story.bureau["departure_refund"] = []


@fault(departures.applications_are_entered_once, f"application {DEPARTING} was entered and never accepted")
def a_refused_application_is_entered(story: Story) -> None:
    an_application(story)
    story.effects["d7"] = "refused"


@fault(departures.applications_are_entered_once, f"application {DEPARTING} is of another trip than was told")
def an_application_is_of_another_trip(story: Story) -> None:
    an_application(story)
    story.bureau["departure_refund"][0]["leaves_on"] = "2026-10-21"


@fault(departures.applications_are_entered_once, "was not held before the reader, or for another sum")
def an_application_holds_anothers_invoice(story: Story) -> None:
    an_application(story, invoice="3" * 20)


@fault(departures.applications_are_entered_once, f"application {DEPARTING} holds no invoice")
def an_application_is_empty(story: Story) -> None:
    an_application(story)
    story.bureau["departure_line"] = []


@fault(departures.refunds_are_worked_out_by_law, "11000 less 1000, by law 11000 less 2000")
def an_application_is_charged_too_little(story: Story) -> None:
    an_application(story, fee_fen=1_000)


@fault(subscriptions.subscriptions_are_as_chosen, "chose ['notices'], the centre holds []")
def a_subscription_is_lost(story: Story) -> None:
    subscriptions_of(story, ["notices"], [])


@fault(subscriptions.subscriptions_are_as_chosen, "the centre holds ['notices', 'rules-vat']")
def a_subscription_does_not_end(story: Story) -> None:
    subscriptions_of(story, ["notices"], ["notices", "rules-vat"])


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


@fault(slips.slips_say_what_the_others_hold, "shows 4,095.85, which neither centre nor acquirer holds")
def a_wrong_amount_on_the_slip(story: Story) -> None:
    story.slip("007-slip.png", f"{URL}/s/m1", *RETURN, total="¥4,095.85")


@fault(slips.slips_say_what_the_others_hold, "does not show 4,095.84")
def no_amount_on_the_slip(story: Story) -> None:
    story.slip("007-slip.png", f"{URL}/s/m1", *RETURN)


@fault(slips.slips_say_what_the_others_hold, f"does not show the payment's voucher {VOUCHER}")
def no_voucher_on_the_slip(story: Story) -> None:
    story.slip("007-slip.png", f"{URL}/s/m1", *RETURN[:2], total="¥4,095.84")


@fault(slips.slips_say_what_the_others_hold, "does not show the voucher that is paid 44990026100963126672")
def another_bill_was_paid_than_the_slip_says(story: Story) -> None:
    story.bureau["payment_order"][0] |= {"bill": "44990026100963126672", "taxpayer": ENTERPRISE}


@fault(slips.slips_say_what_the_others_hold, "shows the number 399002610120000002")
def another_voucher_on_the_slip(story: Story) -> None:
    rows = (*RETURN[:2], "缴款凭证号 399002610120000002")
    story.slip("007-slip.png", f"{URL}/s/m1", *rows, total="¥4,095.84")


@fault(slips.slips_say_what_the_others_hold, "does not show the number under which the return waits")
def no_number_on_the_slip_of_a_return_that_waits(story: Story) -> None:
    story.slip("008-slip.png", f"{URL}/s/r2", WAITING[0], total="¥0.07")


@fault(slips.slips_say_what_the_others_hold, "shows the invoices 00004801–00004804 (4), the ledger issued")
def an_invoice_too_many_on_the_slip(story: Story) -> None:
    rows = (*COLLECTION[:2], "号码 00004801–00004804")
    story.slip("006-slip.png", f"{URL}/s/i2", *rows, total="3")


@fault(slips.slips_say_what_the_others_hold, "counts 4 sheets, the ledger issued 3")
def another_count_on_the_slip(story: Story) -> None:
    story.slip("006-slip.png", f"{URL}/s/i2", *COLLECTION, total="4")


@fault(slips.slips_say_what_the_others_hold, "which is not the person's number")
def another_person_s_number_on_the_slip(story: Story) -> None:
    url = f"{URL}/v?n={NUMBER}&c=ABCDEFGH"
    story.slip("002-slip.png", url, f"证明编号 {NUMBER}", "证件号码 539***********0171")


@fault(slips.slips_say_what_the_others_hold, f"does not show the certificate's number {NUMBER}")
def no_certificate_number_on_the_slip(story: Story) -> None:
    story.slip("002-slip.png", f"{URL}/v?n={NUMBER}&c=ABCDEFGH")


@fault(stock.invoices_carry_the_numbers_they_are_counted_under, f"its bar code says {CODE}00004809")
def a_sheet_carries_another_number(story: Story) -> None:
    story.items = [i for i in story.items if i.get("number") != "00004802"]
    story.invoice("4802-invoice.png", 4802, shown=4809)


@fault(stock.invoices_move_once, f"invoice {CODE} 00004802 came out 2 times")
def an_invoice_came_out_twice(story: Story) -> None:
    story.invoice("again.png", 4802)


@fault(stock.invoices_move_once, f"invoice {CODE} 00004804 is in somebody's hands but in nobody's name")
def an_invoice_is_in_nobody_s_name(story: Story) -> None:
    story.invoice("more.png", 4804)


@fault(stock.invoices_move_once, f"the ledger issues {CODE} 00004803, which nobody took")
def an_invoice_was_drawn_back_and_booked_all_the_same(story: Story) -> None:
    next(i for i in story.items if i.get("number") == "00004803")["place"] = "retracted"


@fault(stock.invoices_move_once, f"the ledger issues {CODE} 00004801 2 times")
def the_ledger_issues_a_number_twice(story: Story) -> None:
    row = {"type": "ISSUE", "code": CODE, "first": 4801, "last": 4801, "reservation": "R2"}
    story.bureau["stock_movement"].append(row)


@fault(stock.invoices_move_once, "reservations still open: R3")
def a_reservation_is_left_open(story: Story) -> None:
    story.bureau["reservation"].append({"reservation": "R3", "state": "open"})


@fault(money.money_moves_once, f"order {ORDER} was charged and is not booked")
def money_came_and_is_not_booked(story: Story) -> None:
    story.bureau["booking"].clear()


@fault(money.money_moves_once, f"order {ORDER} is booked and was never charged")
def money_is_booked_that_never_came(story: Story) -> None:
    story.acquirer["payments"].clear()
    story.journalled("payment.create", "outcome")["body"]["state"] = "expired"


@fault(money.money_moves_once, f"order {ORDER} was charged 2 times")
def one_order_was_charged_twice(story: Story) -> None:
    story.acquirer["payments"].append({"order_no": ORDER, "amount_fen": 409_584})


@fault(money.money_moves_once, "order O3 was charged and is not booked")
def an_account_was_debited_and_nobody_knows(story: Story) -> None:
    story.acquirer["debits"] = [{"order_no": "O3", "amount_fen": 409_584}]


@fault(money.money_moves_once, f"order {ORDER} was charged 2 times")
def a_paid_order_was_debited_as_well(story: Story) -> None:
    story.acquirer["debits"] = [{"order_no": ORDER, "amount_fen": 409_584}]


@fault(money.money_moves_once, "charged 409584, booked 409583")
def another_amount_is_booked(story: Story) -> None:
    story.bureau["booking"][0]["amount_fen"] = 409_583


@fault(money.money_moves_once, "ordered None, charged 409584")
def an_order_that_the_centre_lost_is_booked(story: Story) -> None:
    story.bureau["payment_order"].clear()


@fault(money.money_moves_once, "the slip says 5, charged 409584")
def the_slip_says_another_amount(story: Story) -> None:
    story.journalled("payment.create", "outcome")["body"]["amount_fen"] = 5


@fault(money.money_moves_once, "due S1 was paid 2 times")
def one_due_was_paid_by_two_orders(story: Story) -> None:
    story.bureau["payment_order"].append({"order_no": "O2", "amount_fen": 1, "state": "approved"})
    story.bureau["payment_due"].append({"order_no": "O2", "due": "S1"})
    story.bureau["booking"].append({"order_no": "O2", "amount_fen": 1})
    story.acquirer["payments"].append({"order_no": "O2", "amount_fen": 1})


def a_notice(story: Story, **changed: Any) -> dict[str, Any]:
    """The order was for a notice of non-tax revenue."""
    line = {"order_no": ORDER, "code": NOTICE, "amount_fen": 409_584, "late_fee_fen": 0}
    receipt = {"receipt_code": "99030126", "receipt_number": "1012000001", "receipt_check": "7k2m9q"}
    story.bureau["payment_order"][0]["taxpayer"] = ENTERPRISE
    story.bureau["nontax_payment"] = [{**line, **receipt, **changed}]
    return {**line, **receipt}


@fault(money.notices_are_paid_once, f"notice {NOTICE} was paid 2 times")
def one_notice_was_paid_by_two_orders(story: Story) -> None:
    again = {**a_notice(story), "order_no": "O2", "amount_fen": 1}
    story.bureau["nontax_payment"].append(again)
    story.bureau["booking"].append({"order_no": "O2", "amount_fen": 1})


@fault(money.notices_are_paid_once, f"order {ORDER}: the notice is of 409589, booked 409584")
def a_late_fee_was_not_collected(story: Story) -> None:
    a_notice(story, late_fee_fen=5)


@fault(money.notices_are_paid_once, f"order {ORDER} paid notice {NOTICE} and has no receipt")
def a_paid_notice_has_no_receipt(story: Story) -> None:
    a_notice(story, receipt_number=None)


@fault(slips.slips_say_what_the_others_hold, "does not show the receipt's check 7k2m9q")
def the_slip_leaves_the_receipt_s_check_code_out(story: Story) -> None:
    a_notice(story)


@fault(money.money_moves_once, f"order {ORDER}: the terminal holds expired, the acquirer paid")
def the_terminal_says_unpaid_and_the_money_is_gone(story: Story) -> None:
    story.journalled("payment.create", "outcome")["body"]["state"] = "expired"


@fault(money.money_moves_once, "order O2: the terminal holds paid, the acquirer unpaid")
def the_terminal_says_paid_and_no_money_came(story: Story) -> None:
    story.effect("payment.create", "m2", {}, {"state": "paid", "order": "O2", "amount_fen": 1})


@fault(money.declarations_are_filed_once, "is filed 2 times")
def a_period_is_filed_twice(story: Story) -> None:
    story.bureau["declaration"].append({**story.bureau["declaration"][0], "key": None})


@fault(money.declarations_are_filed_once, "was to withdraw, and is filed")
def a_return_that_was_taken_back_stands(story: Story) -> None:
    wrong = {**story.bureau["declaration"][0], "key": "r0", "declaration": "R0", "period_first": "2026-01-01"}
    story.bureau["declaration"].append(wrong)
    data = {"way": "withdraw", "corrects": "R0", "total_fen": None}
    story.effect("declaration.submit", "r9", data, {"state": "accepted", "declaration": "R0"})


@fault(money.declarations_are_filed_once, "declaration r2 was accepted and is not filed")
def an_accepted_return_is_not_filed(story: Story) -> None:
    story.bureau["declaration"].pop()


@fault(money.declarations_are_filed_once, "declaration r1: confirmed 409584, filed 409583")
def another_figure_is_filed(story: Story) -> None:
    story.bureau["declaration"][0]["total_fen"] = 409_583


@fault(matters.matters_are_opened_once, "matter q1 was accepted and has no case")
def an_accepted_matter_has_no_case(story: Story) -> None:
    story.bureau["matter_case"].clear()


@fault(matters.matters_are_opened_once, f"case {CASE} is carried out and changed nothing")
def a_matter_changed_nothing(story: Story) -> None:
    story.bureau["registration_entry"].pop()


@fault(matters.matters_are_opened_once, f"case {CASE} was opened and never accepted")
def a_refused_matter_has_a_case(story: Story) -> None:
    story.effects["q1"] = "refused"


@fault(slips.slips_say_what_the_others_hold, f"does not show the case's number {CASE}")
def a_slip_without_its_case(story: Story) -> None:
    story.slip("011-slip.png", f"{URL}/s/q1", *MATTER[:-1])


@fault(slips.slips_say_what_the_others_hold, "does not show the invoice's number 00004813")
def a_slip_with_another_invoices_number(story: Story) -> None:
    wrong = (line.replace("00004813", "00004818") for line in MATTER)
    story.slip("011-slip.png", f"{URL}/s/q1", *wrong)


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


def a_title_code(story: Story, name: str, *rows: str) -> None:
    """A buyer's code that says ``name``, on a slip with ``rows``."""
    story.transaction = "t8"
    story.bureau["taxpayer"] = [{"taxpayer": ENTERPRISE, "name": "云川市百味餐饮有限公司"}]
    story.effect("slip", "s8", {"blocks": []}, {"outcome": "printed", "key": "s8"})
    story.slip("012-slip.png", make_title(InvoiceTitle(name, ENTERPRISE)), *rows)


@fault(slips.title_codes_say_what_is_registered, "names '云川市百味饮食有限公司', registered is")
def a_title_code_with_another_name(story: Story) -> None:
    a_title_code(story, "云川市百味饮食有限公司", f"纳税人识别号 {ENTERPRISE}")


@fault(slips.title_codes_say_what_is_registered, f"does not show the number {ENTERPRISE} of its title code")
def a_title_code_without_its_number(story: Story) -> None:
    a_title_code(story, "云川市百味餐饮有限公司", "纳税人识别号 91990199MA607F0M7Y")


WORKED = (
    "销售额 505,000.00",
    "不含税销售额 500,000.00",
    "增值税 5,000.00",
    "城市维护建设税 175.00",
    "教育费附加 75.00",
    "地方教育附加 50.00",
)


def a_worked_sheet(story: Story, *rows: str, total: str = "¥5,300.00") -> None:
    """A slip of which the journal holds the digest alone, and which has no code."""
    story.transaction = "t9"
    story.effect("slip", "s9", {"sha256": DIGEST, "reprint": False}, {"outcome": "printed", "key": "s9"})
    story.slip("013-slip.png", "", *rows, total=total)


@fault(worked.worked_sheets_say_what_comes_out, "which is no sum of the domain note")
def a_worked_sheet_with_a_wrong_line(story: Story) -> None:
    a_worked_sheet(story, *WORKED[:-1], "地方教育附加 50.01")


@fault(worked.worked_sheets_say_what_comes_out, "which is no sum of the domain note")
def a_worked_sheet_that_lacks_a_line(story: Story) -> None:
    a_worked_sheet(story, *WORKED[:-1])


@fault(slips.slips_are_printed_once_and_lead_somewhere, "its code cannot be read")
def a_slip_without_a_code_that_is_no_worked_sheet(story: Story) -> None:
    story.effect("slip", "s9", {"blocks": []}, {"outcome": "printed", "key": "s9"})
    story.slip("013-slip.png", "", *WORKED, total="¥5,300.00")


def renumber(story: Story) -> None:
    for number, row in enumerate(story.journal, 1):
        row["seq"] = number


@fault(matters.pages_belong_to_their_case, "page g1 was named and is not held")
def a_page_that_got_lost(story: Story) -> None:
    story.bureau["material_page"].clear()


@fault(matters.pages_belong_to_their_case, f"page g1 is another page, or of another case than {CASE}")
def a_page_of_another_case(story: Story) -> None:
    story.bureau["material_page"] = [{"key": "g1", "sha256": DIGEST, "case_no": None}]


@fault(matters.pages_belong_to_their_case, f"page g1 is another page, or of another case than {CASE}")
def a_page_that_was_exchanged(story: Story) -> None:
    story.bureau["material_page"] = [{"key": "g1", "sha256": "cd" * 32, "case_no": CASE}]


def an_enrolment(story: Story, *, of: str = "S", mobile: str = "13912340007") -> None:
    """One whose statement says S; the ink is on ``of``, and ``mobile`` is on file."""
    digest = hashlib.sha256(b"S").hexdigest()
    compact = b"KSG1" + hashlib.sha256(of.encode()).digest() + bytes(16)
    number, key = "65990026101200000018", {"person_kind": "resident-id", "person_number": PERSON}
    data = {"text": "S", "sha256": digest, "signature": base64.b64encode(compact).decode()}
    story.transaction = "t9"
    story.effect("identity.enrol", "n1", data, {"state": "accepted", "enrolment": number})
    story.bureau["person_enrolment"] = [
        {"enrolment": number, "key": "n1", **key, "mobile": "13912340007", "text_sha256": digest}
    ]
    story.bureau["person"] = [{"kind": "resident-id", "number": PERSON, "mobile": mobile}]


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


def a_device(story: Story, *, counter: int = 7) -> None:
    """A UKey that reported its month and was unlocked; the order that was written is ``counter``."""
    data = {"month": "2026-09-01", "said": {"device": "661600000017"}}
    story.transaction = "t11"
    story.effect("device.report", "r1", data, {"state": "accepted", "device": "661600000017"})
    story.effect(
        "device.unlock", "r2", data, {"state": "accepted", "device": "661600000017", "counter": 7}
    )  # fmt: skip
    story.record("device.unlocked", "note", "", {"device": "661600000017", "counter": counter})
    held = {"device": "661600000017", "month": "2026-09-01"}
    story.bureau["device_report"] = [held]
    story.bureau["device_order"] = [{**held, "counter": 7}]


@fault(devices.devices_report_once, "is held 2 times")
def a_month_that_was_taken_twice(story: Story) -> None:
    a_device(story)
    story.bureau["device_report"] *= 2


@fault(devices.devices_report_once, "is held 0 times")
def a_month_that_was_never_taken(story: Story) -> None:
    a_device(story)
    story.bureau["device_report"].clear()


@fault(devices.devices_obey_their_orders, "order 7 is not in the books for 2026-09")
def an_order_for_another_month(story: Story) -> None:
    a_device(story)
    story.bureau["device_order"][0]["month"] = "2026-08-01"


@fault(devices.devices_obey_their_orders, "order 7 was never written")
def an_order_that_was_never_written(story: Story) -> None:
    a_device(story, counter=6)


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


@fault(slips.slips_say_what_the_others_hold, "does not show the enrolment's number 65990026101200000018")
def a_slip_without_its_enrolment(story: Story) -> None:
    an_enrolment(story)
    story.effect("slip", "s9", {"blocks": []}, {"outcome": "printed", "key": "s9"})
    story.slip("012-slip.png", f"{URL}/s/n1", "手机号 139****0007")


def a_tip_off(story: Story, *, desk: str = "report", target: str = "翠湖小吃店") -> None:
    """A tip-off that was accepted, with a number that is not on the slip of the story."""
    number = "68990026101200000014"
    data = {"target": target, "facts": "不开发票", "naming": "anonymous", "name": None}
    story.transaction = "t21"
    story.effect("feedback.report", "x1", data, {"state": "accepted", "case": number})
    story.about["x1"] |= {"person_number": None, "taxpayer": None}
    case = {"number": number, "key": "x1", "desk": desk, "mobile": "", "state": "received"}
    story.bureau["feedback_case"] = [case]


@fault(feedback.feedback_is_entered_once, "entered 0 times")
def a_tip_off_that_was_never_entered(story: Story) -> None:
    a_tip_off(story)
    story.bureau["feedback_case"].clear()


@fault(feedback.feedback_is_entered_once, "at ['complaint']")
def a_tip_off_at_the_other_desk(story: Story) -> None:
    a_tip_off(story, desk="complaint")


@fault(feedback.feedback_is_entered_once, "told as 68990026101200000014, held as")
def a_tip_off_under_another_number(story: Story) -> None:
    a_tip_off(story)
    story.bureau["feedback_case"][0]["number"] = "68990026101200000022"


@fault(feedback.tip_offs_name_nobody, "keeps who stood there")
def a_tip_off_with_its_giver(story: Story) -> None:
    a_tip_off(story)
    story.about["x1"] |= {"person_number": PERSON}


@fault(feedback.tip_offs_name_nobody, "its visit says who it was (identified)")
def a_tip_off_in_the_visit_of_somebody(story: Story) -> None:
    a_tip_off(story)
    story.record("identified", "note", None, {})


@fault(feedback.tip_offs_name_nobody, "target stand in the centre's tables unsealed")
def a_tip_off_in_the_clear(story: Story) -> None:
    a_tip_off(story)
    story.bureau["case_file"] = [{"details": "翠湖小吃店"}]


def a_rated_answer(story: Story, **act: str) -> None:
    """An answer of which somebody said what they think."""
    a_key, number = "01940000-0000-7000-8000-000000000021", "67990026100600000019"
    story.transaction = "t22"
    data = {"key": a_key, "level": "fair", "again": None, "words": None}
    story.effect("feedback.reply", "x2", data, {"state": "accepted", "number": number})
    case = {"number": number, "key": a_key, "desk": "complaint", "mobile": "", "state": "closed"}
    story.bureau.setdefault("feedback_case", []).append(case)
    story.bureau["feedback_act"] = [{"number": number, "act": "rate", "officer": "", **act}]


@fault(feedback.answers_are_judged_once, "rate stands 0 times in the log")
def a_rating_that_an_officer_entered(story: Story) -> None:
    a_rated_answer(story, officer="赵服务")


def an_answered_survey(story: Story, **kept: Any) -> None:
    """A survey that was answered in a visit of nobody; ``kept`` stands beside the answer at the centre."""
    story.transaction = "t23"
    replies = [{"question": "waiting", "options": ["short"], "words": ""}]
    story.effect("survey.take", "x3", {"survey": "hall-service", "answers": replies}, {"state": "accepted"})
    story.about["x3"] |= {"person_number": None, "taxpayer": None}
    visit = next(r["visit"] for r in story.journal if r["key"] == "x3")
    digest = hashlib.sha256(f"hall-service:{visit}".encode()).hexdigest()
    story.bureau["survey_visit"] = [{"survey": "hall-service", "visit": digest}]
    row = {"token": "r", "survey": "hall-service", "hall": "H-01", "day": "2026-10-12"}
    story.bureau["survey_answer"] = [{**row, "replies": json.dumps(replies), **kept}]


@fault(surveys.surveys_count_once, "given 1 times, the centre holds it 0 times")
def a_survey_with_other_answers(story: Story) -> None:
    an_answered_survey(story, replies=json.dumps([{"question": "waiting", "options": ["long"], "words": ""}]))


@fault(surveys.surveys_count_once, "its visit has answered 0 times")
def a_survey_that_may_be_answered_again(story: Story) -> None:
    an_answered_survey(story)
    story.bureau["survey_visit"].clear()


@fault(surveys.answers_are_of_nobody, "an answer to hall-service is kept with terminal")
def a_survey_with_its_terminal(story: Story) -> None:
    an_answered_survey(story, terminal="A-07")


@fault(surveys.answers_are_of_nobody, "the answer leads to its visit")
def a_survey_that_names_its_visit(story: Story) -> None:
    an_answered_survey(story, token="t23")


@fault(surveys.answers_are_of_nobody, "the centre keeps who answered")
def a_survey_of_somebody(story: Story) -> None:
    an_answered_survey(story)
    story.about["x3"] |= {"person_number": PERSON}


@fault(surveys.answers_are_of_nobody, "its visit says who it was (phone.proven)")
def a_survey_in_the_visit_of_somebody(story: Story) -> None:
    an_answered_survey(story)
    story.record("phone.proven", "note", None, {})


CALL_BACK = "71990026101200000014"


def a_call_back(story: Story, **kept: Any) -> None:
    """Somebody asked to be called, and the centre has it; ``kept`` is what it has in place of that."""
    told = {"topic": "other", "words": "几点开门", "mobile": "13912340031", "slot": "any"}
    story.transaction = "t-call"
    story.effect("consult.call-back", "c9", told, {"state": "accepted", "case": CALL_BACK, "key": "c9"})
    story.about["c9"]["reference"] = CALL_BACK
    row = {
        "key": "c9",
        "number": CALL_BACK,
        "slot": "any",
        "state": "open",
        "sealed": DIGEST,
        "topic": "other",
    }
    story.bureau["call_back"] = [{**row, **kept}]


@fault(remote.call_backs_are_entered_once, "the centre holds it 0 times")
def a_call_back_did_not_come(story: Story) -> None:
    a_call_back(story)
    story.bureau["call_back"] = []


@fault(remote.call_backs_are_entered_once, "it has another number than was told")
def a_call_back_has_another_number(story: Story) -> None:
    a_call_back(story, number="71990026101200000022")


@fault(remote.call_backs_are_entered_once, "it is open at the time morning, any was chosen")
def a_call_back_is_at_another_time(story: Story) -> None:
    a_call_back(story, slot="morning")


@fault(remote.nothing_of_a_conversation_lies_open, "what was said lies open")
def a_phone_lies_open(story: Story) -> None:
    a_call_back(story, topic="13912340031")


@fault(remote.nothing_of_a_conversation_lies_open, "a screen is kept that is shown no more")
def a_screen_is_left(story: Story) -> None:
    a_call_back(story)
    talk = {"number": CALL_BACK, "visit": "another", "taken_at": None, "state": "ended"}
    story.bureau["remote_talk"] = [{**talk, "sealed": DIGEST, "picture": DIGEST}]
