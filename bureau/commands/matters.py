"""``bureau case …``: cases of matters, for the officer who decides them; the number of the person is masked."""

from __future__ import annotations

import getpass
import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bureau.commands.common import AsJson, ConfigFile, opened, plain, show, told
from bureau.errors import CaseUnknown, FleetError, ReliefRefused
from kiosk.domain.errors import MoneyError
from kiosk.domain.masking import mask_number
from kiosk.domain.money import fen

if TYPE_CHECKING:
    from bureau.ports.core import Core
    from bureau.ports.matters import MatterCase
    from bureau.ports.system import System

app = typer.Typer(help="Cases of matters.", no_args_is_help=True, rich_markup_mode=None)
Number = Annotated[str, typer.Argument(help="The case's number.")]
Officer = Annotated[str, typer.Option("--officer", help="Who decides: name or staff number.")]
Reader = Annotated[
    str | None,
    typer.Option("--officer", envvar="BUREAU_OFFICER", help="Who looks; else whoever is logged in."),
]
Limit = Annotated[int, typer.Option(min=1, max=100_000, help="At most so many, the most urgent first.")]


@app.command("list")
@told
def list_cases(
    every: Annotated[bool, typer.Option("--all", help="Decided ones too.")] = False,
    limit: Limit = 50,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Cases that wait for an officer, the one that is due first on top."""
    with core(config) as work:
        cases = list(work.matters.listed("open", limit))
        if every:
            cases += work.matters.listed("decided", limit - len(cases)) if len(cases) < limit else []
    found = [
        {
            "case_no": case.case,
            "matter": case.matter,
            "taxpayer": case.taxpayer,
            "state": case.state,
            "accepted_at": case.accepted_at,
            "due_on": case.due_on,
        }
        for case in cases
    ]
    lines = [
        f"{c['case_no']}  {c['matter']:24} {c['state']:9} due {c['due_on']}  {c['taxpayer'] or ''}".rstrip()
        for c in found
    ]
    show(found, as_json, lines or ["no case waits"])


@app.command("show")
@told
def show_case(
    number: Number, officer: Reader = None, config: ConfigFile = None, as_json: AsJson = False
) -> None:
    """One case: what is asked for, by whom, on what basis, until when, and what was decided or examined.

    The person sees later who looked.
    """
    from bureau.engine import looks
    from bureau.engine.matters.kinds import matters

    with core(config) as work:
        case = work.matters.case(number)
        if case is None:
            raise CaseUnknown(number)
        person = work.registration.person(case.person)
        relief = work.reliefs.relief(number)
        looks.by_officer(work, case.person, "case", reader_name(officer), "case.show")
    found: dict[str, Any] = {
        **_told(case),
        "basis": matters()[case.matter].basis["zh-CN"],
        "person": person.name if person is not None else None,
        "person_number": mask_number(case.person.number),
        **({"relief": plain(relief)} if relief is not None else {}),
    }
    show(found, as_json, [f"{name}: {plain(value)}" for name, value in found.items()])


@app.command()
@told
def ask(
    number: Number,
    officer: Officer,
    what: Annotated[str, typer.Option("--for", help="What is missing, in Chinese; the owner is told.")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Ask the owner of a case for what is missing; it can be scanned at any terminal."""
    from bureau.engine import looks
    from bureau.engine.matters.deciding import ask_for

    name = officer_name(officer)
    with core(config) as work:
        case = ask_for(work, number, what)
        looks.by_officer(work, case.person, "case", name, "case.ask")
    show(_told(case), as_json, [f"case {case.case} waits for: {case.wanted}"])


@app.command()
@told
def pages(
    number: Number,
    out: Annotated[
        Path, typer.Option("--out", help="Folder for the pages, in the clear; delete it afterwards.")
    ],
    officer: Reader = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Write the scanned pages of a case as JPEG files, for the officer who decides it, and what was signed for it."""
    from bureau.engine import looks
    from bureau.engine.reference.work import ReferenceSystem
    from bureau.fleet.vault import SealingVault
    from bureau.opening import business_clock, open_keys

    with opened(config) as (settings, database):
        vault = SealingVault(open_keys(settings).sealing)
        with ReferenceSystem(database, business_clock(settings)).write() as work:
            case = work.core.matters.case(number)
            if case is None:
                raise CaseUnknown(number)
            looks.by_officer(work.core, case.person, "case", reader_name(officer), "case.pages")
            found = [(page, work.core.materials.sealed(page.key)) for page in work.core.materials.of(number)]
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    files = []
    for page, sealed in found:
        file = out / f"{number}-{page.number:02}.jpg"
        _write(file, vault.open(page.key, sealed))
        files.append({"file": str(file), "sha256": page.sha256, "received_at": page.received_at})
    if case.sealed:
        text = str(json.loads(vault.open(number, case.sealed))["text"]).encode()
        file = out / f"{number}-signed.txt"
        _write(file, text)
        signed = {"file": str(file), "sha256": hashlib.sha256(text).hexdigest()}
        files.append({**signed, "received_at": case.accepted_at})
    show(files, as_json, [str(one["file"]) for one in files] or ["the case has no pages"])


@app.command()
@told
def grant(
    number: Number,
    officer: Officer,
    amount: Annotated[
        str, typer.Option("--amount", help="Grant so many yuan in all; else what was applied for.")
    ] = "",
    percent: Annotated[
        int | None, typer.Option("--percent", min=1, max=100, help="Grant this share of the tax instead.")
    ] = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Grant a tax relief: the first officer examines it, another one grants it; then it lowers what it reaches."""
    from bureau.engine import looks
    from bureau.engine.matters.deciding import grant as decide
    from bureau.engine.matters.relief import Terms
    from bureau.engine.publishing import publish
    from bureau.engine.reference.work import ReferenceSystem
    from bureau.opening import business_clock

    name, terms = officer_name(officer), Terms(_fen(amount), percent)
    with opened(config) as (settings, database):
        _, rules = publish(database, datetime.now(UTC))
        with ReferenceSystem(database, business_clock(settings)).write() as work:
            case = decide(work.core, number, name, terms, rules)
            looks.by_officer(work.core, case.person, "case", name, "case.grant")
    waits = "is examined; another officer grants it by the same command"
    done = waits if case.state == "open" else f"is granted from {case.effective_on}; its owner is told"
    show(_told(case), as_json, [f"case {case.case} {done}"])


@app.command()
@told
def approve(number: Number, officer: Officer, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Approve a case: it takes effect today, and its owner is told."""
    from bureau.engine import looks
    from bureau.engine.matters.deciding import approve as decide

    name = officer_name(officer)
    with core(config) as work:
        case = decide(work, number, name)
        looks.by_officer(work, case.person, "case", name, "case.approve")
    show(_told(case), as_json, [f"case {case.case} is approved, in force from {case.effective_on}"])


@app.command()
@told
def refuse(
    number: Number,
    officer: Officer,
    reason: Annotated[str, typer.Option("--reason", help="What the owner is told, in Chinese.")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Refuse a case with the reason that its owner is told."""
    from bureau.engine import looks
    from bureau.engine.matters.deciding import refuse_case

    name = officer_name(officer)
    with core(config) as work:
        case = refuse_case(work, number, name, reason)
        looks.by_officer(work, case.person, "case", name, "case.refuse")
    show(_told(case), as_json, [f"case {case.case} is refused: {case.reason}"])


def _write(file: Path, content: bytes) -> None:
    """For the eyes of this account alone."""
    file.touch(mode=0o600)
    file.write_bytes(content)


def _fen(amount: str) -> int | None:
    """Yuan as typed, in fen; None for nothing. Raises ``ReliefRefused`` for what is no amount."""
    if not amount:
        return None
    try:
        return int(fen(amount))
    except MoneyError as error:
        raise ReliefRefused("--amount: give yuan with at most two decimals, such as 1200.50") from error


def officer_name(officer: str) -> str:
    """Who decides, as typed; raises ``FleetError`` for what is no name."""
    if not re.fullmatch(r"[\w·. -]{1,32}", officer.strip()):
        raise FleetError("--officer: give a name or staff number of at most 32 characters")
    return officer.strip()


def reader_name(officer: str | None) -> str:
    """Who looks at a person's data: as typed, else the account that runs the command."""
    return officer_name(officer if officer is not None else getpass.getuser())


@contextmanager
def core(config: ConfigFile) -> Iterator[Core]:
    """The core inside one transaction, at the centre's business time."""
    from bureau.engine.reference.work import ReferenceSystem
    from bureau.opening import business_clock

    with opened(config) as (settings, database):
        with ReferenceSystem(database, business_clock(settings)).write() as work:
            yield work.core


@contextmanager
def system_of(config: ConfigFile) -> Iterator[System]:
    """The system, for who needs a transaction a piece, at the centre's business time."""
    from bureau.engine.reference.work import ReferenceSystem
    from bureau.opening import business_clock

    with opened(config) as (settings, database):
        yield ReferenceSystem(database, business_clock(settings))


def _told(case: MatterCase) -> dict[str, Any]:
    return {
        "case": case.case,
        "matter": case.matter,
        "taxpayer": case.taxpayer,
        "state": case.state,
        "fields": dict(case.fields),
        "accepted_at": case.accepted_at,
        "due_on": case.due_on,
        "decided_at": case.decided_at,
        "decided_by": case.decided_by,
        "reason": case.reason,
        "effective_on": case.effective_on,
        "wanted": case.wanted,
    }
