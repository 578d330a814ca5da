"""Subscriptions: followed by phone or card, told once by message, shown once at the next sign-in, ended."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bureau.engine.knowledge import editing
from bureau.engine.knowledge.editing import KnowledgeDraft
from bureau.engine.rules import Rules
from bureau.engine.school import planning
from bureau.engine.subjects import person_key
from bureau.engine.subscribing import finding
from bureau.engine.subscribing.finding import Sources, items
from bureau.engine.subscribing.round import SubscriptionRound
from bureau.engine.subscribing.topics import Topic, subscriptions
from bureau.store import tables
from bureau.texts import has, say
from config.clock import CHINA
from config.library import Library
from config.library.models import LawText
from kiosk.domain.tax.calendar import BUSINESSES, MONTHLY, QUARTERLY, Who, month_calendar
from kiosk.domain.tax.parameters import built_in
from sync.models import PersonClaim
from tests.bureau.conftest import Centre
from tests.bureau.phones import message, prove
from tests.bureau.terminals import Terminal, subject

SERVICE = "subscribe.manage"
MOBILE = "13912340029"
LI = subject("li-xiulan", evidence="document", face=None)
RULES = Rules(built_in())
NO_LAWS = Library({}, {})
WORDS = {"zh-CN": "十月二十日系统维护", "en-US": "Maintenance on 20 October"}


def law(published: date, effective: date, topics: Sequence[str] = ("vat",)) -> LawText:
    words = {"zh-CN": "新规定", "en-US": "A new rule"}
    return LawText.model_validate(
        {
            "format": 1, "id": "new-rule", "kind": "announcement", "title": words, "issuer": words, "number": "2026年第9号",
            "published": published.isoformat(), "effective": effective.isoformat(), "topics": list(topics),
            "about": words, "unit": "article", "clauses": [{"at": 1, "heading": words, "text": words}],
        }
    )  # fmt: skip


def phone(claim: dict[str, str]) -> dict[str, Any]:
    return {"person": None, "phone": claim, "taxpayer": None, "role": None}


def follow(terminal: Terminal, who: dict[str, Any], *topics: str) -> Any:
    return terminal.do("subscription.change", {"topics": list(topics)}, who, service=SERVICE)


def followed(terminal: Terminal, who: dict[str, Any]) -> list[str]:
    rows = terminal.data("subscriptions.list", who, {}, SERVICE)["rows"]
    return [row["topic"] for row in rows if row["active"]]


def go_round(centre: Centre, library: Library = NO_LAWS) -> int:
    return SubscriptionRound(centre.system, Sources(RULES, lambda: library)).run_once()


def messages(centre: Centre, mobile: str = MOBILE) -> list[str]:
    with centre.database.read() as connection:
        t = tables.sms
        return list(connection.execute(select(t.c.text).where(t.c.mobile == mobile)).scalars())


def announce(centre: Centre, days: int = 0) -> int:
    """A notice that stands from so many days on, for a week; two officers' word."""
    first = centre.clock.now().astimezone(CHINA).date() + timedelta(days)
    wanted = KnowledgeDraft(
        kind="notice", title=WORDS, text=WORDS, since=first, until=first + timedelta(days=7)
    )
    with centre.system.write() as work:
        number = editing.propose(work.core, "周审核", wanted).number
        return editing.publish(work.core, number, "吴批准").number


def test_what_is_followed_is_told_once_and_shown_once_at_the_next_sign_in(
    terminal: Terminal, centre: Centre
) -> None:
    who = phone(prove(terminal, centre, MOBILE))
    done = follow(terminal, who, "notices", "school").result
    assert done["count"] == 2 and "通知公告" in done["topics_text"]["zh-CN"]
    assert followed(terminal, who) == ["notices", "school"]
    assert (
        sum("现在订阅了" in one for one in messages(centre)) == 1
        and "139****0029" in done["way_text"]["zh-CN"]
    )
    assert go_round(centre) == 0, "what was announced before is told to nobody"
    centre.clock.at += timedelta(minutes=1)
    announce(centre)
    assert go_round(centre) == 1 and go_round(centre) == 0
    assert WORDS["zh-CN"] in message(centre, MOBILE)
    told = terminal.data("subscriptions.list", who, {}, SERVICE)["rows"][0]
    assert told["last_text"] == WORDS and told["last_on"] == "2026-10-12"
    centre.clock.at += timedelta(minutes=2)  # the next code is sent no sooner
    challenge = str(terminal.data("phone.code", None, {"mobile": MOBILE}, SERVICE)["challenge"])
    code = re.search(r"[0-9]{6}", message(centre, MOBILE))
    assert code is not None
    shown = terminal.data("phone.check", None, {"challenge": challenge, "code": code[0]}, SERVICE)["notices"]
    assert [(one["title"]["zh-CN"], one["text"]) for one in shown] == [("通知公告", WORDS)]
    centre.clock.at += timedelta(minutes=2)
    assert prove(terminal, centre, MOBILE)
    with centre.system.read() as work:
        assert not work.core.subscriptions.unseen([f"phone:{MOBILE}"], work.core.now - timedelta(9), date.min)


def test_a_card_and_its_registered_phone_are_one_person(terminal: Terminal, centre: Centre) -> None:
    follow(terminal, LI, "calendar-person")
    with centre.database.read() as connection:
        mobile = connection.execute(
            select(tables.person.c.mobile).where(tables.person.c.number == LI["person"]["number"])
        ).scalar_one()
    follow(terminal, LI, "notices", "calendar-person")
    assert followed(terminal, LI) == ["notices", "calendar-person"]
    centre.clock.at += timedelta(minutes=1)
    announce(centre)
    assert go_round(centre) == 1
    assert WORDS["zh-CN"] in message(centre, mobile)
    faced = terminal.data("person.profile", subject("li-xiulan"), {}, "certificate.iit-record")["notices"]
    assert WORDS in [one["text"] for one in faced]
    again = terminal.data("person.profile", subject("li-xiulan"), {}, "certificate.iit-record")["notices"]
    assert WORDS not in [one["text"] for one in again]


def test_what_has_ended_is_told_no_more_and_begun_again_only_what_is_new(
    terminal: Terminal, centre: Centre
) -> None:
    who = phone(prove(terminal, centre, MOBILE))
    follow(terminal, who, "notices")
    assert follow(terminal, who).result["topics_text"]["zh-CN"] == "没有订阅"
    assert sum("停止全部订阅" in one for one in messages(centre)) == 1 and followed(terminal, who) == []
    centre.clock.at += timedelta(minutes=1)
    announce(centre)
    assert go_round(centre) == 0
    centre.clock.at += timedelta(minutes=1)
    follow(terminal, who, "notices")
    assert go_round(centre) == 0, "it was announced while nobody followed it"


def test_what_is_withdrawn_is_told_to_nobody(terminal: Terminal, centre: Centre) -> None:
    follow(terminal, LI, "notices")
    centre.clock.at += timedelta(minutes=1)
    number = announce(centre)
    with centre.system.write() as work:
        editing.withdraw(work.core, number, "蒋明", WORDS)
    assert go_round(centre) == 0


def test_a_notice_is_told_on_its_first_day_and_shown_until_its_last(
    terminal: Terminal, centre: Centre
) -> None:
    who = phone(prove(terminal, centre, MOBILE))
    follow(terminal, who, "notices")
    announce(centre, 2)
    assert go_round(centre) == 0, "it does not stand yet"
    centre.clock.at += timedelta(days=2)
    assert go_round(centre) == 1 and WORDS["zh-CN"] in message(centre, MOBILE)
    for days, shown in ((7, 1), (8, 0)):
        with centre.system.read() as work:
            now = work.core.now
            day = now.astimezone(CHINA).date() + timedelta(days=days)
            assert len(work.core.subscriptions.unseen([f"phone:{MOBILE}"], now - timedelta(9), day)) == shown


def test_rules_and_courses_are_told_when_they_come(terminal: Terminal, centre: Centre) -> None:
    who = phone(prove(terminal, centre, MOBILE))
    follow(terminal, who, "rules-vat", "school")
    day = centre.clock.now().astimezone(CHINA).date()
    laws = Library({"new-rule": law(day, day + timedelta(days=20))}, {})
    wanted = planning.Plan(
        "vat-small",
        "H-01",
        {"zh-CN": "三楼", "en-US": "Room 3"},
        "陈老师",
        centre.clock.at + timedelta(days=5),
        12,
    )
    centre.clock.at += timedelta(minutes=1)
    with centre.system.write() as work:
        planning.plan(work.core, "周审核", wanted)
    assert go_round(centre, laws) == 2
    said = messages(centre)
    assert any("《新规定》（2026年第9号）已公布" in one and "起施行" in one for one in said)
    assert any("税务学堂新课程" in one for one in said)
    centre.clock.at += timedelta(days=20)
    assert go_round(centre, laws) == 1, "now it is in force"


def test_a_topic_that_there_is_not_is_refused_and_changes_nothing(terminal: Terminal) -> None:
    follow(terminal, LI, "notices")
    assert follow(terminal, LI, "notices", "alchemy").refusal.code == "subscriptionUnknown"
    assert followed(terminal, LI) == ["notices"]


def test_the_same_choice_again_by_its_key_is_one(terminal: Terminal, centre: Centre) -> None:
    record = terminal.intent("subscription.change", {"topics": ["notices"]}, LI, service=SERVICE)
    assert terminal.send(record) == terminal.send(record)


def test_erasing_the_phone_ends_what_was_followed_by_it(terminal: Terminal, centre: Centre) -> None:
    key = person_key(PersonClaim.model_validate(LI["person"]))
    with centre.system.read() as work:
        person = work.core.registration.person(key)
    assert person is not None and person.mobile
    follow(terminal, phone(prove(terminal, centre, person.mobile)), "notices")
    with centre.system.write() as work:
        assert work.core.subscriptions.of_person([f"phone:{person.mobile}"])
        work.core.privacy.erase(key, "phone")
        assert not work.core.subscriptions.of_person([f"phone:{person.mobile}"])


# --- days and words -------------------------------------------------------------------------------------------

CALENDAR = [topic for topic in subscriptions().topics if topic.of == "calendar"]


@given(topic=st.sampled_from(CALENDAR), day=st.dates(date(2026, 1, 1), date(2026, 12, 31)))
def test_a_day_that_is_told_is_near_and_names_what_ends_on_it(topic: Topic, day: date) -> None:
    assert topic.who is not None
    for one in finding.days_ahead(topic.who, day, RULES):
        assert one.until is not None and 0 <= (one.until - day).days <= subscriptions().ahead[0]
        ending = [
            e
            for e in month_calendar(topic.who, one.until.replace(day=1), RULES.current)
            if e.limit == one.until
        ]
        assert ending and all(_duty(e.duty) in one.text["zh-CN"] for e in ending)


def _duty(duty: str) -> str:
    return say(f"subscription.duty.{duty}")["zh-CN"]


def test_every_limit_of_a_year_is_told_before_it_passes() -> None:
    year = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    for who in Who:
        told = {one.until for day in year for one in finding.days_ahead(who, day, RULES)}
        limits = {
            e.limit
            for month in range(1, 13)
            for e in month_calendar(who, date(2026, month, 1), RULES.current)
            if e.limit.year == 2026
        }
        assert limits <= told, who


def test_every_duty_of_the_calendar_has_words() -> None:
    duties = {
        *MONTHLY,
        *QUARTERLY,
        "stamp-books",
        "cit-annual",
        "business-annual",
        "iit-annual",
        "social-insurance",
    }
    found = {
        e.duty for who in Who for m in range(1, 13) for e in month_calendar(who, date(2026, m, 1), built_in())
    }
    assert found <= duties and all(has(f"subscription.duty.{duty}") for duty in duties) and BUSINESSES


class _NoCore:
    """A core of which only the moment is asked."""

    now = datetime(2026, 10, 12, 2, 0, tzinfo=UTC)


@given(
    published=st.dates(date(2026, 9, 1), date(2026, 11, 30)),
    wait=st.integers(0, 60),
    followed_days=st.integers(0, 60),
)
def test_a_rule_is_told_as_published_or_as_in_force_and_never_before_or_long_after(
    published: date, wait: int, followed_days: int
) -> None:
    effective = published + timedelta(days=wait)
    core: Any = _NoCore()
    since = core.now - timedelta(days=followed_days)
    topic = subscriptions().topic("rules-vat")
    assert topic is not None
    found = items(
        core, topic, since, Sources(RULES, lambda: Library({"new-rule": law(published, effective)}, {}))
    )
    day = core.now.astimezone(CHINA).date()
    first = max(since.astimezone(CHINA).date(), day - timedelta(days=subscriptions().look_back_days))
    wanted = {
        "new-rule/published": first <= published <= day < effective,
        "new-rule/in-force": first <= effective <= day,
    }
    assert {one.name for one in found} == {name for name, told in wanted.items() if told}
