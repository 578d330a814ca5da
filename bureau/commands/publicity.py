"""``bureau publicity …``: published cases of grave tax offenders: entered, published, taken off, by two officers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bureau.commands.common import AsJson, ConfigFile, moment, show, told
from bureau.commands.matters import Officer, core
from bureau.commands.proposals import Why, WhyEnglish, act, both, text_of

if TYPE_CHECKING:
    from bureau.ports.publicity import OffenderCase

app = typer.Typer(help="Published cases of grave tax offenders.", no_args_is_help=True, rich_markup_mode=None)
Number = Annotated[str, typer.Argument(help="The case's number.")]


@app.command("list")
@told
def list_cases(
    every: Annotated[bool, typer.Option("--all", help="Also what is not published now.")] = False,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Cases with the days between which each is published; what waits, with the day by which it is to be."""
    from bureau.engine.publicity import showing
    from bureau.engine.subjects import today

    with core(config) as work:
        day = today(work)
        entries = work.publicity.entries()
        found = [_told(c) for c in entries if every or showing.stands(c, day) or c.state == "entered"]
    show(found, as_json, [_line(one) for one in found] or ["nothing is published"])


@app.command()
@told
def enter(
    file: Annotated[
        Path, typer.Argument(help="YAML: kind, name, code, reason, facts, decision, authority, document, …")
    ],
    officer: Officer,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Enter a case whose decision was served; another officer publishes it."""
    from bureau.engine.publicity import deciding
    from bureau.engine.publicity.rules import rules

    wanted = deciding.draft(text_of(file))
    act(
        officer,
        config,
        as_json,
        lambda work, who: deciding.enter(work, who, wanted),
        _told,
        lambda done: (
            f"{done.case_no} is entered; another officer publishes it, by {rules().due_by(done.served_on)}"
        ),
    )


@app.command()
@told
def publish(number: Number, officer: Officer, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Show a case at every terminal, from today to its last day."""
    from bureau.engine.publicity import deciding

    act(
        officer,
        config,
        as_json,
        lambda work, who: deciding.publish(work, number, who),
        _told,
        lambda done: f"{number} is published until {done.until}",
    )


@app.command()
@told
def refuse(
    number: Number,
    officer: Officer,
    reason: Why,
    reason_en: WhyEnglish,
    settled: Annotated[bool, typer.Option("--settled", help="All was paid before the publication.")] = False,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Do not publish a case."""
    from bureau.engine.publicity import deciding

    said = both(reason, reason_en)
    act(
        officer,
        config,
        as_json,
        lambda work, who: deciding.refuse(work, number, who, said, settled=settled),
        _told,
        lambda _: f"{number} is not published",
    )


@app.command()
@told
def withdraw(
    number: Number,
    officer: Officer,
    ground: Annotated[str, typer.Option("--ground", help="paid, reorganised, merits or revoked.")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Ask for the end of a publication; another officer confirms it."""
    from bureau.engine.publicity import deciding

    act(
        officer,
        config,
        as_json,
        lambda work, who: deciding.withdraw(work, number, who, ground),
        _told,
        lambda _: f"{number} stays until another officer confirms its end",
    )


@app.command()
@told
def confirm(number: Number, officer: Officer, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Take a case off whose end another officer asked for."""
    from bureau.engine.publicity import deciding

    act(
        officer,
        config,
        as_json,
        lambda work, who: deciding.confirm(work, number, who),
        _told,
        lambda _: f"{number} is taken off",
    )


@app.command()
@told
def keep(
    number: Number,
    officer: Officer,
    reason: Why,
    reason_en: WhyEnglish,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Leave a case published whose end another officer asked for."""
    from bureau.engine.publicity import deciding

    act(
        officer,
        config,
        as_json,
        lambda work, who: deciding.keep(work, number, who, both(reason, reason_en)),
        _told,
        lambda _: f"{number} stays published",
    )


@app.command()
@told
def history(number: Number, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Who did what with a case."""
    from bureau.engine.publicity import deciding

    with core(config) as work:
        found = list(deciding.history(work, number))
    lines = [
        f"{moment(e.at)}  {e.did:13} {e.officer}  {e.said.get('zh-CN') or e.said.get('ground', '')}".rstrip()
        for e in found
    ]
    show(found, as_json, lines)


def _line(case: dict[str, Any]) -> str:
    days = f"{case['published_on']} – {case['until']}" if case["published_on"] else f"by {case['due_by']}"
    return f"{case['case_no']}  {case['state']:13} {days:24} {case['name']}"


def _told(case: OffenderCase) -> dict[str, Any]:
    from bureau.engine.publicity.rules import rules

    return {
        "case_no": case.case_no,
        "name": case.name,
        "code": case.code,
        "reason": case.reason,
        "document": case.document,
        "state": case.state,
        "served_on": case.served_on,
        "due_by": rules().due_by(case.served_on),
        "published_on": case.published_on,
        "until": case.until,
        "entered_by": case.entered_by,
        "decided_by": case.decided_by or None,
        "asked_by": case.asked_by or None,
        "ground": case.ground or None,
        "ended_by": case.ended_by or None,
        "ended_on": case.ended_on,
        "said": case.said,
    }
