"""A certificate in the centre's own words: what is shown, page by page, and what is then asked for."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from kiosk.flow.effects import Ask, Submit
from kiosk.flow.events import Action
from kiosk.flow.pages import ChoosePage, MessagePage, ReviewPage, Sheet
from tests.kiosk.flow.test_certificate import issuing
from tests.kiosk.flow.visitor import Visitor


def both(zh: str, en: str = "") -> dict[str, str]:
    return {"zh-CN": zh, "en-US": en or zh}


def preview(rows: int) -> dict[str, Any]:
    return {
        "title": both("税收完税证明", "Tax Payment Certificate"),
        "facts": [{"label": both("纳税人名称", "Taxpayer"), "value": both("云川禾木文具有限公司")}],
        "columns": [
            {"label": both("税种", "Tax"), "width": 22, "figures": False},
            {"label": both("实缴金额", "Paid"), "width": 15, "figures": True},
        ],
        "rows": [[both("增值税", "VAT"), both(f"{n}.00")] for n in range(1, rows + 1)],
        "total": [{"label": both("合计", "Total"), "value": both("91.00")}],
        "statements": [both("开具依据：令。", "Issued under: a decree.")],
        "content_sha256": "a" * 64,
    }


MONTHS = {
    "first": "2023-11", "last": "2026-10", "with_record": ["2026-04", "2026-07"], "tag": both("有缴税", "Paid"),
}  # fmt: skip


def at_the_preview(rows: int = 13, mode: str = "standard", lang: str = "zh-CN", facts: int = 1) -> Visitor:
    visitor = Visitor().world()
    if lang != "zh-CN":
        visitor.touch(Action.LANGUAGE, lang)
    if mode != "standard":
        visitor.touch(Action.MODE, mode)
    visitor.sign_in("certificate.tax-payment")
    visitor.touch(Action.PROCEED)
    page = visitor.answer(MONTHS)
    assert isinstance(page, ChoosePage)
    assert [choice.id for choice in page.options if choice.tags] == ["2026-04", "2026-07"]
    visitor.touch(Action.PROCEED)
    visitor.touch(Action.CHOOSE, "text")
    visitor.touch(Action.PROCEED)
    told = preview(rows)
    visitor.answer({**told, "facts": told["facts"] * facts})
    return visitor


def sheet(visitor: Visitor) -> Sheet:
    page = visitor.page
    assert isinstance(page, ReviewPage) and page.sheet is not None
    return page.sheet


def test_the_centre_is_asked_for_just_what_was_chosen_and_certifies_what_was_shown() -> None:
    visitor = at_the_preview()
    wish = {"first": "2026-01", "last": "2026-07", "form": "text"}
    asked = [issued.effect for issued in visitor.issued if isinstance(issued.effect, Ask)][-1]
    assert asked == Ask("certificate.preview", wish)
    issuing(visitor)
    wanted = {"certificate": "tax-payment", **wish, "content_sha256": "a" * 64}
    assert visitor.asked == Submit("certificate.issue", wanted, False)


@pytest.mark.parametrize(("mode", "most", "pages"), [("standard", 6, 3), ("elder", 3, 5)])
def test_the_sheet_is_turned_page_by_page_and_stops_at_its_ends(mode: str, most: int, pages: int) -> None:
    visitor = at_the_preview(13, mode)
    assert (len(sheet(visitor).rows), sheet(visitor).pages) == (most, pages)
    visitor.touch(Action.PAGE, "99")
    assert (sheet(visitor).page, len(sheet(visitor).rows)) == (pages, 13 - most * (pages - 1))
    assert sheet(visitor).rows[-1][1] == "13.00"
    visitor.touch(Action.PAGE, "0")
    assert (sheet(visitor).page, sheet(visitor).rows[0][1]) == (1, "1.00")


def test_a_certificate_without_a_table_is_one_page_of_sentences() -> None:
    shown = sheet(at_the_preview(0))
    assert (shown.rows, shown.pages) == ((), 1)
    assert shown.statements == ("开具依据：令。",)


def test_many_facts_in_large_words_leave_the_sentences_a_page_of_their_own() -> None:
    assert sheet(at_the_preview(0, facts=7)).pages == 1
    assert sheet(at_the_preview(3, mode="elder", facts=3)).pages == 1
    assert sheet(at_the_preview(3, mode="elder", facts=4)).pages == 2
    assert sheet(at_the_preview(0, mode="elder", facts=6)).pages == 1
    visitor = at_the_preview(4, mode="elder", facts=7)
    first = sheet(visitor)
    assert (first.pages, len(first.facts), first.statements) == (3, 7, ())
    visitor.touch(Action.PAGE, "3")
    last = sheet(visitor)
    assert (last.facts, last.rows, last.columns, last.total) == ((), (), (), ())
    assert last.statements == ("开具依据：令。",) and last.title == first.title


def test_the_sentences_come_last() -> None:
    visitor = at_the_preview(7, facts=6)
    assert (sheet(visitor).pages, sheet(visitor).statements) == (2, ())
    visitor.touch(Action.PAGE, "2")
    assert (len(sheet(visitor).rows), sheet(visitor).statements) == (1, ("开具依据：令。",))


@pytest.mark.parametrize(("rows", "pages"), [(4, 1), (5, 2), (6, 2), (12, 3)])
def test_what_leaves_the_sentences_no_room_leaves_them_a_page_of_their_own(rows: int, pages: int) -> None:
    visitor = at_the_preview(rows, facts=6)
    assert sheet(visitor).pages == pages
    visitor.touch(Action.PAGE, str(pages))
    assert sheet(visitor).statements == ("开具依据：令。",)
    assert bool(sheet(visitor).facts) == (rows == 4)


@pytest.mark.parametrize(
    ("lang", "subtitle", "first"),
    [("zh-CN", "预览，打印后生效", "增值税"), ("en-US", "Tax Payment Certificate", "VAT")],
)
def test_the_title_stays_chinese_and_the_rest_is_in_the_visitors_language(
    lang: str, subtitle: str, first: str
) -> None:
    shown = sheet(at_the_preview(lang=lang))
    assert (shown.title, shown.subtitle, shown.rows[0][0]) == ("税收完税证明", subtitle, first)
    assert (shown.widths, shown.figures) == ((22, 15), (False, True))


def test_the_centres_no_says_what_to_do() -> None:
    visitor = Visitor().world()
    visitor.sign_in("certificate.no-arrears")
    visitor.touch(Action.PROCEED)
    words = {
        "code": "arrearsForCertificate",
        "text": both("有逾期未缴税费"),
        "next_step": both("请先缴纳税款"),
    }
    page = visitor.answer({"refusal": words})
    assert isinstance(page, MessagePage)
    assert page.body == ("有逾期未缴税费", "请先缴纳税款")


def scan(visitor: Visitor, text: str) -> Any:
    return visitor.answer({"data": base64.b64encode(text.encode()).decode()})


VERDICT = {**preview(0), "title": both("真实有效", "Genuine and valid"), "finding": "valid"}
NUMBER, CODE, SIGNATURE = "21990026101200000424", "7K2M9QX4PD3A8HEW", "AbC_-9"


def test_anybody_checks_a_certificate_by_its_code() -> None:
    visitor = Visitor().world()
    visitor.touch(Action.BEGIN)
    assert visitor.touch(Action.OPEN, "certificate.verify").kind == "scan"
    page = scan(visitor, f"https://bureau.example/v?n={NUMBER}&c={CODE}&s={SIGNATURE}")
    assert [row.value for row in page.rows] == [NUMBER, CODE]
    visitor.touch(Action.PROCEED)
    params = {
        "number": NUMBER,
        "code": CODE,
        "scanned_number": NUMBER,
        "scanned_code": CODE,
        "signature": SIGNATURE,
    }
    assert visitor.asked == Ask("certificate.verify", params)
    visitor.answer(VERDICT)
    assert (sheet(visitor).title, sheet(visitor).subtitle) == ("真实有效", "")  # it is no preview of anything
    assert sheet(visitor).told_first and sheet(visitor).statements == ("开具依据：令。",)
    assert visitor.touch(Action.PROCEED).kind == "done"


@pytest.mark.parametrize("rows", [0, 3])
def test_what_a_check_found_is_read_before_what_was_looked_at(rows: int) -> None:
    """In large words there is no room for both: the answer is on the first page, what to compare behind it."""
    visitor = Visitor().world()
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.MODE, "elder")
    visitor.touch(Action.OPEN, "certificate.verify")
    scan(visitor, f"https://bureau.example/v?n={NUMBER}&c={CODE}&s={SIGNATURE}")
    visitor.touch(Action.PROCEED)
    told = preview(rows)
    visitor.answer({**VERDICT, "rows": told["rows"], "facts": told["facts"] * 7})
    first = sheet(visitor)
    assert (first.page, first.pages, first.statements) == (1, 2, ("开具依据：令。",))
    assert first.facts == first.columns == first.rows == first.total == ()
    visitor.touch(Action.PAGE, "2")
    assert (sheet(visitor).statements, len(sheet(visitor).facts), len(sheet(visitor).rows)) == ((), 7, rows)


def test_who_cannot_scan_types_number_and_code() -> None:
    visitor = Visitor().world()
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "certificate.verify")
    visitor.touch(Action.SECOND, "type")
    for row, text in (("number", NUMBER), ("code", CODE)):
        visitor.touch(Action.EDIT, row)
        visitor.touch(Action.FILL, row, text)
    visitor.touch(Action.EDIT, "")
    visitor.touch(Action.PROCEED)
    asked = visitor.asked
    assert isinstance(asked, Ask)
    assert asked.params == {
        "number": NUMBER, "code": CODE, "scanned_number": None, "scanned_code": None, "signature": None,
    }  # fmt: skip
