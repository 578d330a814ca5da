"""``bureau departure``: what waits is listed and shown, customs and the agency decide, stores come and leave."""

from __future__ import annotations

from datetime import timedelta

from bureau.city.travellers import SILK, TRAVELLERS, sales
from bureau.commands.common import opened
from bureau.engine.reference.work import ReferenceSystem
from bureau.opening import business_clock
from bureau.ports.departures import Departure, DepartureLine
from bureau.ports.registration import PersonKey
from kiosk.domain.people import DocumentKind
from tests.bureau import stores
from tests.bureau.commands.shell import Run, as_json

MAJA, _ = TRAVELLERS


def applied() -> str:
    """An application that waits for customs; its number. Its invoice is the traveller's first at that store."""
    with opened(None) as (settings, database):
        with ReferenceSystem(database, business_clock(settings)).write() as work:
            core = work.core
            sold = next(row for row in sales(stores.DAY) if row["taxpayer"] == SILK.taxpayer)
            money = {
                "total_fen": 118_000,
                "at_13_fen": 118_000,
                "at_9_fen": 0,
                "refund_fen": 12_980,
                "fee_fen": 2_360,
            }
            line = DepartureLine(sold["number"], SILK.taxpayer, SILK.name, sold["issued_on"], **money)
            number = core.departures.number_for("k1")
            core.departures.add(
                Departure(
                    application=number,
                    key="k1",
                    person=PersonKey(DocumentKind.PASSPORT, MAJA.passport),
                    name=MAJA.name,
                    nationality=MAJA.nationality,
                    arrived_on=stores.DAY - timedelta(days=14),
                    leaves_on=stores.DAY + timedelta(days=8),
                    port="airport",
                    cash=True,
                    state="filed",
                    accepted_at=core.now,
                    terminal="A-07",
                    parameters_hash="0" * 64,
                    lines=(line,),
                )
            )
            return number


def test_customs_and_the_agency_decide_and_the_list_shows_nobody(run: Run) -> None:
    assert run("departure", "list").output.strip() == "no application waits"
    number = applied()
    listed = run("departure", "list").output
    assert number in listed and "106.20" in listed and MAJA.surname not in listed
    shown = as_json(run("departure", "show", number, "--officer", "gu", "--json"))
    assert (shown["name"], shown["lines"][0]["shop"]) == (MAJA.name, SILK.taxpayer)
    assert MAJA.passport not in shown["passport"]
    early = run("departure", "refund", number, "--officer", "agency", code=1)
    assert "is filed, not inspected" in early.stderr
    assert as_json(run("departure", "inspect", number, "--officer", "gu", "--json"))["inspected_by"] == "gu"
    assert "is paid: 106.20 yuan" in run("departure", "refund", number, "--officer", "agency").output
    assert as_json(run("departure", "list", "--json")) == []
    (over,) = as_json(run("departure", "list", "--all", "--json"))
    assert (over["state"], over["ended_by"]) == ("refunded", "agency")


def test_what_is_refused_has_its_reason(run: Run) -> None:
    number = applied()
    told = as_json(
        run("departure", "refuse", number, "--officer", "gu", "--reason", "没有见到货物", "--json")
    )
    assert (told["state"], told["reason"]) == ("refused", "没有见到货物")
    unknown = run("departure", "show", "46990026101299999997", "--officer", "gu", code=1)
    assert "see: bureau departure list" in unknown.stderr


def test_a_store_leaves_the_record_and_comes_back(run: Run) -> None:
    assert {one["taxpayer"] for one in as_json(run("departure", "shops", "--json"))} >= {SILK.taxpayer}
    assert "on record already" in run("departure", "enlist", SILK.taxpayer, "--officer", "ma", code=1).stderr
    day = str(stores.DAY)
    told = as_json(run("departure", "strike", SILK.taxpayer, "--officer", "ma", "--day", day, "--json"))
    assert told["until"] == day
    later = str(stores.DAY + timedelta(days=1))
    run("departure", "enlist", SILK.taxpayer, "--officer", "ma", "--day", later)
    mine = [one for one in as_json(run("departure", "shops", "--json")) if one["taxpayer"] == SILK.taxpayer]
    assert [one["until"] for one in mine] == [day, None]
