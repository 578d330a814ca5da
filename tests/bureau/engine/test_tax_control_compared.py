"""What a tax-control device waits for before it is unlocked: the return, the invoices, the taxpayer's other devices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from bureau.city.cast import CHENXING, HEMU
from bureau.engine.tax_control import office, seals
from bureau.fleet.vault import SealingVault
from bureau.ports.tax_control import NewDevice
from bureau.store import tables
from tests.bureau.conftest import Centre
from tests.bureau.terminals import Terminal
from tests.bureau.ukeys import DONG, HE, QIMING, Ukey, code_of, do, orders, plant, status

SECOND = "661600009002"
"""A second device of the same firm."""


@pytest.fixture(autouse=True)
def devices(centre: Centre) -> None:
    plant(centre)


def declared(centre: Centre) -> dict[str, int]:
    """The figures of the quarter's return."""
    with centre.database.read() as connection:
        row = connection.execute(select(tables.declaration).where(_mine())).one()
    return dict(row.figures)


def declare(centre: Centre, figures: Mapping[str, int], **changed: Any) -> None:
    """Put other figures into the return that ends with September."""
    with centre.database.write() as connection:
        connection.execute(update(tables.declaration).where(_mine()).values(figures=dict(figures), **changed))


def _mine() -> Any:
    t = tables.declaration
    return (t.c.taxpayer == CHENXING) & (t.c.period_last == date(2026, 9, 30)) & t.c.tax.like("vat-%")


def give_second(centre: Centre) -> bytes:
    """The firm has a second device, which has not reported September; its key."""
    key = seals.new_key()
    sealed = seals.kept(SealingVault(centre.container.keys.sealing), SECOND, key)
    new = NewDevice(SECOND, CHENXING, sealed, date(2026, 8, 1), date(2026, 10, 26), "于岚")
    with centre.system.write() as work:
        work.core.tax_control.issue(new)
    return key


def test_a_return_below_the_invoices_goes_to_a_window_with_both_sums(
    terminal: Terminal, centre: Centre
) -> None:
    ukey = Ukey.of(centre, CHENXING)
    said = declared(centre)["ordinary_sales_fen"]
    declare(centre, {**declared(centre), "ordinary_sales_fen": said - 1})
    answer = do(terminal, "report", ukey)
    assert answer.result["next"] == "compare"
    assert answer.result["invoiced_fen"] == answer.result["declared_fen"] + 1 == said
    assert code_of(do(terminal, "unlock", ukey)) == "deviceChanged"
    assert status(terminal, ukey)["next"] == "compare"


@pytest.mark.parametrize("figure", ["sales_fen", "output_fen"])
def test_a_general_taxpayer_s_tax_alone_may_differ_by_a_yuan(
    terminal: Terminal, centre: Centre, figure: str
) -> None:
    """To the fen: as declared, below by what rounding makes, below by a fen more."""
    ukey = Ukey.of(centre, CHENXING)
    kinds = ukey.inside.months["2026-09"]
    with centre.database.write() as connection:
        t = tables.taxpayer
        general = {"small_scale": False, "quarterly": False}
        connection.execute(update(t).where(t.c.taxpayer == CHENXING).values(general))
    with centre.system.read() as work:
        others = work.core.tax_control.elsewhere(CHENXING, date(2026, 9, 1), date(2026, 9, 30))
    just = {
        "sales_fen": others.ordinary_fen + others.special_fen + sum(one.net_fen for one in kinds),
        "output_fen": others.tax_fen + sum(one.tax_fen for one in kinds),
    }
    just[figure] -= 100 if figure == "output_fen" else 0
    month = {"tax": "vat-general", "period_first": date(2026, 9, 1)}
    declare(centre, {**just, figure: just[figure] - 1}, **month)
    assert do(terminal, "report", ukey).result["next"] == "compare"
    declare(centre, just)
    assert status(terminal, ukey)["next"] == "unlock"


def test_no_device_is_unlocked_before_the_taxpayer_s_others_have_reported(
    terminal: Terminal, centre: Centre
) -> None:
    """Else sales on the other one would be compared with no return, or only after this one issues again."""
    ukey, key = Ukey.of(centre, CHENXING), give_second(centre)
    told = do(terminal, "report", ukey).result
    assert told["next"] == "others" and all(SECOND in told["why"][lang] for lang in ("zh-CN", "en-US"))
    assert code_of(do(terminal, "unlock", ukey)) == "deviceChanged"
    facts = {"number": SECOND, "key": key.hex(), "counter": 0}
    months: dict[str, list[Any]] = {"2026-09": []}
    other = Ukey.of(centre, CHENXING, **facts, issuesUntil="2026-10-26", months=months)
    assert do(terminal, "report", other).result["next"] == "unlock"
    assert status(terminal, ukey)["next"] == "unlock"


def test_a_lost_device_holds_the_others_up_no_longer(terminal: Terminal, centre: Centre) -> None:
    give_second(centre)
    assert do(terminal, "report", Ukey.of(centre, CHENXING)).result["next"] == "others"
    with centre.system.write() as work:
        office.end(work.core, SECOND, "lost", "于岚")
    assert do(terminal, "unlock", Ukey.of(centre, CHENXING)).state == "accepted"


def test_special_invoices_are_not_covered_by_ordinary_sales(terminal: Terminal, centre: Centre) -> None:
    ukey = Ukey.of(centre, CHENXING)
    ukey.inside.months["2026-09"].append(
        type(ukey.inside.months["2026-09"][0])(kind="01", issued=1, net_fen=1, tax_fen=0)
    )
    figures = declared(centre)
    declare(centre, {**figures, "ordinary_sales_fen": figures["ordinary_sales_fen"] + 100})
    assert do(terminal, "report", ukey).result["next"] == "compare"


def test_who_became_a_general_taxpayer_is_compared_with_the_quarter_before(
    terminal: Terminal, centre: Centre
) -> None:
    with centre.system.write() as work:
        work.core.registration.become_general(CHENXING, date(2026, 10, 1))
    assert do(terminal, "report", Ukey.of(centre, CHENXING)).result["next"] == "unlock"


def test_reports_of_the_months_before_count_for_the_quarter(terminal: Terminal, centre: Centre) -> None:
    ukey = Ukey.of(centre, CHENXING)
    with centre.database.write() as connection:
        t = tables.device_report
        connection.execute(delete(t).where(t.c.device == ukey.number))
    without = do(terminal, "report", ukey).result["invoiced_fen"]
    other = Ukey.of(centre, QIMING)
    assert do(terminal, "report", other, DONG).result["next"] == "file"
    assert without < declared(centre)["ordinary_sales_fen"], "August's were written on paper too"


def test_a_return_that_is_late_is_said_to_be_late(terminal: Terminal, centre: Centre) -> None:
    ukey = Ukey.of(centre, HEMU)
    centre.clock.forward(days=25)  # into November, behind the last day to file
    words = do(terminal, "report", ukey, HE).result["why"]
    assert "已过" in words["zh-CN"] and "申报缴税" in words["zh-CN"] and "was due" in words["en-US"]
    centre.clock.forward(days=62)  # into January: a terminal takes the last quarter's return alone
    words = status(terminal, Ukey.of(centre, HEMU), HE)["why"]
    assert "窗口" in words["zh-CN"] and "申报缴税" not in words["zh-CN"]


def test_without_its_return_a_quarter_is_reported_and_stays_locked(
    terminal: Terminal, centre: Centre
) -> None:
    ukey = Ukey.of(centre, HEMU)
    answer = do(terminal, "report", ukey, HE)
    assert (answer.state, answer.result["next"]) == ("accepted", "file")
    words = answer.result["why"]
    assert "7–9月" in words["zh-CN"] and "申报缴税" in words["zh-CN"] and "26 Oct 2026" in words["en-US"]
    assert status(terminal, ukey, HE)["why"] == words
    assert code_of(do(terminal, "unlock", ukey, HE)) == "deviceChanged"
    assert len(orders(centre, ukey)) == 2


def test_several_months_behind_nobody_is_told_that_it_issues_again(
    terminal: Terminal, centre: Centre
) -> None:
    centre.clock.forward(days=55)  # into December: September's order ends in November
    ukey = Ukey.of(centre, CHENXING)
    do(terminal, "report", ukey)
    words = status(terminal, ukey)["statements"][0]
    assert "接着抄报2026年10月" in words["zh-CN"] and "report 2026-10" in words["en-US"]
    assert "可开票至" not in words["zh-CN"]
    ukey.obey(do(terminal, "unlock", ukey).result)
    assert status(terminal, ukey)["month"] == "2026-10-01"
