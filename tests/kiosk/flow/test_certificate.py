from typing import Any

import pytest

from kiosk.flow.effects import Ask, PrintDocument, PrintSlip, Submit, Wipe
from kiosk.flow.events import Action
from kiosk.flow.pages import ChoosePage, DonePage, FarewellPage, MessagePage, PrintPage, RatePage, ReviewPage
from tests.kiosk.flow.visitor import Visitor

MONTHS = {"first": "2024-01", "last": "2026-09", "with_income": ["2026-01", "2026-02", "2026-09"]}


def row(month: str, tax: int) -> dict[str, Any]:
    return {
        "month": month,
        "item": "wages",
        "item_name": {"zh-CN": "工资薪金", "en-US": "Wages"},
        "income_fen": 1_375_000,
        "tax_fen": tax,
        "entry_date": "2026-02-10",
        "authority": "云川市税务局",
        "remark": "",
    }


RECORD = {
    "name": "李秀兰",
    "number_masked": "110***********002X",
    "first": "2026-01",
    "last": "2026-09",
    "rows": [row(f"2026-{m:02}", 40_000 + m) for m in range(1, 13)],
    "total_income_fen": 16_500_000,
    "total_tax_fen": 480_078,
    "content_sha256": "0" * 64,
}
ISSUED = {
    "state": "accepted",
    "key": "k1",
    "number": "YC260001",
    "code": "ABCD",
    "pages": 2,
    "verify_url": "https://bureau.example/v?n=YC260001",
    "accepted_at": "2026-10-12T09:45:00+08:00",
}


def issuing(visitor: Visitor, carrier: str = "paper") -> Visitor:
    """The record is right, and wanted on paper, on the phone, or both."""
    visitor.touch(Action.PROCEED)
    visitor.touch(Action.CHOOSE, carrier)
    visitor.touch(Action.PROCEED)
    return visitor


def at_the_record() -> Visitor:
    visitor = Visitor().world()
    visitor.sign_in("certificate.iit-record")
    visitor.answer(MONTHS)
    visitor.touch(Action.PROCEED)
    visitor.answer(RECORD)
    return visitor


def test_the_whole_way_from_touch_to_wipe() -> None:
    visitor = issuing(at_the_record())
    asked = visitor.asked
    assert isinstance(asked, Submit)
    assert asked.data["content_sha256"] == RECORD["content_sha256"]
    assert asked.data["certificate"] == "iit-record"
    visitor.answer(ISSUED)
    assert visitor.asked == PrintDocument("YC260001", 2)
    page = visitor.answer({"outcome": "printed"})
    assert isinstance(page, PrintPage)
    assert page.state == "take"
    visitor.touch(Action.PROCEED)
    assert isinstance(visitor.asked, PrintSlip)
    page = visitor.answer({"outcome": "printed"})
    assert isinstance(page, DonePage)
    assert page.reference == "YC260001"
    assert page.qr == ISSUED["verify_url"]
    assert isinstance(visitor.touch(Action.PROCEED), RatePage)
    visitor.touch(Action.CHOOSE, "5")
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, FarewellPage)
    assert {c.id for c in page.take} == {"id", "certificate", "paper"}
    assert any(isinstance(i.effect, Wipe) for i in visitor.issued)
    assert visitor.state.person is None
    assert visitor.touch(Action.PROCEED).kind == "attract"


def test_this_year_is_chosen_to_begin_with_and_two_touches_choose_anew() -> None:
    visitor = Visitor().world()
    visitor.sign_in("certificate.iit-record")
    page = visitor.answer(MONTHS)
    assert isinstance(page, ChoosePage)
    assert page.selected == ("2026-01", "2026-09")
    assert len(page.options) == 12
    visitor.touch(Action.CHOOSE, "2026-05")
    page = visitor.touch(Action.CHOOSE, "2026-03")
    assert isinstance(page, ChoosePage)
    assert page.selected == ("2026-03", "2026-05")
    visitor.touch(Action.PROCEED)
    assert visitor.asked == Ask("iit.record", {"first": "2026-03", "last": "2026-05"})


def test_the_sheet_has_pages_and_the_chart_stands_on_the_first() -> None:
    visitor = at_the_record()
    page = visitor.page
    assert isinstance(page, ReviewPage)
    assert page.sheet is not None
    assert (page.sheet.pages, len(page.sheet.rows), len(page.sheet.bars)) == (2, 9, 12)
    page = visitor.touch(Action.PAGE, "2")
    assert isinstance(page, ReviewPage)
    assert page.sheet is not None
    assert (page.sheet.page, len(page.sheet.rows), page.sheet.bars) == (2, 3, ())


def test_a_copy_that_stayed_in_the_machine_is_printed_again_and_one_in_doubt_is_followed_by_another() -> None:
    visitor = issuing(at_the_record())
    visitor.answer(ISSUED)
    for key in ("k1", "k2"):
        visitor.answer({"outcome": "notPrinted", "error": "paperOut", "key": key})
        visitor.touch(Action.PROCEED)
        assert visitor.asked == PrintDocument("YC260001", 2, "k1")
    visitor.answer({"outcome": "uncertain", "error": None, "key": "k3"})
    visitor.touch(Action.PROCEED)
    assert visitor.asked == PrintDocument("YC260001", 2)


def test_an_uncertain_printer_asks_the_person_and_a_failed_one_prints_again() -> None:
    visitor = issuing(at_the_record())
    visitor.answer(ISSUED)
    page = visitor.answer({"outcome": "uncertain", "error": None})
    assert isinstance(page, PrintPage)
    assert page.second is not None
    assert page.second.id == "have"
    prints = sum(isinstance(i.effect, PrintDocument) for i in visitor.issued)
    visitor.touch(Action.PROCEED)
    assert sum(isinstance(i.effect, PrintDocument) for i in visitor.issued) == prints + 1
    page = visitor.answer({"outcome": "notPrinted", "error": "paperOut"})
    assert isinstance(page, PrintPage)
    assert page.message
    visitor.touch(Action.SECOND, "later")
    assert isinstance(visitor.asked, PrintSlip)


@pytest.mark.parametrize("lang", ["zh-CN", "en-US"])
def test_when_there_is_no_further_copy_the_centres_words_say_so_and_the_visit_goes_on(lang: str) -> None:
    visitor = at_the_record()
    visitor.touch(Action.LANGUAGE, lang)
    issuing(visitor)
    visitor.answer(ISSUED)
    texts = {"zh-CN": "最多打印 3 份", "en-US": "3 times at most"}
    page = visitor.answer({"outcome": "notPrinted", "error": "copiesSpent", "texts": texts, "key": "k4"})
    assert isinstance(page, PrintPage)
    assert (page.message, page.second) == (texts[lang], None)
    assert page.lead and page.action
    prints = sum(isinstance(i.effect, PrintDocument) for i in visitor.issued)
    visitor.touch(Action.PROCEED)
    assert isinstance(visitor.asked, PrintSlip)
    assert sum(isinstance(i.effect, PrintDocument) for i in visitor.issued) == prints, (
        "it would be refused again"
    )


def test_a_refusal_is_a_page_with_the_next_step_and_the_way_home() -> None:
    visitor = issuing(at_the_record())
    refusal = {
        "code": "changed",
        "text": {"zh-CN": "记录刚有变化", "en-US": "It has changed"},
        "next_step": {},
    }
    page = visitor.answer({"state": "refused", "refusal": refusal})
    assert isinstance(page, MessagePage)
    assert page.tone == "refused"
    assert visitor.touch(Action.PROCEED).kind == "home"


def test_without_the_network_the_tile_is_closed_and_says_so() -> None:
    visitor = Visitor().world(online=False)
    visitor.touch(Action.BEGIN)
    page = visitor.touch(Action.OPEN, "group:certificates")
    tiles = {t.id: t for t in page.services}  # type: ignore[attr-defined]
    assert {name for name, tile in tiles.items() if tile.enabled} == {"certificate.verify"}
    assert all(tile.reason for tile in tiles.values() if not tile.enabled)
    visitor.touch(Action.OPEN, "certificate.iit-record")
    assert visitor.page.kind == "services"
