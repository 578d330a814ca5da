"""A page on which somebody chooses asks a question; a row's label alone does not say what is wanted."""

from __future__ import annotations

from config.catalogue.models import FormStep
from tests.shipped import CATALOGUE


def test_each_row_of_options_has_its_question() -> None:
    for id in CATALOGUE:
        for step in CATALOGUE[id].service.steps:
            for row in step.rows if isinstance(step, FormStep) else ():
                if (row.options or row.options_of) and row.editable != "no":
                    assert row.question.get("zh-CN", "").endswith("？"), f"{id} {row.id}"
                    assert row.question.get("en-US", "").endswith("?"), f"{id} {row.id}"
