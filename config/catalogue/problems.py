"""Turns what pydantic and YAML find wrong in a service file into a place and a cure that its author understands."""

from __future__ import annotations

import typing
from collections.abc import Mapping

from pydantic_core import ErrorDetails

from config.catalogue import models
from config.errors import Problem, did_you_mean

STEPS: Mapping[str, type[models.BaseStep]] = {
    typing.get_args(model.model_fields["kind"].annotation)[0]: model
    for model in typing.get_args(typing.get_args(models.Step)[0])
}
"""The model of each kind of step."""
FIELDS = {
    name
    for model in vars(models).values()
    if isinstance(model, type) and issubclass(model, models.Model)
    for name in model.model_fields
}
"""Every key that stands anywhere in a service file."""


def of_yaml(file: str, error: Exception) -> Problem:
    """The problem with its line, where the parser says one."""
    if isinstance(error, RecursionError):
        return Problem(file, "", "is nested too deeply", "take the brackets away that nobody closes")
    mark = getattr(error, "problem_mark", None)
    line = f"line {mark.line + 1}" if mark is not None else ""
    said = getattr(error, "problem", None) or str(error).splitlines()[0]
    return Problem(file, line, str(said), "mend the YAML there")


def of_model(file: str, error: ErrorDetails) -> Problem:
    """The problem at its key, without the step kinds that pydantic puts between."""
    loc = error["loc"]
    key = ".".join(str(part) for n, part in enumerate(loc) if not _is_branch(loc, n)) or "the file"
    context = error.get("ctx", {})
    match error["type"]:
        case "missing":
            return Problem(file, key, "is missing", "write it")
        case "extra_forbidden":
            return Problem(file, key, "is not known here", did_you_mean(str(loc[-1]), _known(loc)))
        case "union_tag_invalid":
            wrong = str(context.get("tag"))
            return Problem(file, f"{key}.kind", f"{wrong!r} is no kind of step", did_you_mean(wrong, STEPS))
        case "union_tag_not_found":
            return Problem(file, f"{key}.kind", "is missing", f"write one of {', '.join(STEPS)}")
        case "string_pattern_mismatch" if context.get("pattern") == models.PATH:
            fix = "write the name of a step and names within its answer, such as months.first"
            return Problem(file, key, f"{error['input']!r} is no path", fix)
        case "literal_error" | "enum":
            fix = f"write {context.get('expected')}"
            return Problem(file, key, f"{error['input']!r} is not possible here", fix)
        case "value_error":
            return Problem(file, key, str(context.get("error")), "write it in every language")
    said = f"{error['msg'][0].lower()}{error['msg'][1:]}"
    return Problem(file, key, said, "see config/catalogue/models.py")


def _is_branch(loc: tuple[int | str, ...], n: int) -> bool:
    """Whether a part only says which of several forms pydantic tried."""
    part = str(loc[n])
    return (n == 2 and loc[0] == "steps" and part in STEPS) or "[" in part or part == "constrained-str"


def _known(loc: tuple[int | str, ...]) -> set[str]:
    """The keys that may stand where an unknown one does."""
    if len(loc) == 1:
        return set(models.Service.model_fields)
    if len(loc) == 4 and _is_branch(loc, 2):
        return set(STEPS[str(loc[2])].model_fields)
    return FIELDS
