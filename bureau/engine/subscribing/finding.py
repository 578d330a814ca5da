"""What is new of a topic for somebody who has followed it since a moment: notices, days, rules, courses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from bureau.engine.knowledge import showing
from bureau.engine.names import day_name
from bureau.engine.rules import Rules
from bureau.engine.school.words import course_title, session_when, session_where
from bureau.engine.subscribing.topics import Topic, subscriptions
from bureau.ports.core import Core
from bureau.texts import joined, say
from config.clock import CHINA
from config.library import Library
from kiosk.domain.errors import DomainError
from kiosk.domain.tax.calendar import Who, month_calendar
from sync.models import Texts

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Item:
    """One new thing. ``name`` tells it from all others of its topic; ``until``: the last day on which it matters."""

    name: str
    text: Texts
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Sources:
    """What is looked at besides the core. ``library`` is read when somebody follows rules, and not before."""

    rules: Rules
    library: Callable[[], Library]


def items(core: Core, topic: Topic, since: datetime, sources: Sources) -> list[Item]:
    """All that is to be said of the topic now and came up after ``since``; what was told already is among it.

    What is older than ``look_back_days`` is news no more.
    """
    now, back = core.now, timedelta(days=subscriptions().look_back_days)
    since = max(since, now - back)
    day, first = now.astimezone(CHINA).date(), since.astimezone(CHINA).date()
    match topic.of:
        case "announcements":
            return list(_announced(core, since))
        case "calendar":
            return list(days_ahead(topic.who or Who.PERSON, day, sources.rules))
        case "library":
            return list(_rules(topic, first, day, sources.library()))
    return list(_courses(core, since))


def _announced(core: Core, since: datetime) -> Iterator[Item]:
    for one, began in showing.standing(core):
        if began >= since:
            yield Item(str(one.number), one.text, one.until)


def days_ahead(who: Who, day: date, rules: Rules) -> Iterator[Item]:
    """The last days that have come near, those of one day together; the nearest of the days ahead alone."""
    for month in (day.replace(day=1), (day.replace(day=1) + 32 * ONE_DAY).replace(day=1)):
        try:
            entries = month_calendar(who, month, rules.current)
        except DomainError:  # a month whose tables nobody has published
            continue
        ending = [
            one for one in entries if one.limit.replace(day=1) == month
        ]  # the yearly ones are open for months
        for limit, same in groupby(ending, key=lambda one: one.limit):
            left = (limit - day).days
            near = [ahead for ahead in subscriptions().ahead if 0 <= left <= ahead]
            if not near:
                continue
            duties = joined(
                [say(f"subscription.duty.{duty}") for duty in dict.fromkeys(o.duty for o in same)]
            )
            words = "subscription.day" if left else "subscription.day.today"
            text = say(words, limit=day_name(limit), left=str(left), duties=duties)
            yield Item(f"{limit.isoformat()}/{near[-1]}", text, limit)


def _rules(topic: Topic, first: date, day: date, library: Library) -> Iterator[Item]:
    """What was published and is not in force yet, and what has come into force."""
    for law in sorted(library.texts.values(), key=lambda one: (one.effective, one.id)):
        if not set(topic.topics) & set(law.topics) or (law.until is not None and law.until < day):
            continue
        values: dict[str, str | Texts] = {"title": law.title, "issuer": law.issuer}
        values["number"] = say("subscription.rule.number", number=law.number) if law.number else ""
        values["day"] = day_name(law.effective)
        if first <= law.published <= day < law.effective:
            yield Item(f"{law.id}/published", say("subscription.rule.published", **values))
        if first <= law.effective <= day:
            yield Item(f"{law.id}/in-force", say("subscription.rule.in-force", **values))


def _courses(core: Core, since: datetime) -> Iterator[Item]:
    """Sessions that officers have planned since, and that are still to come."""
    for session in core.school.sessions(core.now):
        planned = next((one.at for one in core.school.history(session.session) if one.did == "planned"), None)
        if session.state != "open" or session.begins <= core.now or planned is None or planned < since:
            continue
        text = say(
            "subscription.course",
            course=course_title(session),
            when=session_when(session),
            where=session_where(core, session),
        )
        yield Item(session.session, text, session.begins.astimezone(CHINA).date())
