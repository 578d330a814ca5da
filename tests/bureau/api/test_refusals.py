"""What the interface does not let in and does not take, and how it says so."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from sqlalchemy import func, select

from bureau.api.app import create_app
from bureau.city.cases import KEY as HANDED_IN
from bureau.city.cast import QINGHE
from bureau.engine.housekeeping import Housekeeping
from bureau.store import tables
from sync import http_signatures
from sync.audit import AuditBatch
from sync.errors import BureauDenied, BureauRejected
from sync.identity import TerminalKeys
from sync.models import Heartbeat
from tests.bureau.api.asking import PERIOD, RATING, SHEN, ask, problem
from tests.bureau.api.conftest import Wire
from tests.bureau.returns import filled
from tests.bureau.serving import served
from tests.bureau.terminals import Terminal, subject


def test_requests_that_are_not_believed(wire: Wire) -> None:
    path, body = "/v1/queries/dues.list", wire.question("dues.list", SHEN, "pay.due")
    problem(wire.send(wire.prepared("POST", path, body)), 401, "signature-missing")

    changed = wire.signed("POST", path, body)
    changed.body = body.replace(b"pay.due", b"pay.dUe")
    problem(wire.send(changed), 401, "signature-invalid")

    moved = wire.signed("POST", path, body)
    moved.url = str(moved.url).replace("dues.list", "iit.months")
    problem(wire.send(moved), 401, "signature-invalid")

    stranger = wire.prepared("POST", path, body)
    http_signatures.sign(stranger, TerminalKeys.generate().signing, "Z-99")
    problem(wire.send(stranger), 401, "signature-unknown-key")

    forged = wire.prepared("POST", path, body)
    http_signatures.sign(forged, TerminalKeys.generate().signing, "A-07")
    problem(wire.send(forged), 401, "signature-invalid")

    for minutes in (-6, 6):
        late = wire.prepared("POST", path, body)
        then = datetime.now(UTC) + timedelta(minutes=minutes)
        http_signatures.sign(late, wire.terminal.keys.signing, "A-07", now=then)
        problem(wire.send(late), 401, "signature-clock")


def test_a_replayed_request_is_refused(wire: Wire) -> None:
    request = wire.signed("POST", "/v1/queries/dues.list", wire.question("dues.list", SHEN, "pay.due"))
    assert wire.send(request).status_code == 200
    problem(wire.send(request), 401, "signature-replayed")
    with wire.centre.database.read() as connection:
        count = connection.execute(select(func.count()).select_from(tables.nonce)).scalar_one()
    assert count == 1
    assert wire.centre.container.nonces.sweep() == 0
    assert wire.centre.container.nonces.sweep(datetime.now(UTC) + timedelta(minutes=11)) == 1


def test_what_sync_delivers_says_so_and_the_person_is_told_once(wire: Wire) -> None:
    prefill = ask(wire, "vat.prefill", "declare.vat-small")
    signed = wire.terminal.intent("declaration.submit", filled(prefill, total_fen=1), SHEN)
    lost = wire.client.submit(signed)
    assert wire.terminal.data("person.profile", SHEN)["notices"] == []
    for _ in range(2):
        assert wire.client.submit(signed, queued=True) == lost
    (notice,) = wire.terminal.data("person.profile", SHEN)["notices"]
    assert (notice["kind"], notice["reference"]) == ("return-refused", lost.key)


def test_a_suspended_terminal_may_only_report_its_health(wire: Wire) -> None:
    wire.centre.container.terminals.set_state("A-07", "suspended", "test")
    body = wire.question("dues.list", SHEN, "pay.due")
    problem(wire.call("POST", "/v1/queries/dues.list", body), 403, "terminal-suspended")
    signed = wire.terminal.intent("feedback.rate", RATING)
    with pytest.raises(BureauDenied):
        wire.client.submit(signed)
    beat = Heartbeat(terminal="A-07", sent_at=datetime.now(UTC), devices={}, queue_depth=1, software="x")
    wire.client.heartbeat(beat)
    wire.centre.container.terminals.set_state("A-07", "active", "")
    assert wire.client.submit(signed).state == "accepted"


def test_a_forked_chain_closes_the_door(wire: Wire) -> None:
    epoch = wire.terminal.identity.epoch
    wire.client.audit(AuditBatch("A-07", epoch, [wire.terminal.note("one")]))
    del wire.terminal.chain[:]
    with pytest.raises(BureauRejected) as refused:
        wire.client.audit(AuditBatch("A-07", epoch, [wire.terminal.note("other")]))
    assert (refused.value.status, refused.value.code) == (409, "chain-fork")
    with pytest.raises(BureauDenied) as denied:
        wire.client.submit(wire.terminal.intent("feedback.rate", RATING))
    assert denied.value.code == "terminal-quarantined"


def test_too_many_requests_are_told_when_to_come_back(wire: Wire) -> None:
    container = wire.centre.container
    narrow = replace(
        container,
        limits=container.limits.model_copy(update={"requests_per_minute": 2}),
        housekeeping=Housekeeping([]),
        mailing=Housekeeping([]),
        close=lambda: None,
    )
    with served(create_app(narrow)) as url:
        wire.url = url
        answers = [wire.call("GET", "/v1/effects/none") for _ in range(3)]
    assert [a.status_code for a in answers] == [404, 404, 429]
    problem(answers[2], 429, "too-many-requests")
    assert int(answers[2].headers["retry-after"]) >= 1


# --- what is not taken ------------------------------------------------------------------------------------


def test_ten_megabytes_are_refused_whether_announced_or_not(wire: Wire) -> None:
    huge = b"x" * (10 * 1024 * 1024)
    problem(wire.send(wire.prepared("POST", "/v1/effects", huge)), 413, "body-too-large")

    def dripping() -> Any:
        for _ in range(160):
            yield b"x" * 65_536

    try:
        answer = requests.post(wire.url + "/v1/effects", data=dripping(), timeout=20)
    except requests.ConnectionError:
        pass  # the server may close the door before everything was said
    else:
        problem(answer, 413, "body-too-large")
    assert requests.get(wire.url + "/healthz", timeout=20).json() == {"ok": True}


GARBAGE = (
    b"",
    b"\x00",
    b"\xff" * 40,
    b"\xa1\x01" * 30,
    b"[" * 5000,
    b"\x9f" * 2000,
    b'{"json": true}',
    bytes(1000),
)


def test_garbage_is_refused_and_nothing_breaks(wire: Wire) -> None:
    for body in GARBAGE:
        for path in ("/v1/effects", "/v1/audit"):
            answer = wire.call("POST", path, body, Content_Type="application/cbor")
            problem(answer, 400, "record-unreadable")
    for body in (
        b"",
        b"{",
        b"[]",
        b'{"service": 1}',
        b"\xff\xfe",
        b'{"service":"a","service_hash":"","subject":{},"x":1}',
    ):
        problem(wire.call("POST", "/v1/queries/dues.list", body), 422, "request-invalid")
    problem(wire.call("POST", "/v1/effects", b"{}"), 415, "media-type")
    problem(requests.post(wire.url + "/v1/enrol", data=b"{}", timeout=20), 422, "request-invalid")
    problem(requests.get(wire.url + "/v1/nothing", timeout=20), 404, "not-found")
    problem(requests.get(wire.url + "/v1/effects", timeout=20), 405, "method-not-allowed")


def test_a_sealed_record_that_was_tampered_with_is_refused(wire: Wire) -> None:
    envelope = wire.terminal.intent("feedback.rate", RATING).envelope
    for place in range(0, len(envelope), max(1, len(envelope) // 24)):
        changed = bytearray(envelope)
        changed[place] ^= 1
        answer = wire.call("POST", "/v1/effects", bytes(changed), Content_Type="application/cbor")
        assert answer.status_code in (400, 422), answer.text
    with wire.centre.database.read() as connection:
        assert connection.execute(select(tables.effect.c.key)).scalars().all() == [HANDED_IN]


def test_a_record_of_another_terminal_is_refused(wire: Wire) -> None:
    other: Terminal = wire.centre.terminal("B-01")
    envelope = other.intent("feedback.rate", RATING).envelope
    answer = wire.call("POST", "/v1/effects", envelope, Content_Type="application/cbor")
    problem(answer, 422, "record-other-terminal")
    audit = AuditBatch("B-01", other.identity.epoch, []).to_bytes()
    problem(
        wire.call("POST", "/v1/audit", audit, Content_Type="application/cbor"), 422, "record-other-terminal"
    )


def test_mistakes_of_programs_have_their_codes(wire: Wire) -> None:
    def post(signed: Any, **headers: str) -> requests.Response:
        return wire.call("POST", "/v1/effects", signed.envelope, Content_Type="application/cbor", **headers)

    first = wire.terminal.intent("feedback.rate", RATING)
    assert post(first).status_code == 200
    again = wire.terminal.intent("feedback.rate", {**RATING, "level": 1}, key=first.record.key)
    problem(post(again), 422, "key-reused")
    problem(post(first, Idempotency_Key='"another"'), 422, "key-reused")
    problem(post(wire.terminal.intent("feedback.rate", {"level": 9})), 422, "effect-invalid")
    problem(post(wire.terminal.intent("feedback.rate", RATING, service="no.service")), 422, "service-unknown")
    body = wire.question("iit.record", SHEN, "certificate.iit-record", {"first": "x"})
    problem(wire.call("POST", "/v1/queries/iit.record", body), 422, "query-invalid")


def test_trouble_here_is_a_5xx_with_an_incident_number_and_no_answer_is_kept(
    wire: Wire, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    signed = wire.terminal.intent("feedback.rate", RATING)

    def broken(*_: object) -> None:
        raise RuntimeError("a mistake of ours about 53990219850709024X")

    with monkeypatch.context() as patched:
        patched.setattr("bureau.engine.handlers.feedback.RateVisit.apply", broken)
        answer = wire.call("POST", "/v1/effects", signed.envelope, Content_Type="application/cbor")
    found = problem(answer, 500, "internal")
    assert len(found["incident"]) == 8 and found["incident"] in caplog.text
    assert "539902" not in answer.text
    assert wire.client.submit(signed).state == "accepted"


def test_a_silent_acquirer_is_said_so_and_may_be_tried_again(wire: Wire) -> None:
    who = subject("shen-zhizhou", QINGHE, "F")
    dues = wire.terminal.data("dues.list", who)
    data = {"dues": [d["due"] for d in dues["dues"]], "amount_fen": dues["total_fen"], "channel": "qr-shown"}
    signed = wire.terminal.intent("payment.create", data, who)
    wire.centre.bank.silent = True
    answer = wire.call("POST", "/v1/effects", signed.envelope, Content_Type="application/cbor")
    problem(answer, 500, "acquirer-silent")
    assert answer.headers["retry-after"] == "2"
    wire.centre.bank.silent = False
    assert wire.client.submit(signed).state == "accepted"


def test_the_same_key_twice_at_once_is_told_to_wait(wire: Wire) -> None:
    record = ask(wire, "iit.record", "certificate.iit-record", PERIOD)
    wanted = {"certificate": "iit-record", **PERIOD, "content_sha256": record["content_sha256"]}
    signed = wire.terminal.intent("certificate.issue", wanted, SHEN)
    drawing, go_on = threading.Event(), threading.Event()

    def slowly() -> None:
        drawing.set()
        assert go_on.wait(20)

    wire.centre.office.before = slowly
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(wire.client.submit, signed)
        assert drawing.wait(20)
        busy = wire.call("POST", "/v1/effects", signed.envelope, Content_Type="application/cbor")
        go_on.set()
        answer = first.result(20)
    problem(busy, 409, "in-progress")
    assert busy.headers["retry-after"] == "1"
    assert wire.client.submit(signed) == answer
