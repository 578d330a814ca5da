"""The acquirer as its own process: killed in the middle of payments, started again, the books stand."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import requests

PROGRAM = [sys.executable, "-m", "bureau.acquirer.cli", "--port", "0", "--json"]


def start(db: Path, *more: str) -> tuple[subprocess.Popen[str], str]:
    process = subprocess.Popen(
        [*PROGRAM, "--db", str(db), *more], stdout=subprocess.PIPE, text=True, env={**os.environ}
    )
    assert process.stdout is not None
    return process, json.loads(process.stdout.readline())["url"]


def stop(process: subprocess.Popen[str], how: signal.Signals = signal.SIGTERM) -> None:
    process.send_signal(how)
    process.wait(10)
    if process.stdout:
        process.stdout.close()


def test_what_was_answered_is_in_the_books_after_a_kill(tmp_path: Path) -> None:
    process, url = start(tmp_path / "a.db", "--as-of", "2026-10-12T09:30:00")
    answered: list[str] = []
    enough = threading.Event()

    def phones() -> None:
        with requests.Session() as http:
            http.trust_env = False
            for i in range(500):
                order = f"order-{i:04d}"
                try:
                    made = http.post(
                        f"{url}/orders",
                        json={"order": order, "amount_fen": 100 + i, "subject": "x"},
                        timeout=5,
                    )
                    paid = http.post(made.json()["qr"] + "/pay", json={}, timeout=5)
                except requests.RequestException:
                    return
                if paid.status_code == 200:
                    answered.append(order)
                if i == 20:
                    enough.set()

    thread = threading.Thread(target=phones)
    thread.start()
    assert enough.wait(20)
    stop(process, signal.SIGKILL)
    thread.join(20)

    process, url = start(tmp_path / "a.db")
    try:
        lines = requests.get(f"{url}/ledger", timeout=5).json()["lines"]
    finally:
        stop(process)
    booked = [line["order"] for line in lines]
    assert booked[: len(answered)] == answered
    assert len(booked) - len(answered) in (0, 1), "at most the one payment whose answer was cut off"
    assert len(set(booked)) == len(booked)
    assert all(line["paid_at"].startswith("2026-10-12T09:30") for line in lines), "the demonstration's day"
