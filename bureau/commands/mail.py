"""``bureau mail …``: letters to mailboxes, as far as operators need to see them: where they are stuck, never whose.

An address is shown masked, and not at all once its letter has arrived and the day is over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, cast, get_args

import typer

from bureau.commands.common import AsJson, ConfigFile, moment, opened, plain, show, told
from bureau.commands.matters import Limit, core
from bureau.errors import LetterUnknown, NoMailServer

if TYPE_CHECKING:
    from bureau.ports.mail import Letter, LetterState

app = typer.Typer(help="Letters to mailboxes.", no_args_is_help=True, rich_markup_mode=None)


def _state(text: str) -> str:
    from bureau.ports.mail import LetterState

    if text not in get_args(LetterState):
        raise typer.BadParameter(f"{text!r} is no state; write one of {', '.join(get_args(LetterState))}")
    return text


@app.command("list")
@told
def list_letters(
    state: Annotated[
        str | None, typer.Option(parser=_state, help="Only those: queued, sent, refused or given-up.")
    ] = None,
    limit: Limit = 50,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Letters, the latest first: where each is, how often it was tried, and the mail server's last code."""
    with core(config) as work:
        found = [_told(one) for one in work.mail.letters(cast("LetterState | None", state), limit)]
    lines = [
        f"{one['key']}  {one['state']:8} {one['tries']} tried  {one['reply'] or '-':10} {one['made_at']}  "
        f"{one['to'] or '-'}  {one['reference']}"
        for one in found
    ]
    show(found, as_json, lines or ["no letter"])


@app.command()
@told
def retry(
    key: Annotated[str, typer.Argument(help="The letter's key, as `bureau mail list` tells it.")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Queue a letter again that was refused or given up, such as one that a mistake in our settings cost."""
    from bureau.engine.mailing import limits_of
    from bureau.engine.reference.work import ReferenceSystem
    from bureau.opening import business_clock

    with opened(config) as (settings, database):
        if not settings.mail.host:
            raise NoMailServer
        with ReferenceSystem(database, business_clock(settings)).write() as work:
            until = work.core.now + limits_of(settings.mail).tried_for
            letter = work.core.mail.find(key) if work.core.mail.again(key, until) else None
    if letter is None:
        raise LetterUnknown(key)
    show(_told(letter), as_json, [f"letter {key} is queued again, until {moment(letter.until)}"])


def _told(letter: Letter) -> dict[str, Any]:
    """Everything but whose it is and where it goes."""
    shown = {
        "key": letter.key,
        "state": letter.state,
        "kind": letter.kind,
        "reference": letter.reference,
        "to": letter.shown,
        "lang": letter.lang,
        "made_at": letter.made_at,
        "due_at": letter.due_at if letter.state == "queued" else None,
        "until": letter.until,
        "ended_at": letter.ended_at,
        "tries": letter.tries,
        "reply": letter.reply,
    }
    return cast("dict[str, Any]", plain(shown))
