"""``bureau help …`` and ``bureau ideas …``: what taxpayers ask, answer and propose, read and decided by officers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from bureau.commands.common import AsJson, ConfigFile, moment, plain, show, told
from bureau.commands.matters import Limit, Officer, core, officer_name

if TYPE_CHECKING:
    from bureau.ports.mutual import Contribution, Kind, Reason, Stage, State

help_app = typer.Typer(
    help="Questions and answers of taxpayers.", no_args_is_help=True, rich_markup_mode=None
)
ideas_app = typer.Typer(help="Ideas of taxpayers.", no_args_is_help=True, rich_markup_mode=None)
Number = Annotated[str, typer.Argument(help="The number of the question, answer or idea.")]
State_ = Annotated[
    str, typer.Option("--state", help="waiting, published, refused or merged; all of them: all.")
]
Chinese = Annotated[str, typer.Option("--text", help="In Chinese.")]
English = Annotated[str, typer.Option("--text-en", help="The same in English.")]
Topic = Annotated[str, typer.Option("--topic", help="Another topic than its author chose.")]
Into = Annotated[str, typer.Option("--into", help="The published one that says the same.")]
Why = Annotated[
    str,
    typer.Option(
        "--reason",
        help="personal, tip-off, off-topic, abusive, wrong, answered or unclear; its author reads why.",
    ),
]


@help_app.command("list")
@told
def list_help(
    state: State_ = "waiting", limit: Limit = 50, config: ConfigFile = None, as_json: AsJson = False
) -> None:
    """Questions and answers, what has waited longest on top."""
    _list(("question", "answer"), state, limit, config, as_json)


@ideas_app.command("list")
@told
def list_ideas(
    state: State_ = "waiting", limit: Limit = 50, config: ConfigFile = None, as_json: AsJson = False
) -> None:
    """Ideas, what has waited longest on top."""
    _list(("idea",), state, limit, config, as_json)


@help_app.command("show")
@ideas_app.command("show")
@told
def show_one(number: Number, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """One with its answers or votes, and what officers did with it; not who wrote it."""
    from bureau.engine.mutual import moderating

    with core(config) as work:
        seen = moderating.seen(work, number)
    found = {
        **_told(seen.contribution),
        "yes": seen.tally.yes,
        "no": seen.tally.no,
        "answers": [_told(one) for one in seen.answers],
        "acts": [plain(act) for act in seen.acts],
    }
    show(found, as_json, [f"{name}: {plain(value)}" for name, value in found.items()])


@help_app.command("publish")
@ideas_app.command("publish")
@told
def publish(
    number: Number,
    officer: Officer,
    text: Chinese = "",
    text_en: English = "",
    topic: Topic = "",
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Publish it, in the author's words or in those given; numbers of phones and the like are put out of sight."""
    from bureau.engine.mutual import moderating

    name = officer_name(officer)
    with core(config) as work:
        done = moderating.publish(work, number, name, _texts(text, text_en), topic)
    _say(done, as_json, "is published")


@help_app.command("refuse")
@ideas_app.command("refuse")
@told
def refuse(
    number: Number, officer: Officer, reason: Why, config: ConfigFile = None, as_json: AsJson = False
) -> None:
    """Do not publish it, or take it back."""
    from bureau.engine.mutual import moderating

    name = officer_name(officer)
    with core(config) as work:
        done = moderating.refuse(work, number, name, cast("Reason", reason))
    _say(done, as_json, f"is not published ({done.reason})")


@help_app.command("merge")
@ideas_app.command("merge")
@told
def merge(
    number: Number, officer: Officer, into: Into, config: ConfigFile = None, as_json: AsJson = False
) -> None:
    """It says the same as a published one: its answers and votes go there."""
    from bureau.engine.mutual import moderating

    name = officer_name(officer)
    with core(config) as work:
        done = moderating.merge(work, number, name, into)
    _say(done, as_json, f"is merged with {done.about}")


@help_app.command("confirm")
@told
def confirm(number: Number, officer: Officer, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """A published answer is right; it is marked so (官方确认)."""
    from bureau.engine.mutual import moderating

    name = officer_name(officer)
    with core(config) as work:
        done = moderating.confirm(work, number, name)
    _say(done, as_json, "is confirmed")


@help_app.command("answer")
@told
def answer(
    number: Number,
    officer: Officer,
    text: Chinese,
    text_en: English = "",
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Answer a published question for the bureau."""
    from bureau.engine.mutual import moderating

    name = officer_name(officer)
    with core(config) as work:
        done = moderating.answer(work, number, name, _texts(text, text_en) or {})
    _say(done, as_json, f"answers {number}")


@help_app.command("knowledge")
@told
def knowledge(number: Number, officer: Officer, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """A confirmed answer becomes knowledge: terminals hold it for as long as it is published."""
    from bureau.engine.mutual import moderating

    name = officer_name(officer)
    with core(config) as work:
        done = moderating.knowledge(work, number, name)
    _say(done, as_json, f"is knowledge since {done.knowledge_on}")


@ideas_app.command("reply")
@told
def reply(
    number: Number,
    officer: Officer,
    stage: Annotated[str, typer.Option("--stage", help="new, looked-at, taken-up, done or declined.")],
    text: Chinese = "",
    text_en: English = "",
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Say how far an idea has come, and what the bureau says to it; whoever declines it says why."""
    from bureau.engine.mutual import moderating

    name = officer_name(officer)
    with core(config) as work:
        done = moderating.reply(work, number, name, cast("Stage", stage), _texts(text, text_en))
    _say(done, as_json, f"is {done.stage}")


def _list(kinds: Sequence[Kind], state: str, limit: int, config: Any, as_json: bool) -> None:
    from typing import get_args

    from bureau.engine.mutual import moderating
    from bureau.errors import ContributionRefused
    from bureau.ports.mutual import State

    known: tuple[State, ...] = get_args(State)
    if state != "all" and state not in known:
        raise ContributionRefused("state", f"{state!r} is no state; give all or one of {', '.join(known)}")
    states = known if state == "all" else (cast("State", state),)
    with core(config) as work:
        found = [_told(one) for one in moderating.listed(work, kinds, states, limit)]
    lines = [
        f"{one['number']}  {one['kind']:8} {one['state']:9} {one['topic']:12} {next(iter(one['text'].values()))}"
        for one in found
    ]
    show(found, as_json, lines or ["nothing is there"])


def _texts(chinese: str, english: str) -> dict[str, str] | None:
    given = {"zh-CN": chinese, "en-US": english}
    return {lang: words for lang, words in given.items() if words} or None


def _told(one: Contribution) -> dict[str, Any]:
    """Without who wrote it and the key that leads to it."""
    return {
        "number": one.number,
        "kind": one.kind,
        "topic": one.topic,
        "state": one.state,
        "text": dict(one.text),
        "author_class": one.author_class,
        "written_at": moment(one.written_at),
        "about": one.about,
        "tips_off": one.tips_off,
        "reason": one.reason,
        "confirmed_at": moment(one.confirmed_at) if one.confirmed_at else None,
        "knowledge_on": one.knowledge_on,
        "stage": one.stage,
        "reply": dict(one.reply),
    }


def _say(done: Contribution, as_json: bool, words: str) -> None:
    show(_told(done), as_json, [f"{done.kind} {done.number} {words}"])
