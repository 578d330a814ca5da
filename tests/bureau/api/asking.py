"""A signed question to the interface, and the problem it answers."""

from __future__ import annotations

from typing import Any

import requests

from bureau.city.cast import HEMU
from sync.models import QueryRequest, Subject
from tests.bureau.api.conftest import Wire
from tests.bureau.terminals import subject
from tests.shipped import CATALOGUE

SHEN = subject("shen-zhizhou", HEMU, "T")


PERIOD = {"first": "2026-01", "last": "2026-09"}


RATING = {"item": "31990026101200000420", "level": 5, "reasons": []}


def ask(wire: Wire, name: str, service: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
    request = QueryRequest(
        service=service,
        service_hash=CATALOGUE[service].hash,
        subject=Subject.model_validate(SHEN),
        params=params or {},
    )
    answer = wire.client.query(name, request)
    assert answer.refusal is None
    return answer.data


def problem(answer: requests.Response, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    assert (found["status"], found["code"]) == (status, code)
    assert found["texts"]["zh-CN"] and found["texts"]["en-US"] and found["type"].endswith(code)
    return found
