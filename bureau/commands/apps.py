"""``bureau apps …``: official software: proposed, reviewed by another officer, published, withdrawn."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bureau.commands.common import AsJson, ConfigFile, moment, show, told
from bureau.commands.matters import Officer, core
from bureau.commands.proposals import act, both, text_of

if TYPE_CHECKING:
    from bureau.ports.apps import OfficialApp

app = typer.Typer(help="Official software for taxpayers.", no_args_is_help=True, rich_markup_mode=None)
Name = Annotated[str, typer.Argument(help="The software's short name, such as personal-tax.")]
VersionOf = Annotated[str, typer.Argument(help="Its version.")]


@app.command("list")
@told
def list_apps(
    every: Annotated[bool, typer.Option("--all", help="Also what is not shown to everybody.")] = False,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Every version, with where it stands."""
    with core(config) as work:
        found = [_told(e) for e in work.apps.entries() if every or e.state == "published"]
    lines = [f"{e['app']:24} {e['version']:12} {e['state']:9} {e['name']['zh-CN']}" for e in found]
    show(found, as_json, lines or ["nothing is published"])


@app.command()
@told
def propose(
    file: Annotated[Path, typer.Argument(help="YAML: app, version, name, publisher, purpose, runs_on, url.")],
    officer: Officer,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Propose a version; another officer reviews it."""
    from bureau.engine import apps

    wanted = apps.draft(text_of(file))
    act(
        officer,
        config,
        as_json,
        lambda work, who: apps.propose(work, who, wanted),
        _told,
        lambda done: _say(done, "is proposed; another officer reviews it"),
    )


@app.command()
@told
def review(
    name: Name,
    version: VersionOf,
    officer: Officer,
    finding: Annotated[str, typer.Option("--finding", help="What was found, in Chinese; everybody sees it.")],
    finding_en: Annotated[str, typer.Option("--finding-en", help="The same in English.")],
    rejected: Annotated[bool, typer.Option("--rejected", help="It may not be published.")] = False,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Say what the review found."""
    from bureau.engine import apps

    said = both(finding, finding_en)
    act(
        officer,
        config,
        as_json,
        lambda work, who: apps.review(work, name, version, who, said, passed=not rejected),
        _told,
        lambda done: _say(done, f"is {done.state}"),
    )


@app.command()
@told
def publish(
    name: Name, version: VersionOf, officer: Officer, config: ConfigFile = None, as_json: AsJson = False
) -> None:
    """Show a reviewed version at every terminal, in place of the one before."""
    from bureau.engine import apps

    act(
        officer,
        config,
        as_json,
        lambda work, who: apps.publish(work, name, version, who),
        _told,
        lambda done: _say(done, "is published"),
    )


@app.command()
@told
def withdraw(
    name: Name,
    version: VersionOf,
    officer: Officer,
    reason: Annotated[str, typer.Option("--reason", help="Why, in Chinese; everybody sees it.")],
    reason_en: Annotated[str, typer.Option("--reason-en", help="The same in English.")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Offer a published version no longer."""
    from bureau.engine import apps

    said = both(reason, reason_en)
    act(
        officer,
        config,
        as_json,
        lambda work, who: apps.withdraw(work, name, version, who, said),
        _told,
        lambda done: _say(done, "is withdrawn; terminals say why"),
    )


@app.command()
@told
def history(name: Name, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Who did what with all versions of one piece of software."""
    from bureau.engine import apps

    with core(config) as work:
        found = list(apps.history(work, name))
    lines = [
        f"{moment(e.at)}  {e.version:12} {e.did:9} {e.officer}  {e.said.get('zh-CN', '')}".rstrip()
        for e in found
    ]
    show(found, as_json, lines)


def _say(entry: OfficialApp, words: str) -> str:
    return f"{entry.app} {entry.version} {words}"


def _told(entry: OfficialApp) -> dict[str, Any]:
    return {
        "app": entry.app,
        "version": entry.version,
        "state": entry.state,
        "name": entry.name,
        "publisher": entry.publisher,
        "url": entry.url,
        "proposed_by": entry.proposed_by,
        "proposed_at": entry.proposed_at,
        "reviewed_by": entry.reviewed_by or None,
        "reviewed_at": entry.reviewed_at,
        "finding": entry.finding,
        "published_at": entry.published_at,
        "ended_at": entry.ended_at,
        "reason": entry.reason,
    }
