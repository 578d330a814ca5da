"""The consultation answers from the library with source and date, leads to services, and says what it does not know."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from config import library
from config.library import limits, words
from config.readings import readings
from kiosk.domain.consult.ask import BEST, ENOUGH, Answered, Consultation, Unsure
from kiosk.domain.consult.documents import documents, wordings
from kiosk.domain.consult.limits import Gate, Why

DAY = date(2026, 11, 29)


@cache
def consultation() -> Consultation:
    return Consultation(library.load(), words.load(), limits.load(), readings())


def ask(question: str, lang: str = "zh-CN", day: date = DAY) -> Answered | Unsure:
    return consultation().ask(question, lang, day)


def sources(said: Answered | Unsure) -> list[tuple[str, int]]:
    assert isinstance(said, Answered), said
    return [(source.text.id, source.clause.at) for found in said.best for source in found.document.sources]


@pytest.mark.parametrize(
    ("question", "lang"),
    [
        ("滞纳金", "zh-CN"),
        ("税交晚了怎么算滞纳金", "zh-CN"),
        ("交税迟了每天加多少", "zh-CN"),
        ("知纳金怎么算", "zh-CN"),  # another character of the same sound
        ("znj", "zh-CN"),
        ("zhinajin", "zh-CN"),
        ("what is the surcharge for paying tax late", "en-US"),
    ],
)
def test_one_thing_is_found_however_it_is_asked(question: str, lang: str) -> None:
    assert ("collection-law", 32) in sources(ask(question, lang))


def test_an_answer_has_its_source_its_day_a_follow_up_and_the_service() -> None:
    said = ask("税交晚了，滞纳金怎么算？")
    assert isinstance(said, Answered)
    best = said.best[0].document
    assert best.answer is not None
    assert best.answer.id == "surcharge-rate"
    assert best.since == date(2001, 5, 1)
    assert said.service == "pay.arrears"
    assert "collection-late-parts" in {answer.id for answer in said.more}
    assert not {answer.id for answer in said.more} & {
        found.document.answer.id for found in said.best if found.document.answer is not None
    }
    assert "万分之五" in said.best[0].snippet
    assert ENOUGH <= said.confidence <= 1
    assert len(said.best) <= BEST


def test_the_sentence_that_is_shown_is_whole_though_a_number_has_a_point() -> None:
    said = ask("rate of the late payment surcharge", "en-US")
    assert isinstance(said, Answered)
    assert said.best[0].document.answer is not None
    assert (
        said.best[0].document.answer.id == "surcharge-rate"
    )  # it is asked in these words; others score more
    assert said.best[0].snippet == "0.05 % of the tax owed for each day, from the first day of delay."


def test_what_is_asked_in_a_wording_of_the_library_is_answered_by_what_it_is_a_wording_of() -> None:
    said = ask("what does one day of late tax cost", "en-US")
    assert isinstance(said, Answered)
    assert said.best[0].document.answer is not None
    assert said.best[0].document.answer.id == "surcharge-rate"  # others score more


def test_what_is_asked_about_an_earlier_day_is_answered_by_the_law_of_then() -> None:
    then, now = (sources(ask("春节大厅放假吗", day=day)) for day in (date(2026, 2, 10), DAY))
    assert "hall-notice-spring-festival-2026" in {text for text, _ in then}
    assert "hall-notice-spring-festival-2026" not in {text for text, _ in now}


def test_every_document_that_is_found_is_right_on_the_day() -> None:
    day = date(2021, 7, 1)
    found = consultation().search.find(consultation().search.understood("小规模免税", "zh-CN"), day, 50)
    assert found
    assert all(one.document.right_on(day) for one in found)


def test_a_clause_that_a_better_answer_cites_is_not_listed_again() -> None:
    found = consultation().search.find(consultation().search.understood("滞纳金", "zh-CN"), DAY, 20)
    told: set[tuple[str, int]] = set()
    for one in found:
        cited = {(source.text.id, source.clause.at) for source in one.document.sources}
        assert not cited <= told
        told |= cited


@pytest.mark.parametrize(
    ("question", "lang", "why", "service"),
    [
        ("帮我查一下我的退税到了没有", "zh-CN", Why.OWN_DATA, "refund.track"),
        ("我欠多少税", "zh-CN", Why.OWN_DATA, "query.due"),
        ("show me my contributions", "en-US", Why.OWN_DATA, "certificate.social-insurance"),
        ("怎么做两套账才不被发现", "zh-CN", Why.EVASION, None),
        ("how can I hide my income", "en-US", Why.EVASION, None),
        ("明年会不会取消个税", "zh-CN", Why.PREDICTION, None),
        ("今天下雨吗", "zh-CN", Why.ELSEWHERE, None),
        ("公积金怎么提取", "zh-CN", Why.ELSEWHERE, None),
        ("深圳的社保最低多少", "zh-CN", Why.ELSEWHERE, None),
        ("qwertyuiop", "zh-CN", Why.UNKNOWN, None),
        ("？？？", "zh-CN", Why.UNKNOWN, None),
        ("", "en-US", Why.UNKNOWN, None),
    ],
)
def test_what_is_not_for_the_library_is_told_apart(
    question: str, lang: str, why: Why, service: str | None
) -> None:
    said = ask(question, lang)
    assert isinstance(said, Unsure), said
    assert (said.beyond.why, said.beyond.service) == (why, service)


@pytest.mark.parametrize("question", ["虚开发票会怎么罚？", "知道有家店偷税，去哪里检举？", "偷税会坐牢吗？"])
def test_a_question_about_evasion_is_no_request_for_it(question: str) -> None:
    assert isinstance(ask(question), Answered)


def test_a_question_of_the_library_is_never_turned_away() -> None:
    assert isinstance(ask("我的申请办到哪一步了"), Answered)
    assert isinstance(ask("我这个申请办到哪一步了"), Unsure)


def test_a_word_of_the_librarys_own_questions_is_answered_by_name() -> None:
    search = consultation().search
    assert search.understood("上班几点", "zh-CN").by_name is False
    assert search.understood("清欠证明", "zh-CN").by_name is True
    assert search.understood("first offence", "en-US").by_name is True


def test_an_answer_is_found_by_wordings_that_are_not_shown() -> None:
    said = ask("应酬费60%")
    assert isinstance(said, Answered)
    answer = said.best[0].document.answer
    assert answer is not None
    assert answer.id == "cit-entertain"
    assert "应酬费60%" in answer.also["zh-CN"]
    assert "应酬费60%" not in {shown["zh-CN"] for shown in answer.asked}


@pytest.mark.parametrize(
    ("question", "refused"),
    [("驾照过期了怎么换", True), ("公积金贷款能抵个税吗？我有贷款", False), ("遗产税要怎么交税", True)],
)
def test_a_tax_on_what_others_do_is_ours_but_a_tax_of_others_is_not(question: str, refused: bool) -> None:
    said = ask(question)
    assert (isinstance(said, Unsure) and said.beyond.why is Why.ELSEWHERE) is refused


def test_few_of_the_librarys_own_wordings_are_beyond_the_limits() -> None:
    """Said a little otherwise, such a question would be turned away."""
    shipped = library.load()
    gate = Gate(limits.load(), shipped)
    said = [
        words
        for document in documents(shipped)
        for lang in ("zh-CN", "en-US")
        for words in wordings(document, lang)
    ]
    asked = said[::5]
    assert len(asked) > 1_000
    assert sum(gate.beyond(words) is not None for words in asked) < 0.01 * len(asked)


def test_a_very_long_question_is_answered_in_time() -> None:
    assert ask("我想问一下发票丢了怎么办" * 200)
