"""``bureau serve`` as the program it is: real office, real acquirer, real port, killed and started again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest
import requests

from bureau.app import assemble
from bureau.city.cast import QINGHE
from bureau.public.site import PublicSite
from config.clock import SystemClock
from config.settings import CentreSettings, load_bureau
from sync.client import BureauClient
from sync.models import QueryRequest, Subject
from tests.bureau import stores
from tests.bureau.doubles import DraftOffice
from tests.bureau.terminals import Terminal, subject
from tests.shipped import CATALOGUE

LI = subject("li-xiulan")
PERIOD = {"first": "2026-01", "last": "2026-09"}


@contextmanager
def program(
    *arguments: str, env: dict[str, str], log: Path | None = None
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A part of the command as a process; its address once it takes calls. Who makes it say much gives a ``log``."""
    command = [sys.executable, "-m", "bureau.cli", *arguments, "--json"]
    with nullcontext(subprocess.PIPE) if log is None else log.open("wb") as told:
        process = subprocess.Popen(command, env={**os.environ, **env}, stdout=subprocess.PIPE, stderr=told)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, (process.stderr.read() if process.stderr else log.read_bytes() if log else b"").decode()[
            -3000:
        ]
        yield json.loads(line)["url"], process
    finally:
        process.terminate()
        process.communicate(timeout=30)


@pytest.mark.slow
@pytest.mark.parametrize("signature", ["ed25519", "sm2-sm3"])
def test_the_centre_serves_is_killed_and_answers_the_same(
    tmp_path: Path, sqlite_template: Path, signature: str
) -> None:
    url = stores.sqlite_city(sqlite_template, tmp_path / "bureau.db")
    env = {
        "BUREAU_STATE_DIR": str(tmp_path / "state"),
        "BUREAU_DATABASE__URL": url,
        "BUREAU_CITY__AS_OF": stores.DAY.isoformat(),
        "BUREAU_KEYS__SIGNATURE": signature,
    }
    with program("acquirer", "--port", "0", "--db", str(tmp_path / "acquirer.db"), env=env) as (bank, _):
        env["BUREAU_ACQUIRER__URL"] = bank
        settings = load_bureau(None, env)
        container = assemble(settings, office=DraftOffice(), published=stores.published())
        clock = container.clock
        assert isinstance(clock, SystemClock)
        terminal = Terminal.enrol(container, clock, signature=signature)
        assert container.keys.signer.algorithm == terminal.keys.signing.algorithm == signature
        signed, paid = _visit(tmp_path, env, terminal)
        with program("serve", "--port", "0", env=env) as (again, _):
            client = BureauClient(CentreSettings(url=again), terminal.identity)
            first = client.effect(signed.record.key or "")
            assert first is not None and client.submit(signed) == first
            assert client.document(str(first.result["number"])).startswith(b"%PDF-")
            assert _status(client, paid)["state"] == "approved"
            client.close()
        container.close()


def _visit(tmp_path: Path, env: dict[str, str], terminal: Terminal) -> tuple[Any, str]:
    """A certificate and a payment at a served centre that is killed at the end."""
    with program("serve", "--port", "0", env=env) as (url, process):
        client = BureauClient(CentreSettings(url=url), terminal.identity)
        record = _ask(client, "iit.record", "certificate.iit-record", LI, PERIOD)
        wanted = {"certificate": "iit-record", **PERIOD, "content_sha256": record["content_sha256"]}
        signed = terminal.intent("certificate.issue", wanted, LI)
        issued = client.submit(signed).result
        page = requests.get(issued["verify_url"].replace(_origin(issued["verify_url"]), url), timeout=30)
        assert page.status_code == 200 and issued["number"][:6] in page.text

        who = subject("shen-zhizhou", QINGHE, "F")
        dues = _ask(client, "dues.list", "pay.due", who)
        data = {
            "dues": [d["due"] for d in dues["dues"]],
            "amount_fen": dues["total_fen"],
            "channel": "qr-shown",
        }
        order = client.submit(terminal.intent("payment.create", data, who)).result
        assert _status(client, order["order"])["state"] == "created"
        assert requests.post(order["qr"] + "/pay", json={"payer": "沈知舟"}, timeout=30).ok
        assert _status(client, order["order"])["state"] == "approved"
        client.close()
        os.kill(process.pid, signal.SIGKILL)
        process.wait(30)
    return signed, str(order["order"])


def _origin(url: str) -> str:
    return "/".join(url.split("/")[:3])


def _ask(
    client: BureauClient, name: str, service: str, who: dict[str, Any], params: Any = None
) -> dict[str, Any]:
    request = QueryRequest(
        service=service,
        service_hash=CATALOGUE[service].hash,
        subject=Subject.model_validate(who),
        params=params or {},
    )
    answer = client.query(name, request)
    assert answer.refusal is None, answer.refusal
    return answer.data


def _status(client: BureauClient, order: str) -> dict[str, Any]:
    return _ask(client, "payment.status", "pay.due", {}, {"order": order})


def test_the_site_stands_on_the_offices_keys(tmp_path: Path, sqlite_template: Path) -> None:
    url = stores.sqlite_city(sqlite_template, tmp_path / "bureau.db")
    settings = load_bureau(None, {"BUREAU_STATE_DIR": str(tmp_path / "state"), "BUREAU_DATABASE__URL": url})
    container = assemble(settings, published=stores.published())
    assert isinstance(container.site, PublicSite)
    assert container.site.trust.code_keys and container.site.trust.authorities
    container.close()
