"""Notices and answers of officers: two have their say, and terminals get what stands, signed, with its days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from bureau.engine.knowledge import editing, showing
from bureau.engine.knowledge.editing import KnowledgeDraft
from bureau.engine.laws import laws
from bureau.errors import DecisionRefused
from bureau.ports.knowledge import KnowledgeEntry
from sync.models import LibrarySource
from tests.bureau.conftest import Centre
from tests.bureau.terminals import Terminal
from tests.shipped import CATALOGUE

FIRST, SECOND = "周审核", "吴批准"
TODAY = date(2026, 10, 12)
WORDS = {"zh-CN": "大厅中午也开", "en-US": "The hall is open at noon"}
WHY = {"zh-CN": "写错了", "en-US": "It was wrong"}
NOTICE = """
kind: notice
title: {zh-CN: 大厅中午也开, en-US: The hall is open at noon}
text: {zh-CN: 中午照常办理, en-US: It serves at noon as well}
since: 2026-10-13
until: 2026-10-20
"""
ANSWER = """
kind: answer
name: pay-doubt
title: {zh-CN: 要再付吗？, en-US: Pay again?}
text: {zh-CN: 先不要再付, en-US: Do not pay again}
sources: [{text: pay-guide, clause: 2}]
service: query.payments
since: 2026-10-14
"""


def drafted(raw: str, **changed: Any) -> KnowledgeDraft:
    made = editing.draft(raw, laws(), CATALOGUE.keys())
    return editing.checked(made.model_copy(update=changed), laws(), CATALOGUE.keys())


def proposed(centre: Centre, raw: str = NOTICE, **changed: Any) -> KnowledgeEntry:
    with centre.system.write() as work:
        return editing.propose(work.core, FIRST, drafted(raw, **changed))


def published(centre: Centre, raw: str = NOTICE, **changed: Any) -> KnowledgeEntry:
    number = proposed(centre, raw, **changed).number
    with centre.system.write() as work:
        return editing.publish(work.core, number, SECOND)


def fetched(terminal: Terminal) -> dict[str, Any]:
    return terminal.data("library.edited", None, {}, "consult.ask")


def numbers(terminal: Terminal, kind: str = "notices") -> set[int]:
    return {one["number"] for one in fetched(terminal)[kind]}


@pytest.fixture(autouse=True)
def _nothing_else_waits(centre: Centre) -> None:
    """What the city's officers have left is refused."""
    with centre.system.write() as work:
        for one in work.core.knowledge.entries():
            if one.state == "proposed":
                editing.refuse(work.core, one.number, SECOND, WHY)


def test_terminals_get_what_another_officer_published_until_its_last_day(
    terminal: Terminal, centre: Centre
) -> None:
    number, before = proposed(centre).number, fetched(terminal)["version"]
    assert number not in numbers(terminal)
    with centre.system.write() as work:
        with pytest.raises(DecisionRefused, match="another officer"):
            editing.publish(work.core, number, FIRST)
        editing.publish(work.core, number, SECOND)
    (told,) = [one for one in fetched(terminal)["notices"] if one["number"] == number]
    assert (told["since"], told["until"], told["published"]) == ("2026-10-13", "2026-10-20", "2026-10-12")
    assert told["issuer"]["zh-CN"] == "云川市税务局" and fetched(terminal)["version"] != before
    assert fetched(terminal)["version"] == fetched(terminal)["version"], "the same says the same"
    with centre.system.read() as work:
        assert number not in [one.number for one, _ in showing.standing(work.core)], "it has not begun"
    centre.clock.at += timedelta(days=8)
    assert number in numbers(terminal)
    centre.clock.at += timedelta(days=1)
    assert number not in numbers(terminal)


def test_the_centre_signs_it_for_thirty_days(terminal: Terminal) -> None:
    keep = terminal.ask("library.edited", None, {}, "consult.ask").keep
    assert keep is not None and keep.until - keep.as_of == timedelta(days=30)
    other = terminal.ask("notices.cases", None, {}, "notices.cases").keep
    assert other is not None and other.until - other.as_of == timedelta(days=1)


def test_what_is_refused_or_withdrawn_is_shown_by_none(terminal: Terminal, centre: Centre) -> None:
    number = published(centre).number
    refused = proposed(centre).number
    with centre.system.write() as work:
        editing.refuse(work.core, refused, SECOND, WHY)
        with pytest.raises(DecisionRefused, match="must be proposed"):
            editing.publish(work.core, refused, SECOND)
        done = editing.withdraw(work.core, number, FIRST, WHY)
        assert (done.withdrawn_by, done.reason) == (FIRST, WHY)
        with pytest.raises(DecisionRefused, match="must be published"):
            editing.withdraw(work.core, number, FIRST, WHY)
        with pytest.raises(DecisionRefused, match="no entry"):
            editing.there(work.core, 999)
    assert not {number, refused} & numbers(terminal)


def test_what_ended_is_neither_published_nor_withdrawn(centre: Centre) -> None:
    late, stands = proposed(centre).number, published(centre).number
    centre.clock.at += timedelta(days=9)
    with centre.system.write() as work:
        with pytest.raises(DecisionRefused, match="was to end"):
            editing.publish(work.core, late, SECOND)
        with pytest.raises(DecisionRefused, match="by itself"):
            editing.withdraw(work.core, stands, FIRST, WHY)


def test_the_answer_of_today_is_the_version_that_began_last(terminal: Terminal, centre: Centre) -> None:
    def today() -> KnowledgeEntry:
        with centre.system.read() as work:
            found = showing.answered(work.core, "pay-doubt", laws())
        assert found is not None
        return found

    shipped = today()
    assert shipped.number == showing.SHIPPED and shipped.service == "query.payments"
    number = published(centre, ANSWER).number
    assert number in numbers(terminal, "answers") and today() == shipped
    centre.clock.at += timedelta(days=2)
    assert today().number == number
    with centre.system.write() as work:
        editing.withdraw(work.core, number, SECOND, WHY)
    assert today() == shipped
    with centre.system.read() as work:
        assert showing.answered(work.core, "nothing-such", laws()) is None


def test_one_version_of_an_answer_waits_at_a_time(centre: Centre) -> None:
    proposed(centre, ANSWER)
    with pytest.raises(DecisionRefused, match="waits to be decided"):
        proposed(centre, ANSWER)
    proposed(centre), proposed(centre)


@pytest.mark.parametrize(
    ("raw", "changed", "told"),
    [
        (NOTICE, {"until": None}, "to which day"),
        (NOTICE, {"until": TODAY}, "not before since"),
        (NOTICE, {"until": date(2027, 12, 1)}, "at most"),
        (NOTICE, {"name": "pay-doubt"}, "has no name"),
        (NOTICE, {"title": {"zh-CN": "长" * 25, "en-US": "Long"}}, "at most 24"),
        (NOTICE, {"text": {"zh-CN": "只有", "en-US": ""}}, "say it in en-US"),
        (ANSWER, {"name": None}, "name:"),
        (ANSWER, {"service": "pay.everything"}, "none of the catalogue"),
        (ANSWER, {"sources": []}, "one to 4 clauses"),
        (ANSWER, {"sources": [LibrarySource(text="pay-guide", clause=2)] * 5}, "one to 4 clauses"),
        (ANSWER, {"sources": [LibrarySource(text="pay-guide", clause=99)]}, "no clause 99"),
        (ANSWER, {"since": date(2001, 1, 1)}, "not in force"),
        (ANSWER, {"also": {"zh-CN": ["长" * 81]}}, "to 80 characters"),
        (ANSWER, {"also": {"fr": ["payer"]}}, "ways at most"),
    ],
)
def test_what_does_not_fit_or_names_nothing_is_refused(raw: str, changed: dict[str, Any], told: str) -> None:
    with pytest.raises(DecisionRefused, match=told):
        drafted(raw, **changed)


@pytest.mark.parametrize("days", [-1, 400])
def test_it_begins_from_today_on_and_within_a_year(centre: Centre, days: int) -> None:
    since = TODAY + timedelta(days)
    with pytest.raises(DecisionRefused, match="from today on"):
        proposed(centre, since=since, until=since + timedelta(3))


def test_sources_are_written_by_title_number_or_name() -> None:
    library = laws()
    source = LibrarySource(text="collection-law", clause=32)
    for line in (
        "《中华人民共和国税收征收管理法》 32",
        "collection-law 32",
        editing.source_line(source, library),
    ):
        assert editing.sources(f"\n{line}\n", library) == [source]
    twice = "关于实施小微企业普惠性税收减免政策的通知 1"
    with pytest.raises(DecisionRefused, match="line 2: several"):
        editing.sources(f"collection-law 32\n{twice}", library)
    for wrong in ("32", "collection-law", "collection-law 0", "collection-law 三十二", "没有这部法 3"):
        with pytest.raises(DecisionRefused, match="line 1: no text"):
            editing.sources(wrong, library)
    for name, text in library.texts.items():
        line = editing.source_line(LibrarySource(text=name, clause=1), library)
        assert editing.sources(line, library)[0].text == text.id


def test_each_answer_of_the_release_can_be_put_forward_as_the_form_has_it() -> None:
    library, refused = laws(), set[str]()
    for entry in showing.shipped(library):
        cited = "\n".join(editing.source_line(source, library) for source in entry.sources)
        draft = KnowledgeDraft(
            kind="answer",
            name=entry.name,
            title=entry.title,
            text=entry.text,
            also={lang: list(said) for lang, said in entry.also.items()},
            sources=editing.sources(cited, library),
            service=entry.service,
            since=TODAY,
        )
        try:
            editing.checked(draft, library, CATALOGUE.keys())
        except DecisionRefused as error:
            assert "not in force" in str(error), entry.name
            refused.add(entry.name)
    history = {
        entry.name
        for entry in showing.shipped(library)
        if not all(library.texts[source.text].in_force(TODAY) for source in entry.sources)
    }
    assert refused == history, "what is said of an earlier year has a source of that year"


def test_a_notice_of_an_earlier_release_is_still_told(centre: Centre) -> None:
    with centre.system.read() as work:
        assert any(one.text["zh-CN"].startswith("自助终端新增") for one, _ in showing.standing(work.core))
