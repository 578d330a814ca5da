"""The tax school's courses: at least twenty, in both languages, each part on clauses of the library that hold today."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest

from config.catalogue.basics import REQUIRED_LANGUAGES
from config.school import Course, Courses, Topic, courses, taught

DAY = date(2026, 10, 12)
"""Of the demonstration city."""


def test_there_are_twenty_of_every_topic() -> None:
    counted = Counter(course.topic for course in courses().values())
    assert len(courses()) >= 20 and set(counted) == set(Topic)


@pytest.mark.parametrize("course", courses().values(), ids=lambda course: course.id)
def test_each_part_teaches_clauses_that_are_there_and_hold(course: Course) -> None:
    assert len(course.parts) >= 2
    for part in course.parts:
        for cite in part.cites:
            one = taught(cite)
            assert one is not None, f"{course.id}: {cite} is in no text of the library"
            assert one.text.in_force(DAY), f"{course.id}: {cite} no longer holds"
            assert all(one.clause.text[lang] for lang in REQUIRED_LANGUAGES)
    cites = [cite for part in course.parts for cite in part.cites]
    assert len(cites) == len(set(cites)), "no clause is taught twice"


@pytest.mark.parametrize("course", courses().values(), ids=lambda course: course.id)
def test_its_words_fit_the_screen_in_each_language(course: Course) -> None:
    for texts, most in ((course.title, 20), (course.about, 40), (course.audience, 30)):
        assert set(texts) == set(REQUIRED_LANGUAGES)
        assert len(texts["zh-CN"]) <= most and len(texts["en-US"]) <= 3 * most
        assert not re.search(r"[一-鿿]", texts["en-US"])


def test_a_name_that_stands_twice_is_refused() -> None:
    course = next(iter(courses().values()))
    with pytest.raises(ValueError, match="name of its own"):
        Courses(format=1, courses=(course, course))


def test_what_no_text_says_is_taught_by_nobody() -> None:
    assert taught("vat-law:999") is None and taught("no-such-text:1") is None
