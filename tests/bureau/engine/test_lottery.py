"""The invoice lottery: who may draw for what, that anybody can check a draw, and how a prize is paid."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from bureau.city.lottery import CODE, ODDS, number_of
from bureau.city.lottery import MOBILE as WINNER
from bureau.engine.einvoices.checking import A_DAY
from bureau.engine.lottery import drawing, rounds, settling
from bureau.engine.lottery.drawing import MILLION
from bureau.engine.lottery.rules import LotteryRules, rules
from bureau.errors import PrizeRefused
from bureau.fleet.vault import SealingVault
from bureau.store import tables
from kiosk.domain.ids import uuid7
from tests.bureau import stores
from tests.bureau.conftest import Centre
from tests.bureau.phones import MOBILE, prove
from tests.bureau.terminals import CAST, Terminal, subject

TANG = subject("tang-yue", evidence="document", face=None)
TICKET = number_of(stores.DAY)
ACCOUNT = {"bank": "icbc", "account": "6217000000000001234"}


def eligible(centre: Centre, skip: int = 0, **where: Any) -> Any:
    """An ordinary invoice of the last weeks to a person, as the register has it."""
    t = tables.sale
    query = select(t).where(
        t.c.kind == "ordinary", t.c.state == "valid", t.c.code == "", t.c.net_fen >= 20_000
    )
    query = query.where(t.c.buyer_number == where.get("buyer_number", ""), t.c.issued_on >= date(2026, 9, 1))
    with centre.database.read() as connection:
        return connection.execute(query.order_by(t.c.number).offset(skip).limit(1)).one()


def draw(terminal: Terminal, phone: dict[str, str] | None, sale: Any, **changed: Any) -> Any:
    who = {"person": None, "phone": phone, "taxpayer": None, "role": None}
    told = {
        "number": sale.number,
        "issued": sale.issued_on.isoformat(),
        "amount_fen": sale.net_fen + sale.tax_fen,
        **changed,
    }
    return terminal.do("lottery.draw", told, who, service="lottery.draw")


def code_of(answer: Any) -> str:
    assert answer.refusal is not None, answer.result
    assert all(answer.refusal.text[lang] and answer.refusal.next_step[lang] for lang in ("zh-CN", "en-US"))
    return str(answer.refusal.code)


def change(centre: Centre, sale: Any, **values: Any) -> None:
    t = tables.sale
    with centre.database.write() as connection:
        connection.execute(update(t).where(t.c.number == sale.number).values(**values))


def won_for(centre: Centre) -> Any:
    """The invoice for which the ticket of the city was drawn."""
    with centre.database.read() as connection:
        t = tables.lottery_ticket
        drawn_for = connection.execute(select(t.c.invoice).where(t.c.ticket == TICKET)).scalar_one()
        return connection.execute(select(tables.sale).where(tables.sale.c.number == drawn_for)).one()


def take_back(centre: Centre, sale: Any, total_fen: int) -> None:
    """A red-letter invoice over so much of it, with tax."""
    row = {
        **sale._mapping, "number": "26991000000000099999", "net_fen": -total_fen, "tax_fen": 0, "state": "red",
        "red_of": sale.number, "issued_on": stores.DAY,
    }  # fmt: skip
    with centre.database.write() as connection:
        connection.execute(tables.sale.insert().values(**row))


def claim(terminal: Terminal, who: dict[str, Any] = TANG, **changed: Any) -> Any:
    data = {"ticket": TICKET, "code": CODE, **ACCOUNT, **changed}
    return terminal.do("matter.submit", data, who, service="lottery.claim")


# --- the draw -------------------------------------------------------------------------------------------------


def test_a_draw_can_be_repeated_by_anybody_once_the_day_is_over(terminal: Terminal, centre: Centre) -> None:
    """By the description alone, with nothing of the centre's code."""
    answer = draw(terminal, prove(terminal, centre), sale := eligible(centre))
    assert answer.state == "accepted"
    day = stores.DAY
    records = centre.container.site.records
    before = records.lottery_round(day)
    assert before is not None and before.seed is None
    centre.clock.forward(days=1)
    vault = SealingVault(centre.container.keys.sealing)
    with centre.system.write() as work:
        assert rounds.reveal(work.core, vault, day + timedelta(days=1)) == 1
    after = records.lottery_round(day)
    assert after is not None and after.seed is not None
    assert (after.commitment, after.odds) == (before.commitment, before.odds)
    seed = bytes.fromhex(after.seed)
    odds = json.dumps(after.odds, separators=(",", ":"))
    bound = "\n".join(("invoice-lottery-1", day.isoformat(), odds, after.seed))
    assert hashlib.sha256(bound.encode()).hexdigest() == before.commitment == answer.result["commitment"]
    mac = hmac.new(seed, f"{sale.number}\n{answer.key}".encode(), hashlib.sha256).digest()
    drawn = int.from_bytes(mac, "big") % 1_000_000
    assert drawn == answer.result["drawn"]
    won, left = 0, drawn
    for fen, share in after.odds:
        if left < share:
            won = fen
            break
        left -= share
    assert (answer.result["prize_fen"] or 0) == won


def test_while_the_day_lasts_the_seed_opens_for_the_centre_alone(terminal: Terminal, centre: Centre) -> None:
    draw(terminal, prove(terminal, centre), eligible(centre))
    with centre.system.read() as work:
        found = work.core.lottery.round(stores.DAY)
    assert found is not None and found.seed is None
    seed = rounds.seed_of(SealingVault(centre.container.keys.sealing), found)
    assert drawing.commitment(found.day, found.odds, seed) == found.commitment
    assert seed not in found.sealed


def test_a_round_is_bound_once_however_often_it_is_opened(centre: Centre) -> None:
    vault, day = SealingVault(centre.container.keys.sealing), stores.DAY + timedelta(days=1)
    found = set()
    for _ in range(3):
        with centre.system.write() as work:
            opened = rounds.opened(work.core, vault, day)
            assert opened is not None
            found.add(opened.commitment)
    assert len(found) == 1


def test_the_same_key_draws_once_and_an_invoice_is_drawn_for_once(terminal: Terminal, centre: Centre) -> None:
    phone, sale = prove(terminal, centre), eligible(centre)
    first = draw(terminal, phone, sale)
    assert code_of(draw(terminal, phone, sale)) == "lotteryDrawn"
    with centre.system.read() as work:
        kept = work.core.lottery.of_invoice(sale.number)
    assert kept is not None and kept.ticket == first.result["ticket"] and kept.mobile == MOBILE


def test_the_odds_are_told_in_each_language(terminal: Terminal, centre: Centre) -> None:
    phone = prove(terminal, centre)
    results = (draw(terminal, phone, eligible(centre, skip)).result for skip in range(20))
    blank = next(result for result in results if result["prize_fen"] is None)
    told = blank["statements"][0]
    assert "800.00 元 200 次" in told["zh-CN"]
    assert "800.00 yuan in 200" in told["en-US"] and told["en-US"].isascii()


def test_who_has_proven_no_phone_does_not_draw(terminal: Terminal, centre: Centre) -> None:
    sale = eligible(centre)
    assert code_of(draw(terminal, None, sale)) == "phoneUnproven"
    unproven = {"mobile": MOBILE, "challenge": uuid7()}
    assert code_of(draw(terminal, unproven, sale)) == "phoneNotProven"


def test_each_reason_why_an_invoice_is_not_drawn_for(terminal: Terminal, centre: Centre) -> None:
    phone = prove(terminal, centre)
    sale = eligible(centre)
    assert code_of(draw(terminal, phone, sale, amount_fen=1)) == "lotteryNotGenuine"
    for skip, values, told in (
        (1, {"state": "void"}, "lotteryTakenBack"),
        (2, {"kind": "special"}, "lotteryBusiness"),
        (3, {"buyer_number": "12990199MA6QC6JD0Y"}, "lotteryBusiness"),
        (4, {"net_fen": 9_000, "tax_fen": 90}, "lotterySmall"),
        (5, {"issued_on": date(2026, 8, 12)}, "lotteryOld"),
    ):
        one = eligible(centre, skip)
        change(centre, one, **values)
        with centre.database.read() as connection:
            t = tables.sale
            now = connection.execute(select(t).where(t.c.number == one.number)).one()
        assert code_of(draw(terminal, phone, now)) == told, values
        change(centre, one, state="valid", kind="ordinary", buyer_number="", net_fen=one.net_fen,
               tax_fen=one.tax_fen, issued_on=one.issued_on)  # fmt: skip
    private = eligible(centre, 6)
    change(centre, private, buyer_number=CAST["tang-yue"].number)
    assert draw(terminal, phone, private).state == "accepted"


def test_guesses_are_checks_of_the_invoice_like_any_other(terminal: Terminal, centre: Centre) -> None:
    phone, sale = prove(terminal, centre), eligible(centre)
    for wrong in range(1, A_DAY + 1):
        assert code_of(draw(terminal, phone, sale, amount_fen=wrong)) == "lotteryNotGenuine"
    assert code_of(draw(terminal, phone, sale)) == "invoiceCheckedOften"
    centre.clock.forward(days=1)
    assert draw(terminal, phone := prove(terminal, centre), sale).state == "accepted", phone


def test_a_phone_draws_twenty_times_a_day(terminal: Terminal, centre: Centre) -> None:
    phone = prove(terminal, centre)
    for skip in range(20):
        assert draw(terminal, phone, eligible(centre, skip)).state == "accepted"
    assert code_of(draw(terminal, phone, eligible(centre, 20))) == "lotteryOften"


@given(drawn=st.integers(0, MILLION - 1))
def test_every_number_belongs_to_one_prize_or_to_none(drawn: int) -> None:
    total = sum(share for _, share in ODDS)
    assert (drawing.prize(ODDS, drawn) > 0) == (drawn < total)


def test_of_all_numbers_each_prize_has_its_share() -> None:
    counted: dict[int, int] = {}
    for drawn in range(MILLION):
        won = drawing.prize(ODDS, drawn)
        counted[won] = counted.get(won, 0) + 1
    assert {fen: share for fen, share in counted.items() if fen} == dict(map(tuple, ODDS))


def test_rules_that_do_not_hang_together_are_told() -> None:
    table = {
        "from": "2026-01-01",
        "least_fen": 0,
        "issued_within_days": 1,
        "claim_within_days": 1,
        "draws_a_day": 1,
    }
    whole = {"format": 1, "basis": {"zh-CN": "x", "en-US": "x"}}
    with pytest.raises(ValueError, match="follow each other"):
        LotteryRules.model_validate({**whole, "tables": [table, table]})
    with pytest.raises(ValueError, match="prizes"):  # officers publish them, pool by pool
        LotteryRules.model_validate({**whole, "tables": [{**table, "prizes": []}]})


# --- the prize ------------------------------------------------------------------------------------------------


def test_a_prize_is_claimed_paid_and_told(terminal: Terminal, centre: Centre) -> None:
    asked = terminal.data("lottery.ticket", TANG, {"ticket": TICKET, "code": CODE}, "lottery.claim")
    assert asked["prize_fen"] > 0
    answer = claim(terminal)
    assert (answer.state, answer.result["state"]) == ("accepted", "approved")
    with centre.system.write() as work:
        ticket = work.core.lottery.ticket(TICKET)
        assert ticket is not None and (ticket.state, ticket.account) == ("ordered", ACCOUNT["account"])
        case = work.core.matters.case(answer.result["case"])
        assert case is not None and CODE not in str(case)  # the claim code is not kept
        settling.paid(work.core, TICKET, stores.DAY)
    notices = [n["kind"] for n in terminal.data("person.profile", TANG, service="lottery.claim")["notices"]]
    assert "prize-paid" in notices
    assert code_of(claim(terminal)) == "ticketClaimed"


def test_what_the_bank_sends_back_is_claimed_again(terminal: Terminal, centre: Centre) -> None:
    claim(terminal)
    centre.clock.forward(days=80)  # longer than the time to claim
    with centre.system.write() as work:
        settling.returned(work.core, TICKET, stores.DAY, "账号不存在")
    assert claim(terminal, account="6217000000000009999").state == "accepted"
    with centre.system.read() as work:
        ticket = work.core.lottery.ticket(TICKET)
    assert ticket is not None and ticket.account == "6217000000000009999"


@pytest.mark.parametrize(
    ("changed", "told"),
    [({"code": "AAAAAAAAAA"}, "ticketUnknown"), ({"ticket": "64990026101299999999"}, "ticketUnknown")],
)
def test_whoever_does_not_hold_the_ticket_gets_nothing(
    terminal: Terminal, changed: dict[str, str], told: str
) -> None:
    assert code_of(claim(terminal, **changed)) == told


def test_a_ticket_without_a_prize_and_one_too_late(terminal: Terminal, centre: Centre) -> None:
    t = tables.lottery_ticket
    with centre.database.write() as connection:
        connection.execute(update(t).values(state="blank", prize_fen=0))
    assert code_of(claim(terminal)) == "ticketBlank"
    with centre.database.write() as connection:
        connection.execute(update(t).values(state="won", prize_fen=500))
    centre.clock.forward(days=60)
    assert code_of(claim(terminal)) == "ticketOver"


@pytest.mark.parametrize(("least_fen", "told"), [(-1, "ticketTakenBack"), (0, ""), (1, "")])
def test_a_prize_is_for_a_purchase_that_was_not_taken_back(
    terminal: Terminal, centre: Centre, least_fen: int, told: str
) -> None:
    """``least_fen``: how much more of the invoice is left than one must have to be drawn for."""
    table = rules().at(stores.DAY)
    assert table is not None
    drawn_for = won_for(centre)
    take_back(centre, drawn_for, drawn_for.net_fen + drawn_for.tax_fen - table.least_fen - least_fen)
    asked = terminal.ask("lottery.ticket", TANG, {"ticket": TICKET, "code": CODE}, "lottery.claim")
    assert (asked.refusal.code if asked.refusal is not None else "") == told
    answer = claim(terminal)
    assert (code_of(answer) if told else answer.state) == (told or "accepted")


def test_a_prize_is_not_for_a_void_invoice(terminal: Terminal, centre: Centre) -> None:
    change(centre, won_for(centre), state="void")
    assert code_of(claim(terminal)) == "ticketTakenBack"


def test_an_officer_settles_what_is_ordered_and_nothing_else(terminal: Terminal, centre: Centre) -> None:
    with centre.system.write() as work, pytest.raises(PrizeRefused, match="won, not ordered"):
        settling.paid(work.core, TICKET, stores.DAY)
    claim(terminal)
    with centre.system.write() as work:
        for day, reason, words in (
            (stores.DAY + timedelta(days=1), "x", "still to come"),
            (stores.DAY, " ", "say why"),
        ):
            with pytest.raises(PrizeRefused, match=words):
                settling.returned(work.core, TICKET, day, reason)
        with pytest.raises(PrizeRefused, match="no ticket"):
            settling.paid(work.core, "64990026101299999999", stores.DAY)


def test_the_winner_s_phone_is_told_to_nobody(terminal: Terminal, centre: Centre) -> None:
    shown = centre.container.site.records.draw(TICKET, CODE)
    assert shown is not None and WINNER not in str(shown)
    assert centre.container.site.records.draw(TICKET, "AAAAAAAAAA") is None
