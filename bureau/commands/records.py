"""``bureau effects`` and ``notices``: what came in, and who was told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bureau.commands.common import AsJson, ConfigFile, moment, opened, plain, show, told
from bureau.commands.matters import Reader, core, reader_name
from bureau.errors import BureauError
from kiosk.domain.masking import mask_mobile, mask_number

if TYPE_CHECKING:
    from bureau.ports.privacy import HeldKind

effects = typer.Typer(help="Effects and their first answers.", no_args_is_help=True, rich_markup_mode=None)
Limit = Annotated[int, typer.Option(min=1, max=100_000, help="At most so many, newest first.")]


@effects.command("list")
@told
def list_effects(
    terminal: Annotated[str | None, typer.Option(help="Of one terminal.")] = None,
    limit: Limit = 50,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """The newest effects; no personal data."""
    from sqlalchemy import select

    from bureau.store import tables

    t = tables.effect
    columns = (t.c.key, t.c.terminal, t.c.kind, t.c.state, t.c.reference, t.c.offline, t.c.received_at)
    query = select(*columns).order_by(t.c.received_at.desc(), t.c.key.desc()).limit(limit)
    if terminal is not None:
        query = query.where(t.c.terminal == terminal)
    with opened(config) as (_settings, database), database.read() as connection:
        found = [dict(row) for row in connection.execute(query).mappings()]
    lines = [
        f"{moment(e['received_at'])}  {e['terminal']:8} {e['kind']:20} {e['state']:9} {e['key']}"
        for e in found
    ]
    show(found, as_json, lines or ["no effect has arrived"])


@effects.command("show")
@told
def show_effect(
    key: Annotated[str, typer.Argument(help="The effect's key.")],
    officer: Reader = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """One effect with its answer; the person's number is masked."""
    from sqlalchemy import select

    from bureau.store import tables

    with opened(config) as (_settings, database), database.read() as connection:
        query = select(tables.effect).where(tables.effect.c.key == key)
        row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise BureauError(f"no effect with key {key} has arrived")
    found: dict[str, Any] = dict(row)
    if found["person_number"]:
        _looked([(found["person_kind"], found["person_number"])], "visit", officer, "effects.show", config)
        found["person_number"] = mask_number(found["person_number"])
    show(found, as_json, [f"{name}: {plain(value)}" for name, value in found.items()])


@told
def notices(
    limit: Limit = 50, officer: Reader = None, config: ConfigFile = None, as_json: AsJson = False
) -> None:
    """Notices given and the messages sent with them (to the simulated phone)."""
    from sqlalchemy import select

    from bureau.store import tables

    n, s = tables.notice, tables.sms
    shown = (n.c.notice, n.c.kind, n.c.created_at, n.c.deadline, n.c.reference, s.c.mobile, s.c.text)
    query = (
        select(*shown, n.c.person_kind, n.c.person_number)
        .outerjoin(s, s.c.notice == n.c.notice)
        .order_by(n.c.created_at.desc(), n.c.notice.desc())
        .limit(limit)
    )
    with opened(config) as (_settings, database), database.read() as connection:
        found = [dict(row) for row in connection.execute(query).mappings()]
    told = dict.fromkeys((n.pop("person_kind"), n.pop("person_number")) for n in found)
    _looked([who for who in told if who[1]], "notice", officer, "notices", config)
    for notice in found:
        notice["mobile"] = mask_mobile(notice["mobile"]) if notice["mobile"] else None
    lines = [
        f"{moment(n['created_at'])}  {n['kind']:18} {n['mobile'] or '-':12} {n['text'] or ''}" for n in found
    ]
    show(found, as_json, lines or ["no notice was given"])


def _looked(
    people: Iterable[tuple[str, str]],
    kind: HeldKind,
    officer: str | None,
    command: str,
    config: ConfigFile,
) -> None:
    """Record that these people's data are shown, before they are."""
    from bureau.engine import looks
    from bureau.ports.registration import PersonKey
    from kiosk.domain.people import DocumentKind

    with core(config) as work:
        for document, number in people:
            key = PersonKey(DocumentKind(document), number)
            looks.by_officer(work, key, kind, reader_name(officer), command)
