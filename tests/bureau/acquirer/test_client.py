from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest

from bureau.acquirer.client import AcquirerClient
from bureau.errors import AcquirerRefused, AcquirerUnreachable, OrderUnknown
from bureau.ports.acquirer import Acquirer
from sync.models import PaymentStateName
from tests.bureau.acquirer.conftest import Desk


def create(desk: Desk, order: str = "20261012-0001", amount_fen: int = 409_584) -> str:
    made = desk.client.create(order, amount_fen, "增值税及附加 2026年7–9月", 120)
    assert made.state is PaymentStateName.CREATED
    return made.qr


def test_an_order_is_opened_paid_by_phone_and_found_paid(desk: Desk) -> None:
    port: Acquirer = desk.client
    qr = create(desk)
    assert qr == f"{desk.url}/p/20261012-0001"
    answer = desk.pay(qr)
    assert (answer.status_code, answer.json()["state"]) == (200, "paid")
    found = port.query("20261012-0001")
    assert (found.state, found.amount_fen) == (PaymentStateName.APPROVED, 409_584)
    assert found.paid_at == desk.clock.now()
    assert (found.payer_masked, found.reference) == ("138****5678", "T26101200000001")


def test_a_second_payment_is_refused_and_the_ledger_has_one_line(desk: Desk) -> None:
    qr = create(desk)
    assert [desk.pay(qr).status_code for _ in range(3)] == [200, 409, 409]
    ledger = desk.ledger()
    assert (ledger["count"], ledger["total_fen"]) == (1, 409_584)
    assert ledger["attempts"] == {"paid": 1, "alreadyPaid": 2}


def test_closing_an_open_order_closes_it_and_a_paid_one_stays_paid(desk: Desk) -> None:
    create(desk)
    assert desk.client.close("20261012-0001").state is PaymentStateName.CLOSED
    desk.pay(create(desk, "20261012-0002"))
    assert desk.client.close("20261012-0002").state is PaymentStateName.APPROVED


def test_opening_again_is_harmless_and_another_amount_is_refused(desk: Desk) -> None:
    assert create(desk) == create(desk)
    with pytest.raises(AcquirerRefused, match="orderConflict"):
        desk.client.create("20261012-0001", 1, "x", 120)


def test_an_order_it_never_heard_of_is_told_as_such(desk: Desk) -> None:
    for call in (desk.client.query, desk.client.close):
        with pytest.raises(OrderUnknown):
            call("20261012-0404")


def test_an_order_runs_out_after_120_s(desk: Desk) -> None:
    qr = create(desk)
    desk.clock.forward(seconds=121)
    assert desk.client.query("20261012-0001").state is PaymentStateName.CLOSED
    assert desk.pay(qr).json()["code"] == "orderClosed"


def test_silence_does_nothing_and_is_unreachable(desk: Desk) -> None:
    desk.faults(silent=1)
    with pytest.raises(AcquirerUnreachable, match="query the order again"):
        AcquirerClient(desk.url, timeout_s=0.4).create("20261012-0001", 100, "x", 120)
    with pytest.raises(OrderUnknown):
        desk.client.query("20261012-0001")


def test_a_slow_answer_comes_when_there_is_patience(desk: Desk) -> None:
    create(desk)
    desk.faults(slow=2, slow_s=0.7)
    with pytest.raises(AcquirerUnreachable):
        AcquirerClient(desk.url, timeout_s=0.4).query("20261012-0001")
    assert desk.client.query("20261012-0001").state is PaymentStateName.CREATED


def test_a_doubtful_payment_moved_the_money_and_tells_it_later(desk: Desk) -> None:
    qr = create(desk)
    desk.faults(doubtful=1, doubt_s=2.0)
    answer = desk.pay(qr)
    assert (answer.status_code, answer.json()["state"]) == (202, "unknown")
    hasty = AcquirerClient(desk.url, timeout_s=0.4)
    for call in (hasty.query, hasty.close):
        with pytest.raises(AcquirerUnreachable):
            call("20261012-0001")
    assert desk.ledger()["count"] == 1, "the money had moved all the while"
    desk.clock.forward(seconds=2)
    assert desk.client.query("20261012-0001").state is PaymentStateName.APPROVED


def test_a_doubtful_close_finds_the_payment_later(desk: Desk) -> None:
    create(desk)
    desk.faults(doubtful=1)
    with pytest.raises(AcquirerUnreachable):
        AcquirerClient(desk.url, timeout_s=0.4).close("20261012-0001")
    desk.clock.forward(seconds=31)
    assert desk.client.query("20261012-0001").state is PaymentStateName.APPROVED


def test_a_payment_can_win_the_race_with_the_close(desk: Desk) -> None:
    create(desk)
    desk.faults(paid_at_close=1)
    assert desk.client.close("20261012-0001").state is PaymentStateName.APPROVED


def test_unknown_is_an_answer_too(desk: Desk) -> None:
    create(desk)
    desk.faults(unknown=1)
    assert desk.client.query("20261012-0001").state is PaymentStateName.UNKNOWN
    assert desk.client.query("20261012-0001").state is PaymentStateName.CREATED


def test_a_declined_payment_can_be_tried_again(desk: Desk) -> None:
    qr = create(desk)
    desk.faults(decline=1)
    assert desk.pay(qr).json()["code"] == "insufficientFunds"
    assert desk.client.query("20261012-0001").state is PaymentStateName.CREATED
    assert desk.pay(qr).status_code == 200


def test_the_daily_file_has_the_payments_of_its_day(desk: Desk) -> None:
    for i in (1, 2):
        desk.pay(create(desk, f"20261012-000{i}", 100 * i))
    create(desk, "20261012-0003")
    file = desk.client.daily(date(2026, 10, 12))
    assert [(line.order, line.amount_fen) for line in file.lines] == [
        ("20261012-0001", 100),
        ("20261012-0002", 200),
    ]
    assert desk.client.daily(date(2026, 10, 13)).lines == ()


@contextmanager
def answering(status: int, body: bytes) -> Iterator[str]:
    class Odd(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Odd) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b""),
        (200, b"<html>captive portal</html>"),
        (200, b'{"order":"20261012-0001","amount_fen":"12.5","state":"paid"}'),
        (
            200,
            b'{"order":"other-order","amount_fen":1,"state":"paid","qr":"","expires_at":"2026-10-12T00:00:00Z"}',
        ),
        (302, b""),
        (404, b"nginx"),
        (429, b"{}"),
        (500, b"oops"),
        (503, b""),
    ],
)
def test_nonsense_is_never_taken_for_a_state(status: int, body: bytes) -> None:
    with answering(status, body) as url, pytest.raises(AcquirerUnreachable):
        AcquirerClient(url, timeout_s=2).query("20261012-0001")


def test_a_daily_file_that_does_not_add_up_is_refused() -> None:
    body = b'{"day":"2026-10-12","final":true,"count":1,"total_fen":5,"lines":[]}'
    with answering(200, body) as url, pytest.raises(AcquirerUnreachable, match="incomplete"):
        AcquirerClient(url, timeout_s=2).daily(date(2026, 10, 12))


def test_nobody_listening_is_unreachable() -> None:
    with pytest.raises(AcquirerUnreachable):
        AcquirerClient("http://127.0.0.1:9", timeout_s=1).query("20261012-0001")
