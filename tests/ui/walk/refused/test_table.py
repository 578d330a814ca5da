"""Every no of the centre is walked, or stands with its reason on the list of those that are not."""

from __future__ import annotations

from pathlib import Path

import pytest

import bureau.texts
from bureau.city.cast import PERSONAS
from config.catalogue.models import FormStep
from config.texts import catalogue
from tests.shipped import CATALOGUE
from ui.walk.refused.elsewhere import NO_VISIT, NOT_WALKED, listed
from ui.walk.refused.reason import Reason, code_of
from ui.walk.refused.table import REASONS
from ui.walk.visit import PERSONAS as WALKERS

FOLDER = Path(bureau.texts.__file__).parent


def refusals() -> set[str]:
    said = (text_id.split(".") for text_id in catalogue("zh-CN", FOLDER))
    return {words[1] for words in said if words[0] == "refusal"}


def test_every_refusal_of_the_catalogue_is_walked_or_says_why_it_is_not() -> None:
    walked = {code_of(name) for name in REASONS}
    others = [*listed(NO_VISIT), *listed(NOT_WALKED)]
    assert sorted(set(others)) == sorted(others), "a code stands in the lists twice"
    assert walked & set(others) == set()
    assert walked | set(others) == refusals()


@pytest.mark.parametrize("lang", ["zh-CN", "en-US"])
@pytest.mark.parametrize("code", sorted(refusals()))
def test_every_refusal_says_what_to_do_next(code: str, lang: str) -> None:
    said = catalogue(lang, FOLDER)
    assert said[f"refusal.{code}"] and said[f"refusal.{code}.next"]


@pytest.mark.parametrize(("name", "reason"), REASONS.items())
def test_a_reason_is_about_people_services_and_rows_that_there_are(name: str, reason: Reason) -> None:
    assert reason.law and reason.how
    assert {reason.service, *reason.after} <= CATALOGUE.keys()
    who = reason.persona or WALKERS[reason.service]
    assert who in {person.id for person in PERSONAS}
    if reason.choice:
        assert reason.choice in catalogue("zh-CN")
    asked = {
        row.id
        for step in CATALOGUE[reason.service].service.steps
        if isinstance(step, FormStep)
        for row in step.rows
    }
    phones = {"mobile"} if any(s.kind == "phone" for s in CATALOGUE[reason.service].service.steps) else set()
    answers = reason.wishes.get("answers", {})
    assert isinstance(answers, dict) and answers.keys() <= asked | phones


def test_a_second_way_to_the_same_refusal_has_a_first() -> None:
    assert {code_of(name) for name in REASONS if code_of(name) != name} <= REASONS.keys()
