"""A relief that two officers grant lowers returns: those to come, those that are due, and those that are paid already."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bureau.city.sources import FLOWERS, QUOTA_FEN
from bureau.engine.matters.deciding import approve, grant, refuse_case
from bureau.engine.matters.relief import Terms
from bureau.engine.recomputing import Outcome
from bureau.engine.refunds import ordering
from bureau.engine.rules import Rules
from bureau.errors import ReliefRefused
from bureau.ports.matters import MatterCase
from bureau.store import tables
from kiosk.domain.tax.parameters import built_in
from sync.models import EffectAnswer
from tests.bureau.conftest import Centre
from tests.bureau.engine.mending import mended, send
from tests.bureau.engine.test_booked import pay
from tests.bureau.engine.test_materials import scanned
from tests.bureau.engine.test_recomputing import a_year_later, recomputed
from tests.bureau.engine.test_returns import SHOP, code, file, filled, prefill
from tests.bureau.terminals import Terminal, subject

APPLY, RULES = "preference.apply", Rules(built_in())
ASKED_FEN, ASKED = 50_000, Terms()
TAX_FEN = 3 * QUOTA_FEN * 5 // 1000 // 2
"""Income tax of a quarter of the shop's, before any relief."""
OWNER = subject("he-mulan")
CARD = {"bank": "icbc", "account": "6217000000000001234"}


def applied(terminal: Terminal, who: dict[str, Any] = SHOP, **changed: Any) -> EffectAnswer:
    data = {
        "relief": "business-disaster",
        "relief_since": "2026-07",
        "relief_until": "2026-12",
        "relief_amount": ASKED_FEN,
        "pages": [scanned(terminal, who, service=APPLY)],
        **changed,
    }
    return terminal.do("matter.submit", data, who, service=APPLY)


def granted(centre: Centre, terminal: Terminal, terms: Terms = ASKED, **changed: Any) -> MatterCase:
    """Applied for, examined by one officer, granted by another."""
    answer = applied(terminal, **changed)
    assert answer.state == "accepted", answer.refusal
    return decided(centre, answer.result["case"], terms)


def decided(centre: Centre, case: str, terms: Terms = ASKED) -> MatterCase:
    with centre.system.write() as work:
        assert grant(work.core, case, "周审核", terms, RULES).state == "open"
    with centre.system.write() as work:
        return grant(work.core, case, "吴批准", Terms(), RULES)


def declared(terminal: Terminal, kind: str = "fixed-quota", who: dict[str, Any] = SHOP) -> EffectAnswer:
    answer = file(terminal, kind, filled(kind, prefill(terminal, kind, who)), who)
    assert answer.state == "accepted", answer.refusal
    return answer


def returns(terminal: Terminal, who: dict[str, Any] = SHOP) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = terminal.data("declarations.list", who, service="query.declarations")[
        "returns"
    ]
    return rows


def dues(terminal: Terminal, who: dict[str, Any] = SHOP) -> list[int]:
    return [due["amount_fen"] for due in terminal.data("dues.list", who, service="pay.due")["dues"]]


def notices(terminal: Terminal) -> dict[str, str]:
    told = terminal.data("person.profile", SHOP)["notices"]
    return {n["kind"]: n["text"]["zh-CN"] for n in told}


def test_two_officers_grant_it_and_one_alone_changes_nothing(centre: Centre, terminal: Terminal) -> None:
    case = applied(terminal).result["case"]
    with centre.system.write() as work:
        with pytest.raises(ReliefRefused):
            approve(work.core, case, "周审核")
        grant(work.core, case, "周审核", Terms(), RULES)
    assert "relief" not in prefill(terminal, "fixed-quota", SHOP)["facts"], "examined, not granted"
    with centre.system.write() as work:
        with pytest.raises(ReliefRefused):
            grant(work.core, case, "周审核", Terms(), RULES)
        with pytest.raises(ReliefRefused):
            grant(work.core, case, "吴批准", Terms(amount_fen=1), RULES)
        done = grant(work.core, case, "吴批准", Terms(amount_fen=ASKED_FEN), RULES)
    assert (done.state, done.decided_by, done.effective_on) == ("approved", "吴批准", date(2026, 7, 1))
    told = notices(terminal)["relief-granted"]
    assert "500.00" in told and "个人所得税法第五条" in told and "申报这些月份" in told


def test_what_was_examined_and_then_refused_counts_for_nothing(centre: Centre, terminal: Terminal) -> None:
    case = applied(terminal).result["case"]
    with centre.system.write() as work:
        grant(work.core, case, "周审核", Terms(), RULES)
        refuse_case(work.core, case, "吴批准", "材料不足")
        assert work.core.reliefs.relief(case) is None
    assert declared(terminal).result["total_fen"] == TAX_FEN


@pytest.mark.parametrize("terms", [Terms(amount_fen=ASKED_FEN + 1), Terms(amount_fen=0)])
def test_no_more_is_granted_than_was_applied_for(centre: Centre, terminal: Terminal, terms: Terms) -> None:
    case = applied(terminal).result["case"]
    with centre.system.write() as work, pytest.raises(ReliefRefused):
        grant(work.core, case, "周审核", terms, RULES)


def test_the_next_return_is_prefilled_with_it_and_lower_by_it(centre: Centre, terminal: Terminal) -> None:
    case = granted(centre, terminal)
    known = prefill(terminal, "fixed-quota", SHOP)
    assert (known["facts"]["relief"], known["facts"]["relief_fen"]) == (case.case, ASKED_FEN)
    assert case.case in known["relief_basis"]["zh-CN"] and "第五条" in known["relief_basis"]["zh-CN"]
    answer = declared(terminal)
    assert answer.result["total_fen"] == TAX_FEN - ASKED_FEN
    assert [due["amount_fen"] for due in answer.result["dues"]] == [TAX_FEN - ASKED_FEN]
    (row,) = [one for one in returns(terminal) if one["declaration"] == answer.result["declaration"]]
    assert (row["total_fen"], row["relieved_fen"]) == (TAX_FEN - ASKED_FEN, ASKED_FEN)
    assert row["relieved"]["zh-CN"] == f"500.00 元，{known['relief_basis']['zh-CN']}"


def test_its_form_shows_the_whole_tax_what_was_taken_off_and_by_which_law(
    centre: Centre, terminal: Terminal
) -> None:
    granted(centre, terminal)
    number = declared(terminal).result["declaration"]
    sheet = terminal.data("certificate.preview", SHOP, {"item": number}, service="declare.fixed-quota")
    rows = [[cell["zh-CN"] for cell in row] for row in sheet["rows"]]
    assert ["个人所得税（经营所得）：应纳税额", f"{TAX_FEN / 100:,.2f}"] in rows
    assert ["核准减免税额", f"{ASKED_FEN / 100:,.2f}"] in rows
    assert any("个人所得税法第五条" in fact["value"]["zh-CN"] for fact in sheet["facts"])


def test_an_amount_is_used_up_once(centre: Centre, terminal: Terminal) -> None:
    granted(centre, terminal, relief_amount=TAX_FEN + 300)
    assert declared(terminal).result["total_fen"] == 0
    centre.clock.forward(days=92)
    left = prefill(terminal, "fixed-quota", SHOP)["facts"]
    assert (left["period_first"], left["relief_fen"]) == ("2026-10-01", 300)
    assert declared(terminal).result["total_fen"] == TAX_FEN - 300
    centre.clock.forward(days=92)
    assert "relief" not in prefill(terminal, "fixed-quota", SHOP)["facts"], "2027 is not of its months"


def test_a_terminal_that_could_not_know_of_it_files_and_the_centre_takes_it_off(
    centre: Centre, terminal: Terminal
) -> None:
    data = filled("fixed-quota", prefill(terminal, "fixed-quota", SHOP))
    granted(centre, terminal)
    answer = file(terminal, "fixed-quota", data, SHOP)
    assert (answer.state, answer.result["total_fen"]) == ("accepted", TAX_FEN - ASKED_FEN)


@pytest.mark.parametrize(
    "wrong", [{"relief": "1"}, {"relief_fen": ASKED_FEN + 1}, {"relief_last": "2027-06"}]
)
def test_another_relief_than_the_one_that_was_granted_is_refused(
    centre: Centre, terminal: Terminal, wrong: dict[str, Any]
) -> None:
    granted(centre, terminal)
    known = prefill(terminal, "fixed-quota", SHOP)
    data = filled("fixed-quota", {**known, "facts": {**known["facts"], **wrong}})
    assert code(file(terminal, "fixed-quota", data, SHOP)) == "reliefDiffers"


def test_a_return_that_is_filed_and_unpaid_is_due_lower(centre: Centre, terminal: Terminal) -> None:
    old = declared(terminal).result["declaration"]
    granted(centre, terminal, Terms(percent=50))
    assert dues(terminal) == [TAX_FEN - TAX_FEN // 2 - TAX_FEN % 2]
    state = {row["declaration"]: (row["state"], row["total_fen"]) for row in returns(terminal)}
    assert state.pop(old) == ("replaced", TAX_FEN)
    assert ("unpaid", TAX_FEN // 2) in state.values()
    assert "相应调减" in notices(terminal)["relief-granted"]


def test_a_return_that_is_paid_gives_a_refund_that_two_officers_pay_out_once(
    centre: Centre, terminal: Terminal
) -> None:
    answer = declared(terminal)
    pay(centre, terminal, SHOP, answer.result["dues"])
    granted(centre, terminal)
    assert dues(terminal) == [] and "多缴 500.00" in notices(terminal)["relief-granted"]
    with centre.system.write() as work:
        for fact, value in CARD.items():
            work.core.registration.enter(FLOWERS, fact, value, date(2026, 1, 1), None)
    rows = terminal.data("refund.overpaid", SHOP, service="refund.overpaid")["rows"]
    (row,) = rows
    assert row["tax_fen"] == ASKED_FEN
    asked = {"declaration": row["declaration"], "reason": "corrected", **CARD}
    case = terminal.do("matter.submit", asked, SHOP, service="refund.overpaid").result["case"]
    with centre.system.write() as work:
        approve(work.core, case, "周审核")
        refund = work.core.refunds.of_case(case)
        assert refund is not None and refund.tax_fen == ASKED_FEN
        assert ordering.order(work.core, refund.refund, "吴批准", RULES).to_account_fen >= ASKED_FEN
    assert terminal.data("refund.overpaid", SHOP, service="refund.overpaid")["rows"] == []


def test_while_the_tax_is_being_paid_it_cannot_be_granted(centre: Centre, terminal: Terminal) -> None:
    answer = declared(terminal)
    listed = terminal.data("dues.list", SHOP, service="pay.due")
    order = {
        "dues": [d["due"] for d in listed["dues"]],
        "amount_fen": listed["total_fen"],
        "channel": "qr-shown",
    }
    assert terminal.do("payment.create", order, SHOP, service="pay.due").state == "accepted"
    case = applied(terminal).result["case"]
    with centre.system.write() as work:
        grant(work.core, case, "周审核", Terms(), RULES)
    with pytest.raises(ReliefRefused), centre.system.write() as work:
        grant(work.core, case, "吴批准", Terms(), RULES)
    with centre.system.read() as work:
        found = work.core.matters.case(case)
        assert found is not None and found.state == "open", "nothing of it is kept"
    assert [row["declaration"] for row in returns(terminal)][0] == answer.result["declaration"]


def test_a_year_later_it_comes_to_the_same_also_what_was_filed_anew(
    centre: Centre, terminal: Terminal, tmp_path: Path
) -> None:
    declared(terminal)
    granted(centre, terminal, Terms(percent=33))
    t = tables.declaration
    with centre.database.read() as connection:
        mine = select(t.c.declaration).where(t.c.taxpayer == FLOWERS, t.c.period_first == date(2026, 7, 1))
        numbers = set(connection.execute(mine).scalars())
    found = recomputed(centre, a_year_later(centre, tmp_path))
    assert len(numbers) == 2
    assert {found[one].outcome for one in numbers} == {Outcome.SAME}


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"relief_until": "2026-06"}, "reliefSpan"),
        ({"relief_until": "2029-07"}, "reliefSpan"),
        ({"relief_until": None}, "fieldMissing"),
        ({"relief": "vat"}, "fieldWrong"),
        ({"relief_amount": 0}, "fieldWrong"),
    ],
)
def test_what_cannot_be_granted_is_refused_with_what_to_do(
    terminal: Terminal, changed: dict[str, Any], why: str
) -> None:
    assert code(applied(terminal, **changed)) == why


def test_months_that_have_one_already_get_no_second(centre: Centre, terminal: Terminal) -> None:
    granted(centre, terminal)
    assert code(applied(terminal, relief_since="2026-09", relief_until="2027-01")) == "reliefHeld"
    assert applied(terminal, relief="land-hardship").state == "accepted"


def test_a_person_in_their_own_name_has_it_taken_off_the_property_tax_of_their_rent(
    centre: Centre, terminal: Terminal
) -> None:
    first = declared(terminal, "rental", OWNER)
    year = {"relief": "property-hardship", "relief_since": "2026-01", "relief_until": "2026-12"}
    granted(centre, terminal, Terms(percent=100), who=OWNER, **year)
    (row, old) = returns(terminal, OWNER)[:2]
    assert (old["declaration"], old["state"]) == (first.result["declaration"], "replaced")
    assert row["relieved_fen"] > 0 and row["total_fen"] < first.result["total_fen"]
    assert sum(dues(terminal, OWNER)) == row["total_fen"]


def test_what_a_person_paid_before_it_was_granted_can_be_asked_back(
    centre: Centre, terminal: Terminal
) -> None:
    pay(centre, terminal, OWNER, declared(terminal, "rental", OWNER).result["dues"])
    year = {"relief": "property-hardship", "relief_since": "2026-01", "relief_until": "2026-12"}
    granted(centre, terminal, Terms(percent=100), who=OWNER, **year)
    (row,) = terminal.data("refund.overpaid", OWNER, service="refund.iit")["rows"]
    (new, old) = returns(terminal, OWNER)[:2]
    income = terminal.data("dues.list", OWNER, service="pay.due")["dues"]
    more = sum(due["amount_fen"] for due in income)
    assert [due["tax"] for due in income] in ([], ["iit-rental"]), "less is taken off the income"
    assert row["tax_fen"] - more == old["total_fen"] - new["total_fen"] > 0


def test_a_correction_keeps_the_relief_and_takes_no_more_than_was_granted(
    centre: Centre, terminal: Terminal
) -> None:
    granted(centre, terminal)
    old = declared(terminal).result["declaration"]
    again = {"uninvoiced_fen": 90_000_000}
    answer = send(terminal, mended(terminal, old, SHOP, **again), SHOP)
    assert answer.state == "accepted", answer.refusal
    (row,) = [one for one in returns(terminal) if one["declaration"] == answer.result["declaration"]]
    assert row["relieved_fen"] == ASKED_FEN and row["total_fen"] > TAX_FEN
    with centre.system.read() as work:
        kept = work.core.returns.kept(row["declaration"])
    assert kept is not None and sum(line["tax_fen"] for line in kept.figures["lines"]) == row["total_fen"]
