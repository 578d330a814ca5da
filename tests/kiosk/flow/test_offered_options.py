"""Options of a file that are not of whom the person acts for are not offered."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from config.catalogue.forms import OptionModel
from config.catalogue.models import FormStep
from kiosk.steps.choose.options import offered
from tests.shipped import CATALOGUE


def reliefs() -> list[OptionModel]:
    steps = CATALOGUE["preference.apply"].service.steps
    (form,) = [step for step in steps if isinstance(step, FormStep)]
    return next(row.options for row in form.rows if row.id == "relief")


@pytest.mark.parametrize(
    ("name", "business"), [("云川禾木文具有限公司", False), ("云川青禾图文设计工作室", True)]
)
def test_a_company_is_offered_no_relief_of_the_tax_on_business_income(name: str, business: bool) -> None:
    ctx: Any = SimpleNamespace(look=lambda path: name, say=lambda texts: texts.get("zh-CN", ""))
    ids = [choice.id for choice in offered(ctx, reliefs())]
    assert ("business-disaster" in ids) is business
    assert {"property-hardship", "land-hardship"} <= set(ids)
