"""What an enterprise registers as: withholding agent, with a debit agreement, a preference, as a general taxpayer."""

from __future__ import annotations

from typing import Any

import pytest

from bureau.city.cast import FIRMS, HEMU
from bureau.city.enterprises import CHENXING
from bureau.engine.matters.deciding import approve
from tests.bureau.conftest import Centre
from tests.bureau.engine.matters import MULAN, VERIFY, code, details
from tests.bureau.engine.test_returns import COFFEE, file, filled, prefill
from tests.bureau.terminals import Terminal, subject

ABNORMAL = next(firm for firm in FIRMS if firm.state == "abnormal")


# --- withholding, and what anybody may check -------------------------------------------------------------------


def test_a_withholding_agent_is_registered_from_the_day_of_the_duty(terminal: Terminal) -> None:
    data = {"withholding": "wages", "withholding_since": "2026-10-01"}
    assert terminal.do("matter.submit", data, MULAN, service="registration.withholding").state == "accepted"
    found = details(terminal)
    assert (found["facts"]["withholding"], found["facts"]["withholding_since"]) == ("wages", "2026-10-01")
    again = terminal.do("matter.submit", data, MULAN, service="registration.withholding")
    assert code(again) == "nothingChanged"


def due(terminal: Terminal, who: dict[str, Any] = MULAN) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = terminal.data("obligations.list", who, service="query.due")["obligations"]
    return [row for row in rows if row["tax"].endswith("withheld")]


def withhold(terminal: Terminal, tax: str, since: str, who: dict[str, Any] = MULAN) -> None:
    data = {"withholding": tax, "withholding_since": since}
    assert terminal.do("matter.submit", data, who, service="registration.withholding").state == "accepted"


def test_a_withholding_agent_has_a_return_due_each_month_and_is_told_where_it_is_filed(
    terminal: Terminal,
) -> None:
    assert due(terminal) == []
    withhold(terminal, "wages", "2026-09-15")
    (row,) = due(terminal)
    assert (row["tax_name"]["zh-CN"], row["period_first"], row["limit_date"]) == (
        "扣缴个人所得税",
        "2026-09-01",
        "2026-10-26",
    )
    assert "扣缴端" in row["where"]["zh-CN"] and not row["overdue"]
    withhold(terminal, "others", "2026-08-20")
    assert [row["period_first"] for row in due(terminal)] == ["2026-08-01", "2026-09-01"], (
        "one duty, from then on"
    )


def test_what_is_withheld_of_enterprises_from_abroad_is_declared_with_each_payment(
    terminal: Terminal,
) -> None:
    withhold(terminal, "non-residents", "2026-08-20")
    assert due(terminal) == []


def test_a_late_return_of_what_was_withheld_keeps_a_certificate_back_and_says_where_to_file_it(
    terminal: Terminal,
) -> None:
    withhold(terminal, "wages", "2026-08-20")
    asked = terminal.ask("certificate.preview", MULAN, service="certificate.no-arrears")
    assert asked.refusal is not None and asked.refusal.code == "unfiledForCertificate"
    assert "扣缴端" in asked.refusal.next_step["zh-CN"]


def test_a_nil_return_does_not_declare_what_was_withheld(terminal: Terminal) -> None:
    withhold(terminal, "wages", "2026-09-01", COFFEE)
    assert "扣缴" not in prefill(terminal, "zero", COFFEE)["taxes"]["zh-CN"]
    answer = file(terminal, "zero", filled("zero", prefill(terminal, "zero", COFFEE)), COFFEE)
    assert answer.state == "accepted", answer.refusal
    assert [row["period_first"] for row in due(terminal, COFFEE)] == ["2026-09-01"]


@pytest.mark.parametrize("since", ["2026-10-13", "2026-02-30", "soon", 20261001])
def test_a_duty_that_begins_tomorrow_or_on_no_day_is_none_yet(terminal: Terminal, since: Any) -> None:
    data = {"withholding": "wages", "withholding_since": since}
    answer = terminal.do("matter.submit", data, MULAN, service="registration.withholding")
    assert code(answer) == "fieldWrong"


def test_anybody_checks_a_registration_and_sees_what_is_public_alone(terminal: Terminal) -> None:
    found = terminal.data("registration.verify", {}, {"taxpayer": HEMU}, service=VERIFY)
    assert (found["name"], found["state"]["zh-CN"]) == ("云川禾木文具有限公司", "正常")
    assert found["taxation"]["zh-CN"] == "小规模纳税人"
    assert not {"phone", "account", "address", "officers"} & found.keys()
    unknown = terminal.ask("registration.verify", {}, {"taxpayer": "91110108MA01K1050C"}, service=VERIFY)
    assert unknown.refusal is not None and unknown.refusal.code == "taxpayerUnknown"
    other = terminal.ask("registration.details", MULAN, service=VERIFY)
    assert other.refusal is not None and other.refusal.code == "notOfThisService"


# --- debit agreement, preferences ------------------------------------------------------------------------------

DEBIT = {"debit": True, "debit_bank": "icbc", "debit_account": "6222000000000000001"}


def test_a_debit_agreement_is_in_force_when_the_bank_has_checked_it_and_can_be_ended(
    terminal: Terminal, centre: Centre
) -> None:
    signed = terminal.do("matter.submit", DEBIT, MULAN, service="agreement.triparty")
    assert (signed.state, signed.result["state"]) == ("accepted", "open")
    assert "debit" not in details(terminal)["facts"]
    with centre.system.write() as work:
        approve(work.core, signed.result["case"], "周审核")
    assert details(terminal)["facts"].items() >= DEBIT.items()
    ended = terminal.do("matter.submit", {**DEBIT, "debit": False}, MULAN, service="agreement.triparty")
    with centre.system.write() as work:
        approve(work.core, ended.result["case"], "周审核")
    assert details(terminal)["facts"]["debit"] is False


def test_a_debit_needs_its_account_and_a_yes_or_no(terminal: Terminal) -> None:
    for changed, told in (({"debit_account": None}, "fieldMissing"), ({"debit": "yes"}, "fieldWrong")):
        answer = terminal.do("matter.submit", {**DEBIT, **changed}, MULAN, service="agreement.triparty")
        assert code(answer) == told


def test_a_preference_is_filed_with_the_month_from_which_it_counts(terminal: Terminal) -> None:
    data = {
        "preference": "disabled",
        "preference_way": "begin",
        "preference_since": "2026-09",
        "preference_kept": True,
    }
    assert terminal.do("matter.submit", data, MULAN, service="preference.file").state == "accepted"
    assert details(terminal)["preferences"]["zh-CN"] == "安置残疾人就业（2026年9月起）"
    later = {**data, "preference_since": "2026-11"}
    assert code(terminal.do("matter.submit", later, MULAN, service="preference.file")) == "fieldWrong"


# --- general taxpayers -----------------------------------------------------------------------------------------

GENERAL = "registration.general-taxpayer"
LINTAO = subject("lin-tao", CHENXING, "L")
"""Of the tea house: small-scale, by the quarter, the last one filed."""
CHOICE = {"general_reason": "voluntary", "general_accounts": True}


def general(terminal: Terminal, who: dict[str, Any] = LINTAO, **changed: Any) -> Any:
    return terminal.do("matter.submit", {**CHOICE, **changed}, who, service=GENERAL)


def test_a_small_scale_taxpayer_becomes_a_general_one_from_the_first_of_the_month(terminal: Terminal) -> None:
    assert details(terminal, LINTAO)["taxation"]["zh-CN"] == "小规模纳税人"
    answer = general(terminal)
    assert (answer.state, answer.result["state"]) == ("accepted", "approved")
    assert answer.result["effective_on"] == "2026-10-01"
    after = details(terminal, LINTAO)
    assert after["taxation"]["zh-CN"] == "一般纳税人"
    assert after["facts"]["general_since"] == "2026-10-01"
    assert {fact: after["facts"][fact] for fact in CHOICE} == CHOICE
    verified = terminal.data("registration.verify", {}, {"taxpayer": CHENXING}, service=VERIFY)
    assert verified["taxation"]["zh-CN"] == "一般纳税人"


def test_a_general_taxpayer_files_no_small_scale_return_and_owes_none_of_the_months_before(
    terminal: Terminal, centre: Centre
) -> None:
    general(terminal)
    refusal = terminal.ask("vat.prefill", LINTAO).refusal
    assert refusal is not None and refusal.code == "notSmallScale"
    owed = terminal.data("obligations.list", LINTAO, service="query.due")["obligations"]
    assert not [row for row in owed if row["tax"].startswith("vat")], owed
    centre.clock.forward(hours=24 * 25)
    owed = terminal.data("obligations.list", LINTAO, service="query.due")["obligations"]
    assert [row["period_first"] for row in owed if row["tax"] == "vat-general"] == ["2026-10-01"]


def test_who_is_above_the_threshold_registers_whatever_the_books_are(terminal: Terminal) -> None:
    assert general(terminal, general_reason="threshold", general_accounts=False).state == "accepted"


def test_a_general_taxpayer_for_each_reason_not(terminal: Terminal, centre: Centre) -> None:
    assert code(general(terminal, general_accounts=False)) == "accountsUnsound"
    assert code(general(terminal, general_reason="because")) == "fieldWrong"
    assert code(general(terminal, MULAN)) == "unfiledBeforeGeneral"
    sheng = subject("qian-sheng", ABNORMAL.taxpayer, "L")
    assert code(general(terminal, sheng)) == "taxpayerAbnormal"
    assert general(terminal).state == "accepted"
    assert code(general(terminal)) == "alreadyGeneral"


def test_in_the_middle_of_a_quarter_it_is_a_matter_for_a_counter(terminal: Terminal, centre: Centre) -> None:
    centre.clock.forward(hours=24 * 25)
    assert code(general(terminal)) == "generalMidQuarter"
