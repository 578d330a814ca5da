"""What officers do: read, publish, refuse, merge, confirm, answer, make knowledge of it, say how far an idea has come.

Every act is recorded with who did it. What an officer writes or changes has its personal data put out of sight like
anybody's. Each function raises ``ContributionUnknown`` or ``ContributionRefused`` before anything is changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, get_args

from bureau.engine.mutual.rules import rules
from bureau.engine.subjects import today
from bureau.errors import ContributionRefused, ContributionUnknown
from bureau.ports.core import Core
from bureau.ports.mutual import Act, Contribution, Kind, Reason, Stage, State, Tally
from kiosk.domain.concealing import conceal
from kiosk.domain.ids import uuid7
from sync.models import Texts

REASONS: Final[tuple[Reason, ...]] = tuple(reason for reason in get_args(Reason) if reason)
STAGES: Final[tuple[Stage, ...]] = tuple(stage for stage in get_args(Stage) if stage)
LANGUAGE: Final = "zh-CN"
"""In which officers write, unless they give another as well."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A contribution as an officer reads it: with what people say to it, its answers, and what was done."""

    contribution: Contribution
    tally: Tally
    answers: Sequence[Contribution]
    acts: Sequence[Act]


def listed(
    core: Core, kinds: Sequence[Kind], states: Sequence[State] = ("waiting",), limit: int = 50
) -> Sequence[Contribution]:
    """Of these kinds in these states, the oldest first: what has waited longest is read first."""
    found = [one for kind in kinds for one in core.mutual.listed(kind, states, limit)]
    return sorted(found, key=lambda one: (one.written_at, one.number))[:limit]


def seen(core: Core, number: str) -> Seen:
    """One with all that belongs to it."""
    found = _found(core, number)
    tally = next(iter(core.mutual.tallies([number])), Tally(number, 0, 0))
    return Seen(found, tally, core.mutual.answers([number]), core.mutual.acts(number))


def publish(
    core: Core, number: str, officer: str, text: Texts | None = None, topic: str = ""
) -> Contribution:
    """Let everybody read it, in the author's words or in ``text`` (by language); what waits or was refused alone.

    ``topic`` puts it where it belongs. An answer is published under a published question alone.
    """
    found = _found(core, number, lock=True)
    if found.state not in ("waiting", "refused"):
        raise ContributionRefused(
            "notWaiting", f"{number} is {found.state}; only what waits or was refused is published"
        )
    if found.kind == "answer" and _found(core, found.about).state != "published":
        raise ContributionRefused(
            "question", f"its question {found.about} is not published; publish that first"
        )
    done = replace(
        found,
        text=_concealed({**found.text, **(text or {})}),
        topic=_topic(found, topic),
        state="published",
        reason="",
        stage=(found.stage or "new") if found.kind == "idea" else "",
        decided_at=core.now,
    )
    return _keep(core, done, "publish", officer, {"changed": "yes"} if done.text != found.text else {})


def refuse(core: Core, number: str, officer: str, reason: Reason) -> Contribution:
    """Do not publish it, or take it back; its author reads why by the code of their slip."""
    found = _found(core, number, lock=True)
    if reason not in REASONS:
        raise ContributionRefused("reason", f"{reason!r} is no reason; give one of {', '.join(REASONS)}")
    if found.state not in ("waiting", "published"):
        raise ContributionRefused("over", f"{number} is {found.state} already")
    done = replace(
        found, state="refused", reason=reason, decided_at=core.now, confirmed_at=None, knowledge_on=None
    )
    return _keep(core, done, "refuse", officer, {"reason": reason})


def merge(core: Core, number: str, officer: str, into: str) -> Contribution:
    """It is the same as another one, which is published: its answers and what people say to it go there."""
    if number == into:
        raise ContributionRefused("itself", "it cannot be merged with itself")
    for each in sorted(
        (number, into)
    ):  # always in the same order, so that two officers never wait for each other
        _found(core, each, lock=True)
    found, target = _found(core, number), _found(core, into)
    if found.kind != target.kind or found.kind == "answer":
        raise ContributionRefused("kinds", "two questions can be merged, or two ideas")
    if found.state not in ("waiting", "published") or target.state != "published":
        raise ContributionRefused(
            "published", f"{number} is {found.state}, {into} {target.state}; the other must be published"
        )
    for answer in core.mutual.answers([number]):
        core.mutual.change(replace(answer, about=into, topic=target.topic))
    core.mutual.join(number, into)
    done = replace(found, state="merged", about=into, decided_at=core.now)
    return _keep(core, done, "merge", officer, {"into": into})


def confirm(core: Core, number: str, officer: str) -> Contribution:
    """A published answer is right (官方确认)."""
    found = _answer(core, number)
    if found.confirmed_at is not None:
        raise ContributionRefused("confirmed", f"{number} is confirmed already")
    return _keep(core, replace(found, confirmed_at=core.now), "confirm", officer, {})


def answer(core: Core, question: str, officer: str, text: Texts) -> Contribution:
    """The bureau's own answer to a published question; it stands confirmed."""
    asked = _found(core, question, lock=True)
    if asked.kind != "question" or asked.state != "published":
        raise ContributionRefused("noQuestion", f"{question} is no published question")
    key = uuid7()
    new = Contribution(
        number=core.mutual.number_for(key),
        key=key,
        kind="answer",
        topic=asked.topic,
        text=_worded(text),
        lang=_first(text),
        author="",
        author_class="officer",
        terminal="",
        written_at=core.now,
        state="published",
        about=question,
        decided_at=core.now,
        confirmed_at=core.now,
    )
    core.mutual.add(new)
    core.mutual.note(Act(new.number, "answer", officer, core.now, {"question": question}))
    return new


def knowledge(core: Core, number: str, officer: str) -> Contribution:
    """A confirmed answer stays among what terminals hold, with its author's class and the day."""
    found = _answer(core, number)
    if found.confirmed_at is None:
        raise ContributionRefused("notConfirmed", f"{number} is not confirmed; confirm it first")
    if found.knowledge_on is not None:
        raise ContributionRefused("knowledge", f"{number} is knowledge since {found.knowledge_on}")
    return _keep(core, replace(found, knowledge_on=today(core)), "knowledge", officer, {})


def reply(core: Core, number: str, officer: str, stage: Stage, text: Texts | None = None) -> Contribution:
    """Say how far an idea has come, and what the bureau says to it; whoever declines it says why."""
    found = _found(core, number, lock=True)
    if found.kind != "idea" or found.state != "published":
        raise ContributionRefused("noIdea", f"{number} is no published idea")
    if stage not in STAGES:
        raise ContributionRefused("stage", f"{stage!r} is no stage; give one of {', '.join(STAGES)}")
    if stage == "declined" and not text:
        raise ContributionRefused("why", "say why it is declined")
    said = _worded(text) if text else found.reply
    done = replace(found, stage=stage, reply=said, replied_at=core.now if text else found.replied_at)
    return _keep(core, done, "reply", officer, {"stage": stage})


def _found(core: Core, number: str, *, lock: bool = False) -> Contribution:
    found = core.mutual.find(number, lock=lock)
    if found is None:
        raise ContributionUnknown(number)
    return found


def _answer(core: Core, number: str) -> Contribution:
    found = _found(core, number, lock=True)
    if found.kind != "answer" or found.state != "published":
        raise ContributionRefused("noAnswer", f"{number} is no published answer")
    return found


def _topic(found: Contribution, topic: str) -> str:
    if topic and rules().topic(found.kind, topic) != topic:
        raise ContributionRefused("topic", f"there is no topic {topic!r}")
    return topic or found.topic


def _worded(text: Texts) -> Texts:
    """What officers write: not nothing, and with nobody's data in it."""
    said = {lang: words.strip() for lang, words in text.items() if words.strip()}
    if not said:
        raise ContributionRefused("words", "write what people are to read")
    return _concealed(said)


def _concealed(text: Texts) -> Texts:
    return {lang: conceal(words, lang).text for lang, words in text.items()}


def _first(text: Texts) -> str:
    return LANGUAGE if text.get(LANGUAGE, "").strip() else next(iter(text))


def _keep(core: Core, done: Contribution, act: str, officer: str, detail: Mapping[str, str]) -> Contribution:
    core.mutual.change(done)
    core.mutual.note(Act(done.number, act, officer, core.now, detail))
    return done
