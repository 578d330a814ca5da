"""Published cases: two officers publish one and two take it off, by the days of the rules; nobody's birth is kept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bureau.engine.publicity import deciding
from bureau.engine.publicity.rules import rules
from bureau.errors import DecisionRefused
from bureau.ports.publicity import OffenderCase
from bureau.store import tables
from tests.bureau.conftest import Centre
from tests.bureau.terminals import CAST, Terminal

FIRST, SECOND, THIRD = "周审核", "吴批准", "赵三"
WHY = {"zh-CN": "文书有误", "en-US": "The decision was wrong"}
BOSS = CAST["tang-yue"].number
FIRM = f"""
kind: organisation
name: 云川测试贸易有限公司
code: 91110108MA01K1050C
address: 云川市书院区一号
responsible: {{name: 唐悦, standing: legal-representative, sex: female, number: "{BOSS}"}}
reason: special-invoices
facts: {{zh-CN: 虚开专用发票三份, en-US: Three false special invoices}}
decision: {{zh-CN: 罚款五万元, en-US: Fined 50000 yuan}}
authority: {{zh-CN: 云川市税务局稽查局, en-US: Inspection Bureau}}
document: 云税稽罚〔2026〕901 号
served_on: 2026-10-08
"""
PERSON = f"""
kind: person
name: 唐悦
code: "{BOSS}"
sex: female
reason: evasion
facts: {{zh-CN: 少缴税款一百二十万元, en-US: 1.2 million yuan not paid}}
decision: {{zh-CN: 追缴并罚款, en-US: Recovered and fined}}
authority: {{zh-CN: 云川市税务局稽查局, en-US: Inspection Bureau}}
document: 云税稽罚〔2026〕902 号
served_on: 2026-10-08
"""


def entered(centre: Centre, raw: str = FIRM) -> OffenderCase:
    with centre.system.write() as work:
        return deciding.enter(work.core, FIRST, deciding.draft(raw))


def published(centre: Centre, raw: str = FIRM, officer: str = SECOND) -> OffenderCase:
    case = entered(centre, raw)
    with centre.system.write() as work:
        return deciding.publish(work.core, case.case_no, officer)


def asked(centre: Centre, case: OffenderCase, ground: str = "paid", officer: str = FIRST) -> OffenderCase:
    with centre.system.write() as work:
        return deciding.withdraw(work.core, case.case_no, officer, ground)


def confirmed(centre: Centre, case: OffenderCase, officer: str = SECOND) -> OffenderCase:
    with centre.system.write() as work:
        return deciding.confirm(work.core, case.case_no, officer)


def shown(terminal: Terminal, reason: str = "all") -> dict[str, Any]:
    """What every terminal lists of a kind of breach, by name."""
    reasons = terminal.data("notices.cases", None, {}, "notices.cases")["reasons"]
    return {case["name"]: case for one in reasons if one["reason"] == reason for case in one["cases"]}


def test_it_stands_there_once_another_officer_published_it_and_until_its_last_day(
    terminal: Terminal, centre: Centre
) -> None:
    case = entered(centre)
    assert case.name not in shown(terminal)
    with centre.system.write() as work, pytest.raises(DecisionRefused, match="another officer"):
        deciding.publish(work.core, case.case_no, FIRST)
    with centre.system.write() as work:
        deciding.publish(work.core, case.case_no, SECOND)
    one = shown(terminal)[case.name]
    assert (one["published_on"], one["until"]) == ("2026-10-12", "2029-10-12")
    assert case.name in shown(terminal, "special-invoices") and case.name not in shown(terminal, "evasion")
    centre.clock.at += timedelta(days=3 * 365 + 1)
    assert case.name in shown(terminal), "the last day counts"
    centre.clock.at += timedelta(days=1)
    assert case.name not in shown(terminal)


def test_of_a_persons_number_the_birth_is_kept_nowhere(terminal: Terminal, centre: Centre) -> None:
    firm, person = published(centre), published(centre, PERSON)
    hidden = f"{BOSS[:6]}********{BOSS[14:]}"
    assert (firm.responsible_number, person.code) == (hidden, hidden)
    assert hidden in shown(terminal)[firm.name]["people"]["zh-CN"]
    assert shown(terminal)[firm.name]["sex"] is None and shown(terminal)[person.name]["people"] is None
    assert shown(terminal)[person.name]["sex"] == {"zh-CN": "女", "en-US": "female"}
    with centre.database.read() as connection:
        rows = connection.execute(select(tables.offender_case)).all()
        events = connection.execute(select(tables.offender_case_event)).all()
    assert BOSS not in str(rows) + str(events)


def test_who_paid_before_is_not_published_where_the_rules_say_so(terminal: Terminal, centre: Centre) -> None:
    firm, person = entered(centre), entered(centre, PERSON)
    with centre.system.write() as work:
        with pytest.raises(DecisionRefused, match="whether or not"):
            deciding.refuse(work.core, firm.case_no, SECOND, WHY, settled=True)
        deciding.refuse(work.core, person.case_no, SECOND, WHY, settled=True)
        with pytest.raises(DecisionRefused, match="is refused"):
            deciding.publish(work.core, person.case_no, SECOND)
    assert person.name not in shown(terminal)


def test_who_has_paid_is_taken_off_after_six_months_by_two(terminal: Terminal, centre: Centre) -> None:
    case = published(centre)
    with pytest.raises(DecisionRefused, match="from 2027-04-12 on"):
        asked(centre, case)
    centre.clock.at += timedelta(days=183)
    assert asked(centre, case).state == "removal-asked"
    assert case.name in shown(terminal), "one officer alone takes nothing off"
    with pytest.raises(DecisionRefused, match="another officer"):
        confirmed(centre, case, FIRST)
    confirmed(centre, case)
    assert case.name not in shown(terminal)
    with pytest.raises(DecisionRefused, match="is removed"):
        asked(centre, case)


def test_the_other_officer_may_leave_it(terminal: Terminal, centre: Centre) -> None:
    case = asked(centre, published(centre), "merits")
    with centre.system.write() as work:
        with pytest.raises(DecisionRefused, match="another officer"):
            deciding.keep(work.core, case.case_no, FIRST, WHY)
        deciding.keep(work.core, case.case_no, SECOND, WHY)
    assert case.name in shown(terminal)
    assert asked(centre, case, "revoked").ground == "revoked"


def test_who_was_published_twice_within_five_years_stays_but_for_a_reorganisation(centre: Centre) -> None:
    first = published(centre)
    published(centre, FIRM.replace("901", "903"))
    centre.clock.at += timedelta(days=200)
    for ground in ("paid", "merits"):
        with pytest.raises(DecisionRefused, match="twice within 5 years"):
            asked(centre, first, ground)
    assert asked(centre, first, "reorganised").state == "removal-asked"


def test_the_days_of_the_rules() -> None:
    book = rules()
    assert book.due_by(date(2026, 10, 8)) == date(2026, 11, 15)
    assert book.due_by(date(2026, 12, 31)) == date(2027, 1, 15)
    assert book.until(date(2028, 2, 29)) == date(2031, 2, 28)


def test_a_decision_is_entered_once_and_after_it_was_served(centre: Centre) -> None:
    case = entered(centre)
    with pytest.raises(DecisionRefused, match=f"entered before, as {case.case_no}"):
        entered(centre)
    with pytest.raises(DecisionRefused, match="was served"):
        entered(centre, PERSON.replace("2026-10-08", "2026-10-13"))


@pytest.mark.parametrize(
    ("raw", "change", "problem"),
    [
        (FIRM, ("reason: special-invoices", "reason: parking"), "reason: one of"),
        (FIRM, ("code: 91110108MA01K1050C", "code: 91110108MA"), "no taxpayer's number"),
        (FIRM, ("address: 云川市书院区一号", ""), "give address"),
        (FIRM, (BOSS, "110105194912310021"), "responsible.number"),
        (FIRM, ("en-US: Fined 50000 yuan", "en-GB: Fined"), "decision: say it in en-US"),
        (FIRM, ("虚开专用发票三份", "虚" * 91), "at most 90"),
        (FIRM, ("kind: organisation", "kind: firm"), "kind"),
        (PERSON, ("sex: female", "address: 一号"), "give sex"),
        (PERSON, (BOSS, BOSS[:17]), "no ID number"),
        (PERSON, ("facts: {", "facts: [{"), "cannot be read"),
    ],
)
def test_a_case_with_a_mistake_says_what_to_mend(
    centre: Centre, raw: str, change: tuple[str, str], problem: str
) -> None:
    with pytest.raises(DecisionRefused, match=problem):
        entered(centre, raw.replace(*change))


def test_what_the_city_has_stands_by_the_rules(terminal: Terminal, centre: Centre) -> None:
    names = shown(terminal)
    assert len(names) == 6, "one is over, one was taken off, one waits"
    assert {"云川顺达矿业有限公司", "云川瑞丰餐饮管理有限公司", "云川万联票据印务部"}.isdisjoint(names)
    with centre.system.read() as work:
        for case in work.core.publicity.entries():
            did = [event.did for event in work.core.publicity.history(case.case_no)]
            assert did[-1] == case.state and did[0] == "entered"
            assert case.entered_by != case.decided_by
