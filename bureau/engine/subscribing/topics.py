"""What people may subscribe to, from ``config/subscriptions.yaml``."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from bureau.errors import RulesFileWrong
from config import yaml_files
from config.catalogue.models import Model
from config.library.models import Topic as LawTopic
from kiosk.domain.tax.calendar import Who
from sync.models import Texts

FILE: Final = "subscriptions.yaml"
Days = Annotated[int, Field(gt=0, le=366)]


class Topic(Model):
    """One thing to subscribe to. ``who`` is whose calendar it is, ``topics`` are the library's that it covers."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z-]*$", max_length=40)]
    of: Literal["announcements", "calendar", "library", "school"]
    title: Texts
    note: Texts
    who: Who | None = None
    topics: list[LawTopic] = []

    @model_validator(mode="after")
    def _says_of_what(self) -> Topic:
        if (self.of == "calendar") != (self.who is not None) or (self.of == "library") != bool(self.topics):
            raise ValueError(
                "say whose calendar it is (who), or which topics of the library; nothing else has them"
            )
        return self


class Subscriptions(Model):
    """The file."""

    format: Literal[1]
    ahead: Annotated[list[Annotated[int, Field(ge=0, le=30)]], Field(min_length=1)]
    look_back_days: Days
    kept_days: Days
    shown_days: Days
    one_message: Annotated[int, Field(gt=0, le=9)]
    topics: Annotated[list[Topic], Field(min_length=1, max_length=20)]

    @model_validator(mode="after")
    def _whole(self) -> Subscriptions:
        ids = [topic.id for topic in self.topics]
        if len(set(ids)) != len(ids):
            raise ValueError("name each topic once")
        if self.ahead != sorted(set(self.ahead), reverse=True):
            raise ValueError("name each day ahead once, the earliest first")
        if self.kept_days <= max(self.look_back_days, self.shown_days, self.ahead[0]):
            raise ValueError("keep what was told for longer than it could be told or shown again")
        return self

    def topic(self, name: str) -> Topic | None:
        """The topic of that id; None: there is none (any more)."""
        return next((topic for topic in self.topics if topic.id == name), None)


@cache
def subscriptions() -> Subscriptions:
    """The file as shipped; raises ``RulesFileWrong`` with what to mend."""
    return yaml_files.shipped(Subscriptions, FILE, RulesFileWrong)
