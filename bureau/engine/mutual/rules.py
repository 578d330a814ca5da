"""Topics and limits of mutual help and of ideas from ``config/mutual.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from bureau.errors import RulesFileWrong
from bureau.ports.mutual import Kind
from config import yaml_files
from config.catalogue.models import Model
from sync.models import Texts

FILE: Final = "mutual.yaml"
OTHER: Final = "other"
"""A topic that each kind has; what a terminal of an earlier version names is one of these."""
Named = Literal["question", "idea"]


class Topic(Model):
    """What something is about."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z-]*$", max_length=40)]
    title: Texts


class MutualRules(Model):
    """The file."""

    format: Literal[1]
    a_day: dict[Kind, Annotated[int, Field(gt=0)]]
    shown: Annotated[int, Field(gt=0, le=1000)]
    authors_kept_days: Annotated[int, Field(gt=0)]
    topics: dict[Named, Annotated[list[Topic], Field(min_length=1)]]

    @model_validator(mode="after")
    def _whole(self) -> MutualRules:
        if set(self.a_day) != {"question", "answer", "idea"} or set(self.topics) != {"question", "idea"}:
            raise ValueError("name a limit for each kind, and topics of questions and ideas")
        for named in self.topics.values():
            ids = [topic.id for topic in named]
            if len(set(ids)) != len(ids) or OTHER not in ids:
                raise ValueError(f"name each topic once, and {OTHER} among them")
        return self

    def topic(self, kind: Kind, name: str) -> str:
        """The topic as it is kept: what nobody knows here is something else."""
        known = {topic.id for topic in self._of(kind)}
        return name if name in known else OTHER

    def title(self, kind: Kind, name: str) -> Mapping[str, str]:
        """What a topic is called."""
        topics = {topic.id: topic.title for topic in self._of(kind)}
        return topics.get(name) or topics[OTHER]

    def _of(self, kind: Kind) -> list[Topic]:
        return self.topics["idea" if kind == "idea" else "question"]


@cache
def rules() -> MutualRules:
    """The rules as shipped; raises ``RulesFileWrong`` with what to mend."""
    return yaml_files.shipped(MutualRules, FILE, RulesFileWrong)
