"""``slip.exchange``: the notice of what a slip is for, to whoever holds it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from bureau.city.cases import KEY, WANTED
from bureau.city.cast import HEMU
from bureau.engine.matters.deciding import refuse_case
from bureau.engine.sheets.matter_notices import MATTER_NOTICE, SERVICE
from bureau.store import tables
from kiosk.domain.ids import uuid7
from tests.bureau.conftest import Centre
from tests.bureau.engine.matters import PHONE, change
from tests.bureau.returns import filled
from tests.bureau.terminals import CAST, Terminal, subject

SHEN = subject("shen-zhizhou", HEMU, "T")


def shown(terminal: Terminal, key: str) -> dict[str, Any]:
    found: dict[str, Any] = terminal.data("slip.notice", None, {"key": key}, SERVICE)
    return found


def refused(terminal: Terminal, key: str) -> str:
    refusal = terminal.ask("slip.notice", None, {"key": key}, SERVICE).refusal
    assert refusal is not None
    assert all(refusal.text[lang] and refusal.next_step[lang] for lang in ("zh-CN", "en-US"))
    return refusal.code


def exchange(terminal: Terminal, key: str) -> Any:
    data = {
        "certificate": MATTER_NOTICE,
        "item": key,
        "content_sha256": shown(terminal, key)["content_sha256"],
    }
    return terminal.do("certificate.issue", data, None, service=SERVICE)


def facts(sheet: dict[str, Any]) -> dict[str, str]:
    return {fact["label"]["zh-CN"]: fact["value"]["zh-CN"] for fact in sheet["facts"]}


def declare(terminal: Terminal) -> Any:
    data = filled(terminal.data("vat.prefill", SHEN), 3_400_000)
    return terminal.do("declaration.submit", data, SHEN)


def test_what_waits_for_an_officer_is_accepted_and_says_what_is_missing(terminal: Terminal) -> None:
    sheet = shown(terminal, KEY)
    assert sheet["title"]["zh-CN"] == "税务事项通知书（受理）"
    said = facts(sheet)
    assert said["办理事项"] == "税收减免申请" and said["受理终端"] == "D-02"
    assert (said["终端受理时间"], said["税务局收到时间"]) == ("2026年10月8日 10:20", "2026年10月8日 12:20")
    assert WANTED in "".join(sentence["zh-CN"] for sentence in sheet["statements"])
    assert CAST["gao-wei"].name not in str(sheet) and CAST["gao-wei"].number not in str(sheet)


def test_a_return_that_is_filed_is_completed_with_its_number_and_its_tax(terminal: Terminal) -> None:
    answer = declare(terminal)
    sheet = shown(terminal, answer.key)
    assert sheet["title"]["zh-CN"] == "税务事项通知书（办结）"
    said = facts(sheet)
    assert said["受理编号"] == answer.result["declaration"]
    assert said["税费合计（元）"] == "4,095.84"
    assert (said["纳税人名称"], said["纳税人识别号"]) == ("云川禾木文具有限公司", HEMU)


def test_who_acted_in_their_own_name_stays_masked_on_the_paper_too(
    terminal: Terminal, centre: Centre
) -> None:
    li = CAST["li-xiulan"]
    with centre.database.write() as connection:
        t = tables.effect
        connection.execute(update(t).where(t.c.key == KEY).values(taxpayer=None, person_number=li.number))
    assert exchange(terminal, KEY).state == "accepted"
    sheet = centre.office.sheets[-1].sheet
    assert sheet.holder == "李**"
    assert "530***********" in str(sheet) or li.number[:3] + "***********" + li.number[-4:] in str(sheet)
    assert li.name not in str(sheet) and li.number not in str(sheet)


def test_a_refusal_says_why_and_until_when(terminal: Terminal, centre: Centre) -> None:
    answer = change(terminal, phone=PHONE)
    with centre.system.write() as work:
        case = answer.result["case"]
        assert work.core.matters.case(case) is not None
    sheet = shown(terminal, answer.key)
    assert sheet["title"]["zh-CN"] == "税务事项通知书（办结）"
    with centre.system.write() as work:
        found = work.core.matters.case(facts(shown(terminal, KEY))["受理编号"])
        assert found is not None
        refuse_case(work.core, found.case, "officer-1", "没有受灾证明")
    sheet = shown(terminal, KEY)
    assert sheet["title"]["zh-CN"] == "税务事项通知书（不予办理）"
    assert "没有受灾证明" in "".join(sentence["zh-CN"] for sentence in sheet["statements"])


def test_the_notice_is_sealed_as_it_was_shown_and_stands_in_the_register(
    terminal: Terminal, centre: Centre
) -> None:
    answer = exchange(terminal, KEY)
    assert answer.state == "accepted"
    found = centre.container.site.records.certificate(answer.result["number"])
    assert found is not None and (found.kind, found.state) == (MATTER_NOTICE, "valid")
    assert found.content_sha256 == shown(terminal, KEY)["content_sha256"]


def test_it_moved_on_since_it_was_shown(terminal: Terminal) -> None:
    data = {"certificate": MATTER_NOTICE, "item": KEY, "content_sha256": "0" * 64}
    refusal = terminal.do("certificate.issue", data, None, service=SERVICE).refusal
    assert refusal is not None and refusal.code == "changedMeanwhile"


def test_a_slip_is_exchanged_three_times_at_most_as_long_as_it_says_the_same(
    terminal: Terminal, centre: Centre
) -> None:
    numbers = {exchange(terminal, KEY).result["number"] for _ in range(3)}
    assert len(numbers) == 3
    last = exchange(terminal, KEY)
    assert last.refusal is not None and last.refusal.code == "slipExchanged"
    with centre.system.write() as work:
        refuse_case(work.core, facts(shown(terminal, KEY))["受理编号"], "officer-1", "没有受灾证明")
    assert exchange(terminal, KEY).state == "accepted"


def test_a_slip_whose_matter_is_still_on_its_way_is_told_to_wait(terminal: Terminal) -> None:
    assert refused(terminal, uuid7()) == "slipNotHereYet"


def test_what_left_a_document_of_its_own_gets_no_notice(terminal: Terminal) -> None:
    rated = terminal.do("feedback.rate", {"item": uuid7(), "level": 5})
    assert refused(terminal, rated.key) == "slipHasItsDocument"
    who, period = subject("li-xiulan"), {"first": "2026-01", "last": "2026-09"}
    record = terminal.data("iit.record", who, period)
    wanted = {"certificate": "iit-record", **period, "content_sha256": record["content_sha256"]}
    issued = terminal.do("certificate.issue", wanted, who)
    assert refused(terminal, issued.key) == "slipHasItsDocument"


@pytest.mark.parametrize("service", ["certificate.no-arrears", "certificate.iit-record"])
def test_no_other_service_gives_it(terminal: Terminal, service: str) -> None:
    data = {
        "certificate": MATTER_NOTICE,
        "item": KEY,
        "content_sha256": shown(terminal, KEY)["content_sha256"],
    }
    refusal = terminal.do("certificate.issue", data, SHEN, service=service).refusal
    assert refusal is not None and refusal.code == "notOfThisService"
    other = {"certificate": "no-arrears", "content_sha256": "0" * 64}
    refusal = terminal.do("certificate.issue", other, SHEN, service=SERVICE).refusal
    assert refusal is not None and refusal.code == "notOfThisService"
