"""The centre's side of the link against simulated banks on a real port."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
import requests

from bureau.acquirer.cli import PAYEE
from bureau.acquirer.ledger import Ledger
from bureau.acquirer.service import create_app
from bureau.errors import AcquirerUnreachable, OrderUnknown
from bureau.ports.acquirer import DebitAsked, DebitNetwork, RefundAsked
from bureau.treasury.book import Account
from bureau.treasury.link import TreasuryLink
from sync.models import PaymentStateName as State
from tests.bureau.acquirer.conftest import HandClock
from tests.bureau.serving import served

ORDER, OTHER = "41990026101200000017", "41990026101200000025"
KEY = "45990026101200000011"
AGREEMENT = "91990199MA60NT1K2M20250907"
ACCOUNT = Account(
    "102", "6222023100098760001", "云川青禾图文设计工作室", "91990199MA60NT1K2M", AGREEMENT, 1_000_000
)
ASKED = DebitAsked(
    ORDER,
    414_704,
    AGREEMENT,
    "icbc",
    ACCOUNT.account,
    ACCOUNT.holder,
    ACCOUNT.taxpayer,
    "云川市税务局 增值税",
)


@dataclass
class Banks:
    url: str
    clock: HandClock
    link: DebitNetwork
    http: requests.Session

    def put(self, account: Account) -> None:
        body = {name: getattr(account, name) for name in Account.__dataclass_fields__}
        assert self.http.put(f"{self.url}/treasury/accounts", json=body, timeout=5).status_code == 200

    def balance(self) -> int:
        (line,) = self.http.get(f"{self.url}/treasury/accounts", timeout=5).json()
        return int(line["balance_fen"])

    def faults(self, **settings: float) -> None:
        assert self.http.post(f"{self.url}/faults", json=settings, timeout=5).status_code == 200


@pytest.fixture
def banks(tmp_path: Path) -> Iterator[Banks]:
    clock = HandClock()
    listener = socket.create_server(("127.0.0.1", 0))
    base = f"http://127.0.0.1:{listener.getsockname()[1]}"
    app = create_app(Ledger(tmp_path / "acquirer.db", clock), base, PAYEE, accounts=(ACCOUNT,))
    with served(app, listener) as url, requests.Session() as http:
        http.trust_env = False
        yield Banks(url, clock, TreasuryLink(url, "25399000000", clock, timeout_s=1), http)


def test_an_order_is_debited_once_whatever_is_sent_again(banks: Banks) -> None:
    first = banks.link.debit(ASKED)
    assert (first.state, first.amount_fen, first.paid_at) == (State.APPROVED, 414_704, banks.clock.now())
    assert banks.link.debit(ASKED).state is State.APPROVED
    assert banks.link.query(ORDER) == first
    assert banks.balance() == 1_000_000 - 414_704


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"balance_fen": 414_703}, "insufficientFunds"),
        ({"state": "closed"}, "accountClosed"),
        ({"state": "frozen"}, "accountFrozen"),
        ({"agreement": "another"}, "agreementUnknown"),
        ({"taxpayer": "91990199MA607F0M7X"}, "agreementUnknown"),
    ],
)
def test_a_bank_that_declines_says_why_and_says_it_again(
    banks: Banks, changed: dict[str, object], word: str
) -> None:
    banks.put(replace(ACCOUNT, **changed))  # type: ignore[arg-type]
    before = banks.balance()
    for answer in (banks.link.debit(ASKED), banks.link.query(ORDER), banks.link.close(ORDER)):
        assert (answer.state, answer.word) == (State.DECLINED, word)
    banks.put(ACCOUNT)
    assert banks.link.debit(ASKED).state is State.DECLINED, "one number, one answer"
    assert before == replace(ACCOUNT, **changed).balance_fen  # type: ignore[arg-type]
    assert banks.link.debit(replace(ASKED, order=OTHER)).state is State.APPROVED, "under a new number it goes"


def test_an_account_that_no_bank_has(banks: Banks) -> None:
    assert banks.link.debit(replace(ASKED, account="6222000000000000009")).word == "accountUnknown"
    assert banks.link.debit(replace(ASKED, order=OTHER, bank="abc")).word == "accountUnknown"


def test_an_order_that_is_not_there_may_still_come_until_it_is_ended(banks: Banks) -> None:
    assert banks.link.query(ORDER).state is State.CREATED
    assert banks.link.close(ORDER).state is State.CLOSED
    assert banks.link.debit(ASKED).state is State.CLOSED, "it came too late"
    assert banks.balance() == 1_000_000


def test_what_was_debited_is_not_ended_any_more(banks: Banks) -> None:
    banks.link.debit(ASKED)
    assert banks.link.close(ORDER).state is State.APPROVED
    assert banks.balance() == 1_000_000 - 414_704


def test_a_bank_that_debits_and_does_not_answer_tells_when_it_is_asked_later(banks: Banks) -> None:
    banks.faults(debit_doubtful=1)
    for call in (
        lambda: banks.link.debit(ASKED),
        lambda: banks.link.query(ORDER),
        lambda: banks.link.close(ORDER),
    ):
        with pytest.raises(AcquirerUnreachable):
            call()
    banks.clock.forward(seconds=31)
    assert banks.link.query(ORDER).state is State.APPROVED
    assert banks.balance() == 1_000_000 - 414_704


def test_a_message_that_is_lost_debits_nothing(banks: Banks) -> None:
    banks.faults(debit_silent=1)
    with pytest.raises(AcquirerUnreachable):
        banks.link.debit(ASKED)
    assert banks.link.query(ORDER).state is State.CREATED


def test_a_refund_is_given_once_and_never_more_than_was_debited(banks: Banks) -> None:
    banks.link.debit(ASKED)
    part = RefundAsked(KEY, ORDER, 400_000, "", "paid twice")
    assert [banks.link.refund(part).state for _ in range(2)] == ["given", "given"]
    assert banks.link.refund_state(KEY).state == "given"
    more = banks.link.refund(replace(part, key=KEY[:-2] + "29", amount_fen=14_705))
    assert (more.state, more.word) == ("refused", "refundExceedsCharge")
    assert banks.link.refund(replace(part, amount_fen=1)).word == "refundConflict"
    assert banks.balance() == 1_000_000 - 414_704 + 400_000
    with pytest.raises(OrderUnknown):
        banks.link.refund_state(KEY[:-2] + "37")


def test_the_days_file_has_what_moved_and_is_final_when_the_day_is_over(banks: Banks) -> None:
    banks.link.debit(ASKED)
    banks.link.debit(replace(ASKED, order=OTHER, amount_fen=10**9))
    banks.link.refund(RefundAsked(KEY, ORDER, 4, "", "x"))
    day = date(2026, 10, 12)
    file = banks.link.daily(day)
    assert [(line.order, line.amount_fen, line.kind, line.refund) for line in file.lines] == [
        (ORDER, 414_704, "sale", ""),
        (ORDER, -4, "refund", KEY),
    ]
    assert file.lines[0].reference == "10226101200000001" and not file.final
    banks.clock.forward(days=1)
    assert banks.link.daily(day).final and banks.link.daily(date(2026, 10, 13)).lines == ()


def test_a_debit_that_is_heard_of_on_another_day_belongs_to_its_own(banks: Banks) -> None:
    banks.link.debit(ASKED)
    banks.clock.forward(days=1)
    told = banks.link.query(ORDER).paid_at
    assert told is not None and told.date() == date(2026, 10, 12)
