"""The departure refund: what is given back to whom, by which purchases, once; the form; and what happens at the port."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest

from bureau.city.cast import HEMU
from bureau.city.travellers import BOOKS, CAMERAS, SILK, TRAVELLERS
from bureau.engine.departing import deciding
from bureau.errors import DepartureRefused
from bureau.store import tables
from tests.bureau.conftest import Centre
from tests.bureau.stores import DAY
from tests.bureau.terminals import Terminal, subject

SERVICE = "tools.departure-refund"
MAJA, KENJI = TRAVELLERS
TRIP = {"arrived_on": str(DAY - timedelta(days=14)), "leaves_on": str(DAY + timedelta(days=8))}


def traveller(who: Any = MAJA, **claim: Any) -> dict[str, Any]:
    """Whoever swiped their passport, and nothing else."""
    person = {
        "kind": "passport",
        "number": who.passport,
        "name": who.name,
        "nationality": who.nationality,
        "evidence": "document",
        **claim,
    }
    return {"person": person}


@pytest.fixture
def bought(centre: Centre) -> dict[str, list[dict[str, Any]]]:
    """What each traveller was given in the city's stores, by the store's taxpayer number, as their codes say it."""
    with centre.database.read() as connection:
        t = tables.sale
        sold = connection.execute(
            t.select().where(t.c.taxpayer.in_(s.taxpayer for s in (SILK, BOOKS, CAMERAS)))
        )
        rows = sorted(sold, key=lambda row: row.number)
    return {
        one.passport: [
            {"number": r.number, "issued": str(r.issued_on), "amount_fen": r.net_fen + r.tax_fen}
            for r in rows
            if r.buyer_number == one.passport
        ]
        for one in TRAVELLERS
    }


def assess(terminal: Terminal, invoices: list[dict[str, Any]], who: Any = MAJA, **trip: str) -> Any:
    return terminal.data("departure.assess", traveller(who), {**TRIP, **trip, "invoices": invoices}, SERVICE)


def apply(terminal: Terminal, invoices: list[dict[str, Any]], whom: Any = None, **changed: Any) -> Any:
    data = {**TRIP, "port": "airport", "invoices": invoices, **changed}
    return terminal.do("departure.apply", data, whom or traveller(), service=SERVICE)


def why(line: dict[str, Any]) -> str:
    assert not line["eligible"] and line["refund_fen"] == 0
    assert line["why_not"]["zh-CN"] and line["why_not"]["zh-CN"] != line["why_not"]["en-US"]
    return str(line["why_not"]["en-US"])


def change(centre: Centre, number: str, **values: Any) -> None:
    t = tables.sale
    with centre.database.write() as connection:
        connection.execute(t.update().where(t.c.number == number).values(**values))


def decided(centre: Centre, act: Any, *given: Any) -> Any:
    with centre.system.write() as work:
        return act(work.core, *given)


def test_goods_at_thirteen_and_nine_per_cent_each_by_their_rate_less_the_agencys_fee(
    terminal: Terminal, bought: dict[str, Any]
) -> None:
    told = assess(terminal, bought[MAJA.passport])
    silk, books, card, camera = told["lines"]
    assert (silk["shop"], silk["refund_fen"]) == (SILK.name, 12_980)  # 1,180.00 × 11 %
    assert books["refund_fen"] == 3_088  # 320.00 × 8 % + 48.00 × 11 %
    assert camera["refund_fen"] == 98_989
    assert why(card) == "Below 200 yuan in one store on one day"  # the camera was bought on another day
    assert (told["count"], told["total_fen"]) == (3, 118_000 + 36_800 + 899_900)
    fee = 2_360 + 736 + 17_998
    assert (told["refund_fen"], told["fee_fen"], told["paid_fen"]) == (115_057, fee, 115_057 - fee)
    assert told["way"]["en-US"] == "Cash or transfer"


def test_small_invoices_of_one_store_and_day_count_together_and_not_one_without_the_other(
    terminal: Terminal, bought: dict[str, Any]
) -> None:
    both = assess(terminal, bought[KENJI.passport], KENJI)
    assert [line["refund_fen"] for line in both["lines"]] == [1_419, 957]
    alone = assess(terminal, bought[KENJI.passport][:1], KENJI)
    assert why(alone["lines"][0]).startswith("Below 200 yuan") and alone["count"] == 0
    twice = assess(terminal, [bought[KENJI.passport][0]] * 2, KENJI)
    assert len(twice["lines"]) == 1 and twice["count"] == 0, (
        "the same paper held there twice is no second purchase"
    )


def test_an_invoice_that_cannot_be_refunded_says_why(
    terminal: Terminal, centre: Centre, bought: dict[str, Any]
) -> None:
    silk, books, *_ = bought[MAJA.passport]
    (line,) = assess(terminal, bought[KENJI.passport][:1])["lines"]
    assert why(line) == "It carries another passport number than yours" and line["shop"] is None
    (line,) = assess(terminal, [{**silk, "amount_fen": silk["amount_fen"] + 1}])["lines"]
    assert why(line) == "No such invoice, or another day or amount" and line["shop"] is None
    change(centre, silk["number"], state="void")
    assert why(assess(terminal, [silk])["lines"][0]) == "The invoice is void or was taken back"
    change(centre, silk["number"], state="valid", lines=[
        {"name": "*餐饮服务*餐费", "unit": "次", "quantity": "1", "net_fen": silk["amount_fen"], "rate": "", "tax_fen": 0}
    ])  # fmt: skip
    assert why(assess(terminal, [silk])["lines"][0]) == "No goods taxed at 13 % or 9 %"
    bought_on = date.fromisoformat(books["issued"])
    decided(centre, deciding.strike, BOOKS.taxpayer, "ma", bought_on)
    assert assess(terminal, [books])["count"] == 1, "on its last day it still was one"
    with centre.database.write() as connection:
        t = tables.refund_shop
        mine = t.c.taxpayer == BOOKS.taxpayer
        connection.execute(t.update().where(mine).values(until=bought_on - timedelta(days=1)))
    assert why(assess(terminal, [books])["lines"][0]) == "Not from a refund store on record"


@pytest.mark.parametrize(
    ("trip", "told"),
    [
        ({"leaves_on": str(DAY + timedelta(days=170))}, "Bought more than 90 days before you leave"),
        ({"arrived_on": str(DAY - timedelta(days=176))}, "You stay longer than 183 days on end"),
    ],
)
def test_who_stays_too_long_or_bought_too_long_ago_gets_nothing(
    terminal: Terminal, bought: dict[str, Any], trip: dict[str, str], told: str
) -> None:
    answer = assess(terminal, bought[MAJA.passport][:1], **trip)
    assert why(answer["lines"][0]) == told and answer["paid_fen"] == 0


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"whom": subject("anna-schmidt")}, "departurePassport"),
        ({"whom": traveller(nationality=None)}, "departurePassport"),
        ({"whom": traveller(nationality="CHN")}, "departureResident"),
        ({"arrived_on": str(DAY + timedelta(days=1))}, "departureArrival"),
        ({"leaves_on": str(DAY - timedelta(days=1))}, "departureGone"),
        ({"port": "harbour"}, "departurePort"),
        ({"invoices": [{"number": "2" * 20, "issued": str(DAY), "amount_fen": 1}]}, "departureNothing"),
    ],
)  # fmt: skip
def test_what_cannot_be_applied_for_is_refused_and_nothing_is_entered(
    terminal: Terminal, centre: Centre, bought: dict[str, Any], changed: dict[str, Any], code: str
) -> None:
    invoices = changed.pop("invoices", bought[MAJA.passport][:1])
    answer = apply(terminal, invoices, changed.pop("whom", None), **changed)
    assert answer.state == "refused" and answer.refusal.code == code
    with centre.system.read() as work:
        assert work.core.departures.listed(None, 10) == []


def test_an_application_holds_what_counts_and_nobody_asks_for_it_again(
    terminal: Terminal, centre: Centre, bought: dict[str, Any]
) -> None:
    mine = bought[MAJA.passport]
    answer = apply(terminal, mine)
    told = answer.result
    assert (told["count"], told["left_out"], told["paid_fen"]) == (3, 1, 93_963)
    assert told["application"].startswith("46")
    with centre.system.read() as work:
        (held,) = work.core.departures.listed("filed", 10)
    assert held.application == told["application"] and held.nationality == "SWE" and held.cash
    assert {line.invoice for line in held.lines} == {one["number"] for one in (mine[0], mine[1], mine[3])}
    again = assess(terminal, mine[:1])["lines"][0]
    assert why(again) == f"On application {told['application']} already"
    assert apply(terminal, mine[:1]).refusal.code == "departureNothing"


def test_the_same_key_again_is_the_same_application_and_two_at_once_are_one(
    terminal: Terminal, centre: Centre, bought: dict[str, Any]
) -> None:
    data = {**TRIP, "port": "road", "invoices": bought[MAJA.passport]}
    records = [terminal.intent("departure.apply", data, traveller(), service=SERVICE) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(terminal.send, records))
    assert sorted(answer.state for answer in answers) == ["accepted", "refused"]
    done = answers[0] if answers[0].state == "accepted" else answers[1]
    record = records[answers.index(done)]
    assert terminal.send(record).result == done.result
    with centre.system.read() as work:
        assert len(work.core.departures.listed(None, 10)) == 1


def form(terminal: Terminal, application: str, sha256: str, whom: Any = None) -> Any:
    wanted = {"certificate": "departure-refund", "item": application, "content_sha256": sha256}
    return terminal.do("certificate.issue", wanted, whom or traveller(), service=SERVICE)


def test_the_form_is_the_travellers_own_and_there_is_one_of_each_application(
    terminal: Terminal, centre: Centre, bought: dict[str, Any]
) -> None:
    told = apply(terminal, bought[MAJA.passport]).result
    application, sha256 = told["application"], told["content_sha256"]
    assert form(terminal, application, sha256, traveller(KENJI)).refusal.code == "departureUnknown"
    assert form(terminal, "46990026101299999997", sha256).refusal.code == "departureUnknown"
    assert form(terminal, application, "0" * 64).refusal.code == "changedMeanwhile"
    issued = form(terminal, application, sha256)
    assert issued.state == "accepted"
    assert form(terminal, application, sha256).result["number"] == issued.result["number"]
    decided(centre, deciding.refuse, application, "gu", "没有见到货物")
    assert form(terminal, application, sha256).refusal.code == "departureEnded"


def test_customs_then_the_agency_and_the_slip_tells_how_far_it_is(
    terminal: Terminal, centre: Centre, bought: dict[str, Any]
) -> None:
    answer = apply(terminal, bought[MAJA.passport])
    number = answer.result["application"]

    def slip() -> tuple[str, str]:
        found = centre.container.site.records.slip(answer.key)
        return found.state, found.text["en-US"]

    assert slip()[0] == "open" and slip()[1].startswith("Registered.")
    with pytest.raises(DepartureRefused, match="is filed, not inspected"):
        decided(centre, deciding.refund, number, "agency")
    assert decided(centre, deciding.inspect, number, "customs").inspected_by == "customs"
    assert slip() == ("open", "Customs has seen the goods; the refund agency pays now.")
    with pytest.raises(DepartureRefused, match="is inspected, not filed"):
        decided(centre, deciding.inspect, number, "customs")
    assert decided(centre, deciding.refund, number, "agency").state == "refunded"
    assert slip() == ("accepted", "The refund has been paid.")
    with pytest.raises(DepartureRefused, match="is refunded"):
        decided(centre, deciding.refuse, number, "customs", "太晚了")


def test_a_refused_application_lets_go_of_its_invoices_and_one_taken_back_is_not_inspected(
    terminal: Terminal, centre: Centre, bought: dict[str, Any]
) -> None:
    mine = bought[MAJA.passport]
    first = apply(terminal, mine)
    ended = decided(centre, deciding.refuse, first.result["application"], "customs", "没有见到货物")
    assert ended.state == "refused"
    assert "没有见到货物" in centre.container.site.records.slip(first.key).text["zh-CN"]
    second = apply(terminal, mine).result
    assert second["count"] == 3
    change(centre, mine[0]["number"], state="void")
    with pytest.raises(DepartureRefused, match="was taken back since"):
        decided(centre, deciding.inspect, second["application"], "customs")


def test_who_should_have_left_is_not_inspected(
    terminal: Terminal, centre: Centre, bought: dict[str, Any]
) -> None:
    number = apply(terminal, bought[MAJA.passport][:1], leaves_on=str(DAY)).result["application"]
    centre.clock.forward(days=1)
    with pytest.raises(DepartureRefused, match="was to leave on"):
        decided(centre, deciding.inspect, number, "customs")


def test_a_store_comes_on_record_once_and_only_a_general_taxpayer_in_good_standing(centre: Centre) -> None:
    small = HEMU
    with pytest.raises(DepartureRefused, match="no general taxpayer"):
        decided(centre, deciding.enlist, small, "ma")
    with pytest.raises(DepartureRefused, match="is registered"):
        decided(centre, deciding.enlist, "91990199MA6X00000X", "ma")
    with pytest.raises(DepartureRefused, match="on record already"):
        decided(centre, deciding.enlist, SILK.taxpayer, "ma")
    decided(centre, deciding.strike, SILK.taxpayer, "ma", DAY)
    with pytest.raises(DepartureRefused, match="not on record"):
        decided(centre, deciding.strike, SILK.taxpayer, "ma")
    again = decided(centre, deciding.enlist, SILK.taxpayer, "ma", DAY + timedelta(days=1))
    assert (again.enlisted_by, again.until) == ("ma", None)
