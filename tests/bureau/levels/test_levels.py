"""Three centres, one above the other, over HTTP: sums go up as they are, what is published comes down."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import requests

from bureau.analytics.centres import CentreSums
from bureau.analytics.reports import open_analytics
from bureau.analytics.scope import Scope
from bureau.engine.knowledge import editing, showing
from bureau.engine.knowledge.editing import KnowledgeDraft
from bureau.errors import KnowledgeRefused, SuperiorRefused, SuperiorUnreachable
from bureau.levels import sums
from bureau.levels.link import CentreIdentity, SuperiorLink
from bureau.levels.superior import LOOKED_BACK, Superior
from bureau.levels.wire import MOST_DAYS, CentreAt, CentreDay, DayReport, Figures
from bureau.ports.core import Core
from bureau.ports.knowledge import KnowledgeEntry
from bureau.store import tables
from config.settings import CentreSettings
from sync import http_signatures
from sync.crypto import verifier_of
from tests.bureau.analytics.test_use import use, visit
from tests.bureau.levels.conftest import CITY, NAMES, PROVINCE, Level, Levels
from tests.bureau.terminals import Terminal

DAY = date(2026, 10, 12)
WHY = {"zh-CN": "写错了", "en-US": "Wrong"}


def seen(at: Level, *, days: int = 20) -> dict[str, CentreSums]:
    reports = open_analytics(at.centre.database).centres
    scope = Scope(DAY - timedelta(days=days), DAY)
    return {one.centre: one for one in reports.centres(scope, at.centre.clock.now())}


def rate(terminal: Terminal, item: str, level: int) -> None:
    reasons = ["slow"] if level < 3 else []
    terminal.send(terminal.intent("feedback.rate", {"item": item, "level": level, "reasons": reasons}))


@contextmanager
def core(level: Level) -> Iterator[Core]:
    with level.centre.system.write() as work:
        yield work.core


def published(level: Level, **more: Any) -> int:
    wanted = {
        "kind": "notice",
        "title": {"zh-CN": "大厅中午也开", "en-US": "Open at noon"},
        "text": {"zh-CN": "本周中午不休息。", "en-US": "No break at noon this week."},
        "since": DAY,
        "until": DAY + timedelta(days=5),
        **more,
    }
    with core(level) as work:
        number = editing.propose(work, "周审核", KnowledgeDraft.model_validate(wanted)).number
        editing.publish(work, number, "吴批准")
    return number


def came_down(work: Core) -> list[KnowledgeEntry]:
    """What ``published`` published further above."""
    return [one for one in work.knowledge.entries() if one.origin and one.title["zh-CN"] == "大厅中午也开"]


def notices(level: Level) -> list[str]:
    """What terminals show, without what the city itself had published."""
    with core(level) as work:
        titles = [one.title["zh-CN"] for one in showing.edited(work).notices]
    return [title for title in titles if title != "终端可以订阅信息"]


def test_what_a_city_counts_stands_the_same_two_levels_above(levels: Levels) -> None:
    terminal = levels.city.centre.terminal()
    visits = [
        visit(use()),
        visit(use(ended="trouble", at="list"), use()),
        visit(use(), at="2026-10-11T15:00"),
    ]
    levels.city.centre.container.use.take(terminal.name, visits)
    rate(terminal, "a", 5)
    rate(terminal, "b", 1)
    levels.province.centre.container.use.take("P-01", [visit(use(ended="failed"))])
    levels.joined()
    levels.city.above.run_once()
    levels.province.above.run_once()
    with levels.city.centre.database.read() as connection:
        counted = sums.of_days(connection, DAY - LOOKED_BACK, DAY)
    assert counted[DAY].model_dump(exclude={"paid", "paid_fen"}) == {
        "visits": 2, "uses": 3, "done": 2, "trouble": 1, "terminals": 1, "rated": 2, "rated_low": 1,
    }  # fmt: skip
    for level, under, depth in ((levels.province, "", 0), (levels.top, PROVINCE, 1)):
        one = seen(level)[CITY]
        assert (one.under, one.depth, one.last, one.days) == (under, depth, DAY, len(counted))
        assert one.figures == Figures(
            **{name: sum(getattr(day, name) for day in counted.values()) for name in Figures.model_fields}
        )
        assert one.done_share == 3 / 4 and one.satisfied_share == 1 / 2
    own = seen(levels.top)[PROVINCE]
    assert own.depth == 0 and own.figures.visits == own.figures.trouble == own.figures.terminals == 1
    assert seen(levels.province)[CITY].name == NAMES[CITY]


def test_money_that_came_into_the_treasury_is_told_to_the_fen(levels: Levels) -> None:
    with levels.province.centre.database.read() as connection:
        booked = list(connection.execute(tables.booking.select()))
        counted = sums.of_days(connection, date(2000, 1, 1), date(2030, 1, 1))
    assert sum(day.paid_fen for day in counted.values()) == sum(row.amount_fen for row in booked)
    assert sum(day.paid for day in counted.values()) == len(booked)


def test_only_what_has_changed_is_told_again(levels: Levels) -> None:
    terminal = levels.city.centre.terminal()
    levels.joined()
    link = link_of(levels.city)
    levels.city.centre.container.use.take(terminal.name, [visit(use()), visit(use(), at="2026-10-10T10:00")])
    first = levels.city.above.tell(link)
    assert first >= 2
    assert levels.city.above.tell(link) == 0
    levels.city.centre.container.use.take(terminal.name, [visit(use(), at="2026-10-10T11:00")])
    assert levels.city.above.tell(link) == 1
    assert seen(levels.province)[CITY].figures.visits == 3


def link_of(level: Level) -> SuperiorLink:
    """The way up, as the chore makes it."""
    above = level.above
    assert above._settings is not None
    return SuperiorLink(above._settings, above._identity())


def test_more_days_than_one_report_holds_go_up_in_several(
    levels: Levels, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bureau.levels.superior.MOST_DAYS", 2)
    terminal = levels.city.centre.terminal()
    days = [visit(use(), at=f"2026-10-{day:02}T10:00") for day in range(5, 12)]
    levels.city.centre.container.use.take(terminal.name, days)
    levels.joined()
    levels.city.above.run_once()
    assert seen(levels.province)[CITY].figures.visits == 7


def test_a_superior_that_is_away_misses_nothing(levels: Levels) -> None:
    terminal = levels.city.centre.terminal()
    levels.joined()
    away = levels.city.above
    settings, away._settings = away._settings, CentreSettings(url="http://127.0.0.1:9", connect_timeout_s=1)
    levels.city.centre.container.use.take(terminal.name, [visit(use())])
    with pytest.raises(SuperiorUnreachable, match="told again"):
        away.run_once()
    assert CITY not in {centre for centre, one in seen(levels.province).items() if one.days}
    away._settings = settings
    away.run_once()
    assert seen(levels.province)[CITY].figures.visits == 1


def test_a_notice_of_the_top_is_shown_at_the_citys_terminals_until_it_is_withdrawn(levels: Levels) -> None:
    levels.joined()
    number = published(levels.top)
    levels.province.above.run_once()
    levels.city.above.run_once()
    assert notices(levels.city) == ["大厅中午也开"]
    levels.city.above.run_once()
    with core(levels.city) as work:
        (here,) = came_down(work)
        assert (here.state, here.decided_by) == ("published", "superior")
        with pytest.raises(KnowledgeRefused) as refused:
            editing.withdraw(work, here.number, "段丽", WHY)
        assert refused.value.code == "above"
    with core(levels.top) as work:
        editing.withdraw(work, number, "周审核", WHY)
    levels.province.above.run_once()
    levels.city.above.run_once()
    assert notices(levels.city) == []
    with core(levels.city) as work:
        (here,) = came_down(work)
        assert (here.state, here.reason) == ("withdrawn", WHY)


def test_what_was_withdrawn_before_a_centre_joined_never_gets_there(levels: Levels) -> None:
    number = published(levels.top)
    with core(levels.top) as work:
        editing.withdraw(work, number, "周审核", WHY)
    levels.joined()
    levels.province.above.run_once()
    with core(levels.province) as work:
        assert not came_down(work)


def test_another_superior_with_the_same_numbers_is_not_taken_for_the_first(levels: Levels) -> None:
    levels.joined()
    published(levels.province)
    levels.city.above.run_once()
    published(levels.top, title={"zh-CN": "另一条公告", "en-US": "Another"})
    top = levels.province.above._settings
    moved = Superior(
        top, levels.city.centre.database, levels.city.centre.system,
        levels.city.centre.container.keys, levels.city.centre.clock,
    )  # fmt: skip
    moved.join(levels.top.code_for(CITY))
    moved.run_once()
    assert sorted(notices(levels.city)) == sorted(["大厅中午也开", "另一条公告"])
    with core(levels.city) as work:
        (former,) = [one for one in work.knowledge.entries() if one.title["zh-CN"] == "大厅中午也开"]
        editing.withdraw(work, former.number, "段丽", WHY)  # nobody above would any more


# --- who is let in ---------------------------------------------------------------------------------------


def test_a_code_is_good_once_for_one_key_and_may_be_told_again_to_that_one(levels: Levels) -> None:
    code = levels.province.code_for(CITY)
    assert levels.city.above.join(code) == levels.city.above.join(code.lower().replace("-", " "))
    with pytest.raises(SuperiorRefused) as refused:
        levels.top.above.__class__(
            levels.city.above._settings, levels.top.centre.database, levels.top.centre.system,
            levels.top.centre.container.keys, levels.top.centre.clock,
        ).join(code)  # fmt: skip
    assert refused.value.code == "code-used"
    with pytest.raises(SuperiorRefused) as refused:
        levels.city.above.join("2222-2222-2222")
    assert refused.value.code == "code-unknown"
    late = levels.province.centre.container.centres.make_code(CITY, NAMES[CITY], "段丽", -1)[0]
    with pytest.raises(SuperiorRefused) as refused:
        levels.city.above.join(late)
    assert refused.value.code == "code-expired"


def test_a_centre_without_a_superior_says_so(levels: Levels) -> None:
    alone = levels.top.centre
    none = Superior(None, alone.database, alone.system, alone.container.keys, alone.clock)
    none.run_once()
    assert none.standing() is None
    with pytest.raises(SuperiorRefused, match=r"superior\.url"):
        none.join("2222-2222-2222")


def test_a_suspended_centre_tells_nothing_and_gets_nothing_until_it_is_resumed(levels: Levels) -> None:
    levels.joined()
    register = levels.province.centre.container.centres
    register.set_state(CITY, "suspended", "查")
    published(levels.province)
    with pytest.raises(SuperiorRefused) as refused:
        levels.city.above.run_once()
    assert refused.value.code == "centre-suspended" and not notices(levels.city)
    with pytest.raises(SuperiorRefused) as refused:
        levels.city.above.join(levels.province.code_for(CITY))
    assert refused.value.code == "centre-suspended"
    register.set_state(CITY, "active", "")
    levels.city.above.run_once()
    assert notices(levels.city) == ["大厅中午也开"]


def test_a_terminals_key_opens_no_centres_call_and_a_centres_none_of_a_terminal(levels: Levels) -> None:
    levels.joined()
    settings = levels.city.above._settings
    assert settings is not None
    terminal = levels.province.centre.container.terminals  # a register without terminals: the key of a centre
    assert terminal.request_key(f"centre:{CITY}") is None
    assert levels.province.centre.container.centres.request_key(CITY) is None
    identity = levels.city.above._identity()
    request = requests.Request(
        "POST", settings.url + "/v1/use", {"Content-Type": "application/json"}, data=b'{"visits": []}'
    ).prepare()
    http_signatures.sign(request, identity.signer, identity.key_id)
    assert requests.Session().send(request, timeout=10).json()["code"] == "signature-unknown-key"
    assert requests.post(settings.url + "/v1/centres/days", json={"days": []}, timeout=10).status_code == 401


def test_an_answer_that_the_superior_did_not_sign_is_not_believed(levels: Levels) -> None:
    levels.joined()
    identity = levels.city.above._identity()
    forged = CentreIdentity(
        CITY, identity.signer, verifier_of(levels.top.centre.container.keys.signer.public_key)
    )
    settings = levels.city.above._settings
    assert settings is not None
    with pytest.raises(SuperiorUnreachable, match="not the bureau's"):
        SuperiorLink(settings, forged).tell(DayReport(centres=[at(CITY)], days=[]))


# --- what a report may say -------------------------------------------------------------------------------


def at(centre: str, under: str | None = None) -> CentreAt:
    return CentreAt(centre=centre, under=under, name=NAMES[CITY])


def day(centre: str, visits: int = 1, on: date = DAY) -> CentreDay:
    return CentreDay(centre=centre, day=on, figures=Figures(visits=visits))


OTHER, THIRD = "15302000000", "15303000000"


@pytest.mark.parametrize(
    ("centres", "days", "code"),
    [
        ([at(CITY)], [day(CITY), day(CITY, on=DAY + timedelta(days=2))], "day"),
        ([at(CITY)], [day(CITY), day(OTHER)], "under"),
        ([at(CITY, under=OTHER)], [day(CITY)], "place"),
        ([at(OTHER)], [day(OTHER)], "place"),
        ([at(CITY), at(OTHER)], [day(CITY)], "place"),
        ([at(CITY), at(OTHER, under=THIRD)], [day(CITY)], "under"),
        ([at(CITY), at(OTHER, under=THIRD), at(THIRD, under=OTHER)], [day(CITY)], "under"),
        ([at(CITY), at(OTHER, under=CITY), at(OTHER, under=CITY)], [day(CITY)], "under"),
        ([at(CITY), at(PROVINCE, under=CITY)], [day(CITY)], "other"),
    ],
    ids=[
        "a day to come", "a day of nobody", "below another", "of another", "beside itself", "below nobody",
        "a circle", "twice", "ourselves",
    ],
)  # fmt: skip
def test_a_report_that_cannot_be_is_refused_and_nothing_of_it_is_held(
    levels: Levels, centres: list[CentreAt], days: list[CentreDay], code: str
) -> None:
    levels.joined()
    link = link_of(levels.city)
    link.tell(DayReport(centres=[at(CITY)], days=[day(CITY, 7)]))
    with pytest.raises(SuperiorRefused) as refused:
        link.tell(DayReport(centres=centres, days=days))
    assert refused.value.code == f"centre-{code}"
    held = seen(levels.province)
    assert set(held) == {CITY} and held[CITY].figures.visits == 7


def test_one_centre_tells_nothing_of_a_centre_that_another_tells_of(levels: Levels) -> None:
    levels.joined()
    register = levels.province.centre.container.centres
    link_of(levels.city).tell(DayReport(centres=[at(CITY), at(OTHER, under=CITY)], days=[day(OTHER, 5)]))
    register.make_code(THIRD, NAMES[CITY], "段丽", 30)
    second = replace_key(levels, THIRD)
    with pytest.raises(SuperiorRefused) as refused:
        second.tell(DayReport(centres=[at(THIRD), at(OTHER, under=THIRD)], days=[day(OTHER, 900)]))
    assert refused.value.code == "centre-other"
    assert seen(levels.province)[OTHER].figures.visits == 5


def replace_key(levels: Levels, centre: str) -> SuperiorLink:
    """Another centre that has joined the province: the top's program, under that code."""
    settings = levels.city.above._settings
    assert settings is not None
    keys = levels.top.centre.container.keys
    code = levels.province.centre.container.centres.make_code(centre, NAMES[CITY], "段丽", 30)[0]
    top = levels.top.centre
    Superior(settings, top.database, top.system, keys, top.clock).join(code)
    identity = levels.city.above._identity()
    return SuperiorLink(settings, replace(identity, centre=centre, signer=keys.signer))


def test_two_centres_that_join_each_other_hand_no_notice_round_and_round(levels: Levels) -> None:
    levels.joined()
    at_province = levels.city.above._settings
    top = levels.top.centre
    circle = Superior(at_province, top.database, top.system, top.container.keys, top.clock)
    circle.join(levels.province.centre.container.centres.make_code(THIRD, NAMES[CITY], "段丽", 30)[0])
    published(levels.top)
    for _ in range(3):
        for each in (levels.province.above, circle):
            with pytest.raises(SuperiorRefused) as refused:
                each.run_once()
            assert refused.value.code == "centre-other"
    assert notices(levels.top) == ["大厅中午也开"] and not notices(levels.province)


def test_who_was_not_heard_of_for_a_day_stands_out(levels: Levels) -> None:
    levels.joined()
    levels.city.above.run_once()
    reports = open_analytics(levels.province.centre.database).centres
    now = levels.province.centre.clock.now()
    assert not reports.silent(now + timedelta(hours=23))
    (one,) = reports.silent(now + timedelta(hours=25))
    assert one.centre == CITY
    levels.province.centre.container.centres.set_state(CITY, "suspended", "查")
    assert not reports.silent(now + timedelta(hours=25))


def test_a_report_of_a_later_release_is_taken_for_what_is_known_of_it() -> None:
    assert Figures.model_validate({"visits": 3, "moons": 4}) == Figures(visits=3)
    with pytest.raises(ValueError, match="at most"):
        DayReport(centres=[at(CITY)], days=[day(CITY)] * (MOST_DAYS + 1))
