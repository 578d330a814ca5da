"""The library as it ships holds together, and each slip of a pen in one is told with its cure."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from config import library
from config.catalogue import load_catalogue
from config.errors import ConfigError
from config.library.models import Clause

TEXT = """
format: 1
id: old-rule
kind: rule
title: {zh-CN: 旧办法, en-US: Old rule}
issuer: {zh-CN: 税务总局, en-US: STA}
published: 2001-01-01
effective: 2001-02-01
until: 2010-12-31
topics: [vat]
about: {zh-CN: 旧的。, en-US: An old one.}
unit: article
clauses:
  - {at: 1, heading: {zh-CN: 一, en-US: One}, text: {zh-CN: 一。, en-US: One.}}
services: [declare.vat-small]
"""
ANSWERS = """
format: 1
answers:
  - id: what-was
    asked: [{zh-CN: 以前怎样, en-US: how was it}]
    answer: {zh-CN: 这样。, en-US: So.}
    sources: [{text: old-rule, clause: 1}]
    topics: [vat]
    since: 2005-01-01
"""


def test_the_library_that_ships_holds_together_and_leads_to_services_that_there_are() -> None:
    shipped = library.load(services=load_catalogue())
    assert shipped.texts
    assert shipped.answers


def test_no_english_text_of_the_library_holds_chinese() -> None:
    shipped = library.load()
    han = re.compile(r"[\u3400-\u9fff]")
    for text in shipped.texts.values():
        said = [text.title, text.issuer, text.about, *(w for c in text.clauses for w in (c.heading, c.text))]
        assert not [words["en-US"] for words in said if han.search(words["en-US"])], text.id
    for answer in shipped.answers.values():
        assert not [w["en-US"] for w in (*answer.asked, answer.answer) if han.search(w["en-US"])], answer.id
    for also in (*(a.also for a in shipped.answers.values()), *(c.also for c in clauses(shipped))):
        assert not [said for said in also.get("en-US", ()) if han.search(said)]


def clauses(of: library.Library) -> list[Clause]:
    return [clause for text in of.texts.values() for clause in text.clauses]


def test_every_answer_is_asked_in_many_ways_and_so_is_every_clause_that_none_cites() -> None:
    shipped = library.load()
    cited = {(source.text, source.clause) for answer in shipped.answers.values() for source in answer.sources}
    for answer in shipped.answers.values():
        chinese = [*(said["zh-CN"] for said in answer.asked), *answer.also["zh-CN"]]
        english = [*(said["en-US"] for said in answer.asked), *answer.also["en-US"]]
        assert len(chinese) >= 4, answer.id
        assert len(english) >= 3, answer.id
        assert len(set(chinese)) == len(chinese), answer.id
    bare = [
        (text.id, clause.at)
        for text in shipped.texts.values()
        for clause in text.clauses
        if (text.id, clause.at) not in cited and not (clause.also.get("zh-CN") and clause.also.get("en-US"))
    ]
    assert not bare


def test_no_question_of_the_library_is_asked_twice() -> None:
    asked: dict[str, str] = {}
    for answer in library.load().answers.values():
        for words in answer.asked:
            first = asked.setdefault(words["zh-CN"], answer.id)
            assert first == answer.id, (words["zh-CN"], first, answer.id)


@pytest.mark.parametrize(
    ("text", "answers", "said"),
    [
        (("at: 1,", "at: 2,"), ("", ""), "old-rule has no clause 1"),
        (("id: old-rule", "id: other"), ("", ""), "is 'other' in a file of another name"),
        (("until: 2010-12-31", "until: 2000-12-31"), ("", ""), "is before the text came into force"),
        (("until: 2010-12-31", "until: 2003-12-31"), ("", ""), "was not in force on 2005-01-01"),
        (("until: 2010-12-31", "until: 2010-12-31\nreplaced_by: none"), ("", ""), "'none' is no text"),
        (("until: 2010-12-31", "replaced_by: old-rule"), ("", ""), "needs the last day in force"),
        (("kind: rule", "kind: rules"), ("", ""), "'rules' is not possible here"),
        (("declare.vat-small", "declare.vat"), ("", ""), "'declare.vat' is no service"),
        (("", ""), ("clause: 1", "clause: 7"), "old-rule has no clause 7"),
        (("", ""), ("since: 2005-01-01", "since: 2005-01-01\n    more: [nobody]"), "'nobody' is no answer"),
        (("", ""), ("topics: [vat]", "topics: [vat]\n    service: no.such"), "'no.such' is no service"),
        (("", ""), ("format: 1", "format: ["), "mend the YAML there"),
    ],
)
def test_a_mistake_is_told_with_its_place(
    tmp_path: Path, text: tuple[str, str], answers: tuple[str, str], said: str
) -> None:
    _write(
        tmp_path,
        TEXT.replace(*text) if text[0] else TEXT,
        ANSWERS.replace(*answers) if answers[0] else ANSWERS,
    )
    with pytest.raises(ConfigError, match=re.escape(said)):
        library.load(tmp_path, services=["declare.vat-small"])


def test_what_is_in_force_is_told_by_the_day(tmp_path: Path) -> None:
    _write(tmp_path, TEXT, ANSWERS)
    held = library.load(tmp_path)
    text = held.texts["old-rule"]
    assert [text.in_force(day) for day in (text.published, text.effective)] == [False, True]
    assert text.until is not None
    assert held.in_force(text.until) == (text,)
    assert held.in_force(text.until.replace(year=2011)) == ()


def _write(folder: Path, text: str, answers: str) -> None:
    for name, raw in (("texts/old-rule.yaml", text), ("answers/old.yaml", answers)):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(raw, "utf-8")
