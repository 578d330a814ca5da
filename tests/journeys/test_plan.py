"""Each service stands under the action of the plan that it serves, and each that is promised is there."""

from __future__ import annotations

import pytest

from tests.journeys.plan import PROMISED
from tests.shipped import CATALOGUE


@pytest.mark.parametrize(("action", "promised"), PROMISED.items())
def test_what_an_action_promises_is_there(action: int, promised: list[str]) -> None:
    assert set(promised) == {name for name, one in CATALOGUE.items() if one.service.action == action}


def test_no_service_is_without_a_promise() -> None:
    assert {one.service.action for one in CATALOGUE.values()} == set(PROMISED)
