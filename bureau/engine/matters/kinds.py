"""What a matter is: its legal basis, who decides and until when, and which facts of the registration it changes.

A file of ``kinds/`` is named by the service through which the matter is applied for; who may apply, the rows of the
form and their limits are the service's own (``config/services``).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError, model_validator

from bureau.errors import MatterFileWrong
from config import yaml_files
from config.catalogue.basics import Model, Texts

FOLDER = Path(__file__).parent / "kinds"
FACT = r"^[a-z][a-z_]*$"
Fact = Annotated[str, Field(pattern=FACT)]
SEALED = "sealed"
"""The name, among the fields that an effect gets, of those that its matter has sealed: base64."""


class Numbers(Model):
    """What a matter makes of invoices that an enterprise holds.

    ``of``: the states in which they may be. ``uploaded``: whether the issuing data must have each of them, must have
    none, or either. ``waits``: what they are while an officer has not decided, ``becomes`` what they are then.
    """

    of: Annotated[list[Literal["issued", "used"]], Field(min_length=1)]
    uploaded: Literal["every", "none", "either"]
    waits: Literal["returning", "voided"] | None = None
    becomes: Literal["used", "lost", "returned", "written-off"]


class Withheld(Model):
    """What a withholding agent declares: under which tax of the books, and how often; None: with each payment."""

    tax: str
    cycle: Literal["month"] | None = None


class ReliefKind(Model):
    """A relief that can be applied for: of which tax of the books, and on which law it stands."""

    tax: str
    basis: Texts


class PreferenceKind(Model):
    """A preference that is filed (备案), or given up (放弃): what it does to the VAT of its months, and by which law.

    ``of``: who may have it, small-scale taxpayers, general ones, or both (empty).
    """

    does: Literal["refunded", "freed", "threshold-waived", "reduced-waived"]
    of: Literal["", "small", "general"] = ""
    basis: Texts


class Matter(Model):
    """One matter.

    ``effect``: what it does in the registration (``matters/effects.py``); ``facts``: those that are entered.
    ``workdays``: within how many working days an officer decides; the day of acceptance does not count.
    ``officer_for``: facts that an officer looks at first although the matter else takes effect at once.
    ``officer_when``: the same of what the case holds, for these values alone.
    ``together``: facts that mean nothing one without the other. ``marks``: the fact that holds the day on which the
    matter was carried out last; such a matter is complete although nothing was changed. ``papers``: whether it is
    applied for with scanned pages. ``numbers``: what it makes of invoices, where that is its effect.
    ``sealed``: what the case does not hold in the clear: the effect gets it as ``SEALED``, JSON in the vault's seal
    under the case's number. ``refunds``: taxes, as the books have them, of whose returns it gives something back.
    ``hand``: whether it is applied for with a signed statement, in the vault's seal under the case's number: the effect
    gets it as ``SEALED`` where nobody has to decide, else the case keeps it. ``phone``: the field that holds the phone
    that was proven in this visit; the centre puts it there, nobody sends it. ``apart``: the field that tells cases of
    one owner apart: for each of its values one may be open. ``reliefs``: what its effect grants, by the value of the
    field ``relief``; such a matter has two officers, one who examines and one who grants. ``preferences``: what can
    be filed, by the value of the field ``preference``.
    """

    id: str
    basis: Texts
    workdays: Annotated[int, Field(ge=0, le=90)]
    decision: Literal["at-once", "officer"]
    officer_for: list[Fact] = Field(default_factory=list)
    officer_when: dict[Fact, list[str | bool]] = Field(default_factory=dict)
    effect: Literal[
        "facts",
        "bind-role",
        "release-role",
        "become-general",
        "numbers",
        "approve-kind",
        "refund",
        "export-refund",
        "prize",
        "register-temporary",
        "erase",
        "deliver",
        "cancel-delivery",
        "bind-phone",
        "release-phone",
        "give-mandate",
        "end-mandate",
        "register-guardian",
        "grant-relief",
        "withhold",
        "file-preference",
        "book-invoice",
        "give-consent",
        "end-consent",
        "refer-to-bank",
    ] = "facts"
    facts: list[Fact] = Field(default_factory=list)
    together: list[list[Fact]] = Field(default_factory=list)
    marks: Fact | None = None
    papers: bool = False
    numbers: Numbers | None = None
    sealed: list[Fact] = Field(default_factory=list)
    refunds: list[str] = Field(default_factory=list)
    hand: bool = False
    phone: Fact | None = None
    apart: Fact | None = None
    reliefs: dict[str, ReliefKind] = Field(default_factory=dict)
    withholds: dict[str, Withheld] = Field(default_factory=dict)
    preferences: dict[str, PreferenceKind] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _hangs_together(self) -> Matter:
        if (self.effect in ("facts", "withhold")) != bool(self.facts):
            raise ValueError("facts are named where they are its effect, and nowhere else")
        if (self.effect == "grant-relief") != bool(self.reliefs):
            raise ValueError("reliefs are named where they are its effect, and nowhere else")
        if (self.effect == "withhold") != bool(self.withholds):
            raise ValueError("what is withheld is named where that is its effect, and nowhere else")
        if (self.effect == "file-preference") != bool(self.preferences):
            raise ValueError("preferences are named where they are its effect, and nowhere else")
        if (self.effect == "numbers") != (self.numbers is not None):
            raise ValueError("numbers are described where they are its effect, and nowhere else")
        if self.effect.endswith("refund") != bool(self.refunds):
            raise ValueError("refunds are named where they are its effect, and nowhere else")
        if self.numbers is not None and (self.decision == "officer") != (self.numbers.waits is not None):
            raise ValueError("numbers wait where an officer decides, and nowhere else")
        if self.sealed and self.hand:
            raise ValueError("either what was signed is sealed, or what is named in sealed")
        if self.sealed and self.decision == "officer":
            raise ValueError("what is sealed is kept by an effect that comes at once")
        named = {*self.officer_for, *(fact for group in self.together for fact in group)}
        if strange := named - set(self.facts):
            raise ValueError(f"{', '.join(sorted(strange))}: name it among facts as well")
        if (self.decision == "officer" or self.officer_for or self.officer_when) and self.workdays == 0:
            raise ValueError("an officer needs workdays to decide")
        return self

    def waits(self, changed: Mapping[str, object]) -> bool:
        """Whether an officer decides on a change of these facts."""
        return (
            self.decision == "officer"
            or any(fact in changed for fact in self.officer_for)
            or any(changed.get(fact) in values for fact, values in self.officer_when.items())
        )


@cache
def withheld_taxes() -> frozenset[str]:
    """The taxes that are withheld from others and declared as such, by the names of the books."""
    return frozenset(one.tax for matter in matters().values() for one in matter.withholds.values())


def read_matter(path: Path) -> Matter:
    """The matter of one file; raises ``MatterFileWrong`` with what to mend."""
    try:
        matter = Matter.model_validate(yaml_files.read(path.read_text("utf-8")))
    except (*yaml_files.UNREADABLE, ValidationError) as error:
        raise MatterFileWrong(path.name, str(error)) from error
    if matter.id != path.stem:
        raise MatterFileWrong(path.name, f"its id is {matter.id!r}: call the file {matter.id}.yaml")
    return matter


@cache
def matters() -> Mapping[str, Matter]:
    """Every matter by the id of its service."""
    return {matter.id: matter for matter in map(read_matter, sorted(FOLDER.glob("*.yaml")))}
