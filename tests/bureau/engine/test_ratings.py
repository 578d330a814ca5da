"""好差评: one a visit; a low one waits for somebody by a day, ends once, and in no share where it was a mistake."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bureau.analytics.ratings import RatingReports
from bureau.analytics.scope import Scope
from bureau.engine.feedback import ratings
from bureau.engine.repaying import cases
from bureau.errors import CaseRefused, FeedbackRefused
from bureau.ports.cases import Ending
from bureau.store import tables
from tests.bureau import stores
from tests.bureau.conftest import Centre
from tests.bureau.queueing import code_of
from tests.bureau.terminals import Terminal, subject

TODAY = Scope(stores.DAY, stores.DAY)


def rate(terminal: Terminal, item: str, level: int, *reasons: str) -> Any:
    return terminal.do("feedback.rate", {"item": item, "level": level, "reasons": list(reasons)})


def waiting(centre: Centre) -> list[ratings.LowRating]:
    with centre.system.read() as work:
        return ratings.listed(work.core, 50)


def follow(
    centre: Centre, number: str, outcome: str = "mended", note: str = "已清理卡纸"
) -> ratings.LowRating:
    with centre.system.write() as work:
        return ratings.follow(work.core, "xu-jing", number, outcome, note)


def test_a_low_rating_waits_for_somebody_by_a_day_and_a_high_one_does_not(
    terminal: Terminal, centre: Centre
) -> None:
    for item, level in (("v-1", 5), ("v-2", 3), ("v-3", 2), ("v-4", 1)):
        assert rate(terminal, item, level, *(["slow", "device"] if level == 1 else [])).refusal is None
    low = waiting(centre)
    assert [(one.level, one.reasons, one.service, one.terminal) for one in low] == [
        (2, (), "pay.due", terminal.name), (1, ("slow", "device"), "pay.due", terminal.name),
    ]  # fmt: skip
    # Monday 12 October: five working days
    assert low[0].follow_by == date(2026, 10, 19)
    assert not low[0].late(date(2026, 10, 19)) and low[0].late(date(2026, 10, 20))
    with centre.system.read() as work:
        latest = [(one.rating.item, one.rating.level, one.rating.case) for one in work.core.ratings.latest(3)]
    assert latest == [("v-4", 1, low[1].case.case), ("v-3", 2, low[0].case.case), ("v-2", 3, None)]


def test_nothing_is_kept_of_who_was_signed_in(terminal: Terminal, centre: Centre) -> None:
    rated = {"item": "v-1", "level": 1, "reasons": []}
    assert terminal.do("feedback.rate", rated, subject("li-xiulan")).refusal is None
    e = tables.effect
    with centre.database.read() as connection:
        (kept,) = connection.execute(select(e).where(e.c.kind == "feedback.rate")).mappings()
    assert "539903198507090241" not in str(dict(kept))


def test_a_visit_is_rated_once(terminal: Terminal, centre: Centre) -> None:
    assert rate(terminal, "v-1", 1).refusal is None
    assert code_of(rate(terminal, "v-1", 5)) == "ratedAlready"
    assert [one.level for one in waiting(centre)] == [1]


def test_it_is_looked_into_once_and_what_was_a_mistake_is_in_no_share(
    terminal: Terminal, centre: Centre
) -> None:
    for item, level in (("v-1", 4), ("v-2", 1), ("v-3", 2)):
        rate(terminal, item, level)
    first, second = (one.case.case for one in waiting(centre))
    followed = follow(centre, first)
    assert (followed.case.outcome, followed.case.closed_by, followed.case.note) == (
        "mended", "xu-jing", "已清理卡纸",
    )  # fmt: skip
    with pytest.raises(FeedbackRefused) as over:
        follow(centre, first, "disregarded")
    assert over.value.code == "over"
    follow(centre, second, "disregarded", "点错了")
    assert waiting(centre) == []
    with centre.system.read() as work:
        assert [one.case.case for one in ratings.listed(work.core, 50, closed=True)][-1] in (first, second)
    (of,) = RatingReports(centre.database).services(TODAY)
    assert (of.count, of.level4, of.level1, of.low, of.followed, of.disregarded) == (2, 1, 1, 1, 1, 1)
    assert of.satisfied_share == 0.5
    assert RatingReports(centre.database).services(Scope(stores.DAY, stores.DAY, hall="H-09")) == []
    before = stores.DAY - timedelta(days=1)
    assert RatingReports(centre.database).services(Scope(before, before)) == []


@pytest.mark.parametrize(
    ("outcome", "note", "code"),
    [
        ("settled", "x", "outcome"),
        ("mended", " ", "words"),
        ("mended", "两\n行", "words"),
        ("mended", "长" * 201, "words"),
    ],
)
def test_a_wrong_word_ends_nothing(
    terminal: Terminal, centre: Centre, outcome: str, note: str, code: str
) -> None:
    rate(terminal, "v-1", 1)
    (low,) = waiting(centre)
    with pytest.raises(FeedbackRefused) as refused:
        follow(centre, low.case.case, outcome, note)
    assert refused.value.code == code
    assert len(waiting(centre)) == 1


def test_a_case_of_another_kind_is_no_low_rating_and_a_low_rating_no_case_of_money(
    terminal: Terminal, centre: Centre
) -> None:
    rate(terminal, "v-1", 1)
    (low,) = waiting(centre)
    with centre.system.write() as work:
        other = work.core.cases.open("paid-twice", "order-1", {})
        for number in (other, "no-number"):
            with pytest.raises(FeedbackRefused) as refused:
                ratings.follow(work.core, "xu-jing", number, "mended", "x")
            assert refused.value.code == "unknown"
        with pytest.raises(CaseRefused, match="bureau feedback follow"):
            cases.close(work.core, low.case.case, Ending("settled", "xu-jing", note="x"))
