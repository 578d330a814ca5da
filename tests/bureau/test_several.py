"""The centre as several processes on one PostgreSQL behind a real balancer: one dies, one is stopped, nothing is lost."""

from __future__ import annotations

import gc
import re
import signal
import socket
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import requests
from sqlalchemy import select

from bureau.api.app import create_app
from bureau.app import assemble
from bureau.engine.feedback.ratings import KIND
from bureau.fleet import incarnation
from bureau.opening import open_keys
from bureau.store import tables
from bureau.store.database import Database
from config.loopback import free_ports
from config.settings import CentreSettings, load_bureau
from sync.client import BureauClient
from sync.errors import BureauError
from sync.models import EffectAnswer
from sync.records import SignedRecord
from tests.bureau import stores
from tests.bureau.doubles import DraftOffice
from tests.bureau.serving import served
from tests.bureau.terminals import Terminal
from tests.bureau.test_program import program

SHIPPED = Path(__file__).parents[2] / "systemd" / "etc" / "haproxy-bureau.cfg"
HAPROXY = "/usr/sbin/haproxy"
TERMINALS, EACH = 4, 12
PROCESSES = ("one", "two")


def _balancer_file(folder: Path, front: int, ports: dict[str, int]) -> Path:
    """The file that ships, with ports of this test in it and without the rights and the certificate of a machine."""
    text = SHIPPED.read_text("utf-8")
    for change, wanted in (
        (r"bind :443 .*", f"bind 127.0.0.1:{front}"),
        (r"(?m)^    (user|group) .*\n", ""),
        (r"127\.0\.0\.1:8081", f"127.0.0.1:{ports['one']}"),
        (r"127\.0\.0\.1:8082", f"127.0.0.1:{ports['two']}"),
        (r"balance source", "balance roundrobin"),  # all askers of this test have one address
        (r"    hash-type consistent\n", ""),
    ):
        text, changed = re.subn(change, wanted, text)
        assert changed, change
    file = folder / "haproxy.cfg"
    file.write_text(text, "utf-8")
    return file


@contextmanager
def _balancer(folder: Path, front: int, ports: dict[str, int]) -> Iterator[str]:
    file = _balancer_file(folder, front, ports)
    process = subprocess.Popen([HAPROXY, "-db", "-f", str(file)], stderr=subprocess.PIPE)
    try:
        yield f"http://127.0.0.1:{front}"
    finally:
        process.terminate()
        process.communicate(timeout=20)


def test_the_file_that_ships_is_one_that_the_balancer_takes(tmp_path: Path) -> None:
    file = _balancer_file(tmp_path, 1, {"one": 2, "two": 3})
    checked = subprocess.run([HAPROXY, "-c", "-f", str(file)], capture_output=True, text=True, check=False)
    assert checked.returncode == 0 and "WARNING" not in checked.stderr, checked.stderr


def _sent(client: BureauClient, signed: SignedRecord) -> EffectAnswer:
    """As a terminal does it: what is in doubt is sent again, with its key."""
    until = time.monotonic() + 60
    while True:
        try:
            return client.submit(signed)
        except BureauError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def _up(front: str, servers: int) -> None:
    """Wait until the balancer shares calls out to so many processes: each says in turn that it is ready."""
    until, met = time.monotonic() + 60, 0
    while met < 2 * servers:
        assert time.monotonic() < until, "the processes do not come up"
        try:
            met = met + 1 if requests.get(f"{front}/v1/time", timeout=5).status_code < 500 else 0
        except requests.RequestException:
            met = 0
        time.sleep(0.1)


@pytest.mark.timeout(240)
def test_one_process_dies_and_one_is_stopped_and_each_thing_is_done_once(
    tmp_path: Path, server: stores.Postgres
) -> None:
    env = {
        "BUREAU_STATE_DIR": str(tmp_path / "state"),
        "BUREAU_DATABASE__URL": server.city(),
        "BUREAU_CITY__AS_OF": stores.DAY.isoformat(),
        "BUREAU_LIMITS__REQUESTS_PER_MINUTE": "100000",
    }
    ports = free_ports("front", *PROCESSES)
    container = assemble(load_bureau(None, env), office=DraftOffice(), published=stores.published())
    terminals = [Terminal.enrol(container, container.clock, f"T-{n:02}") for n in range(TERMINALS)]
    done, halfway = Counter[str](), threading.Event()

    def visits(terminal: Terminal, client: BureauClient) -> list[tuple[SignedRecord, EffectAnswer]]:
        answers = []
        for n in range(EACH):
            rating = {"item": f"{terminal.name}-{n}", "level": 1, "reasons": ["slow"]}
            signed = terminal.intent("feedback.rate", rating)
            answers.append((signed, _sent(client, signed)))
            done[terminal.name] += 1
            if sum(done.values()) >= TERMINALS * EACH // 3:
                halfway.set()
        return answers

    with ExitStack() as stack:
        processes = {
            name: stack.enter_context(program("serve", "--port", str(ports[name]), env=env))[1]
            for name in PROCESSES
        }
        front = stack.enter_context(_balancer(tmp_path, ports["front"], ports))
        _up(front, 2)
        assert requests.get(f"{front}/readyz", timeout=5).status_code == 403, "that is for the balancer alone"
        clients = [BureauClient(CentreSettings(url=front), terminal.identity) for terminal in terminals]
        with ThreadPoolExecutor(TERMINALS) as pool:
            running = [pool.submit(visits, *one) for one in zip(terminals, clients, strict=True)]
            assert halfway.wait(60)
            processes["one"].kill()  # a machine that is switched off
            processes["one"].wait(20)
            again, _ = stack.enter_context(program("serve", "--port", str(ports["one"]), env=env))
            assert _answers(ports["one"]), again
            processes["two"].send_signal(signal.SIGTERM)  # one that is replaced by a newer release
            answered = [one for future in running for one in future.result(120)]
        assert processes["two"].wait(20) in (0, -signal.SIGTERM), "ended in order, by that signal"
        assert [answer.refusal for _, answer in answered if answer.refusal] == []
        for client, (signed, answer) in zip(clients, answered[::EACH], strict=True):
            assert client.effect(str(signed.record.key)) == answer, "whichever process is asked"
            client.close()
    with container.system.database.read() as connection:
        rated = connection.execute(select(tables.rating.c.item)).scalars().all()
        low = (
            connection.execute(select(tables.case_file.c.reference).where(tables.case_file.c.kind == KIND))
            .scalars()
            .all()
        )
    wanted = sorted(f"{terminal.name}-{n}" for terminal in terminals for n in range(EACH))
    assert sorted(rated) == wanted == sorted(low)
    container.close()


def test_processes_that_start_together_on_an_empty_folder_have_the_same_keys(tmp_path: Path) -> None:
    settings = load_bureau(None, {"BUREAU_STATE_DIR": str(tmp_path / "state")})
    gate = threading.Barrier(8)

    def start(_: int) -> tuple[str, str]:
        gate.wait(20)
        keys = open_keys(settings)
        return keys.verify_key, keys.sealing_key

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(start, range(8)))) == 1


def test_a_store_that_was_put_back_while_programs_ran_is_noticed_at_the_next_start(
    tmp_path: Path, server: stores.Postgres, caplog: pytest.LogCaptureFixture
) -> None:
    database = Database(server.city())
    life = incarnation.current(database, tmp_path)
    incarnation.remember(tmp_path / incarnation.FILE, life, 100)
    incarnation.note(database, tmp_path)
    assert "was put back" in caplog.text
    assert incarnation.current(database, tmp_path) != life
    database.close()


def _answers(port: int) -> bool:
    with socket.create_connection(("127.0.0.1", port), 10):
        return True


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # of connections the server has ended
def test_a_process_whose_store_is_away_is_not_ready(tmp_path: Path, server: stores.Postgres) -> None:
    env = {"BUREAU_STATE_DIR": str(tmp_path / "state"), "BUREAU_DATABASE__URL": server.city()}
    container = assemble(load_bureau(None, env), office=DraftOffice(), published=stores.published())
    with served(create_app(container)) as url:

        def told(path: str) -> int:
            return requests.get(url + path, timeout=30).status_code

        assert told("/readyz") == 200
        server.admin("ALTER DATABASE city ALLOW_CONNECTIONS false")
        try:
            server.admin("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'city'")
            assert told("/readyz") == 503
            assert told("/healthz") == 200, "it runs, and need not be started again"
        finally:
            server.admin("ALTER DATABASE city ALLOW_CONNECTIONS true")
        assert told("/readyz") == 200
    gc.collect()  # what the server ended is dropped here, and not in a later test
