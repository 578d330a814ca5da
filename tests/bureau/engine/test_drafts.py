"""What is begun on a phone: kept sealed under a code, taken up once at a terminal, deleted when used or over."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import select

from bureau.city.cast import HEMU
from bureau.engine.phone.drafts import DraftDesk, Filled, Kept
from bureau.store import tables
from kiosk.domain.draft_codes import new_code
from sync.models import EffectAnswer
from tests.bureau.conftest import Centre
from tests.bureau.engine.test_agency import CAFE, HEMU_NAME, LI, SALE, SERVICE, code, taxed
from tests.bureau.terminals import Terminal

TYPED = {
    "buyer.kind": "ordinary", "buyer.name": HEMU_NAME, "buyer.number": HEMU, "goods.goods": "3070500000000000000",
    "goods.name": "保洁", "goods.gross_fen": "10,100", "goods.quantity": "２", "goods.unit": "次",
}  # fmt: skip


def desk(centre: Centre) -> DraftDesk:
    found = centre.container.site.drafts
    assert found is not None
    return found


def filled(centre: Centre, lang: str = "zh-CN", **typed: str) -> Filled:
    service = desk(centre).named(SERVICE)
    assert service is not None
    return desk(centre).fill(service, {**TYPED, **{k.replace("__", "."): v for k, v in typed.items()}}, lang)


def kept(centre: Centre) -> Kept:
    return desk(centre).keep(filled(centre))


def opened(terminal: Terminal, draft: str, who: dict[str, Any] = LI, service: str = SERVICE) -> Any:
    return terminal.ask("draft.open", who, {"code": draft}, service)


def apply(terminal: Terminal, draft: str | None, who: dict[str, Any] = LI) -> EffectAnswer:
    tax = taxed(terminal, who)
    told = {"total_fen": tax["total_fen"], "parameters_hash": tax["parameters_hash"], "draft": draft}
    return terminal.do("invoice.apply", {**SALE, **told}, who)


def refusal(answer: Any) -> str:
    assert answer.refusal is not None, answer.data
    assert answer.refusal.next_step["zh-CN"] and answer.refusal.next_step["en-US"]
    return str(answer.refusal.code)


def rows(centre: Centre) -> list[Any]:
    with centre.database.read() as connection:
        return list(connection.execute(select(tables.draft)))


def test_what_was_filled_in_is_what_the_terminal_gets_and_the_application_uses_it_up(
    centre: Centre, terminal: Terminal
) -> None:
    draft = kept(centre).code
    data = opened(terminal, draft).data
    assert data["drafted"] == {
        "buyer": {"kind": "ordinary", "name": HEMU_NAME, "number": HEMU},
        "goods": {
            "goods": "3070500000000000000", "name": "保洁", "gross_fen": 1_010_000, "quantity": 2, "unit": "次",
        },
    }  # fmt: skip
    assert opened(terminal, draft).data == data, "looking uses nothing up"
    assert apply(terminal, draft).state == "accepted"
    assert refusal(opened(terminal, draft)) == "draftUsed"
    assert [(row.state, row.sealed) for row in rows(centre)] == [("used", b"")]


def test_one_draft_is_one_application_wherever_it_is_tried_again(centre: Centre, terminal: Terminal) -> None:
    draft = kept(centre).code
    assert apply(terminal, draft).state == "accepted"
    assert code(apply(centre.terminal("B-01"), draft, CAFE)) == "draftUsed"
    assert apply(centre.terminal("B-02"), None, CAFE).state == "accepted"


def test_an_application_that_was_refused_leaves_the_draft(centre: Centre, terminal: Terminal) -> None:
    draft, tax = kept(centre).code, taxed(terminal)
    told = {"total_fen": tax["total_fen"] + 1, "parameters_hash": tax["parameters_hash"], "draft": draft}
    assert code(terminal.do("invoice.apply", {**SALE, **told}, LI)) == "figuresDiffer"
    assert apply(terminal, draft).state == "accepted"


def test_two_terminals_at_once_use_a_draft_once(centre: Centre) -> None:
    draft = kept(centre).code
    places = [(centre.terminal("B-01"), LI), (centre.terminal("B-02"), CAFE)]
    ready, answers = threading.Barrier(2), []

    def run(terminal: Terminal, who: dict[str, Any]) -> None:
        tax = taxed(terminal, who)
        told = {"total_fen": tax["total_fen"], "parameters_hash": tax["parameters_hash"], "draft": draft}
        signed = terminal.intent("invoice.apply", {**SALE, **told}, who)
        ready.wait()
        answers.append(terminal.send(signed))

    threads = [threading.Thread(target=run, args=place) for place in places]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answer.state for answer in answers) == ["accepted", "refused"]
    assert [code(answer) for answer in answers if answer.state == "refused"] == ["draftUsed"]


def test_nothing_of_it_can_be_read_in_the_store_and_the_code_is_not_there(centre: Centre) -> None:
    draft = kept(centre).code
    (row,) = rows(centre)
    assert HEMU.encode() not in row.sealed and HEMU_NAME.encode() not in row.sealed
    assert draft not in str(tuple(row)) and row.state == "open"


def test_its_time_is_over_after_a_day_and_then_nothing_is_left(centre: Centre, terminal: Terminal) -> None:
    draft = kept(centre)
    chore = next(c for c in centre.container.housekeeping.chores if c.name == "drafts")
    chore.do()
    assert rows(centre)[0].sealed != b""
    centre.clock.forward(hours=24)
    assert refusal(opened(terminal, draft.code)) == "draftOver"
    found = desk(centre).kept(draft.code)
    assert found is not None and found.state == "over"
    chore.do()
    assert rows(centre)[0].sealed == b""
    assert refusal(opened(terminal, draft.code)) == "draftOver"
    centre.clock.forward(hours=48)
    chore.do()
    assert rows(centre) == []
    assert refusal(opened(terminal, draft.code)) == "draftUnknown"


def test_whoever_began_it_in_time_may_finish(centre: Centre, terminal: Terminal) -> None:
    draft = kept(centre).code
    assert opened(terminal, draft).refusal is None
    centre.clock.forward(hours=25)
    assert apply(terminal, draft).state == "accepted"


def test_nobody_guesses_codes_at_a_terminal(centre: Centre, terminal: Terminal) -> None:
    draft = kept(centre).code
    assert {refusal(opened(terminal, new_code())) for _ in range(20)} == {"draftUnknown"}
    assert refusal(opened(terminal, draft)) == "askedTooOften"
    assert opened(centre.terminal("B-01"), draft).refusal is None


def test_it_is_opened_after_signing_in_and_in_its_own_service(terminal: Terminal, centre: Centre) -> None:
    draft = kept(centre).code
    assert refusal(opened(terminal, draft, {})) == "identityMissing"
    assert refusal(opened(terminal, draft, LI, "pay.due")) == "notOfThisService"


@pytest.mark.parametrize(
    ("row", "text", "says"),
    [
        ("buyer.kind", "", "请选择“发票种类”"),
        ("buyer.kind", "gift", "请选择“发票种类”"),
        ("buyer.name", "\u200b", "请填写“购买方名称”"),
        ("buyer.name", "云", "“购买方名称”至少 2 个字"),
        ("buyer.number", "91", "统一社会信用代码应为18位，临时登记为20位，请核对"),
        ("goods.goods", "9" * 19, "请选择“货物或服务”"),
        ("goods.gross_fen", "很多", "请检查“金额（含税）”的金额"),
        ("goods.gross_fen", "0.5", "“金额（含税）”不能少于 ¥1.00"),
        ("goods.gross_fen", "100000.01", "“金额（含税）”不能超过 ¥100,000.00"),
        ("goods.quantity", "1.5", "请填整数，如 12"),
        ("goods.unit", "九个字的计量单位啊", "“单位”最多 8 个字"),
    ],
)
def test_each_mistake_is_told_at_its_row_in_the_terminals_own_words(
    centre: Centre, row: str, text: str, says: str
) -> None:
    found = filled(centre, **{row.replace(".", "__"): text})
    assert found.review is None and [r.error for r in found.read.rows if r.error] == [says]
    english = filled(centre, "en-US", **{row.replace(".", "__"): text})
    assert all(r.error.replace("¥", "").isascii() for r in english.read.rows)


def test_what_the_rules_forbid_whoever_comes_is_told_before_there_is_a_code(centre: Centre) -> None:
    for typed, why in (
        ({"buyer__name": "云川木禾文具有限公司"}, "issueBuyerName"),
        ({"buyer__kind": "special", "buyer__number": ""}, "issueBuyerNumber"),
    ):
        found = filled(centre, **typed)
        assert found.review is None and found.refusal is not None and found.refusal.code == why


def test_the_tax_is_worked_out_as_far_as_it_can_be_told(centre: Centre, terminal: Terminal) -> None:
    mine, review = taxed(terminal), filled(centre).review
    assert review is not None and review.total is not None and review.total.value == "¥103.50"
    assert mine["total_fen"] == 10_350, "the person's own tax on their only sale of the day is the estimate"
    facts = {fact.label["en-US"]: fact.value for section in review.sections for fact in section.facts}
    assert (facts["VAT"], facts["Kind"], facts["Buyer"]) == ("¥100.00", "普通发票", HEMU_NAME)
    assert "Seller" not in facts
    special = filled(centre, "en-US", buyer__kind="special")
    assert special.review is not None and special.worked_out_for is not None
    assert special.worked_out_for["en-US"].startswith("An estimate for a small-scale taxpayer")
