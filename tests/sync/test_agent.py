"""The sync program against a bureau with a ledger: in order, once, whatever goes wrong on the way."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from config.settings import CentreSettings
from sync.agent import SyncAgent
from sync.client import BureauClient
from sync.identity import store_enrolment
from sync.journal import JournalReader, Phase
from sync.models import Enrolled
from sync.pace import Pace
from sync.receipts import Receipts
from tests.sync.bureau_double import BureauDouble
from tests.sync.support import CLOCK, Terminal, entry, make_terminal, new_key

QUICK = Pace(
    poll_s=0.02, heartbeat_s=0.2, retry_first_s=0.02, retry_last_s=0.1, probe_cap_s=0.1, spread_s=0.02
)


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return make_terminal(tmp_path)


@pytest.fixture(scope="module")
def bureau() -> Iterator[BureauDouble]:
    bureau = BureauDouble({})
    yield bureau
    bureau.close()


@pytest.fixture
def double(bureau: BureauDouble, terminal: Terminal) -> BureauDouble:
    """The bureau with empty books, knowing this terminal."""
    bureau.reset(terminal)
    return bureau


def agent_of(terminal: Terminal, url: str, pace: Pace = QUICK) -> SyncAgent:
    client = BureauClient(
        CentreSettings(url=url, connect_timeout_s=1.0, read_timeout_s=2.0), terminal.identity
    )
    return SyncAgent(terminal.state, terminal.identity, terminal.keystore, client, CLOCK, pace)


@contextmanager
def running(terminal: Terminal, url: str, pace: Pace = QUICK) -> Iterator[SyncAgent]:
    """The agent at work on threads of its own."""
    agent = agent_of(terminal, url, pace)
    thread = threading.Thread(target=agent.run)
    thread.start()
    try:
        yield agent
    finally:
        agent.stop()
        thread.join(30)
        agent.close()
        agent.client.close()


def drain(terminal: Terminal, url: str, timeout_s: float = 10.0) -> Any:
    agent = agent_of(terminal, url)
    try:
        return agent.drain(timeout_s)
    finally:
        agent.close()
        agent.client.close()


def queue(terminal: Terminal, *effects: tuple[str, str]) -> list[str]:
    """Journal effects of (taxpayer, kind) and hand them over; their keys."""
    keys = []
    with terminal.journal(ballast_bytes=0) as journal:
        for taxpayer, kind in effects:
            keys.append(new_key())
            journal.append_all(
                [
                    entry(Phase.INTENT, keys[-1], kind=kind, taxpayer=taxpayer),
                    entry(Phase.HANDOVER, keys[-1], kind=kind, body={}),
                ]
            )
    return keys


def until(what: Callable[[], object], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not come to that in time"
        time.sleep(0.02)


RETURN = "declaration.submit"


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
        assert Receipts(terminal.state / "sync.db").online() in (False, None)
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


# --- the chain ---------------------------------------------------------------------------------------------


def test_the_chain_goes_up_in_batches_and_from_where_the_centre_stands(
    terminal: Terminal, double: BureauDouble
) -> None:
    with terminal.journal(ballast_bytes=0) as journal:
        for _ in range(250):
            journal.append(entry(Phase.NOTE))
    assert drain(terminal, double.url).idle
    assert double.ledger["chains"]["T-0007/e1f00000000000a1"] == 250
    assert double.ledger["requests"].count("POST /v1/audit") == 4  # one asks, three bring
    double.tell("restore", {"applied": 0, "records": 40})
    with terminal.journal(ballast_bytes=0) as journal:
        journal.append(entry(Phase.NOTE))
    assert drain(terminal, double.url).idle
    assert double.ledger["chains"]["T-0007/e1f00000000000a1"] == 251


def test_a_batch_that_is_too_large_is_halved(terminal: Terminal, double: BureauDouble) -> None:
    with terminal.journal(ballast_bytes=0) as journal:
        for _ in range(60):
            journal.append(entry(Phase.NOTE))
    agent = agent_of(terminal, double.url)
    assert agent._uploader.ask().seq == 0
    double.fault("/v1/audit", 413, times=3)
    while agent.upload():
        pass
    assert double.ledger["chains"]["T-0007/e1f00000000000a1"] == 60
    agent.close()
    agent.client.close()


def test_a_disk_that_was_rolled_back_is_found_and_nothing_is_sent(
    terminal: Terminal, double: BureauDouble, tmp_path: Path
) -> None:
    queue(terminal, ("A", RETURN))
    old = {p.name: p.read_bytes() for p in terminal.state.glob("*.db")}
    queue(terminal, ("B", RETURN))
    assert drain(terminal, double.url).idle
    for path in terminal.state.glob("*.db*"):
        path.unlink()
    for name, content in old.items():
        (terminal.state / name).write_bytes(content)
    # it lives on from the old state, telling another story
    queue(terminal, ("C", RETURN), ("D", RETURN))
    status = drain(terminal, double.url)
    assert "another record under this number" in status.fork
    before = double.applied()
    assert len(before) == 2, "it is found out before anything is sent"
    queue(terminal, ("E", RETURN))
    again = drain(terminal, double.url)
    assert again.fork
    assert double.applied() == before
    assert Receipts(terminal.state / "sync.db").fact("fork")["epoch"] == "e1f00000000000a1"


def test_a_disk_that_is_behind_the_centre_is_found(terminal: Terminal, double: BureauDouble) -> None:
    queue(terminal, ("A", RETURN))
    old = terminal.journal_path.read_bytes()
    queue(terminal, ("B", RETURN))
    assert drain(terminal, double.url).idle
    terminal.journal_path.write_bytes(old)
    assert "an old disk came back" in drain(terminal, double.url).fork


def test_two_terminals_of_one_identity_are_told_apart_by_the_centre(
    terminal: Terminal, double: BureauDouble, tmp_path: Path
) -> None:
    import shutil

    with terminal.journal(ballast_bytes=0) as journal:
        journal.append(entry(Phase.NOTE))
    assert drain(terminal, double.url).idle
    shutil.copytree(terminal.state, tmp_path / "clone")
    clone = make_terminal(tmp_path / "clone")
    for one in (terminal, clone):
        with one.journal(ballast_bytes=0) as journal:
            journal.append(entry(Phase.NOTE))
    assert drain(terminal, double.url).idle
    assert drain(clone, double.url).fork


def test_what_an_earlier_enrolment_left_behind_is_uploaded_too_or_given_up(
    terminal: Terminal, double: BureauDouble, tmp_path: Path
) -> None:
    with terminal.journal(ballast_bytes=0) as journal:
        journal.append_all([entry(Phase.NOTE)] * 3)
    new = Enrolled.model_validate({**terminal.identity.enrolled.model_dump(), "epoch": "e2"})
    store_enrolment(tmp_path, new)
    again = make_terminal(tmp_path)
    with again.journal(ballast_bytes=0) as journal:
        journal.append(entry(Phase.NOTE))
    assert drain(again, double.url).idle
    assert double.ledger["chains"] == {"T-0007/e2": 1, "T-0007/e1f00000000000a1": 3}
    double.tell("restore", {"applied": 0, "records": 0})
    double.tell("set", {"unknown_epochs": ["e1f00000000000a1"]})
    (tmp_path / "sync.db").unlink()
    assert drain(again, double.url).idle
    asked = double.ledger["requests"].count("POST /v1/audit")
    assert double.ledger["chains"] == {"T-0007/e2": 1, "T-0007/e1f00000000000a1": 0}
    assert drain(again, double.url).idle
    assert double.ledger["requests"].count("POST /v1/audit") == asked + 1, "it is given up once and for all"


def test_after_the_centre_was_restored_what_it_lost_is_sent_again(
    terminal: Terminal, double: BureauDouble
) -> None:
    first = queue(terminal, ("A", RETURN), ("B", RETURN))
    assert drain(terminal, double.url).idle
    with terminal.journal(ballast_bytes=0) as journal:
        for key in first:
            journal.append(entry(Phase.SETTLED, key, body={}))
    assert drain(terminal, double.url).idle
    held = double.ledger["chains"]["T-0007/e1f00000000000a1"]
    later = queue(terminal, ("C", RETURN))
    online = new_key()  # delivered by the kiosk itself: sync has no receipt of it
    with terminal.journal(ballast_bytes=0) as journal:
        made = journal.append(entry(Phase.INTENT, online, taxpayer="D"))
        client = BureauClient(CentreSettings(url=double.url), terminal.identity)
        client.submit(made.signed)
        client.close()
        journal.append_all([entry(Phase.OUTCOME, online), entry(Phase.SETTLED, online)])
    assert drain(terminal, double.url).idle
    assert set(double.applied()) == {*first, *later, online}
    double.tell("restore", {"applied": 2, "records": held})
    assert set(double.applied()) == set(first)
    with running(terminal, double.url) as agent:
        until(lambda: set(double.applied()) == {*first, *later, online})
        until(lambda: agent.status().idle)
    assert len(double.applied()) == 4
    before = double.ledger["requests"].count("POST /v1/effects")
    assert drain(terminal, double.url).idle
    assert double.ledger["requests"].count("POST /v1/effects") == before, "nothing is sent a third time"


def test_a_centre_whose_chain_went_back_was_restored_whatever_it_says(
    terminal: Terminal, double: BureauDouble
) -> None:
    keys = queue(terminal, ("A", RETURN), ("B", RETURN))
    assert drain(terminal, double.url).idle
    for _ in range(2):
        double.tell("restore", {"applied": 1, "records": 1, "tells": 0})
        assert len(double.applied()) == 1
        assert drain(terminal, double.url).idle
        assert sorted(double.applied()) == sorted(keys)
        assert double.ledger["chains"]["T-0007/e1f00000000000a1"] == 4


def test_a_centre_that_repeats_an_old_answer_is_not_taken_for_restored(
    terminal: Terminal, double: BureauDouble
) -> None:
    keys = queue(terminal, ("A", RETURN))
    assert drain(terminal, double.url).idle
    double.tell("set", {"incarnation": 2})
    with running(terminal, double.url) as agent:
        until(lambda: agent.store.get("incarnation") == "2")
        until(lambda: agent.store.receipts() == {keys[0]: "2"})
        until(lambda: agent.status().idle)
    assert double.applied() == keys


def test_the_status_has_no_personal_data_and_is_json(terminal: Terminal, double: BureauDouble) -> None:
    queue(terminal, ("91530102MA6K0XXX3Q", RETURN))
    drain(terminal, "http://127.0.0.1:9")
    fact = Receipts(terminal.state / "sync.db").fact("status")
    text = json.dumps(fact)
    assert "91530102" not in text
    assert fact["lanes"] == {"submission": 1}
    everything = b"".join(p.read_bytes() for p in terminal.state.rglob("*") if p.is_file())
    assert b"91530102MA6K0XXX3Q" not in everything
