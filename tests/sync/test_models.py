"""What passes between terminal and centre: an error says where it is wrong, and repeats nobody's data."""

from __future__ import annotations

import traceback

import pytest
from pydantic import ValidationError

from sync.models import PersonClaim, QueryRequest, Wire

NUMBER = "11010519491231002X"


@pytest.mark.parametrize(
    ("model", "told"),
    [
        (PersonClaim, {"kind": "resident", "number": NUMBER, "name": 7}),
        (PersonClaim, {"kind": NUMBER}),
        (QueryRequest, {"query": "person.profile", "params": {}, "subject": NUMBER}),
    ],
)
def test_an_error_names_the_place_and_nobody(model: type[Wire], told: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as error:
        model.model_validate(told)
    shown = "".join(traceback.format_exception(error.value))
    assert NUMBER not in shown
    assert any(str(mistake["loc"][0]) in shown for mistake in error.value.errors())
