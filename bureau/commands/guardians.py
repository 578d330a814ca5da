"""``bureau guardian …``: guardians of wards, once a case of theirs is approved; numbers of people are masked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from bureau.commands.common import AsJson, ConfigFile, show, told
from bureau.commands.matters import Officer, Reader, core, officer_name, reader_name
from kiosk.domain.masking import mask_name, mask_number

if TYPE_CHECKING:
    from bureau.ports.core import Core
    from bureau.ports.mandates import Mandate

app = typer.Typer(help="Guardians of wards.", no_args_is_help=True, rich_markup_mode=None)


@app.command("list")
@told
def list_guardians(officer: Reader = None, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Guardians who may act for a ward today, the one that ends first on top; both see later who looked."""
    from bureau.engine import looks
    from bureau.engine.subjects import today

    name = reader_name(officer)
    with core(config) as work:
        held = work.mandates.guarding(today(work))
        for person in {key for one in held for key in (one.attorney, one.principal)}:
            looks.by_officer(work, person, "role", name, "guardian.list")
        found = [_row(work, one) for one in held]
    lines = [f"{g['case']}  {g['kind']:7} until {g['until']}  {g['guardian']} for {g['ward']}" for g in found]
    show(found, as_json, lines or ["nobody is entered as a guardian"])


@app.command()
@told
def end(
    case: Annotated[str, typer.Argument(help="The number of the case by which the guardian was entered.")],
    officer: Officer,
    reason: Annotated[str, typer.Option("--reason", help="What guardian and ward are told, in Chinese.")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """End what is entered: a court named another guardian, the ward can act alone again, the papers were not true."""
    from bureau.engine.matters.guardians import end_guardianship

    name = officer_name(officer)
    with core(config) as work:
        found = _row(work, end_guardianship(work, case, name, reason))
    show(found, as_json, [f"{found['guardian']} acts for {found['ward']} no longer"])


def _row(work: Core, held: Mandate) -> dict[str, Any]:
    found: dict[str, Any] = {"case": held.case, "kind": held.relation}
    for side, key in (("guardian", held.attorney), ("ward", held.principal)):
        person = work.registration.person(key)
        assert person is not None, "nobody is ever taken out of the register"
        found[side] = f"{mask_name(person.name)} {mask_number(key.number)}"
    return {**found, "since": held.since, "until": held.until}
