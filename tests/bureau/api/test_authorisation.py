"""An attacker who holds an enrolled terminal: nothing of another taxpayer or another terminal is told or done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
import requests
from sqlalchemy import func, select

from bureau.city.cast import HEMU, QINGHE
from bureau.errors import AcquirerUnreachable
from bureau.store import tables
from sync import http_signatures
from sync.models import EffectAnswer, QueryAnswer
from sync.records import SignedRecord
from tests.bureau.api.conftest import Wire
from tests.bureau.conftest import CODE
from tests.bureau.returns import filled
from tests.bureau.terminals import CAST, Terminal, subject

SHEN = subject("shen-zhizhou", HEMU, "T")
PAYER = subject("shen-zhizhou", QINGHE, "F")
STRANGER = subject("tang-yue")
COLLECTOR = subject("zhou-mingyuan", HEMU, "B")
PERIOD = {"first": "2026-01", "last": "2026-09"}
UNITS = {
    "units": [
        {"unit": "unit1", "code": CODE, "next_number": "00274801", "last_number": "00274820", "count": 20}
    ]
}
WANTED = {"kind": "04", "count": 2, "unit": "unit1", "code": CODE, "next_number": "00274801"}
MEGABYTES = b"x" * (10 * 1024 * 1024)
HOSTILE = [
    "\x00",
    "' OR 1=1 --",
    "'; DROP TABLE taxpayer; --",
    "%",
    "_" * 18,
    "<script>",
    "../../etc",
    "\u202e\u2066",
    "😀" * 4,
    "\x1b[2J\r\n",
]


def ask(wire: Wire, name: str, who: dict[str, Any], service: str, **params: Any) -> QueryAnswer:
    answer = wire.call("POST", f"/v1/queries/{name}", wire.question(name, who, service, params))
    assert answer.status_code == 200, answer.text
    return QueryAnswer.model_validate(answer.json())


def post(wire: Wire, signed: SignedRecord) -> requests.Response:
    return wire.call("POST", "/v1/effects", signed.envelope, Content_Type="application/cbor")


def do(wire: Wire, kind: str, data: dict[str, Any], who: dict[str, Any] | None = None) -> EffectAnswer:
    answer = post(wire, wire.terminal.intent(kind, data, who))
    assert answer.status_code == 200, answer.text
    return EffectAnswer.model_validate(answer.json())


def refused(answer: QueryAnswer | EffectAnswer, *codes: str) -> None:
    """It is a no in both languages with what to do next, and nothing else is told."""
    assert answer.refusal is not None, answer
    assert answer.refusal.code in codes
    for texts in (answer.refusal.text, answer.refusal.next_step):
        assert texts["zh-CN"] and texts["en-US"]
    assert not (answer.data if isinstance(answer, QueryAnswer) else answer.result)


def told(wire: Wire, name: str, who: dict[str, Any], service: str, **params: Any) -> Any:
    """The data of a question that may be asked."""
    answer = ask(wire, name, who, service, **params)
    assert answer.refusal is None, answer.refusal
    return answer.data


def rows(wire: Wire, table: Any) -> int:
    with wire.centre.database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


@pytest.fixture
def other(wire: Wire) -> Iterator[Terminal]:
    """The attacker's own terminal, enrolled like any; ``wire`` then speaks for it."""
    victim, stranger = wire.terminal, wire.centre.terminal("B-01")
    wire.terminal = stranger
    yield victim
    wire.terminal = victim


# --- another taxpayer ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "service", "params"),
    [
        ("vat.prefill", "declare.vat-small", {}),
        ("dues.list", "pay.due", {}),
        ("return.prefill", "declare.zero", {}),
        ("correction.prefill", "declare.correct", {"declaration": "31990026101200000420"}),
        ("declarations.list", "query.declarations", {}),
        ("obligations.list", "query.due", {}),
        ("payments.list", "query.payments", {}),
        ("invoice.entitlement", "invoice.collect", UNITS),
        ("einvoices.spans", "einvoice.list", {}),
        ("einvoices.list", "einvoice.list", {}),
        ("einvoice.preview", "einvoice.print", {"invoice": "26991000000000000001"}),
        ("invoice.holdings", "invoice.return", {}),
    ],
)
def test_nobody_is_told_of_an_enterprise_without_a_role_there(
    wire: Wire, name: str, service: str, params: dict[str, Any]
) -> None:
    for claim in (STRANGER | {"taxpayer": HEMU}, STRANGER | {"taxpayer": HEMU, "role": "L"}):
        refused(ask(wire, name, claim, service, **params), "roleMissing")
    refused(ask(wire, name, {"taxpayer": HEMU, "role": "L"}, service, **params), "identityMissing")
    weak = subject("he-mulan", HEMU, "L", evidence="document", face=None)
    refused(ask(wire, name, weak, service, **params), "identityWeak")
    renamed = subject("he-mulan", HEMU, "L", name="唐悦")
    refused(ask(wire, name, renamed, service, **params), "nameDiffers")
    boasting = subject("zhou-mingyuan", HEMU, "L")
    refused(ask(wire, name, boasting, service, **params), "roleMissing")


def test_a_role_good_for_one_service_opens_no_figures_of_another(wire: Wire) -> None:
    """Who may only collect invoices asks for sales and dues under the name of the service that is allowed."""
    assert ask(wire, "invoice.entitlement", COLLECTOR, "invoice.collect", **UNITS).data
    refused(ask(wire, "vat.prefill", COLLECTOR, "declare.vat-small"), "roleNotAllowed")
    for name in ("vat.prefill", "dues.list"):
        refused(ask(wire, name, COLLECTOR, "invoice.collect"), "notOfThisService")
    refused(ask(wire, "iit.record", SHEN, "pay.due", **PERIOD), "notOfThisService")
    refused(ask(wire, "invoice.entitlement", SHEN, "pay.due", **UNITS), "notOfThisService")


def test_no_return_reservation_or_order_is_made_for_an_enterprise_of_others(wire: Wire) -> None:
    wire.centre.load()
    prefill = told(wire, "vat.prefill", SHEN, "declare.vat-small")
    dues = told(wire, "dues.list", PAYER, "pay.due")
    order = {"dues": [d["due"] for d in dues["dues"]], "amount_fen": dues["total_fen"], "channel": "qr-shown"}
    stranger = STRANGER | {"taxpayer": HEMU, "role": "L"}
    made = (tables.declaration, tables.reservation, tables.payment_order)
    before = [rows(wire, table) for table in made]
    for kind, data in (
        ("declaration.submit", filled(prefill, 3_400_000)),
        ("invoice.reserve", WANTED),
        ("payment.create", order),
    ):
        refused(do(wire, kind, data, stranger), "roleMissing")
        refused(do(wire, kind, data, {"person": None, "taxpayer": HEMU, "role": "L"}), "identityMissing")
    refused(do(wire, "payment.create", order, SHEN), "dueTaken")
    assert [rows(wire, table) for table in made] == before
    assert "create" not in wire.centre.bank.calls


def test_nobody_certifies_the_income_of_another(wire: Wire) -> None:
    hers = told(wire, "iit.record", subject("li-xiulan"), "certificate.iit-record", **PERIOD)
    wanted = {"certificate": "iit-record", **PERIOD, "content_sha256": hers["content_sha256"]}
    refused(do(wire, "certificate.issue", wanted, SHEN), "changedMeanwhile")
    forged = subject("li-xiulan", name=CAST["shen-zhizhou"].name)
    refused(do(wire, "certificate.issue", wanted, forged), "nameDiffers")
    assert rows(wire, tables.certificate) == 0


# --- another terminal ---------------------------------------------------------------------------------------


def test_orders_reservations_answers_and_papers_of_another_terminal_are_unknown(
    wire: Wire, other: Terminal
) -> None:
    wire.centre.load()
    record = other.data("iit.record", SHEN, PERIOD)
    wanted = {"certificate": "iit-record", **PERIOD, "content_sha256": record["content_sha256"]}
    certificate = other.do("certificate.issue", wanted, SHEN)
    reserved = other.do("invoice.reserve", WANTED, SHEN).result
    dues = other.data("dues.list", PAYER)
    order = {"dues": [d["due"] for d in dues["dues"]], "amount_fen": dues["total_fen"], "channel": "qr-shown"}
    opened = other.do("payment.create", order, PAYER).result

    number = str(certificate.result["number"])
    for path in (f"/v1/documents/{number}", f"/v1/effects/{certificate.key}"):
        assert wire.call("GET", path).status_code == 404
    for outcome in ("printed", "uncertain"):
        counted = do(wire, "certificate.printed", {"number": number, "outcome": outcome})
        refused(counted, "certificateUnknown")
    refused(ask(wire, "payment.status", PAYER, "pay.due", order=opened["order"]), "orderUnknown")
    refused(do(wire, "payment.close", {"order": opened["order"]}, PAYER), "orderUnknown")
    taken = [{"first": reserved["first"], "last": reserved["last"]}]
    commit = {"reservation": reserved["reservation"], "code": CODE, "delivered": taken}
    refused(do(wire, "invoice.commit", commit, SHEN), "reservationUnknown")
    assert "close" not in wire.centre.bank.calls

    with wire.centre.system.read() as work:
        kept = work.core.certificates.record(number)
    assert kept is not None and kept.copies == 0
    assert rows(wire, tables.case_file) == 0
    assert other.do("invoice.commit", commit).state == "accepted", "and the owner goes on undisturbed"


def test_the_key_of_another_terminals_order_gives_no_order(wire: Wire, other: Terminal) -> None:
    dues = other.data("dues.list", PAYER)
    order = {"dues": [d["due"] for d in dues["dues"]], "amount_fen": dues["total_fen"], "channel": "qr-shown"}
    victims = other.intent("payment.create", order, PAYER)
    wire.centre.bank.silent = True
    with pytest.raises(AcquirerUnreachable):
        other.send(victims)
    wire.centre.bank.silent = False
    key = victims.record.key
    for who in (PAYER, STRANGER):
        stolen = post(wire, wire.terminal.intent("payment.create", order, who, key=key))
        assert (stolen.status_code, stolen.json()["code"]) == (422, "key-reused")
    mine = other.send(victims)
    assert mine.result["amount_fen"] == dues["total_fen"]


def test_a_record_signed_by_oneself_in_anothers_name_is_refused(wire: Wire, other: Terminal) -> None:
    """The request is the attacker's own and good; the record in it says another terminal made it."""
    attacker = wire.terminal
    identity = replace(attacker.identity, terminal=other.name)
    forged = Terminal(attacker.container, attacker.keys, identity, attacker.clock)
    envelope = forged.intent("payment.close", {"order": "x"}, PAYER).envelope
    answer = wire.call("POST", "/v1/effects", envelope, Content_Type="application/cbor")
    assert answer.status_code in (400, 422)
    assert rows(wire, tables.effect) == 1  # the city's own


def test_nobody_speaks_for_another_terminal_by_its_name_alone(wire: Wire, other: Terminal) -> None:
    body = wire.question("dues.list", PAYER, "pay.due")
    request = wire.prepared("POST", "/v1/queries/dues.list", body)
    http_signatures.sign(request, wire.terminal.keys.signing, other.name)
    answer = wire.send(request)
    assert (answer.status_code, answer.json()["code"]) == (401, "signature-invalid")


# --- hostile words and ten megabytes ------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_answered_and_never_believed(wire: Wire, text: str) -> None:
    enterprise = PAYER | {"taxpayer": text[:20]}
    renamed = subject("shen-zhizhou", QINGHE, "F", number=text[:20])
    for who in (enterprise, renamed):
        answer = wire.call("POST", "/v1/queries/dues.list", wire.question("dues.list", who, "pay.due"))
        assert answer.status_code in (200, 422), answer.text
        if answer.status_code == 200:
            refused(QueryAnswer.model_validate(answer.json()), "taxpayerUnknown", "personUnknown")
    answer = wire.call(
        "POST", "/v1/queries/payment.status", wire.question("", PAYER, "pay.due", {"order": text[:32]})
    )
    assert answer.status_code in (200, 422), answer.text
    for kind, data in (
        ("payment.close", {"order": text[:20]}),
        ("certificate.printed", {"number": text[:20], "outcome": "printed"}),
    ):
        answer = post(wire, wire.terminal.intent(kind, data, PAYER))
        assert answer.status_code in (200, 422), answer.text
        if answer.status_code == 200:
            refused(EffectAnswer.model_validate(answer.json()), "orderUnknown", "certificateUnknown")
    for path in ("/v1/effects/", "/v1/documents/", "/v1/queries/"):
        method = "POST" if "queries" in path else "GET"
        answer = wire.call(method, path + quote(text, safe=""), b"{}" if method == "POST" else None)
        assert answer.status_code in (404, 405, 422), answer.text
    assert told(wire, "dues.list", PAYER, "pay.due"), "the next visitor is served"


@pytest.mark.parametrize(
    "path", ["/v1/effects", "/v1/audit", "/v1/heartbeat", "/v1/use", "/v1/enrol", "/v1/queries/dues.list"]
)
def test_ten_megabytes_are_refused_everywhere_even_when_well_signed(wire: Wire, path: str) -> None:
    answer = wire.call("POST", path, MEGABYTES)
    assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")
    assert answer.json()["texts"]["zh-CN"] and answer.json()["texts"]["en-US"]
    assert told(wire, "dues.list", PAYER, "pay.due"), "the next visitor is served"
