"""``bureau``: one command whose parts are loaded by name, so that each imports only what it needs."""

from __future__ import annotations

import importlib
import logging
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import typer

from config import heap


@dataclass(frozen=True, slots=True)
class Part:
    """A subcommand: where its entry stands (``module:name``) and what it is for."""

    entry: str
    summary: str


PARTS = {
    "serve": Part("bureau.commands.demo:serve", "the centre: terminals' interface and the public's pages"),
    "console": Part("bureau.commands.demo:console", "the officers' console, a web program of its own"),
    "generate": Part("bureau.commands.demo:make_city", "fills the store with the invented city 云川市"),
    "city": Part("bureau.commands.demo:city", "what the store holds, in numbers"),
    "terminal": Part("bureau.commands.terminal:app", "enrolment codes, the list, suspension"),
    "stock": Part("bureau.commands.stock:app", "blank invoices: load, list, hand over, reconcile, check"),
    "effects": Part("bureau.commands.records:effects", "effects and their first answers"),
    "payments": Part(
        "bureau.commands.payments:app",
        "orders, the daily comparison with the acquirers, charges given back",
    ),
    "notices": Part("bureau.commands.records:notices", "notices given and messages sent"),
    "cases": Part("bureau.commands.cases:app", "matters that somebody has to look into: list, show, close"),
    "certificate": Part(
        "bureau.commands.certificates:app", "the register of certificates: list, show, void by two officers"
    ),
    "case": Part(
        "bureau.commands.matters:app", "cases of matters: list, show, approve, refuse with a reason"
    ),
    "guardian": Part("bureau.commands.guardians:app", "guardians of wards: those entered, and their end"),
    "order": Part("bureau.commands.orders:app", "paper invoices to be picked up: approve, list, cancel"),
    "document": Part("bureau.commands.documents:app", "official documents: issue, list, served, withdraw"),
    "deliver": Part(
        "bureau.commands.deliveries:app",
        "paper invoices by courier: list, pack, hand over, delivered, import",
    ),
    "mail": Part("bureau.commands.mail:app", "letters to mailboxes: list, retry"),
    "bill": Part("bureau.commands.bills:app", "payment vouchers: issue, list, sheet, withdraw"),
    "device": Part(
        "bureau.commands.tax_control:app", "tax-control devices: issue, list, reports, lost, cancel"
    ),
    "returns": Part("bureau.commands.returns:app", "returns in the books, computed once more"),
    "nontax": Part("bureau.commands.nontax:app", "notices of non-tax revenue: issue, list, sheet, withdraw"),
    "refund": Part("bureau.commands.refunds:app", "refunds of taxes: list, order, paid, returned, again"),
    "departure": Part(
        "bureau.commands.departures:app",
        "departure refunds: list, show, inspect, refund, refuse; the stores on record",
    ),
    "reminders": Part(
        "bureau.commands.reminders:reminders", "who was reminded of what, and what was demanded"
    ),
    "lottery": Part(
        "bureau.commands.lottery:app",
        "the invoice lottery: pools, cost, propose, publish, refuse, close, show, seeds; prizes: list, paid, returned",
    ),
    "officer": Part("bureau.commands.officers:app", "who works at the console: invite, roles, disable"),
    "trail": Part("bureau.commands.officers:trail", "what officers saw and did: list, verify, head"),
    "feedback": Part(
        "bureau.commands.feedback:app",
        "complaints and tip-offs: list, show, accept, refuse, transfer, extend, answer",
    ),
    "analytics": Part(
        "bureau.commands.analytics:app",
        "use, waiting, drop-out by step, terminals compared, topics: shown, as JSON or CSV",
    ),
    "centre": Part("bureau.commands.centres:app", "centres below: code, list, suspend, resume"),
    "superior": Part("bureau.commands.centres:superior", "the centre above: join, show, tell"),
    "open": Part(
        "bureau.commands.opendata:app",
        "open data: sets, propose, publish, refuse, withdraw, show, list, history, export",
    ),
    "queue": Part(
        "bureau.commands.queue:app", "a hall's queue: call, serve, miss, list, appointments, close"
    ),
    "apps": Part(
        "bureau.commands.apps:app", "official software: propose, review, publish, withdraw, list, history"
    ),
    "shares": Part(
        "bureau.commands.shares:app", "an enterprise's data for other bodies: list, give, deliver to banks"
    ),
    "knowledge": Part(
        "bureau.commands.knowledge:app",
        "notices, and answers of the consultation: propose, publish, refuse, withdraw, show, list",
    ),
    "publicity": Part(
        "bureau.commands.publicity:app",
        "published tax offenders: enter, publish, refuse, withdraw, confirm, keep, list, history",
    ),
    "inspection": Part(
        "bureau.commands.inspections:app",
        "inspections on site: list, order, cancel, demand, history; the abnormal state: ask, enter, decline, return, …",
    ),
    "remote": Part(
        "bureau.commands.remote:app",
        "people who wait for an officer: list, serve, take, say, cite, propose, screen, end; call-backs",
    ),
    "survey": Part(
        "bureau.commands.survey:app", "surveys: propose, publish, refuse, close, results, show, list, history"
    ),
    "school": Part(
        "bureau.commands.school:app",
        "the tax school: courses, plan, move, cancel, enrolled, mark, evaluations",
    ),
    "help": Part(
        "bureau.commands.mutual:help_app",
        "questions and answers of taxpayers: list, publish, refuse, merge, confirm, answer, knowledge",
    ),
    "ideas": Part(
        "bureau.commands.mutual:ideas_app", "ideas of taxpayers: list, publish, refuse, merge, reply"
    ),
    "renew": Part(
        "bureau.commands.demo:renew", "begins a new incarnation after a backup was put back by hand"
    ),
    "authorisation": Part(
        "bureau.commands.pages:authorisation", "who is let through where (docs/authorisation.md)"
    ),
    "openapi": Part("bureau.commands.pages:openapi", "the interface's description (docs/openapi.json)"),
    "integrating": Part(
        "bureau.commands.pages:integrating", "the ports for another core system (docs/integrating.md)"
    ),
    "core": Part("bureau.commands.core:app", "checks another core system's promises over HTTP"),
    "acquirer": Part("bureau.acquirer.cli:acquirer", "the test acquirer, a program of its own"),
    "postbox": Part("bureau.postbox.cli:postbox", "the test mail server, a program of its own"),
}


def main(argv: Sequence[str] | None = None) -> None:
    """Run one part with the rest of the arguments; ends with its exit status."""
    heap.keep_steady()
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments or arguments[0] in ("-h", "--help"):
        typer.echo(_usage())
        return
    name, rest = arguments[0], arguments[1:]
    if name not in PARTS:
        typer.echo(f"bureau: no command {name!r}\n\n{_usage()}", err=True)
        raise SystemExit(2)
    level = os.environ.get("BUREAU_LOG__LEVEL", "info").upper()
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it tells its own start-up at info
    known = level if level in logging.getLevelNamesMapping() else "INFO"
    logging.basicConfig(level=known, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    app_of(name)(args=rest, prog_name=f"bureau {name}")


def app_of(name: str) -> typer.Typer:
    """The part as a Typer application; a part that is one function becomes its only command."""
    module, _, attribute = PARTS[name].entry.partition(":")
    with heap.loading():
        entry = getattr(importlib.import_module(module), attribute)
    if isinstance(entry, typer.Typer):
        return entry
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command()(entry)
    return app


def _usage() -> str:
    lines = [f"  bureau {name:<10} {part.summary}" for name, part in PARTS.items()]
    return "usage: bureau COMMAND …\n\n" + "\n".join(lines) + "\n\nbureau COMMAND --help says more."


if __name__ == "__main__":
    main()
