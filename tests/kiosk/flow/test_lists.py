"""Lists of what the centre holds: to read, to choose one or several from, and empty; choices of rows and options."""

from __future__ import annotations

from typing import Any

from kiosk.flow.events import Action
from kiosk.flow.list_pages import ListPage, ListRow
from kiosk.flow.pages import ChoosePage, DonePage, MessagePage, Page
from kiosk.steps.listing import MOST
from tests.kiosk.flow.made import KINDS, t, visiting
from tests.kiosk.flow.visitor import Visitor

COLUMNS: list[dict[str, Any]] = [
    {"label": t("税种"), "field": "tax", "place": "title"},
    {"label": t("金额"), "field": "amount_fen", "format": "money", "place": "amount"},
    {"label": t("状态"), "field": "state", "format": "state", "place": "tag", "states": [
        {"when": "paid", "title": t("已缴清", "Paid"), "tone": "done"},
        {"when": "due", "title": t("待缴", "To pay"), "tone": "due"},
    ]},
    {"label": t("所属期"), "field": "first", "until_field": "last", "format": "period"},
    {"label": t("电话"), "field": "phone", "format": "phone"},
]  # fmt: skip
EMPTY = {"title": t("没有记录"), "body": t("没有查到。")}
LIST: dict[str, Any] = {
    "id": "found", "kind": "list", "title": t("您的申报"), "action": t("看好了"), "ask": {"query": "declarations.list"},
    "rows": "found.rows", "columns": COLUMNS, "empty": EMPTY, "enabled": "open", "reason": "why",
    "as_of": "found.as_of",
}  # fmt: skip


def due(number: str, amount: int, state: str = "due", **more: Any) -> dict[str, Any]:
    return {
        "id": number, "tax": t("增值税", "VAT"), "amount_fen": amount, "state": state, "first": "2026-07-01",
        "last": "2026-09-30", "phone": "13800001234", "open": True, **more,
    }  # fmt: skip


SHUT = due("c", 5, "paid", open=False, why=t("正在更正", "Being corrected"))
ROWS = [due("a", 386_400), due("b", 9_660, "paid"), SHUT]


def listing(rows: list[dict[str, Any]], pick: str = "none", **more: Any) -> tuple[Visitor, Page]:
    visitor = visiting({**LIST, "pick": pick, **more})
    return visitor, visitor.answer({"rows": rows, "as_of": "2026-10-12T09:30:00+08:00", "sum_fen": 7})


def page(shown: Page) -> ListPage:
    assert isinstance(shown, ListPage), shown
    return shown


def test_a_row_is_its_heading_its_figure_its_state_and_lines() -> None:
    _, shown = listing(ROWS)
    assert page(shown).rows[0] == ListRow(
        id="a",
        title="增值税",
        amount="¥3,864.00",
        tags=("待缴",),
        tag_tones=("due",),
        lines=(("所属期", "2026年7 – 9月"), ("电话", "138****1234")),
    )
    assert page(shown).rows[1].tag_tones == ("done",)
    assert page(shown).as_of == "数据截至 2026年10月12日 9:30"


def test_a_list_to_read_leaves_the_answer_and_touches_nothing() -> None:
    visitor, shown = listing(ROWS)
    assert page(visitor.touch(Action.CHOOSE, "a")).selected == ()
    assert page(shown).action_enabled
    assert isinstance(visitor.touch(Action.PROCEED), DonePage)
    assert visitor.state.data["found"]["sum_fen"] == 7


def test_one_row_is_chosen_and_is_the_answer() -> None:
    visitor, shown = listing(ROWS, "one")
    assert not page(shown).action_enabled and page(shown).selected == ()
    assert page(visitor.touch(Action.PROCEED)).errors == ("请先选一项",)
    visitor.touch(Action.CHOOSE, "b")
    assert page(visitor.touch(Action.CHOOSE, "a")).selected == ("a",)
    assert visitor.page.errors == ()
    visitor.touch(Action.PROCEED)
    assert visitor.state.data["found"] == ROWS[0]


def test_a_row_that_cannot_be_taken_says_why() -> None:
    visitor, shown = listing(ROWS, "one")
    assert (page(shown).rows[2].enabled, page(shown).rows[2].reason) == (False, "正在更正")
    assert page(visitor.touch(Action.CHOOSE, "c")).selected == ()
    assert page(visitor.touch(Action.CHOOSE, "nobody")).selected == ()


def test_the_only_row_that_can_be_taken_is_chosen_already() -> None:
    _, shown = listing([ROWS[0], SHUT], "one")
    assert page(shown).selected == ("a",)


def test_several_rows_are_added_up() -> None:
    visitor, shown = listing(ROWS, "many", total={"label": t("合计"), "field": "amount_fen"})
    assert page(shown).facts == (("合计（已选 0 项）", "¥0.00"),)
    visitor.touch(Action.CHOOSE, "a")
    assert page(visitor.touch(Action.CHOOSE, "b")).facts == (("合计（已选 2 项）", "¥3,960.60"),)
    assert page(visitor.touch(Action.CHOOSE, "a")).selected == ("b",)
    visitor.touch(Action.PROCEED)
    assert visitor.state.data["found"] == {"chosen": [ROWS[1]], "count": 1, "total": 9_660}


def test_the_centres_own_sum_is_shown_where_the_file_names_it() -> None:
    _, shown = listing(ROWS, total={"label": t("合计"), "value": "found.sum_fen"})
    assert page(shown).facts == (("合计", "¥0.07"),)
    _, shown = listing(ROWS, total={"label": t("合计"), "field": "amount_fen"})
    assert page(shown).facts == (("合计", "¥3,960.65"),)


def test_an_empty_list_to_read_says_so_and_goes_on() -> None:
    visitor, shown = listing([], total={"label": t("合计"), "field": "amount_fen"})
    assert (page(shown).empty_title, page(shown).empty_text, page(shown).facts) == (
        "没有记录",
        "没有查到。",
        (),
    )
    assert isinstance(visitor.touch(Action.PROCEED), DonePage)


def test_where_one_has_to_be_chosen_an_empty_list_ends_the_way() -> None:
    _, shown = listing([], "one")
    assert isinstance(shown, MessagePage)
    assert (shown.title, shown.body) == ("没有记录", ("没有查到。",))


def test_a_list_that_is_too_long_says_so() -> None:
    _, shown = listing([due(str(n), 1) for n in range(MOST + 5)])
    assert len(page(shown).rows) == MOST
    assert page(shown).more == f"只列出最近的 {MOST} 条"


def test_a_list_is_shown_in_the_persons_language() -> None:
    visitor, _ = listing(ROWS)
    shown = page(visitor.touch(Action.LANGUAGE, "en-US"))
    assert (shown.rows[0].title, shown.rows[0].tags) == ("VAT", ("To pay",))


def test_without_the_centre_the_list_is_a_problem_with_a_next_step() -> None:
    visitor = visiting(LIST)
    shown = visitor.answer(fault="unreachable")
    assert isinstance(shown, MessagePage) and shown.tone == "problem"


# --- choose: rows of an answer, options of the file ---------------------------------------------------------

OFFER = {
    "rows": "which.rows",
    "title": {"field": "tax"},
    "note": [{"field": "first", "until_field": "last", "format": "period", "label": t("所属期")}],
    "tags": [
        {"field": "amount_fen", "format": "money"},
        {name: COLUMNS[2][name] for name in ("field", "format", "states")},
    ],
    "icon": "declare",
    "enabled": "open",
    "reason": "why",
}
CHOOSE = {
    "id": "which", "kind": "choose", "source": "rows", "title": t("哪一笔？"), "action": t("下一步"),
    "ask": {"query": "q"}, "offer": OFFER, "empty": EMPTY,
}  # fmt: skip


def test_a_row_of_an_answer_is_chosen_whole() -> None:
    visitor = visiting(CHOOSE)
    shown = visitor.answer({"rows": ROWS})
    assert isinstance(shown, ChoosePage)
    first = shown.options[0]
    assert (first.title, first.note, first.tags, first.tag_tones, first.icon) == (
        "增值税",
        "所属期 2026年7 – 9月",
        ("¥3,864.00", "待缴"),
        ("plain", "due"),
        "declare",
    )
    assert (shown.options[2].enabled, shown.options[2].reason) == (False, "正在更正")
    assert not shown.action_enabled
    visitor.touch(Action.CHOOSE, "c")
    assert visitor.touch(Action.PROCEED).errors == ("请先选一项",)
    visitor.touch(Action.CHOOSE, "b")
    assert isinstance(visitor.touch(Action.PROCEED), DonePage)
    assert visitor.state.data["which"] == ROWS[1]


def test_not_one_row_to_choose_is_a_page_in_the_files_words() -> None:
    visitor = visiting(CHOOSE)
    shown = visitor.answer({"rows": []})
    assert isinstance(shown, MessagePage) and shown.title == "没有记录"


def test_an_option_of_the_file_is_chosen_by_its_name() -> None:
    visitor = visiting(
        {"id": "why", "kind": "choose", "source": "options", "options": KINDS, "title": t("为什么？")}
    )
    shown = visitor.page
    assert isinstance(shown, ChoosePage)
    assert [(o.id, o.title, o.note, o.icon) for o in shown.options] == [
        ("car", "小型轿车", "9 座以下", "box"),
        ("lorry", "货车", "", ""),
    ]
    visitor.touch(Action.CHOOSE, "tram")
    assert visitor.touch(Action.PROCEED).errors == ("请先选一项",)
    visitor.touch(Action.CHOOSE, "lorry")
    visitor.touch(Action.PROCEED)
    assert visitor.state.data["why"] == {"choice": "lorry", "title": t("货车", "Lorry")}
