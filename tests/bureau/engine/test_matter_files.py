"""The files of matters, and the services they belong to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bureau.engine.matters import kinds
from bureau.engine.matters.effects import EFFECTS
from bureau.engine.matters.fields import CHECKS
from bureau.engine.matters.kinds import matters, read_matter
from bureau.errors import MatterFileWrong
from bureau.texts import has, ids
from config.catalogue.models import FormStep, Input, SubmitStep
from kiosk.domain.inputs import VALUES
from kiosk.steps.form.inputs import KINDS
from tests.bureau.engine.matters import CHANGE
from tests.shipped import CATALOGUE


def test_every_matter_belongs_to_a_service_that_submits_its_facts() -> None:
    submitting = {
        name
        for name, published in CATALOGUE.items()
        if any(isinstance(s, SubmitStep) and s.effect == "matter.submit" for s in published.service.steps)
    }
    assert submitting == set(matters())
    for name, matter in matters().items():
        (step,) = (s for s in CATALOGUE[name].service.steps if isinstance(s, SubmitStep))
        assert set(matter.facts) <= set(step.data)
        assert matter.effect in EFFECTS
        assert has(f"matter.{name}")


def test_every_option_that_is_registered_has_a_name() -> None:
    for published in CATALOGUE.values():
        for step in published.service.steps:
            for row in step.rows if isinstance(step, FormStep) else ():
                if row.id in ("bank", "accounting"):
                    assert {option.id for option in row.options} == set(ids(row.id))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"workdays": 0}, "needs workdays"),
        ({"workdays": -1}, "workdays"),
        ({"officer_for": ["adress"]}, "adress"),
        ({"basis": {"zh-CN": "法"}}, "en-US"),
        ({"surprise": 1}, "surprise"),
        ({"effect": "bind-role"}, "nowhere else"),
        ({"id": "registration.other"}, "registration.other.yaml"),
    ],
)
def test_a_mistake_in_a_matter_is_told_with_its_file(
    tmp_path: Path, changed: dict[str, Any], told: str
) -> None:
    data = yaml.safe_load((kinds.FOLDER / f"{CHANGE}.yaml").read_text())
    path = tmp_path / f"{CHANGE}.yaml"
    path.write_text(yaml.safe_dump({**data, **changed}, allow_unicode=True))
    with pytest.raises(MatterFileWrong, match=told) as caught:
        read_matter(path)
    assert path.name in str(caught.value)


def test_a_file_that_is_no_yaml_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.y.yaml"
    path.write_bytes(b"id: [\n\xff")
    with pytest.raises(MatterFileWrong, match=r"x\.y\.yaml"):
        read_matter(path)


def test_each_kind_of_input_is_known_to_the_keys_the_domain_and_the_centre() -> None:
    assert set(KINDS) == set(VALUES) == set(CHECKS) == set(Input)
