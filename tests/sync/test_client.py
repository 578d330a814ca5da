"""The bureau client against servers that misbehave: every trouble has its name, and none hangs."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from config.settings import CentreSettings
from kiosk.domain.people import DocumentKind
from sync import http_signatures
from sync.audit import AuditBatch, make_receipt
from sync.client import BureauClient
from sync.crypto import Ed25519Signer, Hash
from sync.errors import (
    BureauBusy,
    BureauClock,
    BureauDenied,
    BureauError,
    BureauGarbled,
    BureauInProgress,
    BureauRejected,
    BureauSlow,
    BureauTooLarge,
    BureauUnreachable,
    CaptivePortal,
    SyncError,
)
from sync.models import Enrolment, PersonClaim, QueryRequest, Subject
from sync.records import Phase, genesis
from sync.signed_client import MAX_JSON
from tests.sync.bad_server import BadServer, Script, drip, http, nothing, read_request, say
from tests.sync.bureau_double import BureauDouble
from tests.sync.certificates import make_ca
from tests.sync.support import BUREAU_SIGNER, NAME, Terminal, entry, make_terminal, new_key

QUERY = QueryRequest(service="s", service_hash="h", subject=Subject(), params={"a": 1})
ANSWER = json.dumps({"data": {"a": 1}, "refusal": None}).encode()


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    return make_terminal(tmp_path_factory.mktemp("terminal"))


@pytest.fixture(scope="module")
def double(terminal: Terminal) -> Iterator[BureauDouble]:
    bureau = BureauDouble({terminal.identity.terminal: terminal.identity.signer.public_key})
    yield bureau
    bureau.close()


def client_of(terminal: Terminal, url: str, ca: Path | None = None, read_s: float = 5.0) -> BureauClient:
    settings = CentreSettings(url=url, ca_file=ca, connect_timeout_s=1.0, read_timeout_s=read_s)
    return BureauClient(settings, terminal.identity)


def ask(terminal: Terminal, script: Script, **options: Any) -> Any:
    """One query to a server that runs ``script``."""
    with BadServer(script) as server:
        client = client_of(terminal, server.url, **options)
        try:
            return client.query("x", QUERY)
        finally:
            client.close()


# --- a bureau that behaves ----------------------------------------------------------------------------------


def test_an_effect_is_sent_as_it_is_journalled_and_answered_the_same_twice(
    terminal: Terminal, double: BureauDouble, tmp_path: Path
) -> None:
    client = client_of(terminal, double.url)
    key = new_key()
    with make_terminal(tmp_path).journal() as journal:
        journal.append(entry(Phase.NOTE))
    with terminal.journal() as journal:
        made = journal.append(entry(Phase.INTENT, key))
    before = len(double.applied())
    first, second = client.submit(made.signed), client.submit(made.signed)
    assert first == second
    assert first.key == key
    assert double.applied()[before:] == [key]
    assert double.ledger["queued"] == []
    assert client.submit(made.signed, queued=True) == first
    assert double.ledger["queued"] == [key]
    assert client.effect(key) == first
    assert client.effect(new_key()) is None
    client.close()


def test_queries_documents_time_and_audit_work_over_signed_requests(
    terminal: Terminal, double: BureauDouble
) -> None:
    client = client_of(terminal, double.url)
    assert client.query("iit.months", QUERY).data == {"name": "iit.months", "params": {"a": 1}}
    assert client.document("滇 12").endswith("滇 12".encode())
    with pytest.raises(BureauRejected) as caught:
        client.document("none")
    assert (caught.value.status, caught.value.code) == (404, "unknown-document")
    assert abs(client.time().server_time - datetime.now(UTC)) < timedelta(seconds=5)
    receipt = client.audit(AuditBatch("T-0007", "other-epoch", []))
    assert (receipt.seq, receipt.head) == (0, str(genesis("T-0007", "other-epoch")))
    client.close()


def test_a_key_that_is_used_for_another_body_is_refused(
    terminal: Terminal, double: BureauDouble, tmp_path: Path
) -> None:
    key = new_key()
    client = client_of(terminal, double.url)
    with terminal.journal() as journal:
        client.submit(journal.append(entry(Phase.INTENT, key)).signed)
    twin = make_terminal(tmp_path / "twin")
    twin_identity = twin.identity
    with twin.journal() as journal:
        other = journal.append(entry(Phase.INTENT, key, taxpayer="other"))
    double.tell("set", {"signs": True})
    with pytest.raises(BureauRejected) as caught:
        client.submit(other.signed)
    assert caught.value.status == 422
    assert twin_identity.signer.public_key != terminal.identity.signer.public_key
    client.close()


def test_enrolment_needs_no_signature_and_everything_else_an_identity(double: BureauDouble) -> None:
    client = BureauClient(CentreSettings(url=double.url))
    request = Enrolment(code="wrong", public_key="AAAA", sealing_key="AAAA", asset="A-1")
    with pytest.raises(BureauDenied, match="code-unknown"):
        client.enrol(request)
    with pytest.raises(SyncError, match="not enrolled"):
        client.query("x", QUERY)
    client.close()


def test_the_bureaus_time_is_learnt_when_the_machines_clock_is_wrong(
    terminal: Terminal, double: BureauDouble
) -> None:
    client = client_of(terminal, double.url)
    double.tell("set", {"clock_s": 3600.0, "signs": False})
    with pytest.raises(BureauClock) as caught:
        client.query("x", QUERY)
    assert not caught.value.doubtful
    assert client.query("x", QUERY).data["name"] == "x"
    double.tell("set", {"clock_s": 0.0, "signs": True})
    client.close()


def test_over_tls_only_the_right_authority_is_believed(terminal: Terminal, tmp_path: Path) -> None:
    right, wrong = make_ca(tmp_path / "right"), make_ca(tmp_path / "wrong")
    with BadServer(say(http(200, ANSWER)), right) as server:
        trusting = client_of(terminal, server.url, right / "ca.pem")
        assert trusting.query("x", QUERY).data == {"a": 1}
        for ca in (wrong / "ca.pem", None):
            with pytest.raises(BureauUnreachable, match="certificate is not trusted"):
                client_of(terminal, server.url, ca).query("x", QUERY)
        trusting.close()
    expired = make_ca(tmp_path / "expired", expired=True)
    with BadServer(say(http(200, ANSWER)), expired) as server:
        with pytest.raises(BureauUnreachable, match="certificate is not trusted"):
            client_of(terminal, server.url, expired / "ca.pem").query("x", QUERY)


# --- servers that do not -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "error"),
    [
        (say(http(500, b"Internal Server Error", "text/plain")), BureauBusy),
        (say(http(503, b"<html>", "text/html", Retry_After="7")), BureauBusy),
        (say(http(429, b"{}", Retry_After="7")), BureauBusy),
        (
            say(http(409, b'{"code": "in-progress"}', "application/problem+json", Retry_After="7")),
            BureauInProgress,
        ),
        (say(http(401, b'{"title": "who?"}', "application/problem+json")), BureauDenied),
        (say(http(403, b'{"title": "suspended"}')), BureauDenied),
        (say(http(413, b'{"title": "large"}')), BureauTooLarge),
        (say(http(422, b'{"code": "key-reused"}')), BureauRejected),
        (say(http(403, b"<h1>Forbidden</h1>", "text/html")), CaptivePortal),
        (say(http(302, b"", "text/html", Location="http://login.example/")), CaptivePortal),
        (say(http(200, b"<html>Welcome to our WiFi</html>", "text/html; charset=utf-8")), CaptivePortal),
        (say(http(204, b"")), CaptivePortal),
        (say(http(200, b"{]")), BureauGarbled),
        (say(http(200, b'{"data": 5}')), BureauGarbled),
        (say(http(200, ANSWER, "application/octet-stream")), BureauGarbled),
        (say(http(422, b"{]")), BureauGarbled),
        (say(http(422, b"[]")), BureauGarbled),
        (say(http(200, b"x" * (MAX_JSON + 1))), BureauGarbled),
        (say(b"SSH-2.0-OpenSSH_9.2\r\n"), BureauGarbled),
        (say(b"\x00" * 1000), BureauGarbled),
        (say(b""), BureauUnreachable),
        (say(http(200, ANSWER, length=len(ANSWER) + 10)), BureauUnreachable),
        (
            say(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}"
            ),
            BureauError,
        ),
    ],
)
def test_whatever_a_server_says_the_error_has_a_name(
    terminal: Terminal, script: Script, error: type[BureauError]
) -> None:
    with pytest.raises(error) as caught:
        ask(terminal, script)
    assert type(caught.value) is error or error is BureauError
    assert NAME not in str(caught.value)
    if isinstance(caught.value, BureauBusy) and caught.value.status != 500:
        assert caught.value.retry_after == 7.0


def test_an_answer_cut_anywhere_is_never_taken_for_a_whole_one(terminal: Terminal) -> None:
    whole = http(200, ANSWER)
    for cut in range(0, len(whole), 9):
        with pytest.raises((BureauUnreachable, BureauGarbled)):
            ask(terminal, say(whole[:cut]))
    assert ask(terminal, say(whole)).data == {"a": 1}


def test_a_server_that_never_answers_costs_the_read_time_and_no_more(terminal: Terminal) -> None:
    begun = time.monotonic()
    with pytest.raises(BureauSlow):
        ask(terminal, nothing(), read_s=0.4)
    assert time.monotonic() - begun < 3.0


@pytest.mark.parametrize("tls", [False, True])
def test_a_server_that_drips_is_cut_off_in_head_and_body(
    terminal: Terminal, tmp_path: Path, tls: bool
) -> None:
    ca = make_ca(tmp_path) if tls else None
    for content in (http(200, ANSWER), b"HTTP/1.1 200 X\r\nX: " + b"y" * 5000):
        with BadServer(drip(content, 0.05), ca) as server:
            client = client_of(terminal, server.url, ca / "ca.pem" if ca else None, read_s=0.3)
            client._transport._connect_s = 0.3
            begun = time.monotonic()
            with pytest.raises(BureauSlow, match="no complete answer"):
                client.query("x", QUERY)
            assert time.monotonic() - begun < 3.0
            client.close()


def test_nobody_listening_is_unreachable_and_no_post_is_sent_twice(terminal: Terminal) -> None:
    with BadServer(say(b"")) as server:
        client = client_of(terminal, server.url)
        with pytest.raises(BureauUnreachable):
            client.query("x", QUERY)
        assert len(server.requests) == 1
    with pytest.raises(BureauUnreachable) as caught:
        client.query("x", QUERY)
    assert caught.value.doubtful
    client.close()


def hang_up_on_the_second(connection: socket.socket, request: bytes) -> None:
    """Keep the connection, take one more request on it, and end it at that moment without a word."""
    answer = http(200, json.dumps({"data": {}}).encode()).replace(b"Connection: close\r\n", b"")
    connection.sendall(answer)
    read_request(connection)


def test_a_kept_connection_that_ends_as_it_is_used_costs_nobody_an_answer(
    terminal: Terminal, tmp_path: Path
) -> None:
    ca = make_ca(tmp_path)
    for tls in (None, ca):
        with BadServer(hang_up_on_the_second, tls) as server:
            client = client_of(terminal, server.url, ca / "ca.pem" if tls else None)
            for _ in range(3):
                assert client.query("x", QUERY).data == {}
            client.close()
        nonces = {
            line for r in server.requests for line in r.split(b"\r\n") if b"signature-input" in line.lower()
        }
        assert len(nonces) == len(server.requests) == 3


def test_proxies_and_netrc_of_the_machine_are_not_used(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert ask(terminal, say(http(200, ANSWER))).data == {"a": 1}


def test_an_answer_for_another_effect_is_garbled(terminal: Terminal) -> None:
    answer = {
        "key": "another",
        "state": "accepted",
        "received_at": "2026-10-12T10:00:00+08:00",
        "incarnation": "1",
    }
    with terminal.journal() as journal:
        made = journal.append(entry(Phase.INTENT, new_key()))
    with BadServer(say(http(200, json.dumps(answer).encode()))) as server:
        with pytest.raises(BureauGarbled, match="another effect"):
            client_of(terminal, server.url).submit(made.signed)


def test_an_audit_receipt_must_be_signed_by_this_bureau_for_this_terminal(terminal: Terminal) -> None:
    batch = AuditBatch("T-0007", "e1", [])
    head = Hash.of(b"x")
    moment = datetime.now(UTC)
    stranger = Ed25519Signer.generate()
    for signer, name, why in (
        (stranger, "T-0007", "not the bureau's"),
        (BUREAU_SIGNER, "T-1", "another terminal"),
    ):
        receipt = make_receipt(name, "e1", 5, head, "1", moment, signer)
        with BadServer(say(http(200, receipt.model_dump_json().encode()))) as server:
            with pytest.raises(BureauGarbled, match=why):
                client_of(terminal, server.url).audit(batch)


def test_a_document_that_is_no_pdf_is_garbled(terminal: Terminal) -> None:
    for body, kind in ((b"{}", "application/json"), (b"PK\x03\x04", "application/pdf")):
        with BadServer(say(http(200, body, kind))) as server:
            with pytest.raises(BureauGarbled, match="expected a PDF"):
                client_of(terminal, server.url).document("1")


def test_a_signed_answer_must_fit_and_must_be_for_this_request(terminal: Terminal) -> None:
    stale = http_signatures.sign_answer(
        200,
        {"content-type": "application/json"},
        ANSWER,
        ("POST", "/v1/queries/x", {"signature": "tax-kiosk=:AAAA:"}),
        BUREAU_SIGNER,
        "bureau",
    )
    headers = {name.replace("-", "_"): value for name, value in stale.items()}
    with pytest.raises(BureauGarbled, match="not the bureau's"):
        ask(terminal, say(http(200, ANSWER, **headers)))


def test_retry_after_may_be_a_date_or_nonsense(terminal: Terminal) -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    for text, low, high in (
        (soon, 20.0, 31.0),
        ("999999", 3600.0, 3600.0),
        ("-5", None, None),
        ("soon", None, None),
    ):
        with pytest.raises(BureauBusy) as caught:
            ask(terminal, say(http(503, b"", Retry_After=text)))
        found = caught.value.retry_after
        assert found is low if low is None else low <= (found or 0) <= (high or 0)


def test_requests_carry_no_personal_data_in_their_head(terminal: Terminal) -> None:
    person = PersonClaim(
        kind=DocumentKind.RESIDENT_ID, number="53010219490307002X", name=NAME, evidence="document"
    )
    with BadServer(say(http(200, ANSWER))) as server:
        client = client_of(terminal, server.url)
        client.query("person.profile", QUERY.model_copy(update={"subject": Subject(person=person)}))
        head, _, body = server.requests[0].partition(b"\r\n\r\n")
        assert b"53010219490307002X" in body
        assert b"53010219490307002X" not in head
        assert b"signature-input: tax-kiosk=" in head.lower()
        assert b"nonce=" in head
        client.close()
