"""A return at the counter: its figures, its dues, who may file, and what is refused."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bureau.city.cast import FIRMS, HEMU, QINGHE
from bureau.engine.effects import Request
from bureau.engine.handlers.filers import filing_time
from bureau.store import tables
from config.clock import CHINA
from sync.effects import open_effect
from tests.bureau.conftest import Centre
from tests.bureau.engine.returns import SHEN, prefill
from tests.bureau.returns import filled
from tests.bureau.terminals import Terminal, subject

FIRM = {firm.name: firm for firm in FIRMS}


def test_the_prefill_is_what_the_invoices_of_the_quarter_say(terminal: Terminal) -> None:
    known = prefill(terminal)
    assert (known["period_first"], known["period_last"]) == ("2026-07-01", "2026-09-30")
    assert known["limit_date"] == "2026-10-26"
    assert known["invoice_count"] == 128
    assert known["ordinary_sales_fen"] == 35_240_000
    assert (known["levy_rate"], known["city_rate"], known["half_six_taxes"]) == ("0.01", "0.07", True)
    assert known["declared_already"] is None


def test_void_invoices_do_not_count_and_red_ones_are_taken_off(terminal: Terminal, centre: Centre) -> None:
    t = tables.sale
    with centre.database.write() as connection:
        rows = connection.execute(select(t).where(t.c.taxpayer == HEMU).order_by(t.c.issued_on.desc())).all()
        first, second = rows[0], rows[1]
        connection.execute(update(t).where(t.c.number == first.number).values(state="void"))
        red = dict(second._mapping) | {
            "number": "R" + second.number[1:],
            "net_fen": -second.net_fen,
            "state": "red",
        }
        connection.execute(t.insert().values(**red))
    known = prefill(terminal)
    assert known["ordinary_sales_fen"] == 35_240_000 - first.net_fen - second.net_fen
    assert known["invoice_count"] == 128


def test_the_mock_up_return_is_filed_with_its_four_dues(terminal: Terminal, centre: Centre) -> None:
    answer = terminal.do("declaration.submit", filled(prefill(terminal), 3_400_000), SHEN)
    assert answer.state == "accepted"
    assert answer.result["total_fen"] == 409_584
    amounts = {due["tax"]: due["amount_fen"] for due in answer.result["dues"]}
    assert amounts == {
        "vat": 386_400,
        "city-construction": 13_524,
        "education": 5_796,
        "local-education": 3_864,
    }
    assert {due["limit_date"] for due in answer.result["dues"]} == {"2026-10-26"}
    assert prefill(terminal)["declared_already"] == answer.result["declaration"]


def test_a_late_return_says_amount_and_surcharge_apart_as_of_the_day_it_is_answered(
    terminal: Terminal, centre: Centre
) -> None:
    centre.clock.at = datetime(2026, 11, 5, 9, 0, tzinfo=CHINA)  # ten days after the limit
    answer = terminal.do("declaration.submit", filled(prefill(terminal), 3_400_000), SHEN)
    vat = next(due for due in answer.result["dues"] if due["tax"] == "vat")
    assert (vat["amount_fen"], vat["late_fee_fen"], vat["payable"]) == (386_400, 1_932, True)
    assert answer.result["total_fen"] == 409_584
    centre.clock.forward(days=1)
    again = next(d for d in terminal.data("dues.list", SHEN)["dues"] if d["due"] == vat["due"])
    assert (again["amount_fen"], again["late_fee_fen"]) == (386_400, 2_125)


def test_a_return_below_the_threshold_is_exempt_and_opens_no_due(terminal: Terminal, centre: Centre) -> None:
    t = tables.sale
    with centre.database.write() as connection:
        connection.execute(update(t).where(t.c.taxpayer == HEMU).values(state="void"))
    answer = terminal.do("declaration.submit", filled(prefill(terminal), 30_000_000), SHEN)
    assert answer.state == "accepted"
    assert answer.result["total_fen"] == 0
    assert answer.result["dues"] == []


TAMPERED: list[tuple[dict[str, Any], str]] = [
    ({"vat_fen": 1}, "figuresDiffer"),
    ({"total_fen": 409_583}, "figuresDiffer"),
    ({"levy_rate": "0.03"}, "figuresDiffer"),
    ({"city_rate": "0.05"}, "ratesDiffer"),
    ({"half_six_taxes": False}, "ratesDiffer"),
    ({"parameters_hash": "0" * 64}, "rulesUnknown"),
    ({"ordinary_sales_fen": 35_239_999}, "salesBelowInvoices"),
    ({"period_first": "2026-07-02"}, "periodNotOpen"),
    ({"period_first": "2026-10-01", "period_last": "2026-12-31"}, "periodNotOpen"),
    ({"period_first": "2023-01-01", "period_last": "2023-03-31"}, "periodNotOpen"),
]


def test_a_return_that_does_not_add_up_is_refused(terminal: Terminal) -> None:
    for tampered, code in TAMPERED:
        answer = terminal.do("declaration.submit", filled(prefill(terminal), 3_400_000, **tampered), SHEN)
        assert answer.state == "refused"
        assert answer.refusal is not None and answer.refusal.code == code
    assert prefill(terminal)["declared_already"] is None


def test_a_second_return_of_the_period_is_a_duplicate_of_the_first(
    terminal: Terminal, centre: Centre
) -> None:
    data = filled(prefill(terminal), 3_400_000)
    first = terminal.do("declaration.submit", data, SHEN)
    other = centre.terminal("B-01")
    second = other.do("declaration.submit", data, subject("he-mulan", HEMU, "L"))
    assert second.state == "duplicate"
    assert second.result == first.result
    assert second.refusal is not None and first.result["declaration"] in second.refusal.text["zh-CN"]


NOT_ALLOWED = [
    (subject("shen-zhizhou", HEMU, "L"), "roleMissing"),
    (subject("li-xiulan", HEMU, "T"), "roleMissing"),
    (subject("zhou-mingyuan", HEMU, "B"), "roleNotAllowed"),
    (subject("shen-zhizhou", "91530199MA00000000", "T"), "taxpayerUnknown"),
    (subject("shen-zhizhou", None, None), "taxpayerMissing"),
    (subject("he-mulan", FIRM["云川恒泰机械进出口有限公司"].taxpayer, "F"), "notSmallScale"),
]


def test_who_may_not_file_is_told_why(terminal: Terminal) -> None:
    data = filled(prefill(terminal))
    for who, code in NOT_ALLOWED:
        answer = terminal.do("declaration.submit", data, who)
        assert answer.refusal is not None and answer.refusal.code == code


def test_a_role_that_has_ended_counts_no_more(terminal: Terminal, centre: Centre) -> None:
    data, t = filled(prefill(terminal)), tables.role
    with centre.database.write() as connection:
        ended = (centre.clock.now() - timedelta(days=1)).date()
        connection.execute(update(t).where(t.c.taxpayer == HEMU, t.c.role == "T").values(valid_to=ended))
    answer = terminal.do("declaration.submit", data, SHEN)
    assert answer.refusal is not None and answer.refusal.code == "roleMissing"


def test_the_clock_of_a_terminal_moves_a_filing_within_the_bounds_alone(
    terminal: Terminal, centre: Centre
) -> None:
    """Days behind, or minutes ahead: then the centre's own time is the time of filing."""
    data, now = filled(prefill(terminal)), centre.clock.now()
    for wrong in (now - timedelta(hours=73), now + timedelta(minutes=6)):
        request = Request(
            open_effect(
                terminal.intent("declaration.submit", data, SHEN, accepted_at=wrong.isoformat()).envelope,
                centre.container.terminals.record_key,
                centre.container.keys.sealing,
            ).body,
            *("", "", "", ""),
            version=centre.container.submission._services.version("declare.vat-small", ""),
            queued=True,
        )
        assert filing_time(request, now) == now


def test_the_profile_lists_roles_with_their_enterprises(terminal: Terminal) -> None:
    profile = terminal.data("person.profile", subject("shen-zhizhou"))
    assert profile["known"] is True
    roles = {(r["taxpayer"], r["role"]) for r in profile["roles"]}
    assert {(HEMU, "T"), (QINGHE, "F")} <= roles
    assert terminal.data("person.profile", subject("sun-li")) == {
        "known": False,
        "roles": [],
        "notices": [],
        "own": False,
        "mandates": [],
    }


def test_the_surcharge_of_a_late_return_is_told_before_it_is_filed_as_its_dues_will_carry_it(
    terminal: Terminal, centre: Centre
) -> None:
    data = filled(prefill(terminal), 3_400_000)
    taxes = {name: data[name] for name in ("vat_fen", "city_fen", "education_fen", "local_education_fen")}
    asked = {"period_first": data["period_first"], "period_last": data["period_last"], **taxes}
    told = terminal.data("vat.surcharge", SHEN, asked)
    assert (told["days"], told["late_fee_fen"], told["basis"]) == (0, 0, {})
    assert told["total_fen"] == data["total_fen"]
    limit = date.fromisoformat(told["limit_date"])
    centre.clock.forward(days=(limit - centre.clock.now().date()).days)
    assert terminal.data("vat.surcharge", SHEN, asked)["late_fee_fen"] == 0, "the limit itself is in time"
    centre.clock.forward(days=25)
    told = terminal.data("vat.surcharge", SHEN, asked)
    assert told["days"] == 25
    assert told["basis"]["zh-CN"] == "税收征收管理法第三十二条：逾期 25 天，每天万分之五"
    assert told["basis"]["en-US"] == "Tax Collection Law, art. 32: 25 days late, 0.05 % a day"
    filed = terminal.do("declaration.submit", data, SHEN)
    assert filed.state == "accepted", filed.refusal
    assert told["late_fee_fen"] == sum(due["late_fee_fen"] for due in filed.result["dues"]) > 0
    assert told["total_fen"] == data["total_fen"] + told["late_fee_fen"]


@pytest.mark.parametrize("day", ["0151-01-31", "2000-01-31", "9999-12-31"])
def test_a_period_of_which_no_rule_is_known_is_refused_not_failed_over(terminal: Terminal, day: str) -> None:
    who = subject("shen-zhizhou", HEMU, "T")
    figures = ("vat_fen", "city_fen", "education_fen", "local_education_fen")
    period = {"period_first": day[:8] + "01", "period_last": day}
    asked = terminal.ask("vat.surcharge", who, {**period, **dict.fromkeys(figures, 100)})
    assert asked.refusal is not None and asked.refusal.code == "factsWrong"
    wanted = filled(terminal.data("vat.prefill", who)) | period
    late = terminal.do("declaration.submit", wanted, who, offline=True)
    assert late.refusal is not None and late.refusal.deadline is not None, (
        "there are days to mend it all the same"
    )


def test_taxes_that_no_amount_holds_together_are_refused_not_failed_over(terminal: Terminal) -> None:
    figures = ("vat_fen", "city_fen", "education_fen", "local_education_fen")
    period = {"period_first": "2026-07-01", "period_last": "2026-09-30"}
    who = subject("shen-zhizhou", HEMU, "T")
    asked = terminal.ask("vat.surcharge", who, {**period, **dict.fromkeys(figures, 10**13)})
    assert asked.refusal is not None and asked.refusal.code == "factsWrong"
