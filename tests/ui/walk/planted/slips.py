"""Faults of slips and sheets."""

from __future__ import annotations

from typing import Any

from PIL import Image

from config import library as libraries
from drivers.receipt import parse_receipt
from drivers.receipt_raster import render, to_png
from kiosk.domain.title_code import InvoiceTitle, make_title
from tests.ui.walk.planted.planting import fault
from tests.ui.walk.planted.scenes import WORKED, a_notice, an_enrolment
from tests.ui.walk.story import (
    CASE,
    COLLECTION,
    ENTERPRISE,
    MATTER,
    NUMBER,
    RETURN,
    URL,
    VOUCHER,
    WAITING,
    Story,
)
from ui.walk.rules import slips


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


@fault(slips.slips_say_what_the_others_hold, "does not show the receipt's check 7k2m9q")
def the_slip_leaves_the_receipt_s_check_code_out(story: Story) -> None:
    a_notice(story)


@fault(slips.slips_say_what_the_others_hold, f"does not show the case's number {CASE}")
def a_slip_without_its_case(story: Story) -> None:
    story.slip("011-slip.png", f"{URL}/s/q1", *MATTER[:-1])


@fault(slips.slips_say_what_the_others_hold, "does not show the invoice's number 00004813")
def a_slip_with_another_invoices_number(story: Story) -> None:
    wrong = (line.replace("00004813", "00004818") for line in MATTER)
    story.slip("011-slip.png", f"{URL}/s/q1", *wrong)


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


@fault(slips.slips_are_printed_once_and_lead_somewhere, "its code cannot be read")
def a_slip_without_a_code_that_is_no_worked_sheet(story: Story) -> None:
    story.effect("slip", "s9", {"blocks": []}, {"outcome": "printed", "key": "s9"})
    story.slip("013-slip.png", "", *WORKED, total="¥5,300.00")


@fault(slips.slips_say_what_the_others_hold, "does not show the enrolment's number 65990026101200000018")
def a_slip_without_its_enrolment(story: Story) -> None:
    an_enrolment(story)
    story.effect("slip", "s9", {"blocks": []}, {"outcome": "printed", "key": "s9"})
    story.slip("012-slip.png", f"{URL}/s/n1", "手机号 139****0007")
