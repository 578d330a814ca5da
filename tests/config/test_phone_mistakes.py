"""What a service file says of phones: what is right is read, each mistake is told at its key with a cure."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from config.catalogue.models import ScanStep
from tests.config.test_catalogue import TEXT, at, read, service, wrong
from tests.config.test_row_mistakes import FORM


def begun() -> dict[str, Any]:
    """The small service, begun on a phone: a scan that takes it up, a form, its review."""
    data = service()
    form = copy.deepcopy(FORM)
    form["rows"] = [row for row in form["rows"] if row["id"] in ("phone", "sum", "note")]
    scan = {"id": "scan", "kind": "scan", "reads": "title", "drafts": True}
    data["steps"][4:4] = [scan, form]
    data["phone"] = {"begin": ["form"], "preview": "check"}
    return data


MISTAKES = {
    # name: (change, key, part of the problem, part of the cure)
    "a form that is none": (at("phone.begin", ["frm"]), "phone.begin.0", "'frm'", "'form'"),
    "a review that is none": (at("phone.preview", "chek"), "phone.preview", "'chek'", "'check'"),
    "nothing takes it up": (at("steps.4.drafts", False), "phone.begin", "0 steps", "drafts: true"),
    "nothing can be begun": (at("phone", None), "steps.4.drafts", "nobody can begin", "phone:"),
    "a date": (
        at("steps.5.rows.2", {"id": "day", "label": TEXT, "editable": "yes", "input": "date"}),
        "steps.5.rows.2.input",
        "no page for phones",
        "another input",
    ),
    "a calculator": (
        at("steps.5.calculator", "vat-small"),
        "steps.5.calculator",
        "nothing on a phone",
        "leave the form out",
    ),
}


def goes_on(keeps: list[str]) -> dict[str, Any]:
    """The same, handed over to a phone as well."""
    data = begun()
    at_file = next(i for i, step in enumerate(data["steps"]) if step["id"] == "pay")
    data["steps"].insert(at_file + 1, {"id": "end", "kind": "submit", "effect": "invoice.issue", "data": {}})
    data["steps"].append({"id": "on-phone", "kind": "continue", "keeps": keeps})
    return data


def test_a_service_that_goes_on_on_a_phone_is_read_and_its_mistakes_are_told() -> None:
    assert read(goes_on(["form", "file"])).service.steps[-1].id == "on-phone"
    last = len(goes_on([])["steps"]) - 1
    assert f"steps.{last}.keeps.0" in {p.key for p in wrong(goes_on(["frm"]))}
    unpaid = goes_on(["form"])
    unpaid["steps"] = [step for step in unpaid["steps"] if step["id"] != "end"]
    assert f"steps.{last - 1}.kind" in {p.key for p in wrong(unpaid)}


def test_a_service_that_is_begun_on_a_phone_is_read() -> None:
    steps = read(begun()).service.steps
    assert [step.drafts for step in steps if isinstance(step, ScanStep)] == [True]


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_with_its_key_and_its_cure(name: str) -> None:
    change, key, problem, fix = MISTAKES[name]
    data = begun()
    change(data)
    told = {p.key: p for p in wrong(data)}
    assert key in told, list(told)
    assert problem in told[key].problem and fix in told[key].fix
