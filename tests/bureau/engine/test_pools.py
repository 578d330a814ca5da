"""Pools of the lottery: two officers publish one, its promise stands, its budget is never overdrawn, its seeds stay sealed."""

from __future__ import annotations

import json
import threading
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from bureau.city import lottery as city
from bureau.engine.lottery import drawing, pools, rounds, writing
from bureau.engine.lottery.costing import cost
from bureau.engine.lottery.drawing import MILLION
from bureau.engine.lottery.pools import FREE_OF_TAX_FEN
from bureau.engine.lottery.standing import Standing, standing
from bureau.errors import DecisionRefused
from bureau.fleet.vault import SealingVault
from bureau.ports.lottery import Pool
from bureau.store import tables
from tests.bureau import stores
from tests.bureau.conftest import Centre
from tests.bureau.engine.test_lottery import claim, code_of, draw, eligible
from tests.bureau.phones import prove
from tests.bureau.terminals import Terminal

FIRST, SECOND = "周审核", "吴批准"
WHY = {"zh-CN": "经费调整", "en-US": "The budget was changed"}
BEGINS, ENDS = stores.DAY + timedelta(days=2), stores.DAY + timedelta(days=20)
"""Tomorrow's round may be bound to the pool of today."""
TOP, LOW = {"fen": 1000, "per_million": 50_000}, {"fen": 500, "per_million": 100_000}
PROPOSAL: dict[str, Any] = {
    "pool": "winter", "title": {"zh-CN": "冬季奖池", "en-US": "Winter pool"}, "first": str(BEGINS),
    "last": str(ENDS), "budget_fen": 100_000, "draws": 500, "prizes": [TOP, LOW],
}  # fmt: skip


def draft(**changed: object) -> pools.PoolDraft:
    return pools.draft(json.dumps({**PROPOSAL, **changed}, default=str))  # every JSON is YAML


def proposed(centre: Centre, officer: str = FIRST, **changed: object) -> Pool:
    with centre.system.write() as work:
        return pools.propose(work.core, officer, draft(**changed))


def published(centre: Centre, officer: str = SECOND) -> Pool:
    with centre.system.write() as work:
        return pools.publish(work.core, "winter", officer)


def closed(centre: Centre, name: str = city.RUNNING, reason: dict[str, str] = WHY) -> Pool:
    with centre.system.write() as work:
        return pools.close(work.core, name, FIRST, reason)


def stands(centre: Centre, name: str) -> Standing:
    with centre.system.read() as work:
        return standing(work.core, name)


def vault(centre: Centre) -> SealingVault:
    return SealingVault(centre.container.keys.sealing)


def opened(centre: Centre, day: date) -> Any:
    with centre.system.write() as work:
        return rounds.opened(work.core, vault(centre), day)


def won(centre: Centre, fen: int, **more: Any) -> None:
    """So much was won of the pool that is drawn for."""
    t = tables.lottery_pool
    with centre.database.write() as connection:
        connection.execute(update(t).where(t.c.pool == city.RUNNING).values(won_fen=fen, **more))


def refused(error: pytest.ExceptionInfo[DecisionRefused]) -> tuple[str, str]:
    return error.value.area, error.value.code


# --- two officers -----------------------------------------------------------------------------------------


def test_it_is_drawn_for_once_another_officer_published_it(terminal: Terminal, centre: Centre) -> None:
    closed(centre)
    assert proposed(centre).state == "proposed"
    with pytest.raises(DecisionRefused) as error:
        published(centre, FIRST)
    assert refused(error) == ("decision", "own")
    assert opened(centre, BEGINS) is None
    assert (published(centre).state, stands(centre, "winter").stage) == ("published", "coming")
    with pytest.raises(DecisionRefused) as error:
        published(centre)
    assert refused(error) == ("decision", "state")
    round_ = opened(centre, BEGINS)
    assert (round_.pool, round_.odds) == ("winter", [[1000, 50_000], [500, 100_000]])
    centre.clock.forward(days=2)
    assert stands(centre, "winter").stage == "running"
    answer = draw(terminal, prove(terminal, centre), eligible(centre))
    assert (answer.state, answer.result["commitment"]) == ("accepted", round_.commitment)
    found = stands(centre, "winter")
    assert found.drawn == 1 and found.pool.won_fen == (answer.result["prize_fen"] or 0)
    centre.clock.forward(days=19)
    assert stands(centre, "winter").stage == "ended"
    assert code_of(draw(terminal, prove(terminal, centre), eligible(centre, 1))) == "lotteryClosed"


def test_of_two_officers_at_once_one_publishes(centre: Centre) -> None:
    closed(centre)
    proposed(centre)
    ended: list[str] = []

    def publish(officer: str) -> None:
        try:
            ended.append(published(centre, officer).decided_by)
        except DecisionRefused as error:
            ended.append(error.code)

    threads = [threading.Thread(target=publish, args=(name,)) for name in (SECOND, "第三人")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "state" in ended and len(set(ended) & {SECOND, "第三人"}) == 1


def test_what_is_refused_is_never_drawn_for(centre: Centre) -> None:
    with centre.system.write() as work:
        done = pools.refuse(work.core, city.WAITING, SECOND, WHY)
    assert (done.state, done.reason) == ("refused", WHY)
    with centre.system.write() as work, pytest.raises(DecisionRefused) as error:
        pools.publish(work.core, city.WAITING, "第三人")
    assert refused(error) == ("decision", "state")


def test_of_two_proposals_for_the_same_days_one_is_published(centre: Centre) -> None:
    closed(centre)
    proposed(centre)
    proposed(centre, pool="other")
    published(centre)
    with centre.system.write() as work, pytest.raises(DecisionRefused) as error:
        pools.publish(work.core, "other", SECOND)
    assert refused(error) == ("pool", "overlap") and error.value.told["name"] == "winter"


# --- what may be proposed ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"budget_fen": 0}, "budget"),
        ({"budget_fen": 999}, "budget"),
        ({"budget_fen": -1}, "draft"),
        ({"budget_fen": 1000.5}, "draft"),
        ({"budget_fen": "100000"}, "draft"),
        ({"budget_fen": 10**13}, "draft"),
        ({"draws": 0}, "draft"),
        ({"draws": True}, "draft"),
        ({"prizes": [TOP, {**LOW, "per_million": 950_001}]}, "odds"),
        ({"prizes": [{**TOP, "per_million": 1_000_001}]}, "draft"),
        ({"prizes": [{**TOP, "per_million": 0}]}, "draft"),
        ({"prizes": [LOW, LOW]}, "largest"),
        ({"prizes": [LOW, TOP]}, "largest"),
        ({"prizes": [{**TOP, "fen": 80_001}]}, "draft"),
        ({"prizes": [{**TOP, "fen": 0}]}, "draft"),
        ({"prizes": []}, "draft"),
        ({"last": BEGINS - timedelta(days=1)}, "order"),
        ({"last": BEGINS + timedelta(days=366)}, "long"),
        ({"pool": "Winter!"}, "draft"),
        ({"pool": "winter\n"}, "draft"),
        ({"title": {"zh-CN": "冬" * 21, "en-US": "Winter"}}, "words"),
        ({"title": {"zh-CN": "冬\n季", "en-US": "Winter"}}, "words"),
        ({"odds": [[1, 1]]}, "draft"),
    ],
    ids=str,
)
def test_a_proposal_that_cannot_be_says_what_to_mend(changed: dict[str, object], code: str) -> None:
    with pytest.raises(DecisionRefused) as error:
        draft(**changed)
    assert error.value.code == code


def test_a_pool_begins_tomorrow_at_the_earliest_and_under_a_name_of_its_own(centre: Centre) -> None:
    closed(centre)
    for changed, code in (
        ({"first": stores.DAY}, "days"),
        ({"first": stores.DAY - timedelta(days=1)}, "days"),
        ({"first": "2028-01-01", "last": "2028-01-02"}, "days"),
        ({"pool": city.RUNNING}, "there"),
    ):
        with pytest.raises(DecisionRefused) as error:
            proposed(centre, **changed)
        assert refused(error) == ("pool", code), changed
    with centre.system.read() as work:
        assert work.core.lottery.pool("winter") is None


def test_a_pool_over_anothers_days_is_not_proposed(centre: Centre) -> None:
    ends = stores.DAY + timedelta(days=city.PLANNED[1].last)
    for first, last in ((ends, ends), (ends - timedelta(days=5), ends + timedelta(days=5)), (BEGINS, ends)):
        with pytest.raises(DecisionRefused) as error:
            proposed(centre, first=first, last=last)
        assert refused(error) == ("pool", "overlap")
    after = ends + timedelta(days=1)
    assert proposed(centre, first=after, last=after).state == "proposed"


def test_what_was_bound_for_tomorrow_stands(centre: Centre) -> None:
    tomorrow = stores.DAY + timedelta(days=1)
    bound = opened(centre, tomorrow)
    assert bound.pool == city.RUNNING
    closed(centre)
    with pytest.raises(DecisionRefused) as error:
        proposed(centre, first=tomorrow)
    assert refused(error) == ("pool", "bound")
    assert opened(centre, tomorrow) == bound


def test_a_proposal_that_waited_too_long_is_not_published(centre: Centre) -> None:
    closed(centre)
    proposed(centre)
    centre.clock.forward(days=2)
    with pytest.raises(DecisionRefused) as error:
        published(centre)
    assert refused(error) == ("pool", "days")


# --- the promise ------------------------------------------------------------------------------------------


def test_closed_early_it_is_drawn_for_until_the_day_is_over(terminal: Terminal, centre: Centre) -> None:
    ahead = opened(centre, stores.DAY + timedelta(days=1))
    before = stands(centre, city.RUNNING).pool
    done = closed(centre)
    assert done.closed_on == stores.DAY
    assert draw(terminal, prove(terminal, centre), eligible(centre)).state == "accepted"
    centre.clock.forward(days=1)
    assert stands(centre, city.RUNNING).stage == "closed"
    assert code_of(draw(terminal, prove(terminal, centre), eligible(centre, 1))) == "lotteryClosed"
    after = stands(centre, city.RUNNING).pool
    assert (after.odds, after.budget_fen, after.first, after.last, after.title) == (
        before.odds, before.budget_fen, before.first, before.last, before.title,
    )  # fmt: skip
    assert claim(terminal).state == "accepted"  # what was won before is still to be had
    centre.clock.forward(days=1)
    with centre.system.write() as work:
        rounds.publish_due(work.core, vault(centre))
        found = work.core.lottery.round(ahead.day)
    assert found is not None and rounds.agrees(found) is True, (
        "what was committed is shown, though nobody drew"
    )


def test_one_that_has_not_begun_is_taken_back_and_frees_its_days(centre: Centre) -> None:
    closed(centre)
    proposed(centre)
    published(centre)
    closed(centre, "winter")
    assert opened(centre, BEGINS) is None
    assert proposed(centre, pool="again").state == "proposed"


def test_on_its_last_day_it_ends_by_itself(centre: Centre) -> None:
    centre.clock.forward(days=city.PLANNED[1].last)
    with pytest.raises(DecisionRefused) as error:
        closed(centre)
    assert refused(error) == ("pool", "ended")
    with pytest.raises(DecisionRefused) as error:
        closed(centre, city.WAITING)
    assert refused(error) == ("decision", "state")


def test_a_round_from_before_there_were_pools_is_drawn_out(terminal: Terminal, centre: Centre) -> None:
    opened(centre, stores.DAY)
    t = tables.lottery_round
    with centre.database.write() as connection:
        connection.execute(update(t).where(t.c.day == stores.DAY).values(pool=None))
    closed(centre)
    assert draw(terminal, prove(terminal, centre), eligible(centre)).state == "accepted"


# --- the budget -------------------------------------------------------------------------------------------


def test_the_last_prize_that_the_budget_covers_is_drawn_for_and_no_other(
    terminal: Terminal, centre: Centre
) -> None:
    budget, phone = city.PLANNED[1].budget_fen, prove(terminal, centre)
    won(centre, budget - FREE_OF_TAX_FEN + 1)
    assert code_of(draw(terminal, phone, eligible(centre))) == "lotterySpent"
    assert stands(centre, city.RUNNING).stage == "spent"
    won(centre, budget - FREE_OF_TAX_FEN)
    assert draw(terminal, phone, eligible(centre)).state == "accepted"
    with centre.system.read() as work:
        assert work.core.lottery.of_invoice(eligible(centre).number) is not None


def test_of_two_draws_at_once_for_the_last_prize_one_has_it(terminal: Terminal, centre: Centre) -> None:
    won(centre, 0, budget_fen=799, odds=[[400, MILLION]])  # one prize, and not quite another
    phone, who = prove(terminal, centre), {"person": None, "taxpayer": None, "role": None}
    records = [
        terminal.intent(
            "lottery.draw",
            {
                "number": one.number,
                "issued": one.issued_on.isoformat(),
                "amount_fen": one.net_fen + one.tax_fen,
            },
            {**who, "phone": phone},
            service="lottery.draw",
        )
        for one in (eligible(centre), eligible(centre, 1))
    ]
    told: list[str] = []

    def send(record: Any) -> None:
        answer = terminal.send(record)
        told.append(answer.refusal.code if answer.refusal is not None else answer.state.value)

    threads = [threading.Thread(target=send, args=(record,)) for record in records]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["accepted", "lotterySpent"]
    assert stands(centre, city.RUNNING).pool.won_fen == 400


def test_what_was_won_is_counted_as_the_tickets_have_it(centre: Centre) -> None:
    for name in (city.PLANNED[0].name, city.RUNNING):
        found = stands(centre, name)
        assert found.drawn > sum(one.won for one in found.grades) > 0
        assert found.pool.won_fen == sum(one.won * one.prize_fen for one in found.grades)
        assert all(one.won == one.claimed + one.open + one.lapsed for one in found.grades)
        t, r = tables.lottery_ticket, tables.lottery_round
        with centre.database.read() as connection:
            rows = connection.execute(select(t).join(r, r.c.day == t.c.day).where(r.c.pool == name)).all()
        assert len(rows) == found.drawn
        for row in rows:
            one = next(each for each in found.rounds if each.day == row.day)
            assert one.seed is not None
            assert row.drawn == drawing.number(bytes.fromhex(one.seed), row.invoice, row.key)
            assert row.prize_fen == drawing.prize(one.odds, row.drawn)
    before = stands(centre, city.RUNNING).grades
    assert sum(one.open for one in before) > 0 == sum(one.lapsed for one in before)
    centre.clock.forward(days=100)
    after = stands(centre, city.RUNNING).grades
    assert [one.lapsed for one in after] == [one.open for one in before] and not sum(
        one.open for one in after
    )


# --- the seeds --------------------------------------------------------------------------------------------


def test_no_seed_is_told_before_its_day_is_over(terminal: Terminal, centre: Centre) -> None:
    draw(terminal, prove(terminal, centre), eligible(centre))
    opened(centre, stores.DAY + timedelta(days=1))
    sealed = [one for one in stands(centre, city.RUNNING).rounds if one.seed is None]
    assert [one.day for one in sealed] == [stores.DAY, stores.DAY + timedelta(days=1)]
    assert not stands(centre, city.RUNNING).due
    with centre.system.write() as work, pytest.raises(DecisionRefused) as error:
        rounds.publish_due(work.core, vault(centre))
    assert refused(error) == ("pool", "sealed")
    centre.clock.forward(days=1)
    assert [one.day for one in stands(centre, city.RUNNING).due] == [stores.DAY]
    with centre.system.write() as work:
        assert rounds.publish_due(work.core, vault(centre)) == 1
    told = {one.day: rounds.agrees(one) for one in stands(centre, city.RUNNING).rounds}
    assert (told[stores.DAY], told[stores.DAY + timedelta(days=1)]) == (True, None)
    assert set(told.values()) == {True, None}


def test_a_seed_that_does_not_open_is_told_and_nothing_is_published(centre: Centre) -> None:
    for days in (0, 1):
        opened(centre, stores.DAY + timedelta(days=days))
    t = tables.lottery_round
    with centre.database.write() as connection:
        swapped = vault(centre).seal("another day's", bytes(32))
        connection.execute(update(t).where(t.c.day == stores.DAY + timedelta(days=1)).values(sealed=swapped))
    centre.clock.forward(days=2)
    with pytest.raises(DecisionRefused) as error, centre.system.write() as work:
        rounds.publish_due(work.core, vault(centre))
    assert refused(error) == ("pool", "seal")
    assert len(stands(centre, city.RUNNING).due) == 2


# --- what it costs ----------------------------------------------------------------------------------------


def test_what_is_expected_is_worked_out_exactly() -> None:
    worked = cost(city.ODDS, 30_000, 6_000_000)
    assert (worked.expected_fen, worked.concern) == (4_680_000, None)
    assert list(worked.winners) == [6, 90, 750, 3600]
    # variance of one draw 800²·0.0002 + 100²·0.003 + 20²·0.025 + 5²·0.12 - 1.56² yuan²; of 30,000 a deviation of 2,248.77
    assert 2 * 224_877 <= worked.high_fen - worked.expected_fen <= 2 * 224_879
    assert worked.lasts == 37_949


@pytest.mark.parametrize(
    ("budget_fen", "concern"),
    [(4_000_000, "above"), (4_759_999, "above"), (4_760_000, "near"), (5_209_755, "near"), (5_209_756, None),
     (9_360_000, None), (9_360_001, "idle")],
)  # fmt: skip
def test_a_budget_that_does_not_fit_the_odds_is_told(budget_fen: int, concern: str | None) -> None:
    """The largest prize is never spent: below it nobody draws any more."""
    assert cost(city.ODDS, 30_000, budget_fen).concern == concern


@given(
    odds=st.lists(
        st.tuples(st.integers(1, FREE_OF_TAX_FEN), st.integers(1, 100_000)), min_size=1, max_size=8
    ),
    draws=st.integers(1, 10**9),
    budget=st.integers(0, 10**10),
)
def test_no_cost_is_below_what_is_expected(odds: list[tuple[int, int]], draws: int, budget: int) -> None:
    worked = cost(odds, draws, budget)
    exact = sum(Fraction(fen * share * draws, MILLION) for fen, share in odds)
    assert exact <= worked.expected_fen < exact + 1 and worked.high_fen > worked.expected_fen
    assert (worked.concern == "above") == (exact > max(0, budget - max(fen for fen, _ in odds)))


def test_prizes_are_read_as_they_are_written() -> None:
    written = "  800 | 200\n\n100.5｜3000\n0.01|1000000 "
    assert [(one.fen, one.per_million) for one in writing.prizes(written)] == [
        (80_000, 200), (10_050, 3_000), (1, 1_000_000),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "count"),
        ("\n".join(["1 | 1"] * 9), "count"),
        ("800", "line"),
        ("800 | 0.2", "line"),
        ("8e2 | 2", "line"),
        ("-5 | 2", "line"),
        ("5.001 | 2", "line"),
        ("８００ | 2", "line"),
        ("<b>5</b> | 2", "line"),
        ("800.01 | 2", "amount"),
        ("0 | 2", "amount"),
        ("0.00 | 2", "amount"),
        ("5 | 0", "share"),
        ("5 | 1000001", "share"),
    ],
)
def test_a_line_that_is_no_prize_is_named(written: str, code: str) -> None:
    with pytest.raises(DecisionRefused) as error:
        writing.prizes(written)
    assert refused(error) == ("pool", code)
