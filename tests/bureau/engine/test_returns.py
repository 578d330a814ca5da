"""Returns of facts at the centre: prefilled, worked out again, filed once about each subject, due and payable."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from bureau.city.cast import FIRMS, HEMU, SHIGUANG
from bureau.city.sources import FLOWERS, QUOTA_FEN
from bureau.store import tables
from config.clock import CHINA
from kiosk.domain.tax.parameters import built_in
from kiosk.domain.tax.returns import KINDS
from kiosk.steps.calculators import CALCULATORS
from sync.models import EffectAnswer
from tests.bureau.conftest import Centre
from tests.bureau.terminals import Terminal, subject

OWN = {
    "deed": "li-xiulan",
    "vehicle-vessel": "li-xiulan",
    "vehicle-purchase": "xu-wen",
    "stamp": "lin-tao",
    "rental": "he-mulan",
}
"""Who of the cast has something to declare in their own name."""
COFFEE = subject("shen-zhizhou", SHIGUANG, "L")
SHOP = subject("bai-lu", FLOWERS, "L")
TODAY = date(2026, 10, 12)


def prefill(terminal: Terminal, kind: str, who: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = terminal.data("return.prefill", who, service=f"declare.{kind}")
    return found


def filled(kind: str, known: dict[str, Any], **typed: Any) -> dict[str, Any]:
    """What the form leaves, as the terminal works it out."""
    figures = CALCULATORS[kind].derive(known, typed, TODAY)
    return {"tax": kind, **{name: figures[name] for name in ("facts", "total_fen", "parameters_hash")}}


def file(
    terminal: Terminal, kind: str, data: dict[str, Any], who: dict[str, Any], **more: Any
) -> EffectAnswer:
    return terminal.do("declaration.submit", data, who, service=f"declare.{kind}", **more)


def code(answer: EffectAnswer) -> str:
    assert answer.refusal is not None, answer
    return answer.refusal.code


@pytest.mark.parametrize("kind", OWN)
def test_what_is_known_of_a_person_fills_the_return_which_is_filed_due_and_kept_with_its_tables(
    terminal: Terminal, centre: Centre, kind: str
) -> None:
    who = subject(OWN[kind])
    known = prefill(terminal, kind, who)
    assert len(known["sources"]) == 1
    data = filled(kind, known)
    answer = file(terminal, kind, data, who)
    assert answer.state == "accepted", answer.refusal
    assert answer.result["total_fen"] == data["total_fen"] > 0
    assert sum(due["amount_fen"] for due in answer.result["dues"]) == data["total_fen"]
    assert all(set(due["tax_name"]) == {"zh-CN", "en-US"} for due in answer.result["dues"])
    assert prefill(terminal, kind, who)["sources"] == []
    t = tables.declaration
    with centre.database.read() as connection:
        row = connection.execute(select(t).where(t.c.declaration == answer.result["declaration"])).one()
    assert (row.tax, row.role, row.figures["facts"]) == (kind, "", data["facts"])
    again = KINDS[kind].compute(row.figures["facts"], built_in())
    assert (again.total_fen, again.parameters_hash) == (row.total_fen, row.figures["parameters_hash"])


def test_the_same_contract_is_a_duplicate_and_another_of_the_same_day_is_not(
    terminal: Terminal, centre: Centre
) -> None:
    who = subject("lin-tao")
    data = filled("stamp", prefill(terminal, "stamp", who))
    first = file(terminal, "stamp", data, who)
    second = file(centre.terminal("B-01"), "stamp", data, who)
    assert second.state == "duplicate"
    assert second.result == first.result
    other = filled("stamp", {}, **{**data["facts"], "contract": "GQ2"})
    assert file(terminal, "stamp", other, who).state == "accepted"


def test_whoever_files_in_their_own_name_pays_it_and_nobody_elses(terminal: Terminal, centre: Centre) -> None:
    who = subject("lin-tao")
    answer = file(terminal, "stamp", filled("stamp", prefill(terminal, "stamp", who)), who)
    dues = [due["due"] for due in answer.result["dues"]]
    order = {"dues": dues, "amount_fen": answer.result["total_fen"], "channel": "qr-shown"}
    stranger = subject("xu-wen")
    data = filled("vehicle-purchase", prefill(terminal, "vehicle-purchase", stranger))
    assert file(terminal, "vehicle-purchase", data, stranger).state == "accepted"
    taken = terminal.do("payment.create", order, stranger, service="declare.vehicle-purchase")
    assert code(taken) == "dueTaken"
    created = terminal.do("payment.create", order, who, service="declare.stamp")
    assert created.state == "accepted", created.refusal
    assert created.result["amount_fen"] == answer.result["total_fen"]


def test_what_a_late_return_costs_is_told_before_as_its_dues_carry_it(
    terminal: Terminal, centre: Centre
) -> None:
    who = subject("lin-tao")
    data = filled("stamp", prefill(terminal, "stamp", who))  # signed on 10-06, so in time until 10-21
    asked = {"facts": data["facts"]}
    told = terminal.data("return.surcharge", who, asked, service="declare.stamp")
    assert (told["limit_date"], told["days"], told["total_fen"]) == ("2026-10-21", 0, data["total_fen"])
    centre.clock.at = datetime(2026, 10, 31, 9, tzinfo=CHINA)
    told = terminal.data("return.surcharge", who, asked, service="declare.stamp")
    answer = file(terminal, "stamp", data, who)
    assert told["days"] == 10
    assert told["late_fee_fen"] == sum(due["late_fee_fen"] for due in answer.result["dues"]) == 100


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"total_fen": 1}, "figuresDiffer"),
    ({"parameters_hash": "0" * 64}, "rulesUnknown"),
    ({"facts": {}}, "factsWrong"),
    ({"facts.amount_fen": 0}, "factsWrong"),
    ({"facts.amount_fen": "80"}, "factsWrong"),
    ({"facts.item": "securities"}, "factsWrong"),
    ({"facts.signed_on": "2026-10-13"}, "factsWrong"),
    ({"facts.signed_on": "soon"}, "factsWrong"),
    ({"facts.contract": "a b"}, "factsWrong"),
    ({"facts.signed_on": "2022-06-30"}, "rulesUnknown"),
    ({"tax": "rental"}, "notOfThisService"),
]


def test_what_does_not_add_up_or_cannot_be_is_refused(terminal: Terminal, centre: Centre) -> None:
    who = subject("lin-tao")
    right = filled("stamp", prefill(terminal, "stamp", who))
    for changed, why in WRONG:
        facts = {**right["facts"], **{n[6:]: v for n, v in changed.items() if n.startswith("facts.")}}
        plain = {n: v for n, v in changed.items() if "." not in n}
        answer = file(terminal, "stamp", {**right, "facts": facts, **plain}, who)
        assert code(answer) == why, changed
    with centre.database.read() as connection:
        stamps = select(tables.declaration).where(tables.declaration.c.tax == "stamp")
        assert connection.execute(stamps).all() == []
    strange = terminal.ask("return.prefill", who, service="pay.due")
    assert strange.refusal is not None and strange.refusal.code in ("notOfThisService", "taxpayerMissing")


def test_a_face_or_staff_is_needed_in_ones_own_name(terminal: Terminal) -> None:
    weak = subject("lin-tao", evidence="document", face=None)
    data = filled("stamp", prefill(terminal, "stamp", subject("lin-tao")))
    assert code(file(terminal, "stamp", data, weak)) == "identityWeak"
    asked = terminal.ask("return.prefill", weak, service="declare.stamp")
    assert asked.refusal is not None and asked.refusal.code == "identityWeak"


def test_what_waited_is_filed_as_of_its_acceptance_and_told(terminal: Terminal, centre: Centre) -> None:
    who = subject("lin-tao")
    data = filled("stamp", prefill(terminal, "stamp", who))
    taken = centre.clock.now() - timedelta(hours=30)
    answer = file(terminal, "stamp", data, who, offline=True, accepted_at=taken.isoformat())
    assert answer.state == "accepted", answer.refusal
    t = tables.declaration
    with centre.database.read() as connection:
        row = connection.execute(select(t).where(t.c.declaration == answer.result["declaration"])).one()
    assert row.filed_at == taken
    notices = terminal.data("person.profile", who)["notices"]
    assert [notice["kind"] for notice in notices] == ["return-accepted"]
    wrong = {**data, "total_fen": 1, "facts": {**data["facts"], "contract": "GQ3"}}
    refused = file(terminal, "stamp", wrong, who, offline=True)
    assert code(refused) == "figuresDiffer"
    assert refused.refusal is not None and refused.refusal.deadline == date(2026, 10, 21)


def test_months_that_were_declared_are_not_declared_again_among_others(terminal: Terminal) -> None:
    who = subject("he-mulan")
    data = filled("rental", prefill(terminal, "rental", who))
    first = file(terminal, "rental", data, who)
    assert first.state == "accepted", first.refusal
    longer = filled("rental", {}, **{**data["facts"], "months": 2, "first": "2026-08"})
    answer = file(terminal, "rental", longer, who)
    assert code(answer) == "periodOverlaps"
    assert answer.refusal is not None and first.result["declaration"] in answer.refusal.text["zh-CN"]
    other = filled("rental", {}, **{**data["facts"], "contract": "ZL2"})
    assert file(terminal, "rental", other, who).state == "accepted"


def test_contributions_are_due_insurance_by_insurance(terminal: Terminal) -> None:
    who = subject("tang-yue")
    told = {"level": "level-60", "first": "2026-07", "months": 3, "pension": True, "medical": True}
    answer = file(terminal, "social-insurance", filled("social-insurance", {}, **told), who)
    assert answer.state == "accepted", answer.refusal
    assert {due["tax"]: due["amount_fen"] for due in answer.result["dues"]} == {
        "pension": 259_200,
        "medical": 103_680,
    }


def test_contributions_of_a_year_that_is_over_are_not_taken(terminal: Terminal) -> None:
    who = subject("tang-yue")
    known = prefill(terminal, "social-insurance", who)
    assert (known["facts"], known["earliest"]) == ({"first": "2026-10", "months": 1}, "2026-01-01")
    told = {"level": "level-60", "first": "2025-12", "months": 1, "pension": True, "medical": True}
    assert (
        code(file(terminal, "social-insurance", filled("social-insurance", known, **told), who))
        == "factsWrong"
    )


def settled(terminal: Terminal, **typed: Any) -> dict[str, Any]:
    return filled("iit-annual", prefill(terminal, "iit-annual", subject("li-xiulan")), **typed)


def test_a_year_is_settled_from_what_employers_told_of_it(terminal: Terminal, centre: Centre) -> None:
    who, t = subject("li-xiulan"), tables.income
    known = prefill(terminal, "iit-annual", who)["facts"]
    with centre.database.read() as connection:
        query = select(t).where(t.c.person_number == who["person"]["number"], t.c.month.like("2025-%"))
        rows = connection.execute(query).all()
    wages = [row for row in rows if row.item == "wages"]
    assert known["year"] == 2025
    assert known["wages_fen"] == sum(row.income_fen for row in wages) > 0
    assert known["withheld_fen"] == sum(row.tax_fen for row in wages)
    data = settled(terminal)
    answer = file(terminal, "iit-annual", data, who)
    assert answer.state == "accepted", answer.refusal
    assert prefill(terminal, "iit-annual", who)["declared_already"] == answer.result["declaration"]
    assert file(terminal, "iit-annual", data, who).state == "duplicate"


def test_what_was_withheld_too_much_is_told_and_nothing_is_due(terminal: Terminal) -> None:
    answer = file(terminal, "iit-annual", settled(terminal, other_fen=20_000_000), subject("li-xiulan"))
    assert answer.state == "accepted", answer.refusal
    assert (answer.result["total_fen"], answer.result["dues"]) == (0, [])
    assert answer.result["overpaid_fen"] > 0


def test_nothing_that_employers_told_is_left_out_of_a_settlement(terminal: Terminal, centre: Centre) -> None:
    who = subject("li-xiulan")
    for wrong in ({"wages_fen": 1}, {"withheld_fen": 10_000_000}):
        assert code(file(terminal, "iit-annual", settled(terminal, **wrong), who)) == "incomeDiffers"
    early = file(terminal, "iit-annual", settled(terminal, year=2026), who)
    assert code(early) == "settlementNotOpen"


# --- of a period -------------------------------------------------------------------------------------------------


def nil(centre: Centre) -> None:
    """The coffee shop has not filed for the last quarter."""
    t = tables.declaration
    with centre.database.write() as connection:
        connection.execute(delete(t).where(t.c.taxpayer == SHIGUANG, t.c.period_last == date(2026, 9, 30)))


def test_a_nil_return_declares_every_open_tax_at_once(terminal: Terminal, centre: Centre) -> None:
    nil(centre)
    known = prefill(terminal, "zero", COFFEE)
    assert known["taxes"]["en-US"].count(",") == 2
    answer = file(terminal, "zero", filled("zero", known), COFFEE)
    assert answer.state == "accepted", answer.refusal
    assert (answer.result["total_fen"], answer.result["dues"]) == (0, [])
    assert set(answer.result["others"]) == {"stamp", "iit-business"}
    t = tables.declaration
    with centre.database.read() as connection:
        query = select(t.c.tax).where(t.c.taxpayer == SHIGUANG, t.c.period_last == date(2026, 9, 30))
        assert set(connection.execute(query).scalars()) == {"vat-small", "stamp", "iit-business"}
    assert prefill(terminal, "zero", COFFEE)["declared_already"] == answer.result["declaration"]
    again = file(terminal, "zero", filled("zero", known), COFFEE)
    assert (again.state, again.result["declaration"]) == ("duplicate", answer.result["declaration"])


def test_a_nil_return_files_what_is_left_when_vat_is_filed(terminal: Terminal) -> None:
    known = prefill(terminal, "zero", COFFEE)
    assert known["declared_already"] is None
    answer = file(terminal, "zero", filled("zero", known), COFFEE)
    assert answer.state == "accepted", answer.refusal
    assert len(answer.result["others"]) == 1


def test_who_sold_something_or_is_on_a_quota_files_no_nil_return(terminal: Terminal) -> None:
    sold = subject("shen-zhizhou", HEMU, "T")
    data = filled("zero", {"facts": {"period_first": "2026-07-01", "period_last": "2026-09-30"}})
    assert code(file(terminal, "zero", data, sold)) == "notNil"
    assert code(file(terminal, "zero", data, SHOP)) == "onQuota"
    general = subject("he-mulan", next(f.taxpayer for f in FIRMS if "恒泰" in f.name), "F")
    assert code(file(terminal, "zero", data, general)) == "notSmallScale"
    early = filled("zero", {"facts": {"period_first": "2026-10-01", "period_last": "2026-12-31"}})
    assert code(file(terminal, "zero", early, COFFEE)) in ("periodNotOpen", "factsWrong")


def test_a_fixed_quota_takes_the_place_of_the_vat_return(terminal: Terminal) -> None:
    known = prefill(terminal, "fixed-quota", SHOP)
    assert (known["facts"]["quota_fen"], known["facts"]["invoiced_fen"]) == (QUOTA_FEN, 26_845_000)
    data = filled("fixed-quota", known)
    answer = file(terminal, "fixed-quota", data, SHOP)
    assert answer.state == "accepted", answer.refusal
    assert [due["tax"] for due in answer.result["dues"]] == ["iit-business"]
    assert answer.result["total_fen"] == 3 * QUOTA_FEN * 5 // 1000 // 2
    vat = terminal.data("vat.prefill", SHOP)
    assert vat["declared_already"] == answer.result["declaration"]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"quota_fen": 1}, "quotaDiffers"),
        ({"invoiced_fen": 26_844_999}, "salesBelowInvoices"),
        ({"city_rate": "0.05"}, "ratesDiffer"),
        ({"period_first": "2026-06-01"}, "factsWrong"),
        ({"period_first": "2026-07-01", "period_last": "2026-07-31"}, "periodNotOpen"),
    ],
)
def test_a_quota_that_is_not_the_registrations_is_refused(
    terminal: Terminal, changed: dict[str, Any], why: str
) -> None:
    known = prefill(terminal, "fixed-quota", SHOP)
    data = filled("fixed-quota", known)
    figures = CALCULATORS["fixed-quota"].derive({"facts": {**known["facts"], **changed}}, {}, TODAY)
    tampered = {**data, "facts": figures["facts"], "total_fen": figures.get("total_fen", 0)}
    assert code(file(terminal, "fixed-quota", tampered, SHOP)) == why


def test_who_has_no_quota_is_told_so(terminal: Terminal) -> None:
    asked = terminal.ask("return.prefill", subject("shen-zhizhou", HEMU, "T"), service="declare.fixed-quota")
    assert asked.refusal is not None and asked.refusal.code == "noQuota"


def test_a_collector_files_nothing(terminal: Terminal) -> None:
    data = filled("zero", {"facts": {"period_first": "2026-07-01", "period_last": "2026-09-30"}})
    assert code(file(terminal, "zero", data, subject("zhou-mingyuan", HEMU, "B"))) == "roleNotAllowed"
