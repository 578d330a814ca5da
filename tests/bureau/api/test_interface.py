"""A visit over the wire: what the interface answers, signed, and how it describes itself."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from typing import Any

import pytest
import requests

from bureau.api.examples import USE
from bureau.city.cast import HEMU
from bureau.errors import EffectInvalid
from config.settings import CentreSettings
from kiosk.domain.ids import uuid7
from sync import http_signatures
from sync.audit import AuditBatch
from sync.client import BureauClient
from sync.crypto import b64
from sync.errors import BureauDenied, BureauRejected
from sync.identity import TerminalIdentity, TerminalKeys
from sync.models import Enrolment, Heartbeat, QueryRequest, UseReport
from tests.bureau.api.asking import PERIOD, RATING, SHEN, ask, problem
from tests.bureau.api.conftest import Wire
from tests.bureau.returns import filled


def test_a_whole_visit_over_the_wire(wire: Wire) -> None:
    """Prefill, file, ask again for the answer, and the chain uploaded behind it."""
    prefill = ask(wire, "vat.prefill", "declare.vat-small")
    signed = wire.terminal.intent("declaration.submit", filled(prefill, 3_400_000), SHEN)
    answer = wire.client.submit(signed)
    assert answer.result["total_fen"] == 409_584
    assert wire.client.submit(signed) == answer
    assert wire.client.effect(answer.key) == answer
    assert wire.client.effect("0199d5f0-7c1a-7abc-8def-0123456789ab") is None
    receipt = wire.client.audit(AuditBatch("A-07", wire.terminal.identity.epoch, wire.terminal.chain))
    assert receipt.seq == 1
    assert receipt.incarnation == answer.incarnation


def test_a_certificate_can_be_fetched_by_the_terminal_that_issued_it(wire: Wire) -> None:
    record = ask(wire, "iit.record", "certificate.iit-record", PERIOD)
    wanted = {"certificate": "iit-record", **PERIOD, "content_sha256": record["content_sha256"]}
    number = wire.client.submit(wire.terminal.intent("certificate.issue", wanted, SHEN)).result["number"]
    assert wire.client.document(number).startswith(b"%PDF-")
    other = wire.centre.terminal("B-01")
    stranger = BureauClient(CentreSettings(url=wire.url), other.identity)
    with pytest.raises(BureauRejected) as refused:
        stranger.document(number)
    stranger.close()
    assert (refused.value.status, refused.value.code) == (404, "document-unknown")


def test_a_print_job_too_many_is_a_problem_with_the_number_in_both_languages(wire: Wire) -> None:
    record = ask(wire, "iit.record", "certificate.iit-record", PERIOD)
    wanted = {"certificate": "iit-record", **PERIOD, "content_sha256": record["content_sha256"]}
    number = wire.client.submit(wire.terminal.intent("certificate.issue", wanted, SHEN)).result["number"]
    for _ in range(3):
        wire.client.document(number, uuid7())
    with pytest.raises(BureauRejected) as refused:
        wire.client.document(number, uuid7())
    assert (refused.value.status, refused.value.code) == (422, "copies-spent")
    assert refused.value.problem["texts"] == {
        "zh-CN": "这份证明在自助终端上最多打印 3 份，已经打完",
        "en-US": "This certificate is printed 3 times at most, and was",
    }


def test_a_second_print_job_gets_a_marked_copy_and_the_same_job_the_same_file(wire: Wire) -> None:
    record = ask(wire, "iit.record", "certificate.iit-record", PERIOD)
    wanted = {"certificate": "iit-record", **PERIOD, "content_sha256": record["content_sha256"]}
    number = wire.client.submit(wire.terminal.intent("certificate.issue", wanted, SHEN)).result["number"]
    first_job, second_job = uuid7(), uuid7()
    as_issued = wire.client.document(number)
    assert wire.client.document(number, first_job) == as_issued
    marked = wire.client.document(number, second_job)
    assert b"copy 2" in marked
    assert wire.client.document(number, second_job) == marked
    assert wire.client.document(number) == as_issued
    problem(wire.call("GET", f"/v1/documents/{number}?job=nonsense"), 422, "request-invalid")


def test_the_answer_to_another_terminals_key_is_not_told(wire: Wire) -> None:
    other = wire.centre.terminal("B-01")
    answer = other.do("feedback.rate", RATING)
    problem(wire.call("GET", f"/v1/effects/{answer.key}"), 404, "effect-unknown")


def test_a_terminal_enrols_over_the_wire_and_is_known_at_once(wire: Wire) -> None:
    code, _ = wire.centre.container.terminals.make_code("C-01", "H-02", "op", 30)
    keys = TerminalKeys.generate()
    nobody = BureauClient(CentreSettings(url=wire.url))
    wanted = Enrolment(
        code=code, public_key=b64(keys.signing.public_key), sealing_key=b64(keys.sealing.public), asset="C-01"
    )
    enrolled = nobody.enrol(wanted)
    assert nobody.enrol(wanted) == enrolled, "a lost answer is fetched again"
    other = TerminalKeys.generate()
    with pytest.raises(BureauDenied) as refused:
        nobody.enrol(wanted.model_copy(update={"public_key": b64(other.signing.public_key)}))
    assert refused.value.code == "code-used"
    nobody.close()
    known = BureauClient(CentreSettings(url=wire.url), TerminalIdentity.of(enrolled, keys))
    beat = Heartbeat(terminal="C-01", sent_at=datetime.now(UTC), devices={}, queue_depth=0, software="x")
    assert known.heartbeat(beat).server_time == wire.centre.clock.now()
    with pytest.raises(BureauRejected) as wrong:
        known.heartbeat(beat.model_copy(update={"terminal": "A-07"}))
    known.close()
    assert wrong.value.code == "record-other-terminal"


def test_how_visits_went_is_taken_once_and_only_from_who_signs(wire: Wire) -> None:
    report = UseReport.model_validate(USE)
    assert wire.client.use(report) == 1
    assert wire.client.use(report) == 0
    assert requests.post(wire.url + "/v1/use", json=USE, timeout=20).status_code == 401
    wrong = wire.call("POST", "/v1/use", b'{"visits": []}')
    assert (wrong.status_code, wrong.json()["code"]) == (422, "request-invalid")


def test_time_and_incarnation_are_told_to_anybody(wire: Wire) -> None:
    told = requests.get(wire.url + "/v1/time", timeout=20).json()
    assert told["incarnation"] == wire.centre.container.incarnation
    assert datetime.fromisoformat(told["server_time"]) == wire.centre.clock.now()


def test_answers_are_signed_for_the_request_they_answer(wire: Wire) -> None:
    body = wire.question("dues.list", SHEN, "pay.due")
    request = wire.signed("POST", "/v1/queries/dues.list", body)
    answer = wire.send(request)
    sent = ("POST", "/v1/queries/dues.list", dict(request.headers))
    key = wire.terminal.identity.bureau_verifier
    http_signatures.verify_answer(200, dict(answer.headers), answer.content, sent, lambda _: key)
    refusal = wire.call("POST", "/v1/queries/nothing", body)
    assert refusal.status_code == 404 and "signature" in refusal.headers


def test_the_description_is_whole(wire: Wire) -> None:
    described = requests.get(wire.url + "/openapi.json", timeout=20).json()
    assert set(described["paths"]) == {
        "/v1/enrol", "/v1/time", "/v1/heartbeat", "/v1/audit", "/v1/use",
        "/v1/centres/join", "/v1/centres/days", "/v1/centres/knowledge",
        "/v1/queries/{name}", "/v1/effects", "/v1/effects/{key}", "/v1/documents/{number}",
        "/v1/public/certificates/check", "/v1/public/invoices/check", "/v1/public/registrations/{taxpayer}",
        "/v1/public/lottery/rounds/{day}",
        "/v1/public/open-data",
        "/v1/public/open-data/{dataset}/{period}",
    }  # fmt: skip
    schemas = described["components"]["schemas"]
    for name in (
        "EffectBody",
        "DeclarationSubmit",
        "InvoiceReserved",
        "PaymentStatus",
        "Problem",
        "QueryRequest",
    ):
        assert name in schemas
    missing = [ref for ref in _refs(described) if ref.rsplit("/", 1)[1] not in schemas]
    assert missing == []
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            assert operation["description"], (method, path)
            if method == "post":
                assert operation["requestBody"]["content"], path
    examples = described["paths"]["/v1/queries/{name}"]["post"]["requestBody"]["content"]["application/json"][
        "examples"
    ]
    assert set(examples) == set(wire.centre.container.queries.registry)
    for example in examples.values():
        QueryRequest.model_validate(example["value"])


def _refs(value: Any) -> list[str]:
    if isinstance(value, dict):
        found = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return found + [ref for item in value.values() for ref in _refs(item)]
    return [ref for item in value for ref in _refs(item)] if isinstance(value, list) else []


def test_a_query_is_quick(wire: Wire) -> None:
    """Not a benchmark: a signed query must not take a good part of a second."""
    body = wire.question("dues.list", SHEN, "pay.due")
    times = []
    for _ in range(10):
        begun = time.monotonic()
        assert wire.call("POST", "/v1/queries/dues.list", body).status_code == 200
        times.append(time.monotonic() - begun)
    assert sorted(times)[5] < 1.0


def test_what_the_engine_calls_invalid_is_never_stored(wire: Wire) -> None:
    with pytest.raises(EffectInvalid):
        wire.terminal.do("feedback.rate", {"level": 9})
    assert wire.client.effect("x") is None


def test_anybody_checks_an_invoice_five_times_a_day_and_no_more(wire: Wire) -> None:
    with wire.centre.system.read() as work:
        one = work.core.einvoices.issued(HEMU, date(2025, 10, 12), date(2026, 10, 12), 1)[0]
    told = {
        "number": one.number, "code": one.code or None, "issued": one.issued_on.isoformat(),
        "amount_fen": one.net_fen if one.code else one.total_fen, "check": one.check_code[-6:] or None,
    }  # fmt: skip
    url = wire.url + "/v1/public/invoices/check"
    answers = [requests.post(url, json=told, timeout=20) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    verdict = answers[0].json()
    assert (verdict["total_fen"], verdict["times"]) == (one.total_fen, 1), verdict["finding"]
    problem(answers[5], 429, "too-many-requests")
    assert 0 < int(answers[5].headers["retry-after"]) <= 86_400
    problem(requests.post(url, json={"number": "x"}, timeout=20), 422, "number-invalid")
