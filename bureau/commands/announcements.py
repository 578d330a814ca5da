"""``bureau announcements …``: what whoever follows announcements is told (通知公告)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bureau.commands.common import AsJson, ConfigFile, moment, show, told
from bureau.commands.matters import Officer, core, officer_name

if TYPE_CHECKING:
    from bureau.ports.subscriptions import Announcement

app = typer.Typer(help="Announcements to who follows them.", no_args_is_help=True, rich_markup_mode=None)
EVER = datetime(2000, 1, 1, tzinfo=UTC)


@app.command("list")
@told
def list_announcements(config: ConfigFile = None, as_json: AsJson = False) -> None:
    """All announcements, the latest first, with who published and who withdrew them."""
    with core(config) as work:
        found = [_told(one) for one in work.subscriptions.announcements(EVER)]
    show(found, as_json, [_line(one) for one in found] or ["nothing was announced"])


@app.command()
@told
def publish(
    officer: Officer,
    text: Annotated[str, typer.Option("--text", help="What is announced, in Chinese.")],
    text_en: Annotated[str, typer.Option("--text-en", help="The same in English.")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Announce it: by message in the hours in which phones may ring, and at the next sign-in."""
    from bureau.engine.subscribing import announcing

    with core(config) as work:
        done = announcing.publish(work, officer_name(officer), {"zh-CN": text, "en-US": text_en})
    show(_told(done), as_json, [f"announcement {done.number} is published"])


@app.command()
@told
def withdraw(
    number: Annotated[int, typer.Argument(help="The announcement's number.")],
    officer: Officer,
    config: ConfigFile = None,
) -> None:
    """Tell it to nobody any more; who was told already keeps the message."""
    from bureau.engine.subscribing import announcing

    with core(config) as work:
        announcing.withdraw(work, number, officer_name(officer))
    typer.echo(f"announcement {number} is withdrawn")


def _line(one: dict[str, Any]) -> str:
    ended = f"  withdrawn by {one['withdrawn_by']}" if one["withdrawn_at"] else ""
    return (
        f"{one['number']:4}  {moment(one['published_at'])}  {one['officer']}  {one['text']['zh-CN']}{ended}"
    )


def _told(one: Announcement) -> dict[str, Any]:
    return {
        "number": one.number,
        "text": one.text,
        "officer": one.officer,
        "published_at": one.published_at,
        "withdrawn_at": one.withdrawn_at,
        "withdrawn_by": one.withdrawn_by or None,
    }
