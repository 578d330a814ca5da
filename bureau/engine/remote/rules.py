"""Topics, phrases and limits of the remote officer from ``config/remote.yaml``."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from bureau.errors import RulesFileWrong
from config import yaml_files
from config.catalogue.models import Model
from sync.models import Texts
from sync.models.remote import LONGEST_SAID

FILE: Final = "remote.yaml"
OTHER: Final = "other"
"""The topic of what a terminal of another version names."""
Positive = Annotated[int, Field(gt=0)]
Id = Annotated[str, Field(pattern=r"^[a-z][a-z-]*$", max_length=40)]


class Topic(Model):
    """What an officer is asked about, and the services that they may propose for it."""

    id: Id
    title: Texts
    services: Annotated[tuple[str, ...], Field(max_length=8)]


class Phrase(Model):
    """Words that officers have ready."""

    id: Id
    text: Texts


class RemoteRules(Model):
    """The file."""

    format: Literal[1]
    wait_s: Positive
    lost_after_s: Positive
    on_duty_s: Positive
    most_waiting: Positive
    longest: Annotated[int, Field(gt=0, le=LONGEST_SAID)]
    most_lines: Positive
    most_people_a_minute: Positive
    kept_days: Positive
    call_within_workdays: Positive
    tries: Positive
    topics: Annotated[tuple[Topic, ...], Field(min_length=1)]
    phrases: Annotated[tuple[Phrase, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _whole(self) -> RemoteRules:
        for named in ([one.id for one in self.topics], [one.id for one in self.phrases]):
            if len(set(named)) != len(named):
                raise ValueError("name each topic and each phrase once")
        if OTHER not in {one.id for one in self.topics}:
            raise ValueError(f"name {OTHER} among the topics")
        return self

    def topic(self, name: str) -> Topic:
        """The topic, or what is something else."""
        known = {one.id: one for one in self.topics}
        return known.get(name) or known[OTHER]

    @property
    def lost_after(self) -> timedelta:
        """How long a terminal may be silent."""
        return timedelta(seconds=self.lost_after_s)

    @property
    def on_duty(self) -> timedelta:
        """How long an officer answers after the last thing they did."""
        return timedelta(seconds=self.on_duty_s)

    @property
    def kept(self) -> timedelta:
        """How long what was said is kept."""
        return timedelta(days=self.kept_days)


@cache
def rules() -> RemoteRules:
    """The rules as shipped; raises ``RulesFileWrong`` with what to mend."""
    return yaml_files.shipped(RemoteRules, FILE, RulesFileWrong)
