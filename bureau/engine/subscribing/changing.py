"""Subscriptions of whoever stands there: what they follow, and a new choice in place of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bureau.engine.queue.visitors import Visitor
from bureau.engine.refusals import refuse
from bureau.engine.subscribing.topics import Topic, subscriptions
from bureau.ports.core import Core
from bureau.ports.subscriptions import Subscription, Told
from bureau.texts import LANGUAGES, joined, say
from config.clock import CHINA
from kiosk.domain.masking import mask_mobile
from sync.models import Subject, SubscriptionChanged, SubscriptionList, SubscriptionRow, Texts

NOTHING: Texts = dict.fromkeys(LANGUAGES, "")


def shown(core: Core, visitor: Visitor, subject: Subject) -> SubscriptionList:
    """Every topic as this person has it."""
    followed = {one.topic for one in _own(core, visitor) if one.active}
    told = [one for name in sorted(visitor.names) for one in core.subscriptions.told(name)]
    return SubscriptionList(
        rows=[_row(topic, topic.id in followed, told) for topic in subscriptions().topics],
        way_text=_way(_mobile(visitor, subject)),
        as_of=core.now,
    )


def change(
    core: Core, visitor: Visitor, subject: Subject, wanted: Sequence[str], key: str
) -> SubscriptionChanged:
    """Follow just these from now on, and say so by message; raises ``Refused`` for a topic that there is not."""
    topics = [subscriptions().topic(name) for name in dict.fromkeys(wanted)]
    if not all(topics):
        raise refuse("subscriptionUnknown")
    for name in sorted(visitor.names):
        core.subscriptions.lock(name)
    mobile, own = _mobile(visitor, subject), _own(core, visitor)
    chosen = {topic.id for topic in topics if topic is not None}
    for one in own:
        if one.active and one.topic not in chosen:
            core.subscriptions.keep(replace(one, active=False, changed_at=core.now, key=key))
        elif one.active and one.mobile != mobile:
            core.subscriptions.keep(replace(one, mobile=mobile, changed_at=core.now, key=key))
    for name in sorted(chosen - {one.topic for one in own if one.active}):
        new = Subscription(visitor.name, name, mobile, core.now, active=True, changed_at=core.now, key=key)
        core.subscriptions.keep(new)
    titles = [topic.title for topic in topics if topic is not None]
    said = joined(titles) if titles else say("subscription.none")
    if mobile:
        words = say("subscription.sms.changed" if titles else "subscription.sms.ended", topics=said)
        core.phones.tell(mobile, words["zh-CN"])
    return SubscriptionChanged(count=len(titles), topics_text=said, way_text=_way(mobile))


def _own(core: Core, visitor: Visitor) -> Sequence[Subscription]:
    return core.subscriptions.of_person(sorted(visitor.names))


def _mobile(visitor: Visitor, subject: Subject) -> str:
    """The phone that was proven in this visit, else the one on file; empty: none is known."""
    if subject.phone is not None:
        return subject.phone.mobile
    return min(visitor.mobiles, default="")


def _way(mobile: str) -> Texts:
    return (
        say("subscription.way.phone", mobile=mask_mobile(mobile)) if mobile else say("subscription.way.none")
    )


def _row(topic: Topic, active: bool, told: Sequence[Told]) -> SubscriptionRow:
    last = max((one for one in told if one.topic == topic.id), key=lambda one: one.at, default=None)
    return SubscriptionRow(
        topic=topic.id,
        title=topic.title,
        note=topic.note,
        active=active,
        last_text=last.text if last is not None else NOTHING,
        last_on=last.at.astimezone(CHINA).date() if last is not None else None,
    )
