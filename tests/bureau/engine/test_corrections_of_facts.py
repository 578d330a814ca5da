"""Every kind of return is corrected or taken back by one handler: what is owed, what is paid too much, what is kept."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from bureau.engine import corrections
from bureau.engine.handlers.returns import lines_of
from bureau.engine.matters.deciding import approve
from bureau.engine.recomputing import Outcome, recompute_all
from bureau.engine.rules import Rules
from bureau.store import tables
from config.clock import CHINA
from kiosk.domain.tax.parameters import built_in
from kiosk.domain.tax.returns import KINDS
from sync.models import EffectAnswer
from tests.bureau.conftest import Centre
from tests.bureau.engine.mending import CORRECT, code, costs, known, listed, mended, send, taken_back
from tests.bureau.engine.test_returns import COFFEE, SHOP, file, filled, nil, prefill
from tests.bureau.terminals import Terminal, subject

FILED: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "stamp": (subject("lin-tao"), {}, {"amount_fen": 900_000_000}),
    "deed": (subject("li-xiulan"), {}, {"price_fen": 990_000_000}),
    "vehicle-purchase": (subject("xu-wen"), {}, {"gross_fen": 40_000_000}),
    "vehicle-vessel": (subject("li-xiulan"), {}, {"engine": 3500}),
    "rental": (subject("he-mulan"), {}, {"rent_fen": 9_000_000}),
    "iit-annual": (subject("li-xiulan"), {"other_fen": 20_000_000}, {"labour_fen": 90_000_000}),
    "social-insurance": (
        subject("tang-yue"),
        {"level": "level-60", "pension": True, "medical": True},
        {"level": "level-300"},
    ),
    "fixed-quota": (SHOP, {}, {"uninvoiced_fen": 90_000_000}),
}
"""Of each kind who files it, what they type, and what they should have typed."""
AMOUNTS = {
    "stamp": "amount_fen",
    "deed": "price_fen",
    "vehicle-purchase": "gross_fen",
    "rental": "rent_fen",
    "fixed-quota": "uninvoiced_fen",
}
EXAMPLES: dict[str, dict[str, Any]] = {
    "stamp": {"item": "loan", "contract": "A1", "signed_on": "2026-10-08"},
    "deed": {
        "contract": "A1",
        "area": 90,
        "homes": 1,
        "signed_on": "2026-10-08",
        "registers_on": "2026-10-30",
    },
    "vehicle-purchase": {"vin": "LSVAU0334E2123456", "new_energy": False, "bought_on": "2026-10-08"},
    "rental": {"contract": "A1", "home": False, "first": "2026-07", "months": 3, "place": "city"},
    "fixed-quota": {
        "period_first": "2026-07-01",
        "period_last": "2026-09-30",
        "quota_fen": 1_000_000,
        "city_rate": "0.07",
    },
}
"""A return of each kind without its amount."""
INSURED, SETTLED = "social-insurance", "iit-annual"


def filed(terminal: Terminal, kind: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Who filed it, and the answer."""
    who, typed, _ = FILED[kind]
    answer = file(terminal, kind, filled(kind, prefill(terminal, kind, who), **typed), who)
    assert answer.state == "accepted", answer.refusal
    return who, answer.result


def all_paid(centre: Centre, declaration: str) -> None:
    """Its dues are paid, and in the treasury."""
    t = tables.due
    with centre.database.write() as connection:
        mine = list(connection.execute(select(t).where(t.c.declaration == declaration)))
        connection.execute(update(t).where(t.c.declaration == declaration).values(state="paid"))
        for due in mine:
            connection.execute(
                tables.treasury_entry.insert().values(
                    due=due.due, voucher=f"V{due.due}", amount_fen=due.amount_fen, late_fee_fen=0,
                    entry_date=centre.clock.now().astimezone(CHINA).date(),
                )
            )  # fmt: skip


def owed(centre: Centre, declaration: str, state: str = "open") -> dict[str, int]:
    t = tables.due
    query = select(t.c.tax, t.c.amount_fen).where(t.c.declaration == declaration, t.c.state == state)
    with centre.database.read() as connection:
        return {row.tax: row.amount_fen for row in connection.execute(query)}


def states(terminal: Terminal, who: dict[str, Any]) -> dict[str, str]:
    return {row["declaration"]: row["state"] for row in listed(terminal, who)}


def accepted(answer: EffectAnswer) -> dict[str, Any]:
    assert answer.state == "accepted", answer.refusal
    return answer.result


@pytest.mark.parametrize("kind", FILED)
def test_an_unpaid_return_of_each_kind_is_replaced_by_what_is_right_and_both_are_kept(
    terminal: Terminal, centre: Centre, kind: str
) -> None:
    who, old = filed(terminal, kind)
    number, was = old["declaration"], owed(centre, old["declaration"])
    shown = known(terminal, number, who)
    assert (shown["form"], shown["replaces"], shown["declared_fen"]) == (kind, number, old["total_fen"])
    data = mended(terminal, number, who, **FILED[kind][2])
    assert data["total_fen"] != old["total_fen"]
    new = accepted(send(terminal, data, who))
    assert owed(centre, number) == {} and owed(centre, number, "cancelled") == was
    assert sum(owed(centre, new["declaration"]).values()) == data["total_fen"]
    said = states(terminal, who)
    assert said[number] == "replaced" and said[new["declaration"]] == (
        "unpaid" if data["total_fen"] else "paid"
    )
    row = next(one for one in listed(terminal, who) if one["declaration"] == new["declaration"])
    assert row["corrects"] == number
    assert code(send(terminal, data, who)) == "nothingToCorrect", "it stands no longer"


def test_the_printed_return_says_which_it_corrects(terminal: Terminal) -> None:
    who, old = filed(terminal, "stamp")
    new = accepted(send(terminal, mended(terminal, old["declaration"], who, **FILED["stamp"][2]), who))
    shown = terminal.data("certificate.preview", who, {"item": new["declaration"]}, service=CORRECT)
    said = {fact["label"]["zh-CN"]: fact["value"]["zh-CN"] for fact in shown["facts"]}
    assert said["更正原申报"] == old["declaration"]


@pytest.mark.parametrize("kind", [kind for kind in FILED if kind != INSURED])
def test_correction_and_correction_back_leave_the_same_dues(
    terminal: Terminal, centre: Centre, kind: str
) -> None:
    who, old = filed(terminal, kind)
    before, facts = owed(centre, old["declaration"]), known(terminal, old["declaration"], who)["facts"]
    over = accepted(send(terminal, mended(terminal, old["declaration"], who, **FILED[kind][2]), who))
    back = mended(terminal, over["declaration"], who, **{n: facts.get(n) for n in FILED[kind][2]})
    end = accepted(send(terminal, back, who))
    assert owed(centre, end["declaration"]) == before
    assert end["total_fen"] == old["total_fen"]


@pytest.mark.parametrize(
    "kind", ["stamp", "deed", "vehicle-purchase", "vehicle-vessel", "rental", "fixed-quota"]
)
def test_of_a_paid_return_the_difference_is_due_since_its_limit_and_what_is_too_much_is_refundable(
    terminal: Terminal, centre: Centre, kind: str
) -> None:
    who, old = filed(terminal, kind)
    all_paid(centre, old["declaration"])
    facts = known(terminal, old["declaration"], who)["facts"]
    limit = known(terminal, old["declaration"], who)["limit_date"]
    data = mended(terminal, old["declaration"], who, **FILED[kind][2])
    more = data["total_fen"] - old["total_fen"]
    assert more > 0
    centre.clock.at = datetime.combine(
        datetime.fromisoformat(limit).date(), datetime.min.time(), CHINA
    ).replace(hour=10, day=28)
    told = costs(terminal, data, who)
    new = accepted(send(terminal, data, who))
    assert sum(due["amount_fen"] for due in new["dues"]) == more
    assert {due["limit_date"] for due in new["dues"]} == {limit}
    assert told["total_fen"] == sum(due["amount_fen"] + due["late_fee_fen"] for due in new["dues"])
    all_paid(centre, new["declaration"])
    back = mended(terminal, new["declaration"], who, **{n: facts.get(n) for n in FILED[kind][2]})
    assert costs(terminal, back, who)["overpaid_fen"] == more
    last = accepted(send(terminal, back, who))
    assert (last["dues"], last["overpaid_fen"]) == ([], more)
    service = "refund.overpaid" if kind == "fixed-quota" else "refund.iit"
    rows = terminal.data("refund.overpaid", who, service=service)["rows"]
    mine = [row for row in rows if row["declaration"] == last["declaration"]]
    assert [row["tax_fen"] for row in mine] == [more]


def test_two_contracts_of_one_day_do_not_pay_for_each_other(terminal: Terminal, centre: Centre) -> None:
    who, first = filed(terminal, "stamp")
    all_paid(centre, first["declaration"])
    facts = known(terminal, first["declaration"], who)["facts"]
    other = file(terminal, "stamp", filled("stamp", {}, **{**facts, "contract": "GQ2"}), who).result
    data = mended(terminal, other["declaration"], who, amount_fen=1_000_000_000)
    assert sum(d["amount_fen"] for d in accepted(send(terminal, data, who))["dues"]) == data["total_fen"]


def test_a_nil_return_is_corrected_on_the_vat_return_of_its_period(
    terminal: Terminal, centre: Centre
) -> None:
    nil(centre)
    answer = file(terminal, "zero", filled("zero", prefill(terminal, "zero", COFFEE)), COFFEE)
    number = accepted(answer)["declaration"]
    row = next(one for one in listed(terminal, COFFEE) if one["declaration"] == number)
    assert row["form"] == "vat-small"
    data = mended(terminal, number, COFFEE, uninvoiced=50_000_000)
    new = accepted(send(terminal, data, COFFEE))
    assert sum(owed(centre, new["declaration"]).values()) == data["total_fen"] > 0
    back = accepted(send(terminal, mended(terminal, new["declaration"], COFFEE, uninvoiced=0), COFFEE))
    assert (back["total_fen"], back["dues"]) == (0, [])


def test_a_settlement_is_corrected_both_ways_with_what_was_withheld_and_what_was_given_back(
    terminal: Terminal, centre: Centre
) -> None:
    who, old = filed(terminal, SETTLED)
    back = old["overpaid_fen"]
    assert back > 0
    asked = {"declaration": old["declaration"], "bank": "icbc", "account": "6217000000000001234"}
    case = accepted(terminal.do("matter.submit", asked, who, service="refund.iit"))["case"]
    with centre.system.write() as work:
        approve(work.core, case, "周审核")
    data = mended(terminal, old["declaration"], who, other_fen=0)
    kept = back - data_refund(data)
    again = accepted(send(terminal, data, who))
    assert sum(due["amount_fen"] for due in again["dues"]) == data["total_fen"] + kept > 0
    assert (again["overpaid_fen"], rows(terminal, who)) == (0, []), "it was given back already"
    all_paid(centre, again["declaration"])
    end = accepted(send(terminal, mended(terminal, again["declaration"], who, other_fen=20_000_000), who))
    assert end["overpaid_fen"] == data["total_fen"] + kept, "what was paid again is too much again"
    assert [row["tax_fen"] for row in rows(terminal, who)] == [end["overpaid_fen"]]


def data_refund(data: dict[str, Any]) -> int:
    """What the settlement gives back by its facts."""
    return int(KINDS[SETTLED].compute(data["facts"], built_in()).refund_fen)


def rows(terminal: Terminal, who: dict[str, Any]) -> list[dict[str, Any]]:
    """What may be applied for."""
    found: list[dict[str, Any]] = terminal.data("refund.overpaid", who, service="refund.iit")["rows"]
    return found


def test_what_a_return_is_about_does_not_change(terminal: Terminal) -> None:
    who, old = filed(terminal, "stamp")
    data = mended(terminal, old["declaration"], who, amount_fen=900_000_000)
    for name, value in (("contract", "OTHER"), ("item", "loan"), ("signed_on", "2026-10-01")):
        assert (
            code(send(terminal, {**data, "facts": {**data["facts"], name: value}}, who)) == "correctsAnother"
        )
    assert code(send(terminal, {**data, "facts": {**data["facts"], "amount_fen": -1}}, who)) == "factsWrong"
    assert code(send(terminal, {**data, "total_fen": 1}, who)) == "figuresDiffer"
    assert code(send(terminal, data, subject("xu-wen"))) in ("nothingToCorrect", "taxpayerMissing")


def test_paid_contributions_are_no_tax_and_stay(terminal: Terminal, centre: Centre) -> None:
    who, old = filed(terminal, INSURED)
    data = mended(terminal, old["declaration"], who, **FILED[INSURED][2])
    all_paid(centre, old["declaration"])
    assert code(send(terminal, data, who)) == "nothingToCorrect"
    ways = terminal.data("correction.ways", who, {"declaration": old["declaration"]}, service=CORRECT)["ways"]
    assert [way["usable"] for way in ways] == [False, False]
    assert all(set(way["why_not"]) == {"zh-CN", "en-US"} for way in ways)


@pytest.mark.parametrize("kind", [kind for kind in FILED if kind != SETTLED])
def test_a_return_filed_by_mistake_is_taken_back_and_can_be_filed_again(
    terminal: Terminal, centre: Centre, kind: str
) -> None:
    who, old = filed(terminal, kind)
    number, was = old["declaration"], owed(centre, old["declaration"])
    done = accepted(send(terminal, taken_back(terminal, number, who), who))
    assert (done["total_fen"], done["dues"]) == (0, [])
    assert owed(centre, number) == {} and owed(centre, number, "cancelled") == was
    assert states(terminal, who)[number] == "withdrawn"
    assert code(send(terminal, taken_back(terminal, number, who), who)) == "nothingToCorrect"
    again = filed(terminal, kind)[1]
    assert again["declaration"] != number and owed(centre, again["declaration"]) == was


def test_what_is_paid_or_late_is_not_taken_back_but_corrected(terminal: Terminal, centre: Centre) -> None:
    who, old = filed(terminal, "stamp")
    number = old["declaration"]
    all_paid(centre, number)
    assert code(send(terminal, taken_back(terminal, number, who), who)) == "withdrawPaid"
    shop, late = filed(terminal, "fixed-quota")
    centre.clock.at = datetime(2026, 11, 5, 9, tzinfo=CHINA)
    assert code(send(terminal, taken_back(terminal, late["declaration"], shop), shop)) == "withdrawLate"
    ways = terminal.data("correction.ways", shop, {"declaration": late["declaration"]}, service=CORRECT)[
        "ways"
    ]
    assert {way["way"]: way["usable"] for way in ways} == {"correct": True, "withdraw": False}


def test_while_it_is_being_paid_it_is_neither_corrected_nor_taken_back(terminal: Terminal) -> None:
    who, old = filed(terminal, "stamp")
    data = mended(terminal, old["declaration"], who, amount_fen=900_000_000)
    back = taken_back(terminal, old["declaration"], who)
    order = {
        "dues": [due["due"] for due in old["dues"]],
        "amount_fen": old["total_fen"],
        "channel": "qr-shown",
    }
    accepted(terminal.do("payment.create", order, who, service="declare.stamp"))
    assert (code(send(terminal, data, who)), code(send(terminal, back, who))) == ("dueHeld", "dueHeld")


@pytest.mark.parametrize("way", ["correct", "withdraw"])
def test_two_terminals_at_once_do_not_both_mend_it(terminal: Terminal, centre: Centre, way: str) -> None:
    who, old = filed(terminal, "stamp")
    number = old["declaration"]
    right = mended(terminal, number, who, amount_fen=900_000_000)
    other = right if way == "correct" else taken_back(terminal, number, who)
    both = [(terminal, right), (centre.terminal("B-01"), other)]
    answers: list[EffectAnswer] = []
    go = threading.Barrier(2)

    def at(place: Terminal, data: dict[str, Any]) -> None:
        record = place.intent("declaration.submit", data, who, service=CORRECT)
        go.wait(10)
        answers.append(place.send(record))

    threads = [threading.Thread(target=at, args=one) for one in both]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert sorted(answer.state for answer in answers) == ["accepted", "refused"], answers
    no = next(answer for answer in answers if answer.state == "refused")
    assert code(no) == "nothingToCorrect"
    standing = [row for row in listed(terminal, who) if row["state"] in ("paid", "unpaid")]
    assert len([row for row in standing if row["tax"] == "stamp"]) <= 1


def test_what_was_corrected_or_taken_back_comes_to_the_same_a_year_later(
    terminal: Terminal, centre: Centre
) -> None:
    for kind in FILED:
        who, old = filed(terminal, kind)
        new = accepted(send(terminal, mended(terminal, old["declaration"], who, **FILED[kind][2]), who))
        if kind != SETTLED:  # its limit is over
            accepted(send(terminal, taken_back(terminal, new["declaration"], who), who))
    centre.clock.at = datetime(2027, 10, 20, 9, tzinfo=CHINA)
    with centre.system.read() as work:
        mine = [subject_of(terminal, kind) for kind in FILED]
        found = [
            one
            for number in dict.fromkeys(mine)
            for one in recompute_all(work.core, Rules(built_in()), datetime(2025, 1, 1).date(), number)
        ]
    assert found and {one.outcome for one in found} <= {Outcome.SAME, Outcome.NO_FACTS}


def subject_of(terminal: Terminal, kind: str) -> str:
    """Under which number the return was filed."""
    who = FILED[kind][0]
    return str(who["taxpayer"] or who["person"]["number"])


@given(
    st.sampled_from(["stamp", "deed", "vehicle-purchase", "rental", "fixed-quota"]),
    st.lists(st.integers(1, 10**10), min_size=2, max_size=6),
)
def test_however_often_it_is_corrected_what_is_owed_less_what_is_too_much_is_the_last_return(
    kind: str, amounts: list[int]
) -> None:
    paid: dict[str, int] = {}
    for amount in amounts:
        taxes = taxes_of(kind, amount)
        owed, over = corrections.left(taxes, paid), corrections.overpaid(taxes, paid)
        assert all(fen >= 0 for fen in (*taxes.values(), *owed.values(), *over.values()))
        assert not any(owed.get(tax) and over.get(tax) for tax in {*owed, *over})
        paid = {tax: paid.get(tax, 0) + owed.get(tax, 0) - over.get(tax, 0) for tax in {*paid, *owed}}
        assert sum(paid.values()) == sum(taxes.values())
    first = taxes_of(kind, amounts[0])
    assert corrections.left(first, paid) == {
        tax: max(0, fen - taxes_of(kind, amounts[-1]).get(tax, 0)) for tax, fen in first.items()
    }


def taxes_of(kind: str, amount: int) -> dict[str, int]:
    """The taxes of a return of that kind about that amount, by the names of the books."""
    computed = KINDS[kind].compute({**EXAMPLES[kind], AMOUNTS[kind]: amount}, built_in())
    return dict(corrections.taxes({"lines": lines_of(computed), "refund_fen": int(computed.refund_fen)}))
