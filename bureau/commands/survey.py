"""``bureau survey …``: surveys: proposed, published by another officer, ended, and counted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bureau.commands.common import AsJson, ConfigFile, moment, show, told
from bureau.commands.matters import Officer, core, officer_name
from bureau.commands.proposals import Why, WhyEnglish, act, both, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bureau.engine.surveys.counting import Counted, Results
    from bureau.ports.surveys import Survey

app = typer.Typer(help="Surveys of whoever comes.", no_args_is_help=True, rich_markup_mode=None)
Name = Annotated[str, typer.Argument(help="The survey's short name, such as hall-service.")]


@app.command("list")
@told
def list_surveys(
    every: Annotated[bool, typer.Option("--all", help="Also what is not asked now.")] = False,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Surveys, with where each stands."""
    from bureau.engine.surveys import taking

    with core(config) as work:
        running = {one.survey for one in taking.running(work).surveys}
        found = [_told(s) for s in work.surveys.entries() if every or s.survey in running]
    lines = [
        f"{s['survey']:24} {s['state']:9} {s['since']} – {s['until']}  {s['title']['zh-CN']}" for s in found
    ]
    show(found, as_json, lines or ["nothing is asked now"])


@app.command()
@told
def propose(
    file: Annotated[Path, typer.Argument(help="YAML: survey, title, about, since, until, questions.")],
    officer: Officer,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Propose a survey; another officer publishes it."""
    from bureau.engine.surveys import publishing

    wanted = publishing.draft(text_of(file))
    act(
        officer,
        config,
        as_json,
        lambda work, name: publishing.propose(work, name, wanted),
        _told,
        lambda done: f"{done.survey} is proposed; another officer publishes it",
    )


@app.command("show")
@told
def show_one(name: Name, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """One survey with its questions."""
    from bureau.engine.surveys import publishing

    with core(config) as work:
        found = _whole(publishing.there(work, name))
    show(found, as_json, list(_asked(found)))


@app.command()
@told
def publish(name: Name, officer: Officer, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Have a proposed survey asked at every terminal, from its first day to its last."""
    from bureau.engine.surveys import publishing

    act(
        officer,
        config,
        as_json,
        lambda work, who: publishing.publish(work, name, who),
        _told,
        lambda done: f"{name} is published, until {done.until}",
    )


@app.command()
@told
def refuse(
    name: Name,
    officer: Officer,
    reason: Why,
    reason_en: WhyEnglish,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Do not ask a proposed survey."""
    from bureau.engine.surveys import publishing

    act(
        officer,
        config,
        as_json,
        lambda work, who: publishing.refuse(work, name, who, both(reason, reason_en)),
        _told,
        lambda _: f"{name} is refused",
    )


@app.command()
@told
def close(
    name: Name,
    officer: Officer,
    reason: Why,
    reason_en: WhyEnglish,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """End a survey before its last day; what was answered counts."""
    from bureau.engine.surveys import publishing

    act(
        officer,
        config,
        as_json,
        lambda work, who: publishing.close(work, name, who, both(reason, reason_en)),
        _told,
        lambda _: f"{name} is closed",
    )


@app.command()
@told
def results(name: Name, officer: Officer, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """How many answered what, in all and by hall, and the words; that you looked is kept."""
    from bureau.engine.surveys import counting

    with core(config) as work:
        found = counting.results(work, name, officer_name(officer))
    show(_results(found), as_json, list(_lines(found)))


@app.command()
@told
def history(name: Name, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Who did what with a survey."""
    from bureau.engine.surveys import publishing

    with core(config) as work:
        found = list(publishing.history(work, name))
    lines = [
        f"{moment(e.at)}  {e.did:9} {e.officer}  {e.said.get('zh-CN') or e.said.get('answers', '')}".rstrip()
        for e in found
    ]
    show(found, as_json, lines)


def _told(survey: Survey) -> dict[str, Any]:
    return {
        "survey": survey.survey,
        "title": survey.title,
        "state": survey.state,
        "since": survey.since,
        "until": survey.until,
        "proposed_by": survey.proposed_by,
        "decided_by": survey.decided_by or None,
        "closed_at": survey.closed_at,
        "reason": survey.reason,
    }


def _whole(survey: Survey) -> dict[str, Any]:
    return {
        **_told(survey),
        "about": survey.about,
        "questions": [
            {
                "question": one.question,
                "kind": one.kind,
                "ask": one.ask,
                "options": {option.option: option.title for option in one.options},
                "most": one.most,
                "optional": one.optional,
            }
            for one in survey.questions
        ],
    }


def _asked(found: dict[str, Any]) -> Iterator[str]:
    yield f"{found['survey']}  {found['state']}  {found['since']} – {found['until']}  {found['title']['zh-CN']}"
    yield found["about"]["zh-CN"]
    for one in found["questions"]:
        yield f"{one['question']} ({one['kind']}{', optional' if one['optional'] else ''}): {one['ask']['zh-CN']}"
        for option, title in one["options"].items():
            yield f"    {option:16} {title['zh-CN']}"


def _results(found: Results) -> dict[str, Any]:
    return {
        "survey": found.survey.survey,
        "answers": found.answers,
        "questions": _counts(found.questions),
        "halls": {
            hall: {"answers": found.by_hall[hall], "questions": _counts(counted)}
            for hall, counted in found.halls.items()
        },
        "elsewhere": found.few,
    }


def _counts(counted: Sequence[Counted]) -> list[dict[str, Any]]:
    return [
        {"question": c.question, "replied": c.replied, "chosen": dict(c.chosen), "words": list(c.words)}
        for c in counted
    ]


def _lines(found: Results) -> Iterator[str]:
    yield f"{found.survey.survey}: {found.answers} answers"
    for asked, counted in zip(found.survey.questions, found.questions, strict=True):
        yield f"{asked.ask['zh-CN']}  ({counted.replied} of {found.answers})"
        titles = {option.option: option.title["zh-CN"] for option in asked.options}
        for option, count in counted.chosen.items():
            by_hall = "  ".join(
                f"{hall} {one.chosen[option]}"
                for hall, all_of in found.halls.items()
                for one in all_of
                if one.question == asked.question
            )
            yield f"{count:>7}  {titles[option]}" + (f"  ({by_hall})" if by_hall else "")
        yield from (f"         “{words}”" for words in counted.words)
    if found.few:
        yield f"{found.few} of them in halls with too few answers for figures of their own"
