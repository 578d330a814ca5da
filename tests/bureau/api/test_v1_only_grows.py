"""Version 1 of the interface keeps what it promised, and a terminal reads answers of a centre that has learnt more."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from sync.models import EffectAnswer, QueryAnswer
from tests.bureau.api.grown import DESCRIPTION, asked_models, broken, promises, read

DESCRIBED = json.loads(DESCRIPTION.read_text("utf-8"))
ASKED = asked_models(DESCRIBED)
Change = Callable[[dict[str, Any]], object]


def after(change: Change) -> list[str]:
    """What a changed description would break."""
    changed = json.loads(json.dumps(DESCRIBED))
    change(changed)
    return broken(promises(DESCRIBED), promises(changed), asked_models(changed))


def model(described: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = described["components"]["schemas"][name]
    return found


def test_every_promise_holds_and_is_written_down() -> None:
    now = promises(DESCRIBED)
    assert broken(read(), now, ASKED) == []
    assert set(now) == set(read()), "python -m tests.bureau.api.grown writes down what is new"
    assert (
        len(now) > 1000 and {"QueryRequest", "Subject", "PaymentCreate"} <= ASKED and "Enrolled" not in ASKED
    )


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda d: d["paths"].pop("/v1/time"), "GET /v1/time "),
        (lambda d: model(d, "Enrolled")["properties"].pop("hall"), "Enrolled.hall"),
        (lambda d: model(d, "Enrolled")["required"].remove("hall"), "Enrolled.hall"),
        (lambda d: model(d, "Enrolled")["properties"]["hall"].update(type="integer"), "Enrolled.hall"),
        (lambda d: model(d, "QueryRequest")["required"].append("lang"), "QueryRequest.lang"),
        (
            lambda d: (
                model(d, "QueryRequest")["properties"].update(extra={"type": "string"}),
                model(d, "QueryRequest")["required"].append("extra"),
            ),
            "QueryRequest.extra",
        ),
    ],
)
def test_what_breaks_a_promise_is_told_by_name(change: Change, told: str) -> None:
    found = after(change)
    assert found and all(line.startswith(told) for line in found)


@pytest.mark.parametrize(
    "change",
    [
        lambda d: model(d, "Enrolled")["properties"].update(more={"type": "string"}),
        lambda d: model(d, "QueryRequest")["required"].remove("service_hash"),
        lambda d: model(d, "QueryRequest")["properties"].update(more={"type": "string"}),
        lambda d: d["components"]["schemas"].update(
            New={"properties": {"x": {"type": "string"}}, "required": ["x"]}
        ),
    ],
)
def test_what_is_new_breaks_none(change: Change) -> None:
    assert after(change) == []


def test_what_an_answer_tells_beyond_what_is_known_is_passed_over() -> None:
    told = QueryAnswer.told(json.dumps({"data": {"x": 1}, "later": [1]}))
    assert told.data == {"x": 1}
    refusal = {"code": "x", "text": {"zh-CN": "不"}, "next_step": {"zh-CN": "看"}, "later": 1}
    answered = {
        "key": "k",
        "state": "refused",
        "received_at": "2026-10-12T10:00:00+08:00",
        "incarnation": "1",
    }
    answer = EffectAnswer.told(json.dumps({**answered, "refusal": refusal}))
    assert answer.refusal is not None and answer.refusal.code == "x"
