"""What was declared at a terminal on paper: every return has its form, with the figures that are on file."""

from __future__ import annotations

from typing import Any

import pytest

from bureau.engine.sheets.firms import OWN_DECLARATION_COPY
from config.catalogue.models import PrintStep
from tests.bureau.conftest import Centre
from tests.bureau.engine.test_returns import OWN, file, filled, prefill
from tests.bureau.terminals import CAST, Terminal, subject
from tests.shipped import CATALOGUE


def printed(terminal: Terminal, kind: str, who: dict[str, Any], declaration: str) -> Any:
    """As the steps behind the end page have it."""
    service, wish = f"declare.{kind}", {"item": declaration}
    shown = terminal.data("certificate.preview", who, wish, service)
    wanted = {"certificate": "declaration-copy", **wish, "content_sha256": shown["content_sha256"]}
    return terminal.do("certificate.issue", wanted, who, service=service)


def test_every_return_can_be_printed_once_it_is_filed() -> None:
    declared = [CATALOGUE[name].service for name in CATALOGUE if name.startswith("declare.")]
    assert all(any(isinstance(step, PrintStep) for step in service.steps) for service in declared)


@pytest.mark.parametrize("kind", OWN)
def test_who_declares_in_their_own_name_gets_the_form_with_each_tax_and_its_base(
    terminal: Terminal, centre: Centre, kind: str
) -> None:
    who = subject(OWN[kind])
    filed = file(terminal, kind, filled(kind, prefill(terminal, kind, who)), who)
    assert printed(terminal, kind, who, filed.result["declaration"]).state == "accepted"
    made = centre.office.sheets[-1].sheet
    person = CAST[OWN[kind]]
    assert (made.kind, made.holder) == (OWN_DECLARATION_COPY, person.name)
    hidden = [fact for fact in made.facts if person.number in fact.value["zh-CN"]]
    assert hidden and all(fact.public and person.number not in fact.public["zh-CN"] for fact in hidden)
    with centre.system.read() as work:
        kept = work.core.returns.kept(filed.result["declaration"])
    assert kept is not None
    said = {cell["zh-CN"] for row in made.rows for cell in row}
    wanted = [line["tax_fen"] for line in kept.figures["lines"]]
    wanted += [line["base_fen"] for line in kept.figures["lines"] if line["rate"] != "1"]
    wanted += [fen for name, fen in kept.figures["facts"].items() if name.endswith("_fen")]
    assert {f"{fen / 100:,.2f}" for fen in wanted} <= said
    assert made.amount_fen == filed.result["total_fen"]
    text = str([fact.value["zh-CN"] for fact in made.facts])
    assert kept.subject.split()[-1] in text if kept.subject else kind == "iit-annual"


def test_the_form_is_of_ones_own_return_alone(terminal: Terminal) -> None:
    who, kind = subject("xu-wen"), "vehicle-purchase"
    filed = file(terminal, kind, filled(kind, prefill(terminal, kind, who)), who)
    own = subject("lin-tao")
    assert file(terminal, "stamp", filled("stamp", prefill(terminal, "stamp", own)), own).state == "accepted"
    wish = {"item": filed.result["declaration"]}
    refusal = terminal.ask("certificate.preview", own, wish, f"declare.{kind}").refusal
    assert refusal is not None and refusal.code == "returnNotOnFile"
