"""The rules of hints from ``config/risks.yaml``."""

from __future__ import annotations

import string
from functools import cache
from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from bureau.engine.risks.measures import MEASURES
from bureau.errors import RulesFileWrong
from config import yaml_files
from config.catalogue.models import Model
from sync.models import Texts

FILE: Final = "risks.yaml"
Grade = Literal["high", "medium", "low"]


class Law(Model):
    """What a rule stands on: a text of the library and its clause."""

    text: str
    clause: Annotated[int, Field(gt=0)]


class Rule(Model):
    """One hint. ``compared`` names the values of its measure; ``service`` is what mends it, by its id."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z-]*$", max_length=40)]
    measure: str
    limits: dict[str, Annotated[int, Field(ge=0)]] = {}
    grade: Grade
    title: Texts
    compared: Texts
    why: Texts
    law: Annotated[list[Law], Field(min_length=1, max_length=3)]
    mend: Texts
    service: str

    @model_validator(mode="after")
    def _fits_its_measure(self) -> Rule:
        known = MEASURES.get(self.measure)
        if known is None:
            raise ValueError(f"measure {self.measure!r} is none of {', '.join(sorted(MEASURES))}")
        if set(self.limits) != known.limits:
            raise ValueError(
                f"{self.measure} needs the limits {', '.join(sorted(known.limits)) or 'of none'}"
            )
        for lang, words in self.compared.items():
            named = {name for _, name, _, _ in string.Formatter().parse(words) if name is not None}
            if not named <= known.values:
                raise ValueError(
                    f"compared.{lang} names {', '.join(sorted(named - known.values))}, which nobody says"
                )
        return self


class Risks(Model):
    """The file."""

    format: Literal[1]
    months_back: Annotated[int, Field(ge=3, le=36)]
    rules: Annotated[list[Rule], Field(min_length=1, max_length=30)]

    @model_validator(mode="after")
    def _once_each(self) -> Risks:
        ids = [rule.id for rule in self.rules]
        if len(set(ids)) != len(ids):
            raise ValueError("name each rule once")
        return self


@cache
def risks() -> Risks:
    """The rules as shipped; raises ``RulesFileWrong`` with what to mend."""
    return yaml_files.shipped(Risks, FILE, RulesFileWrong)
