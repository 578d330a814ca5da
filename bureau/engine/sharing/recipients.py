"""Who may be given data, and for how long, from ``config/shares.yaml``."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from bureau.errors import RulesFileWrong
from config import yaml_files
from config.catalogue.models import Model
from sync.models import Texts

FILE: Final = "shares.yaml"
Data = Literal["registration", "credit", "sales", "paid", "filing"]


class Recipient(Model):
    """A body, what it wants to know, and what for."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z-]*$", max_length=40)]
    title: Texts
    purpose: Texts
    data: Annotated[list[Data], Field(min_length=1)]


class Shares(Model):
    """The file."""

    format: Literal[1]
    terms: dict[str, Annotated[int, Field(gt=0, le=366)]]
    recipients: Annotated[list[Recipient], Field(min_length=1, max_length=10)]

    @model_validator(mode="after")
    def _whole(self) -> Shares:
        ids = [one.id for one in self.recipients]
        if len(set(ids)) != len(ids):
            raise ValueError("name each recipient once")
        if any(len(set(one.data)) != len(one.data) for one in self.recipients):
            raise ValueError("name each kind of data once")
        return self

    def recipient(self, name: str) -> Recipient | None:
        """The recipient of that id; None: there is none (any more)."""
        return next((one for one in self.recipients if one.id == name), None)


@cache
def shares() -> Shares:
    """The file as shipped; raises ``RulesFileWrong`` with what to mend."""
    return yaml_files.shipped(Shares, FILE, RulesFileWrong)
