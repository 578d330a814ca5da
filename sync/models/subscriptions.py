"""What people subscribe to (个性化信息)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, Field

from sync.models.base import Texts, Wire

SubscriptionTopic = Annotated[str, Field(pattern=r"^[a-z][a-z-]*$", max_length=40)]
MOST_TOPICS = 20


class SubscriptionRow(Wire):
    """A topic, and whether whoever asks follows it. ``last_text``: the latest that they were told of it."""

    topic: SubscriptionTopic
    title: Texts
    note: Texts
    active: bool
    last_text: Texts
    last_on: date | None


class SubscriptionList(Wire):
    """``subscriptions.list``: every topic; ``way_text``: where somebody is told what is new."""

    rows: list[SubscriptionRow]
    way_text: Texts
    as_of: AwareDatetime


class SubscriptionChange(Wire):
    """``subscription.change``: all that is followed from now on; whatever is not named ends."""

    topics: Annotated[list[SubscriptionTopic], Field(max_length=MOST_TOPICS)]


class SubscriptionChanged(Wire):
    """What is followed now; without anything ``topics_text`` says so."""

    count: int
    topics_text: Texts
    way_text: Texts
