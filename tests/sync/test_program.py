"""``kiosk sync`` from outside: enrolment, the command line, one real process under TLS."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from config.settings import TerminalSettings, load_terminal
from sync.cli import EXIT_LEFT, app
from sync.errors import BureauDenied, BureauUnreachable, KeyStoreError, NotEnrolled, SyncError
from sync.identity import ENROLMENT_FILE, TerminalIdentity, enrol
from sync.journal import Phase
from sync.receipts import Receipts
from sync.releases import Releases
from sync.store import SyncStore
from tests.sync.bureau_double import BureauDouble
from tests.sync.certificates import make_ca
from tests.sync.running import RETURN, queue
from tests.sync.support import Terminal, entry, make_terminal


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_ca(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="module")
def bureau(authority: Path) -> Iterator[BureauDouble]:
    bureau = BureauDouble({}, authority)
    yield bureau
    bureau.close()


@pytest.fixture
def terminal(tmp_path: Path, bureau: BureauDouble) -> Terminal:
    made = make_terminal(tmp_path / "state")
    bureau.reset(made)
    return made


@pytest.fixture
def env(tmp_path: Path, bureau: BureauDouble, authority: Path) -> dict[str, str]:
    return {
        "KIOSK_STATE_DIR": str(tmp_path / "state"),
        "KIOSK_BUREAU__URL": bureau.url,
        "KIOSK_BUREAU__CA_FILE": str(authority / "ca.pem"),
        "KIOSK_SYNC__POLL_S": "0.05",
        "KIOSK_SYNC__HEARTBEAT_S": "0.2",
    }


def settings_of(env: dict[str, str]) -> TerminalSettings:
    return load_terminal(None, env)


def invoke(env: dict[str, str], *arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(arguments), env=env, catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.output


def test_a_code_is_exchanged_for_an_identity_that_others_cannot_read(
    tmp_path: Path, bureau: BureauDouble, env: dict[str, str]
) -> None:
    bureau.reset()
    settings = settings_of(env)
    identity = enrol(settings, " CODE-1 ")
    assert (identity.terminal, identity.epoch) == ("T-0099", "e99")
    file = tmp_path / "state" / ENROLMENT_FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    # the answer was lost: the same keys are offered again
    file.unlink()
    again = enrol(settings, "CODE-1")
    assert again.signer.public_key == identity.signer.public_key
    with pytest.raises(BureauDenied):
        enrol(settings, "CODE-2")
    assert invoke(env, "once", "--json")


def test_a_code_used_by_another_terminal_is_refused_and_nothing_is_kept(
    tmp_path: Path, bureau: BureauDouble, env: dict[str, str]
) -> None:
    bureau.reset()
    enrol(settings_of({**env, "KIOSK_STATE_DIR": str(tmp_path / "other")}), "CODE-1")
    with pytest.raises(BureauDenied):
        enrol(settings_of(env), "CODE-1")
    assert not (tmp_path / "state" / ENROLMENT_FILE).exists()
    with pytest.raises(BureauUnreachable):
        enrol(settings_of({**env, "KIOSK_BUREAU__URL": "http://127.0.0.1:9"}), "CODE-1")


def test_what_is_wrong_with_the_stored_identity_is_named(tmp_path: Path) -> None:
    terminal = make_terminal(tmp_path)
    with pytest.raises(NotEnrolled, match="kiosk sync enrol"):
        TerminalIdentity.load(tmp_path / "absent", terminal.keystore)
    file = tmp_path / ENROLMENT_FILE
    content = file.read_bytes()
    file.write_bytes(b"{}")
    with pytest.raises(SyncError, match="enrol again"):
        TerminalIdentity.load(tmp_path, terminal.keystore)
    file.write_bytes(content)
    file.chmod(0o644)
    with pytest.raises(KeyStoreError, match="read by others"):
        TerminalIdentity.load(tmp_path, terminal.keystore)
    file.chmod(0o600)
    (tmp_path / "keys" / "terminal-signing.sealed").unlink()
    with pytest.raises(KeyStoreError, match="keys are not"):
        TerminalIdentity.load(tmp_path, terminal.keystore)


def test_once_delivers_over_tls_and_status_tells_it(
    terminal: Terminal, bureau: BureauDouble, env: dict[str, str]
) -> None:
    assert "has not run yet" in invoke(env, "status")
    keys = queue(terminal, ("A", RETURN), ("B", RETURN))
    told = json.loads(invoke(env, "once", "--json"))
    assert (told["delivered"], told["queue"], told["audit_waiting"]) == (2, 0, 0)
    assert sorted(bureau.applied()) == sorted(keys)
    found = json.loads(invoke(env, "status", "--json"))
    assert found["status"]["online"] is True
    assert found["incarnation"] == "1"
    assert "delivered" in invoke(env, "status")
    # nobody delivers now, and the status knows all the same
    queue(terminal, ("A", RETURN))
    found = json.loads(invoke(env, "status", "--json"))["status"]
    assert (found["queue"], found["parked"], found["audit_waiting"]) == (1, 0, 2)


def test_once_with_something_left_ends_with_its_own_code(terminal: Terminal, env: dict[str, str]) -> None:
    queue(terminal, ("A", RETURN))
    output = invoke({**env, "KIOSK_BUREAU__URL": "http://127.0.0.1:9"}, "once", code=EXIT_LEFT)
    assert "offline, 1 waiting" in output


def test_a_mistake_is_said_in_words(tmp_path: Path, env: dict[str, str], terminal: Terminal) -> None:
    assert "kiosk sync enrol" in invoke({**env, "KIOSK_STATE_DIR": str(tmp_path / "no")}, "once", code=1)
    assert "KIOSK_BUREAU__URL" in invoke({**env, "KIOSK_BUREAU__URL": "ftp://x"}, "once", code=1)
    store = SyncStore(terminal.state / "sync.db", terminal.keystore)
    assert "another program writes" in invoke(env, "once", code=1)
    store.close()


def test_parked_effects_are_listed_and_released(
    terminal: Terminal, bureau: BureauDouble, env: dict[str, str]
) -> None:
    assert "nothing is parked" in invoke(env, "parked", "list")
    keys = queue(terminal, ("A", RETURN))
    store = SyncStore(terminal.state / "sync.db", terminal.keystore)
    for _ in range(3):
        store.refused(keys[0], "422: not-readable", 3)
    # while the sync program runs, it is asked
    assert "asked the running" in invoke(env, "parked", "release", keys[0])
    store.close()
    assert Releases(terminal.state).take() == [keys[0]]
    rows = json.loads(invoke(env, "parked", "list", "--json"))
    assert [(row["key"], row["kind"], row["refusals"]) for row in rows] == [(keys[0], RETURN, 3)]
    assert "not-readable" in invoke(env, "parked", "list")
    assert "tried again" in invoke(env, "parked", "release", keys[0])
    assert "not parked" in invoke(env, "parked", "release", keys[0], code=1)
    invoke(env, "once")
    assert bureau.applied() == keys
    with pytest.raises(SyncError, match="not the key"):
        Releases(terminal.state).ask("../x")


def test_a_damaged_journal_can_be_salvaged_from_the_command_line(
    terminal: Terminal, tmp_path: Path, env: dict[str, str]
) -> None:
    with terminal.journal(ballast_bytes=0) as journal:
        journal.append(entry(Phase.NOTE))
    assert "1 records saved, 0 lost" in invoke(env, "salvage", str(tmp_path / "out.cbor"))


def test_a_dead_terminal_s_disk_is_read_on_a_machine_that_knows_none_of_its_keys(
    terminal: Terminal, tmp_path: Path
) -> None:
    with terminal.journal(ballast_bytes=0) as journal:
        journal.append(entry(Phase.NOTE))
    stranger = {"KIOSK_STATE_DIR": str(tmp_path / "stranger")}
    stick, disk = str(tmp_path / "stick"), str(terminal.state / "journal.db")
    assert "1 records saved, 0 lost" in invoke(stranger, "salvage", stick, "--journal", disk)


def test_the_program_runs_tells_systemd_and_stops_when_told(
    terminal: Terminal, bureau: BureauDouble, env: dict[str, str], tmp_path: Path
) -> None:
    import socket

    notices = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    notices.bind(str(tmp_path / "notify"))
    notices.settimeout(20)
    keys = queue(terminal, ("A", RETURN))
    process = subprocess.Popen(
        [sys.executable, "-c", "from sync.cli import app; app()", "run"],
        env={**os.environ, **env, "NOTIFY_SOCKET": str(tmp_path / "notify")},
        stderr=subprocess.PIPE,
    )
    try:
        told = b""
        while b"READY=1" not in told or b"WATCHDOG=1" not in told or b"0 waiting, 0 to upload" not in told:
            told += notices.recv(4096) + b"\n"
        assert bureau.applied() == keys
        later = queue(terminal, ("B", RETURN))
        deadline = time.monotonic() + 10
        receipts = Receipts(terminal.state / "sync.db", terminal.keystore)
        while receipts.for_key(later[0]) is None:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        receipts.close()
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=20)
    finally:
        process.kill()
        notices.close()
    assert process.returncode == 0, errors
    assert b"Traceback" not in errors
