"""互助与建议: what taxpayers asked, answered and proposed, read before anybody else reads it, and what becomes of it.

Nobody's name is here: who wrote something is known for the limits of the day alone, and to no officer.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final, cast, get_args

from markupsafe import Markup

from bureau.console.desk import Desk
from bureau.console.html import Tone, badge, facts, link, table
from bureau.console.worklists.pattern import LISTED, OWN_NUMBER, Deed, Input, Sheet, Values, Worklist
from bureau.engine.mutual import moderating, words
from bureau.engine.mutual.moderating import REASONS, STAGES
from bureau.engine.mutual.rules import rules
from bureau.officers.roles import Act
from bureau.ports.mutual import Contribution, Kind, Reason, Stage, State
from bureau.ports.system import Work
from sync.models import Texts
from sync.models.mutual import LONGEST

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
TABS: Final[Mapping[str, tuple[tuple[Kind, ...], tuple[State, ...]]]] = {
    "waiting": (KINDS, ("waiting",)),
    "questions": (("question",), ("published",)),
    "answers": (("answer",), ("published",)),
    "ideas": (("idea",), ("published",)),
    "aside": (KINDS, ("refused", "merged")),
}
"""Which kinds in which states a tab shows."""
CUT: Final = 60
"""Characters of a text in a list."""
FOLLOWED: Final = 100
"""Of so many of the newest of each kind a change is news."""
TONES: Final[Mapping[State, Tone]] = {
    "waiting": "warn",
    "published": "good",
    "refused": "plain",
    "merged": "plain",
}
WRITTEN: Final = {"text": "zh-CN", "text-en": "en-US"}
"""Inputs for words that people read, and their languages."""


@dataclass(frozen=True, slots=True)
class Opened:
    """One with all that belongs to it; ``question``: what an answer answers."""

    seen: moderating.Seen
    question: Contribution | None

    @property
    def it(self) -> Contribution:
        """The contribution itself."""
        return self.seen.contribution


def _rows(_desk: Desk, work: Work, tab: str) -> Sequence[Contribution]:
    kinds, states = TABS[tab]
    if tab == "waiting":  # what has waited longest is read first
        return moderating.listed(work.core, kinds, states, LISTED)
    found = chain.from_iterable(work.core.mutual.listed(kind, states, LISTED) for kind in kinds)
    return sorted(found, key=lambda one: one.written_at, reverse=True)[:LISTED]


def _cells(desk: Desk, row: Contribution) -> Sequence[object]:
    text = desk.told(words.text_of(row))
    return (
        link(row.number, f"/mutual/{row.number}"),
        desk.say(f"mutual.kind.{row.kind}"),
        text if len(text) <= CUT else f"{text[:CUT]}…",
        desk.moment(row.written_at),
        _state(desk, row),
    )


def _state(desk: Desk, one: Contribution) -> Markup:
    """Where it stands; of an idea that is published, how far it has come."""
    told = badge(desk.say(f"mutual.state.{one.state}"), TONES[one.state])
    if one.tips_off and one.state == "waiting":
        return Markup("<span>{} {}</span>").format(told, badge(desk.say("mutual.tips-off"), "bad"))
    if one.confirmed_at is not None:
        return badge(desk.say("mutual.knowledge" if one.knowledge_on else "mutual.confirmed"), "good")
    return badge(desk.told(words.stage_text(one.stage))) if one.stage and one.state == "published" else told


def _mark(work: Work) -> Hashable:
    waiting = moderating.listed(work.core, KINDS, ("waiting",), LISTED)
    newest = chain.from_iterable(
        work.core.mutual.listed(kind, get_args(State), FOLLOWED) for kind in get_args(Kind)
    )
    return tuple(
        (one.number, one.state, one.stage, one.confirmed_at, one.knowledge_on)
        for one in chain(waiting, newest)
    )


def _waits(_desk: Desk, work: Work) -> tuple[int, int]:
    return len(moderating.listed(work.core, KINDS, ("waiting",), LISTED)), 0


def _opened(_desk: Desk, work: Work, _officer: str, number: str) -> Opened:
    seen = moderating.seen(work.core, number)
    one = seen.contribution
    return Opened(seen, work.core.mutual.find(one.about) if one.kind == "answer" else None)


def _sheet(desk: Desk, one: Opened) -> Sheet:
    it = one.it
    sections = [(desk.say("mutual.words"), facts(_facts(desk, one)))]
    if one.question is not None:
        asked = one.question
        about: list[tuple[str, object]] = [
            (desk.say("mutual.kind.question"), desk.told(words.text_of(asked))),
            (desk.say("mutual.number"), link(asked.number, f"/mutual/{asked.number}")),
            (desk.say("mutual.state"), _state(desk, asked)),
        ]
        sections.append((desk.say("mutual.about"), facts(about)))
    if it.kind == "question":
        sections.append((desk.say("mutual.answers"), _answers(desk, one)))
    return Sheet(
        title=desk.say(f"mutual.kind.{it.kind}"),
        lead=desk.say("mutual.lead.tips-off") if it.tips_off and it.state == "waiting" else "",
        sections=sections,
        history=_history(desk, one),
    )


def _facts(desk: Desk, one: Opened) -> list[tuple[str, object]]:
    it = one.it
    lines: list[tuple[str, object]] = [(desk.say(f"lang.{lang}"), text) for lang, text in it.text.items()]
    lines += [
        (desk.say("mutual.topic"), desk.told(words.topic_text(it))),
        (desk.say("mutual.author"), desk.told(words.author_text(it.author_class))),
        (desk.say("mutual.written"), desk.moment(it.written_at)),
        (desk.say("mutual.number"), it.number),
        (desk.say("mutual.state"), _state(desk, it)),
        (desk.say("mutual.reason"), desk.told(words.reason_text(it.reason)) if it.reason else ""),
        (
            desk.say("mutual.merged-into"),
            link(it.about, f"/mutual/{it.about}") if it.state == "merged" else "",
        ),
        (desk.say("mutual.reply"), desk.told(it.reply) if it.reply else ""),
        (desk.say("mutual.tally"), _tally(desk, one)),
    ]
    return [(name, value) for name, value in lines if value]


def _tally(desk: Desk, one: Opened) -> str:
    tally = one.seen.tally
    if one.it.kind == "idea":
        return desk.told(words.votes_text(tally))
    return desk.say("mutual.helped", count=tally.yes) if tally.yes else ""


def _answers(desk: Desk, one: Opened) -> Markup:
    return table(
        desk.say("mutual.answers"),
        [desk.say(f"mutual.{name}") for name in ("number", "words", "author", "state")],
        [
            (
                link(each.number, f"/mutual/{each.number}"),
                desk.told(words.text_of(each)),
                desk.told(words.author_text(each.author_class)),
                _state(desk, each),
            )
            for each in one.seen.answers
        ],
        desk.say("mutual.no-answers"),
    )


def _history(desk: Desk, one: Opened) -> list[tuple[str, str]]:
    told = [(desk.moment(one.it.written_at), desk.say("mutual.log.written"))]
    for act in one.seen.acts:
        said = desk.say(f"mutual.log.{act.act}", officer=act.officer)
        if reason := act.detail.get("reason"):
            said += desk.say("colon") + desk.told(words.reason_text(cast("Reason", reason)))
        elif stage := act.detail.get("stage"):
            said += desk.say("colon") + desk.told(words.stage_text(cast("Stage", stage)))
        elif into := act.detail.get("into"):
            said += desk.say("colon") + into
        elif act.detail.get("changed"):
            said += desk.say("mutual.log.changed")
        told.append((desk.moment(act.at), said))
    return told


# --- what can be done -------------------------------------------------------------------------------------


def _texts(values: Values) -> Texts:
    return {lang: values[key] for key, lang in WRITTEN.items() if values[key]}


def _written(text: Texts, *, needed: bool) -> list[Input]:
    """Words that people read: Chinese where they are needed, English where somebody gives it."""
    return [
        Input("text", "words", LONGEST, value=text.get("zh-CN", ""), optional=not needed),
        Input("text-en", "words", 3 * LONGEST, value=text.get("en-US", ""), optional=True),
    ]


def _publish_inputs(desk: Desk, one: Opened) -> Sequence[Input]:
    made = _written(one.it.text, needed=False)
    if one.it.kind != "answer":
        topics = rules().topics["idea" if one.it.kind == "idea" else "question"]
        told = {topic.id: desk.told(topic.title) for topic in topics}
        made.append(Input("topic", "choice", options=told, value=one.it.topic))
    return made


def _publish_lead(desk: Desk, one: Opened) -> str:
    closed = one.question is not None and one.question.state != "published"
    return desk.say("mutual.publish-question" if closed else "mutual.publish-lead")


def _publish(_desk: Desk, work: Work, officer: str, one: Opened, values: Values) -> None:
    moderating.publish(work.core, one.it.number, officer, _texts(values), values.get("topic", ""))


def _reasons(desk: Desk, _one: Opened) -> Sequence[Input]:
    return (
        Input("reason", "choice", options={each: desk.told(words.reason_text(each)) for each in REASONS}),
    )


def _refuse(_desk: Desk, work: Work, officer: str, one: Opened, values: Values) -> None:
    moderating.refuse(work.core, one.it.number, officer, cast("Reason", values["reason"]))


def _merge(_desk: Desk, work: Work, officer: str, one: Opened, values: Values) -> None:
    moderating.merge(work.core, one.it.number, officer, values["into"])


def _confirm(_desk: Desk, work: Work, officer: str, one: Opened, _values: Values) -> None:
    moderating.confirm(work.core, one.it.number, officer)


def _knowledge(_desk: Desk, work: Work, officer: str, one: Opened, _values: Values) -> None:
    moderating.knowledge(work.core, one.it.number, officer)


def _answer(_desk: Desk, work: Work, officer: str, one: Opened, values: Values) -> None:
    moderating.answer(work.core, one.it.number, officer, _texts(values))


def _stages(desk: Desk, one: Opened) -> Sequence[Input]:
    told: dict[str, str] = {each: desk.told(words.stage_text(each)) for each in STAGES}
    return (
        Input("stage", "choice", options=told, value=one.it.stage),
        *_written(one.it.reply, needed=False),
    )


def _reply(_desk: Desk, work: Work, officer: str, one: Opened, values: Values) -> None:
    stage = cast("Stage", values["stage"])
    moderating.reply(work.core, one.it.number, officer, stage, _texts(values) or None)


MUTUAL: Final = Worklist(
    key="mutual",
    see=Act.MUTUAL_SEE,
    tabs=tuple(TABS),
    columns=("number", "kind", "words", "written", "state"),
    rows=_rows,
    cells=_cells,
    open=_opened,
    sheet=_sheet,
    shown=lambda one: one.it,
    current=lambda work, one: work.core.mutual.find(one.it.number, lock=True),
    mark=_mark,
    waits=_waits,
    number=OWN_NUMBER,
    deeds=(
        Deed(
            Act.MUTUAL_PUBLISH,
            "mutual.publish",
            _publish,
            _publish_inputs,
            lambda _desk, one: one.it.state in ("waiting", "refused"),
            _publish_lead,
        ),
        Deed(
            Act.MUTUAL_ANSWER,
            "mutual.answer",
            _answer,
            lambda _desk, _one: _written({}, needed=True),
            lambda _desk, one: one.it.kind == "question" and one.it.state == "published",
        ),
        Deed(
            Act.MUTUAL_CONFIRM,
            "mutual.confirm",
            _confirm,
            offered=lambda _desk, one: _answers_now(one) and one.it.confirmed_at is None,
        ),
        Deed(
            Act.MUTUAL_KNOWLEDGE,
            "mutual.knowledge-make",
            _knowledge,
            offered=lambda _desk, one: (
                _answers_now(one) and one.it.confirmed_at is not None and one.it.knowledge_on is None
            ),
        ),
        Deed(
            Act.MUTUAL_REPLY,
            "mutual.reply-give",
            _reply,
            _stages,
            lambda _desk, one: one.it.kind == "idea" and one.it.state == "published",
        ),
        Deed(
            Act.MUTUAL_MERGE,
            "mutual.merge",
            _merge,
            lambda _desk, _one: (Input("into", most=20),),
            lambda _desk, one: one.it.kind != "answer" and one.it.state in ("waiting", "published"),
            kind="quiet",
        ),
        Deed(
            Act.MUTUAL_REFUSE,
            "mutual.refuse",
            _refuse,
            _reasons,
            lambda _desk, one: one.it.state in ("waiting", "published"),
            kind="danger",
        ),
    ),
)


def _answers_now(one: Opened) -> bool:
    return one.it.kind == "answer" and one.it.state == "published"
