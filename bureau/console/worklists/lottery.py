"""有奖发票奖池: pools that one officer proposes and another publishes, what became of their prizes, and their seeds.

What a pool will cost is worked out before it is proposed. A seed stands here once its day is over and never before: the
page is drawn of what everybody may see of a round.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Final

from markupsafe import Markup

from bureau.console.desk import Desk
from bureau.console.html import Tone, badge, facts, lines, link, table
from bureau.console.worklists.pattern import LISTED, Deed, Input, Sheet, Values, Worklist, both, in_both
from bureau.engine import proposals
from bureau.engine.lottery import pools, rounds, writing
from bureau.engine.lottery.costing import Concern, Cost, cost
from bureau.engine.lottery.pools import LONGEST, MOST_BUDGET_FEN, MOST_DRAWS, NAME, PoolDraft
from bureau.engine.lottery.standing import Grade, Stage, Standing, stage, standing
from bureau.engine.subjects import today
from bureau.officers.roles import Act
from bureau.ports.lottery import Pool, Round
from bureau.ports.system import Work
from kiosk.domain.ids import Fen
from kiosk.domain.money import format_yuan

TABS: Final[Mapping[str, tuple[Stage, ...]]] = {
    "waiting": ("proposed",),
    "running": ("running", "spent", "coming"),
    "past": ("ended", "closed", "refused"),
}
TONES: Final[Mapping[Stage, Tone]] = {"proposed": "warn", "running": "good", "spent": "bad"}
CONCERNS: Final[Mapping[Concern, Tone]] = {"above": "bad", "near": "warn", "idle": "warn"}
LATEST: Final = 5
"""So many rounds stand on the page, and those beside whose seed is due; all are public, day by day."""


@dataclass(frozen=True, slots=True)
class Row:
    """A pool in the list."""

    pool: Pool
    stage: Stage


def _yuan(fen: int) -> str:
    return format_yuan(Fen(fen))


# --- the list ---------------------------------------------------------------------------------------------


def _rows(_desk: Desk, work: Work, tab: str) -> Sequence[Row]:
    day = today(work.core)
    rows = [Row(one, stage(one, day)) for one in work.core.lottery.pools()]
    found = [row for row in rows if row.stage in TABS[tab]]
    return (found[::-1] if tab == "past" else found)[:LISTED]


def _cells(desk: Desk, row: Row) -> Sequence[object]:
    pool = row.pool
    return (
        link(pool.pool, f"/lottery/{pool.pool}"),
        desk.told(pool.title),
        _days(desk, pool),
        _yuan(pool.budget_fen),
        _yuan(pool.won_fen),
        _badge(desk, row.stage),
    )


def _days(desk: Desk, pool: Pool) -> str:
    return desk.say("lottery.from-to", first=desk.day(pool.first), last=desk.day(pool.last))


def _badge(desk: Desk, where: Stage) -> Markup:
    return badge(desk.say(f"lottery.is-{where}"), TONES.get(where, "plain"))


def _mark(work: Work) -> Hashable:
    day = today(work.core)
    return tuple((one.pool, stage(one, day), one.won_fen) for one in work.core.lottery.pools())


def _waits(_desk: Desk, work: Work) -> tuple[int, int]:
    """Those that nobody decided; late is what can no longer begin on its day."""
    waiting = [one for one in work.core.lottery.pools() if one.state == "proposed"]
    return len(waiting), sum(one.first <= today(work.core) for one in waiting)


# --- one pool ---------------------------------------------------------------------------------------------


def _opened(_desk: Desk, work: Work, _officer: str, number: str) -> Standing:
    return standing(work.core, number)


def _sheet(desk: Desk, one: Standing) -> Sheet:
    pool = one.pool
    sections = [
        (desk.say("lottery.pool"), facts(_facts(desk, one))),
        (desk.say("lottery.prizes"), _prizes(desk, one)),
        (desk.say("lottery.cost"), facts(_cost(desk, one.cost, pool.budget_fen))),
    ]
    if one.rounds:
        sections.append((desk.say("lottery.rounds"), _rounds(desk, one)))
    return Sheet(
        title=desk.told(pool.title), lead=_lead(desk, one), sections=sections, history=_history(desk, pool)
    )


def _lead(desk: Desk, one: Standing) -> str:
    pool = one.pool
    if pool.state == "proposed" and not (_anothers(desk, one) and desk.may(Act.LOTTERY_PUBLISH)):
        return desk.say("lottery.another")
    return desk.say(f"lottery.lead-{one.stage}")


def _facts(desk: Desk, one: Standing) -> list[tuple[str, object]]:
    """The title in both languages."""
    pool = one.pool
    told: list[tuple[str, object]] = [
        (desk.say("lottery.number"), pool.pool),
        (desk.say("lottery.title-shown"), lines(desk.in_both(pool.title))),
        (desk.say("lottery.days"), _days(desk, pool)),
        (desk.say("lottery.state"), _badge(desk, one.stage)),
        (desk.say("lottery.budget"), desk.say("lottery.yuan", amount=_yuan(pool.budget_fen))),
    ]
    if pool.state in ("published", "closed"):
        claimed = sum(grade.prize_fen * grade.claimed for grade in one.grades)
        lapsed = sum(grade.prize_fen * grade.lapsed for grade in one.grades)
        open_fen = sum(grade.prize_fen * grade.open for grade in one.grades)
        told += [
            (desk.say("lottery.drawn"), f"{one.drawn:,}"),
            *(
                (desk.say(f"lottery.{name}"), desk.say("lottery.yuan", amount=_yuan(fen)))
                for name, fen in (
                    ("won", pool.won_fen),
                    ("claimed-sum", claimed),
                    ("open-sum", open_fen),
                    ("lapsed-sum", lapsed),
                    ("left", pools.left_fen(pool)),
                )
            ),
        ]
    if pool.closed_on is not None:
        told.append((desk.say("lottery.closed-on"), desk.day(pools.last_day(pool))))
    if pool.reason is not None:
        told.append((desk.say("lottery.reason"), lines(desk.in_both(pool.reason))))
    return told


def _prizes(desk: Desk, one: Standing) -> Markup:
    begun = one.pool.state in ("published", "closed")
    columns = ["grade", "prize", "share", "expected"]
    columns += ["won-count", "claimed", "open", "lapsed"] if begun else []
    return table(
        desk.say("lottery.prizes"),
        [desk.say(f"lottery.{name}") for name in columns],
        [
            (
                desk.say("lottery.grade-of", number=at),
                _yuan(grade.prize_fen),
                f"{grade.per_million:,}",
                _about(grade.expected),
                *(_counts(grade) if begun else ()),
            )
            for at, grade in enumerate(one.grades, start=1)
        ],
        "",
    )


def _counts(grade: Grade) -> tuple[str, ...]:
    return tuple(f"{count:,}" for count in (grade.won, grade.claimed, grade.open, grade.lapsed))


def _about(number: Fraction) -> str:
    """Winners on average: whole from ten on, below that with a place, so that a tenth of a winner is no nothing."""
    return f"{round(number):,}" if number >= 10 else f"{float(number):.2f}"


def _cost(desk: Desk, worked: Cost, budget_fen: int) -> list[tuple[str, object]]:
    told: list[tuple[str, object]] = [
        (desk.say("lottery.draws"), f"{worked.draws:,}"),
        (desk.say("lottery.cost-expected"), desk.say("lottery.yuan", amount=_yuan(worked.expected_fen))),
        (desk.say("lottery.cost-high"), desk.say("lottery.yuan", amount=_yuan(worked.high_fen))),
        (desk.say("lottery.budget"), desk.say("lottery.yuan", amount=_yuan(budget_fen))),
        (desk.say("lottery.lasts"), desk.say("lottery.lasts-draws", count=f"{worked.lasts:,}")),
    ]
    fits = badge(desk.say("lottery.fits"), "good")
    if worked.concern is not None:
        fits = badge(desk.say(f"lottery.concern-{worked.concern}"), CONCERNS[worked.concern])
    told.append((desk.say("lottery.budget-fits"), fits))
    return told


def _rounds(desk: Desk, one: Standing) -> Markup:
    """The latest, and each whose seed is due; where anybody finds all of them."""
    latest = {each.day for each in one.rounds[-LATEST:]} | {each.day for each in one.due}
    shown = [each for each in reversed(one.rounds) if each.day in latest]
    published = sum(each.seed is not None for each in one.rounds)
    address = f"{desk.parts.public_url}/v1/public/lottery/rounds/"
    return Markup("<p>{}</p><p>{}</p>{}").format(
        desk.say("lottery.rounds-of", count=len(one.rounds), published=published, due=len(one.due)),
        desk.say("lottery.anybody", address=address),
        table(
            desk.say("lottery.rounds"),
            [desk.say(f"lottery.{name}") for name in ("day", "commitment", "seed", "check")],
            [
                (each.day.isoformat(), each.commitment, _seed(desk, each, one.day), _check(desk, each))
                for each in shown
            ],
            "",
        ),
    )


def _seed(desk: Desk, one: Round, day: date) -> str:
    if one.seed is not None:
        return one.seed
    return desk.say("lottery.seed-due" if one.day < day else "lottery.seed-sealed")


def _check(desk: Desk, one: Round) -> Markup | str:
    agrees = rounds.agrees(one)
    if agrees is None:
        return "—"
    return badge(desk.say("lottery.agrees" if agrees else "lottery.differs"), "good" if agrees else "bad")


def _history(desk: Desk, pool: Pool) -> list[tuple[str, str]]:
    told = [(desk.moment(pool.proposed_at), desk.say("lottery.log.proposed", officer=pool.proposed_by))]
    if pool.decided_at is not None:
        did = "refused" if pool.state == "refused" else "published"
        told.append((desk.moment(pool.decided_at), desk.say(f"lottery.log.{did}", officer=pool.decided_by)))
    if pool.closed_at is not None:
        told.append((desk.moment(pool.closed_at), desk.say("lottery.log.closed", officer=pool.closed_by)))
    return told


# --- what can be done -------------------------------------------------------------------------------------


def _propose_inputs(_desk: Desk, _known: object) -> Sequence[Input]:
    return (
        Input("pool", most=40, like=NAME),
        *in_both("title", LONGEST["title"]),
        Input("first", "day"),
        Input("last", "day"),
        Input("budget", "number", MOST_BUDGET_FEN // 100),
        Input("draws", "number", MOST_DRAWS),
        Input("prizes", "lines", writing.LONGEST_WRITTEN),
    )


def _draft(values: Values) -> PoolDraft:
    return pools.checked(
        proposals.made(
            lambda: PoolDraft(
                pool=values["pool"],
                title=both(values, "title"),
                first=date.fromisoformat(values["first"]),
                last=date.fromisoformat(values["last"]),
                budget_fen=int(values["budget"]) * 100,
                draws=int(values["draws"]),
                prizes=writing.prizes(values["prizes"]),
            )
        )
    )


def _worked(desk: Desk, values: Values) -> Markup:
    """What it will cost, and whether the budget fits, before it is proposed."""
    wanted = _draft(values)
    return facts(_cost(desk, cost(wanted.odds, wanted.draws, wanted.budget_fen), wanted.budget_fen))


def _propose(_desk: Desk, work: Work, officer: str, _known: object, values: Values) -> None:
    pools.propose(work.core, officer, _draft(values))


def _publish(_desk: Desk, work: Work, officer: str, one: Standing, _values: Values) -> None:
    pools.publish(work.core, one.pool.pool, officer)


def _refuse(_desk: Desk, work: Work, officer: str, one: Standing, values: Values) -> None:
    pools.refuse(work.core, one.pool.pool, officer, both(values, "reason"))


def _close(_desk: Desk, work: Work, officer: str, one: Standing, values: Values) -> None:
    pools.close(work.core, one.pool.pool, officer, both(values, "reason"))


def _seeds(desk: Desk, work: Work, _officer: str, _one: Standing, _values: Values) -> None:
    rounds.publish_due(work.core, desk.parts.vault)


def _reason(_desk: Desk, _one: Standing) -> Sequence[Input]:
    return in_both("reason", LONGEST["reason"])


def _anothers(desk: Desk, one: Standing) -> bool:
    return one.pool.state == "proposed" and one.pool.proposed_by != desk.officer.login


def _promised(pool: Pool | None) -> Pool | None:
    """Without what draws change all the time: who closes a pool decides of its promise."""
    return replace(pool, won_fen=0) if pool is not None else None


def _current(work: Work, one: Standing) -> Pool | None:
    work.core.lottery.lock()
    return _promised(work.core.lottery.pool(one.pool.pool))


LOTTERY: Final = Worklist(
    key="lottery",
    see=Act.LOTTERY_SEE,
    tabs=tuple(TABS),
    columns=("number", "title-shown", "days", "budget", "won", "state"),
    rows=_rows,
    cells=_cells,
    open=_opened,
    sheet=_sheet,
    shown=lambda one: _promised(one.pool),
    current=_current,
    mark=_mark,
    waits=_waits,
    number=NAME,
    deeds=(
        Deed(Act.LOTTERY_PUBLISH, "lottery.publish", _publish, offered=_anothers),
        Deed(Act.LOTTERY_REFUSE, "lottery.refuse", _refuse, _reason, _anothers, kind="danger"),
        Deed(Act.LOTTERY_SEEDS, "lottery.seeds", _seeds, offered=lambda _desk, one: bool(one.due)),
        Deed(
            Act.LOTTERY_CLOSE,
            "lottery.close",
            _close,
            _reason,
            lambda _desk, one: one.pool.state == "published" and one.day < one.pool.last,
            kind="danger",
        ),
    ),
    begin=(
        Deed(
            Act.LOTTERY_PROPOSE,
            "lottery.propose",
            _propose,
            _propose_inputs,
            details=lambda values: {"pool": values["pool"]},
            worked=_worked,
        ),
    ),
)
