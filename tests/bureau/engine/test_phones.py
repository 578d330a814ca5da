"""Sign-in level 1: a phone is proven by the code that was sent there."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bureau.engine.phones import A_DAY, PROVEN_FOR, TRIES, phone_of
from bureau.engine.refusals import Refused
from bureau.store import tables
from sync.models import PhoneClaim, Subject
from tests.bureau.conftest import Centre
from tests.bureau.phones import MOBILE, SERVICE, message, prove, send
from tests.bureau.terminals import Terminal


def refused(terminal: Terminal, name: str, params: dict[str, Any]) -> str:
    refusal = terminal.ask(name, None, params, SERVICE).refusal
    assert refusal is not None
    assert all(refusal.text[lang] and refusal.next_step[lang] for lang in ("zh-CN", "en-US"))
    return refusal.code


def check(terminal: Terminal, challenge: str, code: str) -> str:
    return refused(terminal, "phone.check", {"challenge": challenge, "code": code})


def proven(centre: Centre, challenge: str, terminal: str = "A-07", mobile: str = MOBILE) -> str:
    with centre.system.write(terminal) as work:
        return phone_of(work.core, Subject(phone=PhoneClaim(mobile=mobile, challenge=challenge)))


def test_the_code_in_the_message_proves_the_phone(terminal: Terminal, centre: Centre) -> None:
    told = send(terminal)
    assert (told["mobile_masked"], told["digits"]) == ("139****0007", 6)
    text = message(centre)
    code = re.search(r"[0-9]{6}", text)
    assert code is not None and "5 分钟" in text and "请勿告诉他人" in text
    wire = {"challenge": told["challenge"], "code": code[0]}
    assert terminal.data("phone.check", None, wire, SERVICE)["mobile_masked"] == "139****0007"
    assert proven(centre, told["challenge"]) == MOBILE


def test_the_code_is_kept_nowhere_but_in_the_message(terminal: Terminal, centre: Centre) -> None:
    send(terminal)
    code = re.search(r"[0-9]{6}", message(centre))
    assert code is not None
    with centre.database.read() as connection:
        assert code[0] not in str(connection.execute(select(tables.phone_code)).all())


def test_a_wrong_code_counts_and_after_five_not_even_the_right_one_helps(
    terminal: Terminal, centre: Centre
) -> None:
    told = send(terminal)
    right = re.search(r"[0-9]{6}", message(centre))
    assert right is not None
    wrong = "000000" if right[0] != "000000" else "111111"
    said = [check(terminal, told["challenge"], wrong) for _ in range(TRIES)]
    assert said == ["phoneCodeWrong"] * (TRIES - 1) + ["phoneCodeSpent"]
    assert check(terminal, told["challenge"], right[0]) == "phoneCodeSpent"
    with pytest.raises(Refused):
        proven(centre, told["challenge"])


def test_a_code_is_good_for_five_minutes_at_the_terminal_that_had_it_sent(
    terminal: Terminal, centre: Centre
) -> None:
    told = send(terminal)
    code = re.search(r"[0-9]{6}", message(centre))
    assert code is not None
    other = centre.terminal("B-01")
    assert check(other, told["challenge"], code[0]) == "phoneCodeOver"
    centre.clock.forward(minutes=5, seconds=1)
    assert check(terminal, told["challenge"], code[0]) == "phoneCodeOver"
    assert check(terminal, "01940000-0000-7000-8000-00000000ffff", "123456") == "phoneCodeOver"


def test_a_phone_is_proven_for_half_an_hour_at_that_terminal_alone(
    terminal: Terminal, centre: Centre
) -> None:
    claim = prove(terminal, centre)
    assert proven(centre, claim["challenge"]) == MOBILE
    for where, mobile in (("B-01", MOBILE), ("A-07", "13900000001")):
        with pytest.raises(Refused):
            proven(centre, claim["challenge"], where, mobile)
    centre.clock.at += PROVEN_FOR + timedelta(seconds=1)
    with pytest.raises(Refused):
        proven(centre, claim["challenge"])


def test_codes_to_a_phone_come_a_minute_apart_and_ten_a_day(terminal: Terminal, centre: Centre) -> None:
    for _ in range(A_DAY):
        send(terminal)
        assert refused(terminal, "phone.code", {"mobile": MOBILE}) == "phoneTooSoon"
        centre.clock.forward(seconds=61)
    assert refused(terminal, "phone.code", {"mobile": MOBILE}) == "phoneTooOften"
    assert send(terminal, "13900000002")["digits"] == 6
    centre.clock.forward(days=1)
    assert send(terminal)["digits"] == 6


def test_one_terminal_does_not_send_codes_to_everybody(terminal: Terminal, centre: Centre) -> None:
    for number in range(60):
        send(terminal, f"139000001{number:02}")
    assert refused(terminal, "phone.code", {"mobile": MOBILE}) == "phoneTerminalTooOften"
    assert send(centre.terminal("B-01"))["digits"] == 6


def test_codes_are_forgotten(terminal: Terminal, centre: Centre) -> None:
    told = send(terminal)
    with centre.system.write() as work:
        assert work.core.phones.forget(work.core.now + timedelta(seconds=1)) == 1
        assert work.core.phones.challenge(told["challenge"]) is None
