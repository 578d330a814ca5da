"""The terminal's chain at the centre: in batches, from where it stands, and after either side lost some of it."""

from __future__ import annotations

import json
from pathlib import Path

from config.settings import CentreSettings
from sync.client import BureauClient
from sync.identity import store_enrolment
from sync.journal import Phase
from sync.models import Enrolled
from sync.receipts import Receipts
from tests.sync.bureau_double import BureauDouble
from tests.sync.running import RETURN, agent_of, bureau, double, drain, queue, running, terminal, until
from tests.sync.support import Terminal, entry, make_terminal, new_key

__all__ = ["bureau", "double", "terminal"]
"""Fixtures that this file uses by their names."""


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
