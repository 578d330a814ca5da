"""What holds a service file together across its steps; each mistake with its key and how to mend it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import BaseModel

from config.catalogue.models import ChooseStep, FormStep, LabelledValue, ReviewStep, Service
from config.errors import did_you_mean

PATHS = frozenset(
    {
        "value",
        "until",
        "of",
        "dues",
        "document",
        "pages",
        "reservation",
        "unit",
        "reference",
        "rows",
    }
)
"""Fields that hold the place of a value in the visit's data, where they hold text."""
ASKING = ("months", "entitlement", "dues")
"""Sources whose options come from the centre."""
NAMED = {"pay": "pay", "slip": "slip", "roles": "enterprise"}
"""Steps that others look for by name: by kind, and by source for a choice."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong at ``key``, and what to write instead."""

    key: str
    problem: str
    fix: str


def mistakes(service: Service) -> Iterator[Mistake]:
    """Everything that no model of one step can see."""
    if service.audience == "enterprise" and not service.roles:
        yield Mistake("roles", "is missing", "name the roles that may use it, such as [L, F, T]")
    if not service.steps[0].mark:
        yield Mistake("steps.0.mark", "is missing", "name the first station of the progress line")
    known: list[str] = []
    for index, step in enumerate(service.steps):
        key = f"steps.{index}"
        if step.id in known:
            fix = "give each step a name of its own"
            yield Mistake(f"{key}.id", f"{step.id!r} is the name of step {known.index(step.id)} already", fix)
        known.append(step.id)
        wanted = NAMED.get(step.source if isinstance(step, ChooseStep) else step.kind)
        if wanted is not None and step.id != wanted:
            yield Mistake(f"{key}.id", f"is {step.id!r}", f"call this step {wanted!r}: others look for it")
        yield from _incomplete(key, step)
        for place, path in _paths(key, step):
            if (head := path.split(".", 1)[0]) not in known:
                yield Mistake(place, f"no step up to here is called {head!r}", did_you_mean(head, known))


def _incomplete(key: str, step: BaseModel) -> Iterator[Mistake]:
    """Fields that only some steps of a kind need."""
    match step:
        case ChooseStep(source="count", of=None):
            yield Mistake(f"{key}.of", "is missing", "name the step whose choice says how many are allowed")
        case ChooseStep(ask=None, source=source) if source in ASKING:
            yield Mistake(f"{key}.ask", "is missing", f"name the query that brings the {source}")
        case FormStep(calculator=""):
            yield Mistake(
                f"{key}.calculator", "is missing", "name what derives the figures, such as vat-small"
            )
        case ReviewStep(sheet=sheet) if sheet is not None and sheet.bars:
            columns = [column.field for column in sheet.columns]
            if sheet.bars not in columns:
                yield Mistake(f"{key}.sheet.bars", "is no column", did_you_mean(sheet.bars, columns))


def _paths(key: str, model: BaseModel) -> Iterator[tuple[str, str]]:
    """Every path below ``model`` with its key."""
    for name in type(model).model_fields:
        value = getattr(model, name)
        place = f"{key}.{name}"
        if isinstance(value, str) and (
            name in PATHS or (name == "change" and isinstance(model, LabelledValue) and value)
        ):
            yield place, value
        elif isinstance(value, BaseModel):
            yield from _paths(place, value)
        elif isinstance(value, list):
            for index, one in enumerate(value):
                if isinstance(one, BaseModel):
                    yield from _paths(f"{place}.{index}", one)
        elif isinstance(value, dict) and name in ("params", "data"):
            yield from ((f"{place}.{n}", v) for n, v in value.items() if isinstance(v, str))
