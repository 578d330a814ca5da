"""Pools of the invoice lottery (奖池): one officer proposes one, another publishes or refuses it, either may close it.

House practice, as for all that everybody sees at a terminal. What a pool promises (days, budget, prizes, odds) is never
changed once it is entered; the odds are bound to each round besides (``drawing``). Whoever wins gets the whole prize: a
pool ends, before its last day where it must, as soon as what is left of its budget no longer covers its largest prize.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated, Final

from pydantic import Field, StringConstraints

from bureau.engine import proposals, refusals
from bureau.engine.lottery.drawing import MILLION, Odds
from bureau.engine.lottery.rules import rules
from bureau.engine.proposals import Draft
from bureau.engine.subjects import today
from bureau.errors import PoolRefused
from bureau.ports.core import Core
from bureau.ports.lottery import Pool, Round
from kiosk.domain.ids import Fen
from sync.models import Texts

NAME: Final = r"[a-z0-9][a-z0-9-]{1,39}"
LONGEST: Final = {"title": 20, "reason": 60}
"""Characters of Chinese; other languages have three times as many."""
LONGEST_DAYS: Final = 366
"""So long a pool may run, and so far ahead it may begin."""
MOST_PRIZES: Final = 8
MOST_BUDGET_FEN: Final = 100_000_000_00
"""A hundred million yuan: above it somebody has mistaken fen for yuan."""
MOST_DRAWS: Final = 999_999_999
FREE_OF_TAX_FEN: Final = Fen(80_000)
"""个人取得单张有奖发票奖金所得不超过800元的，暂免征收个人所得税 (财税〔2007〕34号)."""
Strict = Field(strict=True)


class PrizeDraft(Draft):
    """So much, in so many of a million draws."""

    fen: Annotated[int, Strict, Field(gt=0, le=FREE_OF_TAX_FEN)]
    per_million: Annotated[int, Strict, Field(gt=0, le=MILLION)]


class PoolDraft(Draft):
    """What an officer proposes; ``draws``: how many are expected from the first day to the last."""

    pool: Annotated[str, StringConstraints(pattern=rf"^{NAME}$")]
    title: Texts
    first: date
    last: date
    budget_fen: Annotated[int, Strict, Field(ge=0, le=MOST_BUDGET_FEN)]
    draws: Annotated[int, Strict, Field(gt=0, le=MOST_DRAWS)]
    prizes: Annotated[list[PrizeDraft], Field(min_length=1, max_length=MOST_PRIZES)]

    @property
    def odds(self) -> list[list[int]]:
        """Prize in fen and draws of a million, as they are published and bound to each round."""
        return [[prize.fen, prize.per_million] for prize in self.prizes]


def draft(raw: str) -> PoolDraft:
    """The proposal in a file; raises ``DecisionRefused`` with what has to be mended."""
    return checked(proposals.of_yaml(PoolDraft, raw))


def checked(made: PoolDraft) -> PoolDraft:
    """The proposal, if it hangs together by itself; raises ``DecisionRefused``."""
    proposals.said("title", made.title, LONGEST["title"])
    if made.last < made.first:
        raise PoolRefused("order", "last: give a day that is not before first")
    if (made.last - made.first).days >= LONGEST_DAYS:
        raise PoolRefused("long", f"last: a pool runs for {LONGEST_DAYS} days at most", days=LONGEST_DAYS)
    if sum(prize.per_million for prize in made.prizes) > MILLION:
        raise PoolRefused("odds", "prizes: the odds add up to more than a million draws of a million")
    amounts = [prize.fen for prize in made.prizes]
    if amounts != sorted(set(amounts), reverse=True):
        raise PoolRefused("largest", "prizes: name each amount once, the largest first")
    if made.budget_fen < amounts[0]:
        raise PoolRefused("budget", "budget_fen: it has to cover the largest prize at least")
    return made


def propose(core: Core, officer: str, wanted: PoolDraft) -> Pool:
    """Enter a pool that was not there; raises ``DecisionRefused``."""
    core.lottery.lock()
    if core.lottery.pool(wanted.pool) is not None:
        raise PoolRefused(
            "there",
            f"there is a pool {wanted.pool} already; give this one a name of its own",
            name=wanted.pool,
        )
    pool = Pool(
        pool=wanted.pool,
        title=wanted.title,
        first=wanted.first,
        last=wanted.last,
        budget_fen=wanted.budget_fen,
        draws=wanted.draws,
        odds=wanted.odds,
        state="proposed",
        proposed_by=officer,
        proposed_at=core.now,
    )
    _may_run(core, pool)
    core.lottery.add_pool(pool)
    return pool


def publish(core: Core, name: str, officer: str) -> Pool:
    """Have it drawn for from its first day to its last; raises ``DecisionRefused``, also for who proposed it."""
    pool = _another(core, name, officer)
    _may_run(core, pool)
    return _changed(core, replace(pool, state="published", decided_by=officer, decided_at=core.now))


def refuse(core: Core, name: str, officer: str, reason: Texts) -> Pool:
    """Do not publish it; raises ``DecisionRefused``, also for who proposed it."""
    pool = _another(core, name, officer)
    proposals.said("reason", reason, LONGEST["reason"])
    return _changed(
        core, replace(pool, state="refused", decided_by=officer, decided_at=core.now, reason=reason)
    )


def close(core: Core, name: str, officer: str, reason: Texts) -> Pool:
    """End it with this day; one that has not begun never does. What was won is paid all the same.

    The round of this day was published and is drawn out: a promise of today is kept today. Raises ``DecisionRefused``.
    """
    pool, day = proposals.held(core.lottery, lambda: there(core, name), name, "published"), today(core)
    if pool.last <= day:
        raise PoolRefused("ended", f"{name} ends on {pool.last} by itself")
    proposals.said("reason", reason, LONGEST["reason"])
    return _changed(
        core,
        replace(pool, state="closed", closed_by=officer, closed_at=core.now, closed_on=day, reason=reason),
    )


def there(core: Core, name: str) -> Pool:
    """The pool of this name; raises ``PoolRefused``."""
    pool = core.lottery.pool(name)
    if pool is None:
        raise PoolRefused("unknown", f"there is no pool {name!r}; see: bureau lottery pools --all")
    return pool


# --- which pool, and whether there is something left in it ------------------------------------------------


def last_day(pool: Pool) -> date:
    """The last day on which it is drawn for; before its first where it was closed before that."""
    return min(pool.last, pool.closed_on) if pool.closed_on is not None else pool.last


def runs(pool: Pool, day: date) -> bool:
    """Whether it is drawn for on that day."""
    return pool.state in ("published", "closed") and pool.first <= day <= last_day(pool)


def at(core: Core, day: date) -> Pool | None:
    """The pool that is drawn for on that day: there is one at most."""
    return next((pool for pool in core.lottery.pools() if runs(pool, day)), None)


def left_fen(pool: Pool) -> int:
    """What of the budget nobody has won. What was never claimed does not come back to it."""
    return pool.budget_fen - pool.won_fen


def spent(pool: Pool) -> bool:
    """Whether what is left no longer covers the largest prize, so that nobody may draw."""
    return left_fen(pool) < largest(pool.odds)


def largest(odds: Odds) -> int:
    """The largest prize in fen."""
    return max(fen for fen, _ in odds)


def drawable(core: Core, one: Round, *, lock: bool = False) -> None:
    """Raises ``Refused`` unless this round is still drawn in; with ``lock`` that holds for the transaction."""
    pool = core.lottery.pool(one.pool, lock=lock) if one.pool is not None else None
    if pool is None:  # a round from before there were pools: what it promised stands
        return
    if not runs(pool, one.day):
        raise refusals.refuse("lotteryClosed")
    if spent(pool):
        raise refusals.refuse("lotterySpent")


# --- within ---------------------------------------------------------------------------------------------


def _may_run(core: Core, pool: Pool) -> None:
    """Raises ``PoolRefused`` where its days are over, too far ahead, another's, or bound to other odds already."""
    tomorrow = today(core) + timedelta(days=1)
    if not 0 <= (pool.first - tomorrow).days < LONGEST_DAYS:
        raise PoolRefused(
            "days",
            f"first: give a day from tomorrow on, within the next {LONGEST_DAYS}: a round is bound a day ahead",
            days=LONGEST_DAYS,
        )
    if rules().at(pool.first) is None:
        raise PoolRefused("rules", f"first: no rules of the lottery are in force on {pool.first}")
    for other in core.lottery.pools():
        published = other.state in ("published", "closed")
        if published and other.pool != pool.pool and _meet(pool, other):
            raise PoolRefused(
                "overlap",
                f"first, last: {other.pool} is drawn for until {last_day(other)}, and one pool at a time is",
                name=other.pool,
                until=last_day(other),
            )
    # no round is bound earlier than the day before
    if pool.first == tomorrow and core.lottery.round(tomorrow) is not None:
        raise PoolRefused(
            "bound", f"first: the round of {tomorrow} is bound to other odds already", day=tomorrow
        )


def _meet(one: Pool, other: Pool) -> bool:
    """Whether there is a day on which both would be drawn for."""
    return max(one.first, other.first) <= min(last_day(one), last_day(other))


def _another(core: Core, name: str, officer: str) -> Pool:
    """One that is proposed, in the hands of another officer."""
    pool = proposals.held(core.lottery, lambda: there(core, name), name, "proposed")
    proposals.by_another(officer, pool.proposed_by)
    return pool


def _changed(core: Core, pool: Pool) -> Pool:
    core.lottery.change_pool(pool)
    return pool
