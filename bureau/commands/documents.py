"""``bureau document …``: official documents (税务文书), issued, served and withdrawn by officers."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from bureau.commands.common import AsJson, ConfigFile, show, told
from bureau.commands.matters import Limit, Officer, core, officer_name

if TYPE_CHECKING:
    from bureau.ports.documents import Document, Way

Number = Annotated[str, typer.Argument(help="The document's number.")]
WAYS = ("left", "entrusted", "mail", "notice", "electronic")
app = typer.Typer(help="Official documents to be served.", no_args_is_help=True, rich_markup_mode=None)


@app.command()
@told
def issue(
    taxpayer: Annotated[str, typer.Argument(help="On whom it is to be served: the taxpayer's number.")],
    officer: Officer,
    title: Annotated[str, typer.Option("--title", help="What it is called, in Chinese.")],
    text: Annotated[
        Path, typer.Option("--text", help="A text file, one paragraph a line.", exists=True, dir_okay=False)
    ],
    days: Annotated[
        int | None, typer.Option("--days", min=1, max=180, help="Its term in days, from service.")
    ] = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Issue a document; who answers for the taxpayer is told, and signs for it at any terminal with a pad."""
    from bureau.engine.serving import documents

    paragraphs = text.read_text(encoding="utf-8").splitlines()
    with core(config) as work:
        made = documents.issue(work, taxpayer, title, paragraphs, days, officer_name(officer))
    show(_told(made), as_json, [f"document {made.document} waits to be served on {taxpayer}"])


@app.command("list")
@told
def list_documents(
    taxpayer: Annotated[str | None, typer.Option(help="Of one taxpayer, by number.")] = None,
    limit: Limit = 50,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Documents, the latest issued first, each with how it was served, when and on whom."""
    with core(config) as work:
        found = [_told(one) for one in work.documents.listed(taxpayer, limit)]
    lines = [
        f"{d['document']}  {d['state']:9} {d['way'] or '':10} {d['served_on'] or '':10}  {d['taxpayer']}  {d['title']}"
        for d in found
    ]
    show(found, as_json, lines or ["no document"])


@app.command()
@told
def served(
    document: Number,
    officer: Officer,
    way: Annotated[str, typer.Option("--way", help=f"One of {', '.join(WAYS)}.")],
    on: Annotated[datetime, typer.Option("--on", formats=["%Y-%m-%d"], help="Left, received, made public.")],
    note: Annotated[str, typer.Option("--note", help="What proves it: reason and witness, receipt, notice.")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Tell of a service in another way than by signature at a terminal; a public notice serves 30 days later."""
    from bureau.engine.rules import Rules
    from bureau.engine.serving import documents
    from bureau.errors import DocumentRefused
    from kiosk.domain.tax.parameters import built_in

    if way not in WAYS:
        raise DocumentRefused(f"{way} is no way of service: one of {', '.join(WAYS)}")
    with core(config) as work:
        found = documents.serve_otherwise(
            work, Rules(built_in()), document, cast("Way", way), on.date(), officer_name(officer), note
        )
    show(_told(found), as_json, [f"document {document} was served on {found.served_on}"])


@app.command()
@told
def withdraw(document: Number, officer: Officer, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Serve a document no more; one that was served stays served."""
    from bureau.engine.serving import documents

    with core(config) as work:
        found = documents.withdraw(work, document, officer_name(officer))
    show(_told(found), as_json, [f"document {document} is withdrawn"])


def _told(one: Document) -> dict[str, Any]:
    return {
        "document": one.document,
        "state": one.state,
        "taxpayer": one.taxpayer,
        "title": one.title["zh-CN"],
        "issued_at": one.issued_at,
        "issued_by": one.issued_by,
        "days": one.days,
        "way": one.way,
        "served_on": one.served_on and one.served_on.isoformat(),
        "served_by": one.served_by,
        "withdrawn_at": one.withdrawn_at,
        "withdrawn_by": one.withdrawn_by,
        "until": one.until and one.until.isoformat(),
        "matter": one.matter,
    }
