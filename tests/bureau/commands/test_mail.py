"""``bureau mail``: what an operator sees of letters, and how one is queued again."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest

from bureau.city.cast import PERSONAS
from bureau.commands.common import opened
from bureau.engine.mailing import KEPT
from bureau.engine.reference.work import ReferenceSystem
from bureau.opening import business_clock
from bureau.ports.mail import Enclosed, Letter, LetterState
from bureau.ports.registration import PersonKey
from tests.bureau.commands.shell import Run, as_json

MULAN = next(one for one in PERSONAS if one.id == "he-mulan")


def write(key: str, state: LetterState, reply: str = "") -> None:
    """A letter as an effect and the worker leave it."""
    with (
        opened(None) as (settings, database),
        ReferenceSystem(database, business_clock(settings)).write() as work,
    ):
        now = work.core.now
        letter = Letter(
            key=key,
            kind="einvoice",
            reference="26991000000000000001",
            person=PersonKey(MULAN.kind, MULAN.number),
            lang="zh-CN",
            sealed=b"sealed",
            shown="z***@qq.com",
            made_at=now,
            due_at=now,
            until=now + timedelta(hours=48),
        )
        work.core.mail.add(letter, [Enclosed("1.pdf", b"%PDF", hashlib.sha256(b"%PDF").hexdigest())])
        if state != "queued":
            work.core.mail.end(key, state, reply)


def test_letters_are_listed_without_whose_they_are(run: Run) -> None:
    assert run("mail", "list").output.strip() == "no letter"
    write("k-1", "queued")
    write("k-2", "refused", "550 5.1.1")
    told = run("mail", "list").output
    assert "z***@qq.com" in told and "550 5.1.1" in told
    assert MULAN.number not in told and MULAN.name not in told and "sealed" not in told
    (one,) = as_json(run("mail", "list", "--state", "refused", "--json"))
    assert (one["key"], one["state"], one["due_at"]) == ("k-2", "refused", None)
    assert "sealed" not in one and "person" not in one
    assert "no state" in run("mail", "list", "--state", "lost", code=2).stderr


@pytest.fixture
def mail_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bureau has one."""
    monkeypatch.setenv("BUREAU_MAIL__HOST", "smtp.example")
    monkeypatch.setenv("BUREAU_MAIL__SENDER", "einvoice@bureau.example")


def test_without_a_mail_server_nothing_is_queued_again(run: Run) -> None:
    write("k-1", "refused", "554 5.7.1")
    assert "no mail server" in run("mail", "retry", "k-1", code=1).stderr
    (one,) = as_json(run("mail", "list", "--json"))
    assert one["state"] == "refused"


@pytest.mark.usefixtures("mail_server")
@pytest.mark.parametrize("state", ["refused", "given-up"])
def test_what_was_not_sent_is_queued_again(run: Run, state: LetterState) -> None:
    write("k-1", state, "554 5.7.1")
    again = as_json(run("mail", "retry", "k-1", "--json"))
    assert (again["state"], again["ended_at"]) == ("queued", None) and again["until"] > again["made_at"]
    assert "waits to be carried again" in run("mail", "retry", "k-1", code=1).stderr


@pytest.mark.usefixtures("mail_server")
def test_what_was_sent_or_is_gone_is_not(run: Run) -> None:
    write("k-1", "sent", "250")
    write("k-2", "refused", "550")
    run("mail", "retry", "k-1", code=1)
    run("mail", "retry", "k-3", code=1)
    with (
        opened(None) as (settings, database),
        ReferenceSystem(database, business_clock(settings)).write() as work,
    ):
        work.core.mail.forget(work.core.now, work.core.now + KEPT)
    run("mail", "retry", "k-2", code=1)
