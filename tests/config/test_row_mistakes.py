"""Forms, lists and choices of rows: what is right is read, each mistake is told at its key with a cure."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from config.catalogue.models import ChooseStep, FormStep, ListStep
from tests.config.test_catalogue import TEXT, at, read, service, wrong

ROW = {"id": "phone", "label": TEXT, "value": "form.phone", "editable": "yes", "input": "phone"}
OPTIONS = [{"id": "a", "title": TEXT}, {"id": "b", "title": TEXT, "note": TEXT, "icon": "box"}]
OFFER = {
    "rows": "form.accounts",
    "row_id": "number",
    "title": {"field": "bank"},
    "note": [{"field": "number", "format": "card", "label": TEXT}],
    "tags": [
        {"field": "state", "format": "state", "states": [{"when": "open", "title": TEXT, "tone": "done"}]}
    ],
    "enabled": "usable",
    "reason": "why",
}
FORM: dict[str, Any] = {
    "id": "form",
    "kind": "form",
    "action": TEXT,
    "ask": {"query": "q"},
    "rows": [
        ROW,
        {"id": "sum", "label": TEXT, "editable": "yes", "input": "money", "min": 1, "max_of": "form.most"},
        {
            "id": "day",
            "label": TEXT,
            "editable": "yes",
            "input": "date",
            "earliest": "2020-01-01",
            "latest": "today",
        },
        {"id": "kind", "label": TEXT, "editable": "yes", "input": "option", "options": OPTIONS},
        {"id": "account", "label": TEXT, "editable": "yes", "input": "option", "options_of": OFFER},
        {"id": "note", "label": TEXT, "editable": "yes", "input": "text", "optional": True, "max_length": 30},
    ],
}
COLUMN = {"label": TEXT, "field": "name", "place": "title"}
LIST: dict[str, Any] = {
    "id": "found",
    "kind": "list",
    "action": TEXT,
    "ask": {"query": "q"},
    "rows": "found.rows",
    "columns": [
        COLUMN,
        {"label": TEXT, "field": "amount_fen", "format": "money", "place": "amount"},
        {
            "label": TEXT,
            "field": "ok",
            "format": "state",
            "place": "tag",
            "states": [{"when": True, "title": TEXT}],
        },
        {"label": TEXT, "field": "first", "until_field": "last", "format": "period"},
    ],
    "empty": {"title": TEXT, "body": TEXT},
    "total": {"label": TEXT, "field": "amount_fen"},
    "pick": "many",
    "as_of": "found.as_of",
}
ROWS: dict[str, Any] = {
    "id": "one",
    "kind": "choose",
    "source": "rows",
    "ask": {"query": "q"},
    "offer": {**OFFER, "rows": "one.accounts"},
    "empty": {"title": TEXT, "body": TEXT},
}
STATIC: dict[str, Any] = {"id": "why", "kind": "choose", "source": "options", "options": OPTIONS}
CHANGE: dict[str, Any] = {
    "id": "look",
    "kind": "review",
    "sections": [{"title": TEXT, "rows": [{"label": TEXT, "value": "form.phone", "change": "form.phone"}]}],
}


def made() -> dict[str, Any]:
    """A service with a step of each of them, from step 4 on."""
    data = service()
    data["steps"][4:4] = copy.deepcopy([FORM, LIST, ROWS, STATIC, CHANGE])
    return data


def test_a_service_with_each_of_them_is_read() -> None:
    form, listed, rows, static = read(made()).service.steps[4:8]
    assert isinstance(form, FormStep) and isinstance(listed, ListStep)
    assert isinstance(rows, ChooseStep) and isinstance(static, ChooseStep)
    assert (form.rows[2].earliest, form.rows[2].latest) == ("2020-01-01", "today")
    assert listed.columns[2].states[0].when == "true", "YAML reads a truth where the file means the word"


@pytest.mark.parametrize(
    ("path", "value", "key", "words"),
    [
        ("steps.4.rows.0.input", ..., "steps.4.rows.0.input", "is missing"),
        ("steps.4.rows.0.input", "phones", "steps.4.rows.0.input", "not possible"),
        ("steps.4.rows.0.editable", "no", "steps.4.rows.0.input", "means nothing"),
        ("steps.4.rows.0.value", "from.phone", "steps.4.rows.0.value", "'from'"),
        ("steps.4.rows.0", {"id": "a", "label": TEXT}, "steps.4.rows.0.value", "is missing"),
        ("steps.4.rows.1.id", "phone", "steps.4.rows.1.id", "row above"),
        ("steps.4.rows.0.forms", ["stamp"], "steps.4.rows.0.forms", "means nothing here"),
        ("steps.4.rows.1.id", "typed", "steps.4.rows.1.id", "taken by the form"),
        ("steps.4.rows.0.min", 3, "steps.4.rows.0.min", "is no limit of phone"),
        ("steps.4.rows.1.max", 0, "steps.4.rows.1.max", "less than min"),
        ("steps.4.rows.1.max_of", "most", "steps.4.rows.1.max_of", "'most'"),
        ("steps.4.rows.1.max_length", 3, "steps.4.rows.1.max_length", "is no limit of money"),
        ("steps.4.rows.2.earliest", "2020-13-01", "steps.4.rows.2.earliest", "is no day"),
        ("steps.4.rows.2.latest", "tomorrow", "steps.4.rows.2.latest", "'tomorrow'"),
        ("steps.4.rows.3.options", [], "steps.4.rows.3.options", "is missing"),
        ("steps.4.rows.3.input", "text", "steps.4.rows.3.input", "has no options"),
        ("steps.4.rows.3.options_of", OFFER, "steps.4.rows.3.options_of", "beside options"),
        ("steps.4.rows.3.options.1.id", "a", "steps.4.rows.3.options.1.id", "twice"),
        ("steps.4.rows.4.options_of.rows", "x.y", "steps.4.rows.4.options_of.rows", "'x'"),
        ("steps.4.rows.4.options_of.enabled", "", "steps.4.rows.4.options_of.enabled", "is missing"),
        (
            "steps.4.rows.4.options_of.tags.0.states",
            [],
            "steps.4.rows.4.options_of.tags.0.states",
            "is missing",
        ),
        ("steps.4.action", ..., "steps.4.action", "is missing"),
        ("steps.5.action", ..., "steps.5.action", "is missing"),
        ("steps.5.rows", "x.rows", "steps.5.rows", "'x'"),
        ("steps.5.as_of", "x.as_of", "steps.5.as_of", "'x'"),
        ("steps.5.empty", ..., "steps.5.empty", "is missing"),
        ("steps.5.columns.0.place", "line", "steps.5.columns", "has no title"),
        ("steps.5.columns.3.place", "title", "steps.5.columns.3.place", "second title"),
        ("steps.5.columns.3.place", "amount", "steps.5.columns.3.place", "second amount"),
        ("steps.5.columns.3.place", "tag", "steps.5.columns.3.place", "short word"),
        ("steps.5.columns.2.format", "text", "steps.5.columns.2.format", "has no states"),
        ("steps.5.columns.1.until_field", "x", "steps.5.columns.1.until_field", "ends no period"),
        ("steps.5.total.field", "amount", "steps.5.total.field", "is no column"),
        ("steps.5.total.value", "found.sum", "steps.5.total", "one of the two"),
        ("steps.5.pick", "two", "steps.5.pick", "not possible"),
        ("steps.5.reason", "why", "steps.5.enabled", "is missing"),
        ("steps.6.offer", ..., "steps.6.offer", "is missing"),
        ("steps.6.empty", ..., "steps.6.empty", "is missing"),
        ("steps.6.offer.reason", "why", None, ""),
        ("steps.7.options", [], "steps.7.options", "is missing"),
        (
            "steps.8.sections.0.rows.0.change",
            "form.fone",
            "steps.8.sections.0.rows.0.change",
            "no row 'fone'",
        ),
        ("steps.8.sections.0.rows.0.change", "found.rows", "steps.8.sections.0.rows.0.change", "no row"),
    ],
)
def test_each_mistake_is_told_at_its_key(path: str, value: object, key: str | None, words: str) -> None:
    data = made()
    at(path, value)(data)
    if key is None:
        read(data)
        return
    told = {problem.key: problem.problem for problem in wrong(data)}
    assert words in told[key], told
