"""What each kind of inspection asks, from ``config/inspections.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from bureau.errors import RulesFileWrong
from config import yaml_files
from config.catalogue.models import Model
from sync.models import Texts

FILE: Final = "inspections.yaml"


class PictureRules(Model):
    """How many pictures, how large as they come, and how long their longer side is once they were encoded anew."""

    most: Annotated[int, Field(ge=1, le=30)]
    longest_side: Annotated[int, Field(ge=640, le=4000)]
    megabytes: Annotated[int, Field(ge=1, le=20)]
    megapixels: Annotated[int, Field(ge=1, le=80)]


class Answer(Model):
    """One of the answers to a question; ``finding``: it is told among what was found."""

    title: Texts
    finding: bool = False


class Question(Model):
    """What is asked: one of ``answers`` is chosen, or at most ``most`` characters are written."""

    ask: Texts
    answers: Mapping[str, Answer] = Field(default_factory=dict)
    most: Annotated[int, Field(ge=0, le=300)] = 0
    optional: bool = False

    @model_validator(mode="after")
    def _one_way(self) -> Question:
        if bool(self.answers) == bool(self.most):
            raise ValueError("a question has either answers or room for words")
        return self


class Outcome(Model):
    """What came of it. ``signed``: somebody of the taxpayer's was met, who signs or refuses to; ``absent``: nobody was.

    ``pictures``: at least so many. After ``absent`` the registration may become an abnormal one.
    """

    title: Texts
    signed: bool = False
    finding: bool = False
    absent: bool = False
    pictures: Annotated[int, Field(ge=0, le=9)] = 0


class Kind(Model):
    """One kind of visit; ``notice``: a notice of inspection is handed over (税收征收管理法 art. 59).

    ``counts``: the invoices that the ledger has with the taxpayer are counted.
    """

    title: Texts
    about: Texts
    notice: bool
    bases: Annotated[list[str], Field(min_length=1)]
    counts: bool = False
    questions: Annotated[Mapping[str, Question], Field(min_length=1)]
    outcomes: Annotated[Mapping[str, Outcome], Field(min_length=1)]


class InspectionRules(Model):
    """The file."""

    format: Literal[1]
    pictures: PictureRules
    bases: Annotated[Mapping[str, Texts], Field(min_length=1)]
    kinds: Annotated[Mapping[str, Kind], Field(min_length=1)]

    @model_validator(mode="after")
    def _known(self) -> InspectionRules:
        for name, kind in self.kinds.items():
            if unknown := [basis for basis in kind.bases if basis not in self.bases]:
                raise ValueError(f"{name}: no such basis: {', '.join(unknown)}")
        return self


@cache
def rules() -> InspectionRules:
    """The rules as shipped; raises ``RulesFileWrong`` with what to mend."""
    return yaml_files.shipped(InspectionRules, FILE, RulesFileWrong)
