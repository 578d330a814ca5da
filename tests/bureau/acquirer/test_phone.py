from __future__ import annotations

import pytest
import requests

from tests.bureau.acquirer.conftest import Desk
from tests.bureau.acquirer.test_client import create


def read(desk: Desk, qr: str, lang: str = "zh-CN") -> str:
    return desk.http.get(qr, headers={"Accept-Language": lang}, timeout=5).text


def press(desk: Desk, qr: str) -> requests.Response:
    """The button of the page, as a browser posts it."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept-Language": "zh-CN"}
    return desk.http.post(f"{qr}/pay", data="", headers=headers, timeout=5)


def test_the_payer_sees_whom_and_how_much_before_the_button(desk: Desk) -> None:
    qr = create(desk)
    text = read(desk, qr)
    for part in ("云川市税务局（国库）", "4,095.84", "增值税及附加 2026年7–9月", "09:42:00", "确认支付"):
        assert part in text
    assert "Yunchuan Municipal Tax Bureau (treasury)" in read(desk, qr, "en")


def test_pressing_the_button_pays_and_pressing_again_does_not(desk: Desk) -> None:
    qr = create(desk)
    assert "付款成功" in press(desk, qr).text
    assert "T26101200000001" in press(desk, qr).text
    assert desk.ledger()["count"] == 1


def test_a_declined_payer_is_told_that_nothing_was_charged(desk: Desk) -> None:
    qr = create(desk)
    desk.faults(decline=1)
    text = press(desk, qr).text
    assert "余额不足，没有扣款" in text
    assert "确认支付" in text


def test_a_payer_in_doubt_is_told_not_to_pay_again(desk: Desk) -> None:
    qr = create(desk)
    desk.faults(doubtful=1)
    text = press(desk, qr).text
    assert "请不要再付一次" in text
    assert "确认支付" not in text
    assert 'http-equiv="refresh"' in text


def test_closed_and_unknown_orders_have_no_button(desk: Desk) -> None:
    qr = create(desk)
    desk.client.close("20261012-0001")
    for address in (qr, f"{desk.url}/p/20261012-0404"):
        text = read(desk, address)
        assert "确认支付" not in text
        assert "重新" in text


@pytest.mark.parametrize(
    ("body", "status"), [("{", 422), ('{"payer": 7}', 422), ('{"other": 1}', 422), ("x" * 5000, 413)]
)
def test_a_malformed_payment_moves_nothing(desk: Desk, body: str, status: int) -> None:
    qr = create(desk)
    headers = {"Content-Type": "application/json"}
    assert desk.http.post(f"{qr}/pay", data=body, headers=headers, timeout=5).status_code == status
    assert desk.ledger()["count"] == 0


@pytest.mark.parametrize(
    "order",
    [{"order": "x"}, {"amount_fen": 0}, {"amount_fen": 1.5}, {"subject": ""}, {"expires_s": 0}, {"more": 1}],
)
def test_a_malformed_order_is_refused_with_a_reason(desk: Desk, order: dict[str, object]) -> None:
    asked = {"order": "20261012-0001", "amount_fen": 100, "subject": "x", **order}
    answer = desk.http.post(f"{desk.url}/orders", json=asked, timeout=5)
    assert answer.status_code == 422
    assert answer.json()["code"] == "malformed"


def test_an_order_number_cannot_lead_elsewhere(desk: Desk) -> None:
    for path in ("/p/..%2f..%2fetc", "/p/%3Cscript%3E", "/orders/a/b/c", "/p/" + "x" * 65):
        assert desk.http.get(desk.url + path, timeout=5).status_code in (404, 422)


def test_a_subject_is_shown_as_text(desk: Desk) -> None:
    qr = desk.client.create("20261012-0001", 100, "<script>alert(1)</script>", 120).qr
    text = read(desk, qr)
    assert "<script>" not in text
    assert "&lt;script&gt;" in text
