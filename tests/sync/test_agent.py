"""The sync program against a bureau with a ledger: in order, once, whatever goes wrong on the way."""

from __future__ import annotations

import time
from typing import Any

import pytest

from sync.journal import JournalReader, Phase
from sync.receipts import Receipts
from tests.sync.bureau_double import BureauDouble
from tests.sync.running import RETURN, agent_of, bureau, double, drain, queue, running, terminal, until
from tests.sync.support import Terminal, entry, new_key

__all__ = ["bureau", "double", "terminal"]
"""Fixtures that this file uses by their names."""


def test_what_is_handed_over_is_delivered_once_in_order_and_the_chain_uploaded(
    terminal: Terminal, double: BureauDouble
) -> None:
    keys = queue(terminal, *[(f"TAX{n % 3}", RETURN) for n in range(12)])
    with terminal.journal(ballast_bytes=0) as journal:
        journal.append(entry(Phase.INTENT, new_key()))  # the kiosk's own: not handed over
    status = drain(terminal, double.url)
    assert status.idle
    assert status.delivered == 12
    books = double.ledger
    assert sorted(line["key"] for line in books["applied"]) == sorted(keys) == sorted(books["queued"])
    for taxpayer in ("TAX0", "TAX1", "TAX2"):
        seqs = [line["seq"] for line in books["applied"] if line["taxpayer"] == taxpayer]
        assert seqs == sorted(seqs)
    assert books["chains"] == {"T-0007/e1f00000000000a1": 25}
    receipts = Receipts(terminal.state / "sync.db", terminal.keystore)
    found = receipts.for_key(keys[0])
    assert found is not None
    assert found.result["number"].startswith("N-")
    again = drain(terminal, double.url)
    assert (again.delivered, again.queue) == (0, 0)
    assert len(double.applied()) == 12


def test_new_effects_are_noticed_and_settled_answers_emptied(
    terminal: Terminal, double: BureauDouble
) -> None:
    with terminal.journal(ballast_bytes=0) as journal, running(terminal, double.url):
        key = new_key()
        journal.append(entry(Phase.INTENT, key))
        time.sleep(0.1)
        assert double.applied() == []
        journal.append(entry(Phase.HANDOVER, key))
        receipts = Receipts(terminal.state / "sync.db", terminal.keystore)
        until(lambda: receipts.for_key(key) is not None)
        journal.append(entry(Phase.SETTLED, key, body={"state": "accepted"}))
        until(lambda: receipts.for_key(key) is None)
        until(lambda: double.ledger["chains"]["T-0007/e1f00000000000a1"] == 3)
        until(lambda: receipts.clock_error_ms() is not None or receipts.fact("clock"))
        assert double.ledger["beats"] >= 1
        receipts.close()


def test_an_effect_settled_by_the_kiosk_meanwhile_is_not_sent(
    terminal: Terminal, double: BureauDouble
) -> None:
    keys = queue(terminal, ("A", RETURN))
    with terminal.journal(ballast_bytes=0) as journal:
        journal.append(entry(Phase.SETTLED, keys[0], body={}))
    assert drain(terminal, double.url).idle
    assert double.applied() == []


@pytest.mark.parametrize(
    ("status", "more"),
    [
        (500, {}),
        (503, {"headers": {"Retry-After": "0"}}),
        (429, {"headers": {"Retry-After": "0"}}),
        (409, {"headers": {"Retry-After": "0"}}),
        (200, {"body": "{}"}),
        (200, {"body": "<html>sign in</html>", "type": "text/html"}),
        (404, {}),
        (401, {}),
    ],
)
def test_trouble_passes_and_every_effect_arrives_once(
    terminal: Terminal, double: BureauDouble, status: int, more: dict[str, Any]
) -> None:
    double.fault("/v1/effects", status, times=2, **more)
    keys = queue(terminal, ("A", RETURN), ("A", RETURN), ("B", RETURN))
    with running(terminal, double.url):
        until(lambda: len(double.applied()) == 3)
    applied = double.applied()
    assert sorted(applied) == sorted(keys)
    assert applied.index(keys[0]) < applied.index(keys[1])


def test_an_answer_lost_after_the_commit_is_asked_for_again_and_nothing_happens_twice(
    terminal: Terminal, double: BureauDouble
) -> None:
    double.fault("/v1/effects", 502, times=3, after=True)
    keys = queue(terminal, ("A", RETURN), ("B", RETURN))
    with running(terminal, double.url) as agent:
        until(lambda: agent.sender.delivered == 2)
    assert sorted(double.applied()) == sorted(keys)
    assert double.ledger["requests"].count("POST /v1/effects") == 5


def test_poison_is_parked_after_three_refusals_and_what_is_behind_it_passes(
    terminal: Terminal, double: BureauDouble
) -> None:
    double.fault("/v1/effects", 422, times=-1, kind="feedback.rate", code="not-readable")
    keys = queue(terminal, ("A", "feedback.rate"), ("A", RETURN), ("B", RETURN))
    with running(terminal, double.url) as agent:
        until(lambda: len(double.applied()) == 2 and agent.status().parked == 1)
        assert sorted(double.applied()) == sorted(keys[1:])
        trouble = Receipts(terminal.state / "sync.db").parked()
        assert [(t.key, t.refusals) for t in trouble] == [(keys[0], 3)]
        assert "not-readable" in trouble[0].reason
    status = drain(terminal, double.url)
    assert status.idle, "parked is not waiting"
    assert status.parked == 1
    assert double.ledger["requests"].count("POST /v1/effects") == 5
    double.tell("faults", [])
    agent = agent_of(terminal, double.url)
    assert agent.outbox.release(keys[0])
    agent.close()
    assert drain(terminal, double.url).delivered == 1
    assert keys[0] in double.applied()


def test_a_terminal_that_is_not_accepted_keeps_everything(terminal: Terminal, double: BureauDouble) -> None:
    double.fault("/v1", 403, times=-1, code="terminal-suspended")
    keys = queue(terminal, ("A", RETURN), ("B", RETURN))
    status = drain(terminal, double.url)
    assert "403" in status.held
    assert status.queue == 2
    assert status.parked == 0
    double.tell("faults", [])
    assert drain(terminal, double.url).idle
    assert sorted(double.applied()) == sorted(keys)


def test_offline_is_normal_and_the_queue_empties_by_itself_when_the_centre_is_back(
    terminal: Terminal, double: BureauDouble
) -> None:
    double.fault("/v1", 503, times=-1)
    with running(terminal, double.url) as agent:
        keys = queue(terminal, *[(f"T{n}", RETURN) for n in range(5)])
        until(lambda: not agent.link.up)
        until(lambda: agent.status().queue == 5)
        until(lambda: not Receipts(terminal.state / "sync.db").online())  # told with the next status
        seen = len(double.ledger["requests"])
        time.sleep(0.5)
        assert len(double.ledger["requests"]) - seen < 30, "it must not hammer a centre that is down"
        double.tell("faults", [])
        until(lambda: len(double.applied()) == 5)  # nobody wrote anything: a timer did it
        until(lambda: agent.status().idle)
    assert sorted(double.applied()) == sorted(keys)


def test_a_drain_while_nobody_listens_ends_soon_and_says_what_is_left(terminal: Terminal) -> None:
    queue(terminal, ("A", RETURN))
    begun = time.monotonic()
    status = drain(terminal, "http://127.0.0.1:9")
    assert time.monotonic() - begun < 5.0
    assert not status.online
    assert (status.queue, status.audit_waiting) == (1, 2)


def test_a_loop_that_fails_is_said_and_goes_on(
    terminal: Terminal,
    double: BureauDouble,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keys = queue(terminal, ("A", RETURN))
    failures = iter([RuntimeError("odd"), MemoryError()])
    honest = JournalReader.intent

    def sometimes(self: JournalReader, key: str) -> Any:
        error = next(failures, None)
        if error is not None:
            raise error
        return honest(self, key)

    monkeypatch.setattr(JournalReader, "intent", sometimes)
    with running(terminal, double.url) as agent:
        until(lambda: double.applied() == keys)
        until(lambda: agent.status().idle)
    assert "a loop of the sync program failed" in caplog.text
