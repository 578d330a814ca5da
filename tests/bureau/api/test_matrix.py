"""The cells of docs/authorisation.md, asked of the running centre: every operation, role and claim.

Of services that are alike in all that decides who is let through, an operation is asked in the first; in ``make deep``
in each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from bureau.acquirer.card_files import CardFiles
from bureau.api.app import create_app
from bureau.api.examples import QUERIES
from bureau.app import assemble
from bureau.city import guardians, mandates
from bureau.city.cast import HEMU, QINGHE
from bureau.engine.authorisation import (
    ANSWERED,
    GUARDS,
    REFUSALS,
    UNKNOWN,
    Claim,
    Guard,
    Operation,
    operations,
)
from bureau.engine.authorisation_page import page
from bureau.engine.subjects import RANK
from bureau.ports.acquirer import Acquirers
from bureau.ports.registration import PersonKey
from config.settings import CentreSettings, load_bureau
from kiosk.domain.people import Role
from sync import http_signatures
from sync.client import BureauClient
from tests.bureau import stores
from tests.bureau.api import matrix
from tests.bureau.api.conftest import Wire
from tests.bureau.conftest import Centre
from tests.bureau.doubles import Bank, Banks, DraftOffice, HandClock
from tests.bureau.engine.test_payments import CHEN
from tests.bureau.serving import served
from tests.bureau.terminals import CAST, Terminal, subject
from tests.depth import in_turn, one_of_each, some
from tests.shipped import CATALOGUE

PAGE = Path(__file__).parents[3] / "docs" / "authorisation.md"
SERVICES = sorted(CATALOGUE)
AGREEMENT = {"debit": True, "debit_bank": "icbc", "debit_account": "6222023100098760002"}
KNOWN = {name: operations(CATALOGUE[name].service) for name in CATALOGUE}


def _decides(operation: Operation) -> tuple[object, ...]:
    """All that ``Operation`` and the centre look at when they say who is let through."""
    service = operation.service
    roles = tuple(sorted(service.roles))
    return (
        operation.name, operation.guard, operation.answers(),
        service.audience, service.sign_in, roles, service.behalf, service.unnamed,
    )  # fmt: skip


UNLIKE = one_of_each((operation for name in SERVICES for operation in KNOWN[name]), _decides)
ASKED = {name: [one for one in UNLIKE if one.service.id == name] for name in SERVICES}
ASKING = [name for name in SERVICES if ASKED[name]]
CLAIMS = 4
"""So many claims, and roles or ways to act for another, an operation meets; the next one begins with another of them."""
STRANGE_TO = 6
"""Under the names of so many services an operation is tried that they do not have."""


def _foreign() -> dict[str, list[Operation]]:
    """By service, operations of others: each in its turn begins to look for strangers somewhere else."""
    found: dict[str, list[Operation]] = {name: [] for name in SERVICES}
    every = {operation.name: operation for known in KNOWN.values() for operation in known}
    for turn, (name, operation) in enumerate(sorted(every.items())):
        without = [one for one in SERVICES if name not in _names(one)]
        first = turn % len(without)
        for service in some(without[first:] + without[:first], STRANGE_TO):
            found[service].append(operation)
    return found


def _names(service: str) -> set[str]:
    return {operation.name for operation in KNOWN[service]}


FOREIGN = _foreign()


class Hall:
    """A served centre with two terminals, each with things of its own."""

    def __init__(self, wire: Wire, other: Terminal) -> None:
        self.wire, self.other = wire, other
        taker = subject("he-mulan", HEMU, "L")
        payer = subject("shen-zhizhou", QINGHE, "F")
        self.mine = matrix.Things.made_at(wire.terminal, payer, CHEN, taker, "00274801")
        self.others = matrix.Things.made_at(other, payer, CHEN, taker, "00284801")

    def code(self, operation: Operation, who: dict[str, Any], things: matrix.Things | None = None) -> str:
        """The code of the refusal, or ``ANSWERED``; whoever is refused for who they are is told nothing else."""
        request = matrix.request_of(self.wire, operation, who, things or self.mine)
        answer = self.send(request)
        assert answer.status_code == 200, (operation.name, answer.text)
        said = answer.json()
        if said["refusal"] is None or said["refusal"]["code"] not in REFUSALS:
            return ANSWERED
        assert not said.get("data") and not said.get("result")
        assert all(
            said["refusal"][part]["zh-CN"] and said["refusal"][part]["en-US"]
            for part in ("text", "next_step")
        )
        return str(said["refusal"]["code"])

    def send(self, request: requests.PreparedRequest) -> requests.Response:
        http_signatures.sign(request, self.wire.terminal.keys.signing, self.wire.terminal.name)
        return self.wire.send(request)


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Hall]:
    """One for all services: who is let through does not depend on what was done before. No limit by the minute."""
    folder = tmp_path_factory.mktemp("matrix")
    url = stores.sqlite_city(sqlite_template, folder / "bureau.db")
    limits = {"BUREAU_LIMITS__REQUESTS_PER_MINUTE": "1000000"}
    settings = load_bureau(None, {"BUREAU_STATE_DIR": str(folder), "BUREAU_DATABASE__URL": url, **limits})
    clock = HandClock()
    bank, office = Bank(clock), DraftOffice()
    banks = Banks(clock)
    acquirers = Acquirers(bank, CardFiles(folder / "cards", clock), banks)
    container = assemble(
        settings, clock=clock, acquirers=acquirers, office=office, published=stores.published()
    )
    centre = Centre(container, clock, bank, office, folder, acquirers, banks)
    with centre.system.write() as work:
        register, day = work.core.registration, stores.DAY
        for role in (Role.FINANCE_OFFICER, Role.AGENT):
            person = CAST[matrix.HOLDERS[role]]
            register.bind(HEMU, PersonKey(person.kind, person.number), role, day)
        for fact, value in AGREEMENT.items():
            register.enter(CHEN["taxpayer"], fact, value, day, None)
        for own in (CAST[matrix.OWN_NAME], mandates.PRINCIPAL, guardians.WARD):
            person = register.person(PersonKey(own.kind, own.number))
            assert person is not None
            register.register_own(person)
    for place, first in (("A-07", "00274801"), ("B-01", "00284801")):
        centre.load(place, first=first)
    terminal, other = centre.terminal("A-07"), centre.terminal("B-01")
    with served(create_app(container)) as address:
        wire = Wire(address, centre, terminal, BureauClient(CentreSettings(url=address), terminal.identity))
        yield Hall(wire, other)
        wire.close()


@pytest.mark.parametrize("service", ASKING)
def test_each_role_is_let_through_where_the_service_says_so(hall: Hall, service: str) -> None:
    for operation in ASKED[service]:
        cases = [(subject(matrix.HOLDERS[role], HEMU, role.value), operation.in_role(role)) for role in RANK]
        cases.append((subject(matrix.OWN_NAME), operation.in_own_name()))
        cases += [(acting, operation.by_mandate()) for acting in (matrix.ATTORNEY, matrix.GUARDIAN)]
        for who, answer in in_turn(cases, CLAIMS * UNLIKE.index(operation), CLAIMS):
            assert hall.code(operation, who) == answer, (operation.name, who)


@pytest.mark.parametrize("service", ASKING)
def test_a_claim_that_is_not_one_s_own_opens_nothing(hall: Hall, service: str) -> None:
    for operation in ASKED[service]:
        cases = [(matrix.CLAIMS[claim], operation.claimed(claim)) for claim in Claim]
        cases.append((matrix.OTHERS_WARD, operation.claimed(Claim.OTHERS_MANDATE)))
        for who, answer in in_turn(cases, CLAIMS * UNLIKE.index(operation), CLAIMS):
            assert hall.code(operation, who) == answer, (operation.name, who)


@pytest.mark.parametrize("service", SERVICES)
def test_what_another_terminal_made_is_as_good_as_none(hall: Hall, service: str) -> None:
    who = subject("he-mulan", HEMU, "L")
    for operation in KNOWN[service]:
        if operation.guard is Guard.TERMINAL:
            for things in (hall.others, matrix.NONE):
                assert hall.code(operation, who, things) == operation.of_another_terminal(), operation.name


@pytest.mark.parametrize("service", [name for name in SERVICES if FOREIGN[name]])
def test_no_operation_is_had_under_the_name_of_a_service_without_it(hall: Hall, service: str) -> None:
    for operation in FOREIGN[service]:
        name = operation.name
        body = matrix.data_of(operation, hall.mine) if operation.effect else {}
        who = subject("he-mulan", HEMU, "L")
        if operation.effect:
            record = hall.wire.terminal.intent(name, body, who, service=service)
            request = hall.wire.prepared(
                "POST", "/v1/effects", record.envelope, Content_Type="application/cbor"
            )
        else:
            question = hall.wire.question(name, who, service, matrix.params_of(operation, hall.mine))
            request = hall.wire.prepared("POST", f"/v1/queries/{name}", question)
        answer = hall.send(request)
        assert answer.status_code == 200, (name, answer.text)
        assert answer.json()["refusal"]["code"] == "notOfThisService", name


@pytest.mark.parametrize("service", some(SERVICES, 24))
def test_no_request_is_believed_but_a_terminal_s_own_and_fresh_one(hall: Hall, service: str) -> None:
    """Each kind of request of each service: not signed, by a stranger, in another's name, again, while suspended."""
    wire, other, who = hall.wire, hall.other, subject("he-mulan", HEMU, "L")
    terminals = wire.centre.container.terminals

    def refused(answer: requests.Response, status: int, *codes: str) -> None:
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] in codes

    kinds = {operation.effect: operation for operation in KNOWN[service]}
    for operation in kinds.values():

        def made(operation: Operation = operation) -> requests.PreparedRequest:
            return matrix.request_of(wire, operation, who, hall.mine)

        refused(wire.send(made()), 401, "signature-missing")
        for name, code in (("Z-99", "signature-unknown-key"), (other.name, "signature-invalid")):
            request = made()
            http_signatures.sign(request, wire.terminal.keys.signing, name)
            refused(wire.send(request), 401, code)
        request = made()
        assert hall.send(request).status_code == 200
        refused(wire.send(request), 401, "signature-replayed")
        for state in ("suspended", "quarantined"):
            terminals.set_state(wire.terminal.name, state, "test")
            refused(hall.send(made()), 403, f"terminal-{state}")
        terminals.set_state(wire.terminal.name, "active", "test")
        if operation.effect:
            theirs = matrix.request_of(wire, operation, who, hall.mine, other)
            refused(hall.send(theirs), 422, "record-other-terminal")
            named = replace(
                wire.terminal, identity=replace(wire.terminal.identity, terminal=other.name), chain=[]
            )
            forged = matrix.request_of(wire, operation, who, hall.mine, named)
            refused(hall.send(forged), 400, "record-unreadable")


@pytest.mark.parametrize(
    "service", [name for name in SERVICES if CATALOGUE[name].service.audience == "person"]
)
def test_an_enterprise_in_the_claim_changes_nothing_of_what_a_person_is_told(
    hall: Hall, service: str
) -> None:
    """The answer is the person's own, whatever enterprise they name."""
    for operation in KNOWN[service]:
        if operation.effect or operation.guard is not Guard.ROLE:
            continue
        told = []
        for who in (subject("shen-zhizhou"), subject("shen-zhizhou", QINGHE, "L")):
            answer = hall.send(matrix.request_of(hall.wire, operation, who, hall.mine))
            # the word to keep it signs the question, and with it the enterprise
            told.append({**answer.json(), "keep": None})
        if operation.name in ("privacy.held", "privacy.accesses"):
            _but_for_having_been_asked(*told)
        assert told[0] == told[1], operation.name


def _but_for_having_been_asked(first: dict[str, Any], second: dict[str, Any]) -> None:
    """The first question is an access, of which the second tells; the list holds so many and no more."""
    for told in (first, second):
        told["data"]["rows"] = [row for row in told["data"]["rows"] if row["id"] != "access"]
    before, after = first["data"]["rows"], second["data"]["rows"]
    both = {row["id"] for row in before} & {row["id"] for row in after}
    assert len(both) >= max(len(before), len(after)) - 1
    for told in (first, second):
        told["data"]["rows"] = [row for row in told["data"]["rows"] if row["id"] in both]


def test_every_question_and_effect_of_the_catalogue_can_be_asked_here() -> None:
    """A new one fails here until the tests know a body for it that is in order in itself."""
    for operation in (one for found in KNOWN.values() for one in found):
        if operation.effect:
            assert matrix.data_of(operation, matrix.NONE) is not None
        else:
            assert operation.name in QUERIES


def test_an_exception_from_the_strictest_is_one_of_an_operation_that_there_is() -> None:
    names = {operation.name for found in KNOWN.values() for operation in found}
    assert GUARDS.keys() <= names
    assert UNKNOWN.keys() == {name for name, guard in GUARDS.items() if guard is Guard.TERMINAL}


def test_the_kept_page_is_the_one_that_is_made() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(CATALOGUE), "make pages"


def _taken_back(number: str) -> dict[str, Any]:
    """A return of that number is taken back."""
    period = {"period_first": "2026-07-01", "period_last": "2026-09-30"}
    empty = dict.fromkeys(("facts", "total_fen", "parameters_hash"))
    return {"way": "withdraw", "corrects": number, "tax": "vat-small", **period, **empty}


def test_a_number_of_another_taxpayer_is_as_good_as_one_that_nobody_has(hall: Hall) -> None:
    """A return, a due, a certified return, a post of ``QINGHE``, named by who acts for ``HEMU`` alone."""
    theirs, who = subject("shen-zhizhou", QINGHE, "F"), subject("he-mulan", HEMU, "L")
    terminal = hall.wire.terminal
    filed = terminal.data("declarations.list", theirs, service="query.declarations")["returns"][0][
        "declaration"
    ]
    due = terminal.data("obligations.list", theirs, service="query.due")["obligations"]
    owed = next(one for one in due if one["what"] == "pay")
    officer = subject("shen-zhizhou", QINGHE, "F")
    post = terminal.data("registration.details", officer, service="registration.query")["officers"][0]["id"]
    tries: list[tuple[str, str, str, Callable[[str], dict[str, Any]]]] = [
        ("declare.correct", "correction.prefill", filed, lambda number: {"declaration": number}),
        ("declare.correct", "correction.ways", filed, lambda number: {"declaration": number}),
        ("declare.correct", "declaration.submit", filed, _taken_back),
        ("certificate.declaration-copy", "certificate.preview", filed, lambda number: {"item": number}),
        (
            "pay.due",
            "payment.create",
            owed["id"],
            lambda number: {"dues": [number], "amount_fen": owed["amount_fen"], "channel": "qr-shown"},
        ),
        ("identity.unbind-role", "matter.submit", post, lambda number: {"post": number}),
    ]
    for service, name, number, body in tries:
        codes = []
        for named in (number, "0" * len(number)):
            if name in ("declaration.submit", "payment.create", "matter.submit"):
                answer = terminal.do(name, body(named), who, service=service)
                assert not answer.result, (service, name)
            else:
                answer = terminal.ask(name, who, body(named), service)
                assert not answer.data, (service, name)
            assert answer.refusal is not None, (service, name)
            codes.append(answer.refusal.code)
        assert codes[0] == codes[1] and codes[0] not in REFUSALS, (service, name, codes)
