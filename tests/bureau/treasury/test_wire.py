"""The bytes of the link, written out: what the banks get, and what of theirs is no answer."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import pytest

from bureau.errors import AcquirerUnreachable
from bureau.treasury import cfx
from bureau.treasury.link import TreasuryLink
from sync.models import PaymentStateName as State
from tests.bureau.acquirer.conftest import HandClock
from tests.bureau.treasury.test_link import ASKED, ORDER

HEAD = (
    "<HEAD><VER>1.0</VER><SRC>100000000000</SRC><DES>25399000000</DES><APP>TIPS</APP><MsgNo>{number}</MsgNo>"
    "<MsgID>20261012000000000001</MsgID><MsgRef>{ref}</MsgRef><WorkDate>20261012</WorkDate></HEAD>"
)
DEBITED = (
    "<SingleReturn2001><OriTaxOrgCode>25399000000</OriTaxOrgCode><OriTraNo>{order}</OriTraNo>"
    "<OriEntrustDate>20261012</OriEntrustDate><TaxVouNo>{order}</TaxVouNo><TaxDate>20261012</TaxDate>"
    "<Result>{result}</Result><AddWord>处理成功</AddWord></SingleReturn2001>"
)


def document(number: str, ref: str, body: str) -> bytes:
    text = f"<CFX>{HEAD.format(number=number, ref=ref)}<MSG>{body}</MSG></CFX>"
    return b'<?xml version="1.0" encoding="GBK"?>' + text.encode("gbk")


@contextmanager
def bank(answer: Callable[[bytes], bytes]) -> Iterator[tuple[TreasuryLink, list[bytes]]]:
    """A bank of a few lines that answers by hand, so that the codec is not tried on itself alone."""
    heard: list[bytes] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.rfile.read(int(self.headers["Content-Length"])))
            body = answer(heard[-1])
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, name="bank")
    thread.start()
    try:
        yield TreasuryLink(f"http://127.0.0.1:{server.server_port}", "25399000000", HandClock(), 2), heard
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()


def ref_of(asked: bytes) -> str:
    return asked.split(b"<MsgID>")[1].split(b"</MsgID>")[0].decode()


def test_a_debit_goes_out_in_gbk_as_documented() -> None:
    with bank(lambda asked: document("2001", ref_of(asked), DEBITED.format(order=ORDER, result="90000"))) as (
        link,
        heard,
    ):
        assert link.debit(ASKED).state is State.APPROVED
    text = heard[0].decode("gbk")
    assert text.startswith(
        '<?xml version="1.0" encoding="GBK"?><CFX><HEAD><VER>1.0</VER><SRC>25399000000</SRC>'
    )
    for part in (
        "<MsgNo>1001</MsgNo>",
        f"<EntrustDate>20261012</EntrustDate><TraNo>{ORDER}</TraNo>",
        "<TraAmt>4147.04</TraAmt>",
        "<PayBkCode>102</PayBkCode><PayAcct>6222023100098760001</PayAcct>",
        "<HandOrgName>云川青禾图文设计工作室</HandOrgName>",
        "<ProtocolNo>91990199MA60NT1K2M20250907</ProtocolNo>",
    ):
        assert part in text


@pytest.mark.parametrize(
    "answer",
    [
        lambda asked: document("2001", ref_of(asked), DEBITED.format(order=ORDER, result="24999")),
        lambda asked: document("2001", ref_of(asked), DEBITED.format(order=ORDER, result="94999")),
        lambda asked: document("2001", ref_of(asked), DEBITED.format(order=ORDER[:-1] + "8", result="90000")),
        lambda asked: document("2001", "20261012999999999999", DEBITED.format(order=ORDER, result="90000")),
        lambda asked: document("9004", ref_of(asked), DEBITED.format(order=ORDER, result="90000")),
        lambda asked: document("2001", ref_of(asked), "<Other2001/>"),
        lambda asked: document("2001", ref_of(asked), DEBITED.format(order=ORDER, result="90000").replace(
            "<TaxDate>20261012</TaxDate>", "")),
        lambda asked: b"<html>please sign in</html>",
        lambda asked: b"",
        lambda asked: document("2001", ref_of(asked), DEBITED.format(order=ORDER, result="24009"))[:-30],
    ],
)  # fmt: skip
def test_what_is_no_clear_answer_leaves_the_debit_in_doubt(answer: Callable[[bytes], bytes]) -> None:
    with bank(answer) as (link, _), pytest.raises(AcquirerUnreachable):
        link.debit(ASKED)


def test_a_message_is_read_as_it_was_written() -> None:
    fields = {"HandOrgName": "𠮷野 & <测试>", "TraAmt": cfx.yuan(5)}
    message = cfx.Message(
        "1001", date(2026, 10, 12), (("A", fields), ("A", {"B": ""})), "1", id="x", reply_to="y"
    )
    assert cfx.read(cfx.write(message)) == message


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE CFX [<!ENTITY a "b">]><CFX><HEAD/><MSG/></CFX>',
        b'<?xml version="1.0" encoding="UTF-7"?><CFX><HEAD/><MSG/></CFX>',
        b'<?xml version="1.0" encoding="GBK"?>\xff\xff',
        b"<CFX><HEAD/></CFX>",
        b"<CFX><HEAD><APP>TIPS</APP><MsgNo>1</MsgNo><SRC/><DES/><MsgID/><WorkDate>20261332</WorkDate></HEAD><MSG/></CFX>",
        b"<CFX><HEAD><APP>BANK</APP></HEAD><MSG/></CFX>",
    ],
)
def test_what_is_no_message_is_refused(content: bytes) -> None:
    with pytest.raises(cfx.CfxError):
        cfx.read(content)


@pytest.mark.parametrize("text", ["1.005", "x", "", "NaN", "1e400", "Infinity"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(cfx.CfxError):
        cfx.fen(text)
