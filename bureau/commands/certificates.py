"""``bureau certificate …``: the register of certificates; what officers make void (作废), and who looked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from bureau.commands.common import AsJson, ConfigFile, moment, opened, plain, show, told
from bureau.commands.matters import Limit, Officer, Reader, core, officer_name, reader_name

if TYPE_CHECKING:
    from bureau.ports.certificates import CertificateRecord
    from bureau.ports.core import Core

app = typer.Typer(help="The register of certificates.", no_args_is_help=True, rich_markup_mode=None)
Number = Annotated[str, typer.Argument(help="The certificate's number.")]
Second = Annotated[str, typer.Option("--second", help="The second officer, another one.")]


@app.command("list")
@told
def list_certificates(
    ended: Annotated[bool, typer.Option("--ended", help="Those alone that are replaced or void.")] = False,
    limit: Limit = 50,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """The newest certificates, how they stand and what took their place; nobody's data."""
    from sqlalchemy import select

    from bureau.store import tables

    t, e = tables.certificate, tables.certificate_end
    columns = (t.c.number, t.c.kind, t.c.state, t.c.copies, t.c.issued_at, t.c.taxpayer)
    query = select(*columns, e.c.reason, e.c.successor).outerjoin(e, e.c.number == t.c.number)
    query = query.order_by(t.c.issued_at.desc(), t.c.number.desc()).limit(limit)
    if ended:
        query = query.where(t.c.state != "valid")
    with opened(config) as (_settings, database), database.read() as connection:
        found = [dict(row) for row in connection.execute(query).mappings()]
    show(found, as_json, [_line(one) for one in found] or ["no certificate"])


@app.command("show")
@told
def show_certificate(
    number: Number, officer: Reader = None, config: ConfigFile = None, as_json: AsJson = False
) -> None:
    """One certificate: how it stands, why it ended, and by whom. The person sees later who looked."""
    from bureau.errors import CertificateKept

    with core(config) as work:
        record = work.certificates.record(number)
        if record is None:
            raise CertificateKept(f"no certificate {number}: see `bureau certificate list`")
        _looked(work, record, reader_name(officer), "certificate.show")
    found = _told(record)
    show(found, as_json, [f"{name}: {plain(value)}" for name, value in found.items()])


@app.command()
@told
def void(
    number: Number,
    officer: Officer,
    second: Second,
    why: Annotated[
        str, typer.Option("--why", help="wrong, corrected, lost or improper: everybody may hear it.")
    ],
    reason: Annotated[str, typer.Option("--reason", help="What happened, on one line; the bureau keeps it.")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Make a certificate void, by two officers. Its holder is told; whoever checks it sees that it is void."""
    from bureau.engine import voiding
    from bureau.engine.repaying.ordering import Hands

    hands = Hands(officer_name(officer), officer_name(second), reason)
    with core(config) as work:
        record = voiding.void(work, number, why, hands)
        _looked(work, record, hands.officer, "certificate.void")
    show(_told(record), as_json, [f"certificate {number} is void"])


def _looked(work: Core, record: CertificateRecord, officer: str, command: str) -> None:
    """A certificate of an enterprise is no data of a person."""
    from bureau.engine import looks
    from bureau.engine.sheets.kinds import PERSONAL

    if record.kind in PERSONAL and record.person is not None:
        looks.by_officer(work, record.person, "certificate", officer, command)


def _line(one: dict[str, Any]) -> str:
    end = f"  {one['reason']}" if one["reason"] else ""
    instead = f"  now {one['successor']}" if one["successor"] else ""
    return f"{moment(one['issued_at'])}  {one['number']}  {one['kind']:20} {one['state']}{end}{instead}"


def _told(record: CertificateRecord) -> dict[str, Any]:
    end = record.ended
    return {
        "number": record.number,
        "kind": record.kind,
        "state": record.state,
        "issued_at": record.issued_at,
        "copies": record.copies,
        "taxpayer": record.taxpayer,
        "ended_at": end.at if end else None,
        "why": end.reason if end else None,
        "successor": end.successor if end else None,
        "officer": end.officer if end else None,
        "second": end.second if end else None,
        "note": end.note if end else None,
    }
