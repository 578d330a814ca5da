"""``bureau knowledge …``: notices and answers of the consultation: proposed, decided by another officer, withdrawn."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bureau.commands.common import AsJson, ConfigFile, show, told
from bureau.commands.matters import Officer, core
from bureau.commands.proposals import Why, WhyEnglish, act, both, text_of

if TYPE_CHECKING:
    from bureau.ports.knowledge import KnowledgeEntry

app = typer.Typer(
    help="Notices, and answers of the consultation.", no_args_is_help=True, rich_markup_mode=None
)
Number = Annotated[int, typer.Argument(help="The entry's number.", min=1)]


@app.command("list")
@told
def list_entries(
    every: Annotated[bool, typer.Option("--all", help="Also what is not published.")] = False,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Notices and versions of answers, the latest first, with where each stands."""
    with core(config) as work:
        found = [_told(one) for one in work.knowledge.entries() if every or one.state == "published"]
    lines = [
        f"{e['number']:5}  {e['kind']:6}  {e['state']:9}  {e['since']} – {e['until'] or '':10}  "
        f"{e['title']['zh-CN']}"
        for e in found
    ]
    show(found, as_json, lines or ["nothing is published"])


@app.command("show")
@told
def show_entry(number: Number, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """All that one says, in both languages, and who did what with it."""
    from bureau.engine.knowledge import editing

    with core(config) as work:
        found = _told(editing.there(work, number))
    show(found, as_json, [f"{name}: {value}" for name, value in found.items() if value])


@app.command()
@told
def propose(
    file: Annotated[
        Path,
        typer.Argument(
            help="YAML: kind, title, text, since, until; of an answer name, sources, also, service."
        ),
    ],
    officer: Officer,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Propose a notice, or a version of an answer; another officer decides it."""
    from bureau.engine.knowledge import editing
    from bureau.engine.laws import laws
    from config import catalogue

    services = frozenset(path.stem for path in catalogue.BUILT_IN.glob("*.yaml"))
    wanted = editing.draft(text_of(file), laws(), services)
    act(
        officer,
        config,
        as_json,
        lambda work, who: editing.propose(work, who, wanted),
        _told,
        lambda done: f"entry {done.number} is proposed; another officer decides it",
    )


@app.command()
@told
def publish(number: Number, officer: Officer, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Have every terminal show it from its first day on."""
    from bureau.engine.knowledge import editing

    act(
        officer,
        config,
        as_json,
        lambda work, who: editing.publish(work, number, who),
        _told,
        lambda done: f"entry {done.number} is published, from {done.since}",
    )


@app.command()
@told
def refuse(
    number: Number,
    officer: Officer,
    reason: Why,
    reason_en: WhyEnglish,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Do not show what was proposed."""
    from bureau.engine.knowledge import editing

    act(
        officer,
        config,
        as_json,
        lambda work, who: editing.refuse(work, number, who, both(reason, reason_en)),
        _told,
        lambda done: f"entry {done.number} is not published",
    )


@app.command()
@told
def withdraw(
    number: Number,
    officer: Officer,
    reason: Why,
    reason_en: WhyEnglish,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Show it no longer: an answer is what it was before; who was told of a notice keeps the message."""
    from bureau.engine.knowledge import editing

    act(
        officer,
        config,
        as_json,
        lambda work, who: editing.withdraw(work, number, who, both(reason, reason_en)),
        _told,
        lambda done: f"entry {done.number} is withdrawn",
    )


def _told(one: KnowledgeEntry) -> dict[str, Any]:
    return {
        "number": one.number,
        "kind": one.kind,
        "name": one.name or None,
        "title": one.title,
        "text": one.text,
        "also": one.also,
        "sources": [source.model_dump() for source in one.sources],
        "service": one.service or None,
        "since": one.since,
        "until": one.until,
        "state": one.state,
        "proposed_by": one.proposed_by,
        "proposed_at": one.proposed_at,
        "decided_by": one.decided_by or None,
        "decided_at": one.decided_at,
        "withdrawn_by": one.withdrawn_by or None,
        "withdrawn_at": one.withdrawn_at,
        "reason": one.reason,
    }
