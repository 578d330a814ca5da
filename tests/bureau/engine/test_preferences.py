"""Preferences on file and given up: which returns and invoices they change, and what speaks against a filing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from bureau.city.cast import FIRMS
from bureau.engine.recomputing import Outcome, recompute_all
from bureau.engine.rules import Rules
from config.clock import CHINA
from kiosk.domain.tax.parameters import built_in
from kiosk.steps.calculators import CALCULATORS
from tests.bureau.conftest import Centre
from tests.bureau.engine.matters import MULAN, code, details
from tests.bureau.engine.returns import SHEN, prefill
from tests.bureau.engine.test_returns import SHOP, file
from tests.bureau.engine.test_returns import filled as facts_filled
from tests.bureau.engine.test_returns import prefill as facts_prefill
from tests.bureau.returns import filled
from tests.bureau.terminals import Terminal, subject

NUMBER = {firm.name: firm.taxpayer for firm in FIRMS}
FLOWERS = subject("bai-lu", NUMBER["云川白露花艺店（个体）"], "L")
"""At most 300,000 a quarter: exempt."""
GENERAL = subject("he-mulan", NUMBER["云川恒泰机械进出口有限公司"], "F")
PARTS = subject("dong-hao", NUMBER["云川启明机电配件有限公司"], "T")


def put(terminal: Terminal, name: str, since: str, who: dict[str, Any] = SHEN, **changed: Any) -> Any:
    data = {"preference": name, "preference_way": "begin", "preference_since": since, "preference_kept": True}
    return terminal.do("matter.submit", {**data, **changed}, who, service="preference.file")


def on_file(terminal: Terminal, name: str, since: str, who: dict[str, Any] = SHEN, **changed: Any) -> None:
    answer = put(terminal, name, since, who, **changed)
    assert answer.state == "accepted", answer.refusal
    assert answer.result["effective_on"] == f"{since}-01"


def the_terminals(known: dict[str, Any], **typed: int) -> dict[str, Any]:
    """The figures that the terminal works out of a prefill, as it submits them."""
    derived = CALCULATORS["vat-small"].derive(known, typed, date(2026, 10, 12))
    names = filled(known).keys() - {"tax", "uninvoiced_sales_fen"}
    return {
        "tax": "vat-small", "uninvoiced_sales_fen": derived["uninvoiced_fen"], **{n: derived[n] for n in names},
    }  # fmt: skip


# --- what is given up ------------------------------------------------------------------------------------------


def test_a_quarter_below_the_threshold_is_taxed_once_that_was_given_up(terminal: Terminal) -> None:
    assert filled(prefill(terminal, PARTS))["levy_rate"] == "0.01"
    on_file(terminal, "waive-threshold", "2026-07", FLOWERS)
    known = prefill(terminal, FLOWERS)
    assert known["threshold_waived"] and not known["reduced_waived"]
    assert known["preferences"]["zh-CN"] == "放弃起征点以下免税（2026年7月起）"
    assert "增值税法第二十三条" in known["preferences_law"]["zh-CN"]
    data = the_terminals(known)
    assert data["vat_fen"] == 268_450, "one per cent of 268,450.00 yuan"
    answer = terminal.do("declaration.submit", data, FLOWERS)
    assert answer.state == "accepted", answer.refusal
    assert {due["tax"]: due["amount_fen"] for due in answer.result["dues"]}["vat"] == 268_450


def test_with_the_reduced_rate_given_up_the_rate_of_the_law_applies(terminal: Terminal) -> None:
    on_file(terminal, "waive-reduced", "2026-07")
    known = prefill(terminal)
    assert known["levy_rate"] == "0.03"
    answer = terminal.do("declaration.submit", the_terminals(known, uninvoiced=3_400_000), SHEN)
    assert answer.state == "accepted", answer.refusal
    assert {due["tax"]: due["amount_fen"] for due in answer.result["dues"]}["vat"] == 1_159_200


def test_a_return_that_does_not_say_what_is_on_file_is_refused(terminal: Terminal) -> None:
    before = filled(prefill(terminal, FLOWERS))
    on_file(terminal, "waive-threshold", "2026-07", FLOWERS)
    assert code(terminal.do("declaration.submit", before, FLOWERS)) == "preferenceDiffers"
    said = filled(prefill(terminal), threshold_waived=True)
    assert code(terminal.do("declaration.submit", said, SHEN)) == "preferenceDiffers"


def test_what_was_given_up_holds_from_its_month_on_and_until_it_is_taken_up_again(
    terminal: Terminal, centre: Centre
) -> None:
    on_file(terminal, "waive-threshold", "2026-10", FLOWERS)
    assert not prefill(terminal, FLOWERS)["threshold_waived"], "of July to September it was not yet given up"
    centre.clock.at = datetime(2027, 1, 8, 9, 0, tzinfo=CHINA)
    assert prefill(terminal, FLOWERS)["threshold_waived"]
    on_file(terminal, "waive-threshold", "2027-01", FLOWERS, preference_way="end")
    assert prefill(terminal, FLOWERS)["threshold_waived"], "the last quarter of 2026 stays as it was"
    centre.clock.at = datetime(2027, 4, 8, 9, 0, tzinfo=CHINA)
    assert not prefill(terminal, FLOWERS)["threshold_waived"]
    on_file(
        terminal, "waive-threshold", "2027-04", FLOWERS
    )  # no 36 months for small-scale taxpayers (art. 27)


def test_a_fixed_quota_is_taxed_by_what_was_given_up(terminal: Terminal) -> None:
    free = facts_filled("fixed-quota", facts_prefill(terminal, "fixed-quota", SHOP))
    on_file(terminal, "waive-threshold", "2026-07", SHOP)
    assert code(file(terminal, "fixed-quota", free, SHOP)) == "preferenceDiffers"
    known = facts_prefill(terminal, "fixed-quota", SHOP)
    assert known["preferences"]["zh-CN"].startswith("放弃起征点以下免税")
    answer = file(terminal, "fixed-quota", facts_filled("fixed-quota", known), SHOP)
    assert answer.state == "accepted", answer.refusal
    assert any(due["tax"] == "vat" and due["amount_fen"] for due in answer.result["dues"])


# --- what is filed ---------------------------------------------------------------------------------------------


def test_sales_of_an_exempt_project_are_taken_off_and_stand_on_the_form(
    terminal: Terminal, centre: Centre
) -> None:
    assert prefill(terminal)["freed_invoiced_fen"] is None
    on_file(terminal, "farm-products", "2026-07")
    known = prefill(terminal)
    assert known["freed_invoiced_fen"] == 35_240_000
    data = the_terminals(known, uninvoiced=3_400_000, freed=8_640_000)
    assert (data["vat_fen"], data["total_fen"]) == (300_000, 318_000)
    answer = terminal.do("declaration.submit", data, SHEN)
    assert answer.state == "accepted", answer.refusal
    seen = terminal.data(
        "certificate.preview", SHEN, {"item": answer.result["declaration"]}, "declare.vat-small"
    )
    words = str(seen)
    assert "自产农产品免税（2026年7月起）" in words and "86,400.00" in words
    with centre.system.read() as work:
        again = list(recompute_all(work.core, Rules(built_in()), date(2026, 7, 1), SHEN["taxpayer"]))
    assert {one.outcome for one in again} == {Outcome.SAME}


def test_of_a_project_on_file_since_september_only_its_invoices_can_be_free(
    terminal: Terminal, centre: Centre
) -> None:
    on_file(terminal, "elder-care", "2026-09")
    known = prefill(terminal)
    with centre.system.read() as work:
        september = work.core.returns.sales(
            SHEN["taxpayer"], date(2026, 9, 1), date(2026, 9, 30)
        ).ordinary_fen
    assert 0 < known["freed_invoiced_fen"] == september < known["ordinary_sales_fen"]
    most = filled(known, 100, september + 100)
    assert (
        code(terminal.do("declaration.submit", filled(known, 100, september + 101), SHEN))
        == "preferenceDiffers"
    )
    assert terminal.do("declaration.submit", most, SHEN).state == "accepted"


def test_without_a_project_on_file_nothing_is_free(terminal: Terminal) -> None:
    assert (
        code(terminal.do("declaration.submit", filled(prefill(terminal), 0, 1), SHEN)) == "preferenceDiffers"
    )


def test_a_corrected_return_takes_what_was_filed_since(terminal: Terminal) -> None:
    first = terminal.do("declaration.submit", filled(prefill(terminal)), SHEN)
    on_file(terminal, "farm-products", "2026-07")
    number = first.result["declaration"]
    known = terminal.data("correction.prefill", SHEN, {"declaration": number}, "declare.correct")
    assert (known["vat"]["freed_invoiced_fen"], known["vat"]["freed_sales_fen"]) == (35_240_000, 0)
    derived = CALCULATORS["correction"].derive(known, {"freed": 10_000_000}, date(2026, 10, 12))
    data = {
        "way": "correct", "corrects": number, "tax": "vat-small", "facts": derived["facts"],
        **{name: derived[name] for name in ("period_first", "period_last", "total_fen", "parameters_hash")},
    }  # fmt: skip
    answer = terminal.do("declaration.submit", data, SHEN, service="declare.correct")
    assert answer.state == "accepted", answer.refusal
    assert answer.result["total_fen"] < first.result["total_fen"]


def test_tax_that_is_refunded_later_is_paid_first_and_the_review_says_so(terminal: Terminal) -> None:
    plain = filled(prefill(terminal))
    on_file(terminal, "disabled", "2026-07")
    known = prefill(terminal)
    assert "申请退还" in known["preferences_law"]["zh-CN"] and "52号" in known["preferences_law"]["zh-CN"]
    assert filled(known) == plain, "what is due is not changed by it"


def test_what_is_on_file_is_shown_with_the_registration(terminal: Terminal) -> None:
    assert details(terminal, MULAN)["preferences"] == {"zh-CN": "没有", "en-US": "None"}
    on_file(terminal, "disabled", "2026-07", MULAN)
    on_file(terminal, "waive-reduced", "2026-10", MULAN)
    shown = details(terminal, MULAN)["preferences"]
    assert shown["zh-CN"] == "安置残疾人就业（2026年7月起）；放弃减征（2026年10月起）"
    on_file(terminal, "disabled", "2026-10", MULAN, preference_way="end")
    assert details(terminal, MULAN)["preferences"]["zh-CN"] == "放弃减征（2026年10月起）"


# --- invoices that the bureau issues ---------------------------------------------------------------------------


def test_an_invoice_by_the_bureau_is_taxed_by_what_was_given_up(terminal: Terminal) -> None:
    who, about = (
        subject("shen-zhizhou", NUMBER["云川拾光咖啡店（个体）"], "L"),
        ("agency.tax", "invoice.issue"),
    )
    told = {
        "kind": "ordinary", "buyer": "李四", "buyer_number": None, "goods": "3070500000000000000", "name": "保洁",
        "unit": "次", "quantity": 1, "gross_fen": 103_000,
    }  # fmt: skip
    assert terminal.data(about[0], who, told, about[1])["total_fen"] == 0
    on_file(terminal, "waive-threshold", "2026-10", who)
    assert terminal.data(about[0], who, told, about[1])["vat_fen"] == 1_020
    on_file(terminal, "waive-reduced", "2026-10", who)
    taxed = terminal.data(about[0], who, told, about[1])
    assert (taxed["vat_fen"], taxed["rate"]) == (3_000, "0.03")


# --- what speaks against it ------------------------------------------------------------------------------------

AGAINST = [
    ("software", "2026-07", SHEN, {}, "preferenceGeneralOnly"),
    ("waive-threshold", "2026-07", GENERAL, {}, "preferenceSmallOnly"),
    ("disabled", "2026-07", SHEN, {"preference_kept": False}, "preferencePapers"),
    ("farm-products", "2026-07", SHOP, {}, "preferenceOnQuota"),
    ("disabled", "2026-07", SHEN, {"preference_way": "end"}, "preferenceNotHeld"),
    ("waive-reduced", "2026-08", SHEN, {}, "preferenceMidQuarter"),
    ("waive-reduced", "2026-04", SHEN, {}, "preferenceFiled"),
]


@pytest.mark.parametrize(("name", "since", "who", "changed", "refusal"), AGAINST)
def test_a_filing_that_cannot_be_is_refused(
    terminal: Terminal, name: str, since: str, who: dict[str, Any], changed: dict[str, Any], refusal: str
) -> None:
    assert code(put(terminal, name, since, who, **changed)) == refusal


def test_a_filing_that_goes_against_one_on_file_is_refused(terminal: Terminal) -> None:
    on_file(terminal, "farm-products", "2026-07")
    assert code(put(terminal, "farm-products", "2026-09")) == "nothingChanged"
    assert code(put(terminal, "farm-products", "2026-06", preference_way="end")) == "preferenceMonths"
    on_file(terminal, "farm-products", "2026-09", preference_way="end")
    assert code(put(terminal, "farm-products", "2026-08")) == "preferenceMonths"
    assert code(put(terminal, "farm-products", "2026-10", preference_way="end")) == "preferenceNotHeld"
    on_file(terminal, "farm-products", "2026-10")


def test_a_general_taxpayer_does_without_what_it_gave_up_for_36_months(
    terminal: Terminal, centre: Centre
) -> None:
    on_file(terminal, "software", "2026-07", GENERAL)
    on_file(terminal, "software", "2026-10", GENERAL, preference_way="end")
    barred = put(terminal, "software", "2026-10", GENERAL)
    assert code(barred) == "preferenceBarred"
    assert "2029年10月" in barred.refusal.next_step["zh-CN"]
    centre.clock.at = datetime(2029, 10, 9, 9, 0, tzinfo=CHINA)
    assert code(put(terminal, "software", "2029-09", GENERAL)) == "preferenceBarred"
    on_file(terminal, "software", "2029-10", GENERAL)
