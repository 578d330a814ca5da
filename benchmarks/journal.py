"""The journal's commit beside what it stands on, in one run: floor, raw SQLite, a queue pattern, ours.

    python -m benchmarks.journal [--rounds 5] [--count 200] [--folder DIR]

Each case writes records of the same size, one flushed commit each, in turns with the others, so that the
ratios hold whatever else the machine does. ``fdatasync`` of an append is what physics asks for; nothing
durable is faster on this disk. Times are per record; the ratio is to raw SQLite of the same round.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pysqlite3.dbapi2 as sqlite

from config.clock import SystemClock
from kiosk.domain.ids import uuid7
from sync.crypto import Ed25519Signer, SealedFileKeyStore, SealingKey, verifier
from sync.identity import TerminalIdentity
from sync.journal import Entry, Journal, Phase
from sync.models import Enrolled
from sync.sqlite import WRITER_PRAGMAS

SIZE = 1000
"""Bytes of a usual intent as it is stored."""
Case = Callable[[Path, int], list[float]]


def timed(write: Callable[[], object], count: int) -> list[float]:
    """Seconds of each of ``count`` calls."""
    found = []
    for _ in range(count):
        begun = time.perf_counter()
        write()
        found.append(time.perf_counter() - begun)
    return found


def floor(folder: Path, count: int) -> list[float]:
    """Append and ``fdatasync``: the least a durable record costs."""
    descriptor = os.open(folder / "floor", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    payload = os.urandom(SIZE)

    def write() -> None:
        os.write(descriptor, payload)
        os.fdatasync(descriptor)

    try:
        return timed(write, count)
    finally:
        os.close(descriptor)


def raw_sqlite(folder: Path, count: int) -> list[float]:
    """The same pragmas, one row of the same size, no SQLAlchemy, no index, no meaning."""
    with closing(sqlite.connect(str(folder / "raw.db"), isolation_level=None)) as connection:
        for name, (value, _) in WRITER_PRAGMAS.items():
            connection.execute(f"PRAGMA {name}={value}").fetchall()
        connection.execute("CREATE TABLE record (position INTEGER PRIMARY KEY, envelope BLOB) STRICT")
        payload = os.urandom(SIZE)

        def write() -> None:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO record (envelope) VALUES (?)", (payload,))
            connection.execute("COMMIT")

        return timed(write, count)


def persist_pattern(folder: Path, count: int) -> list[float]:
    """What queue libraries do (persist-queue's table): a pickle with a status, acknowledged by an UPDATE."""
    with closing(sqlite.connect(str(folder / "queue.db"), isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL").fetchall()
        connection.execute("PRAGMA synchronous=FULL").fetchall()
        connection.execute(
            "CREATE TABLE queue (id INTEGER PRIMARY KEY AUTOINCREMENT, data BLOB, timestamp REAL, status INTEGER)"
        )
        connection.execute("CREATE INDEX by_status ON queue (status, id)")
        payload = {"record": os.urandom(SIZE - 60).hex()[: SIZE - 60]}

        def write() -> None:
            row = (pickle.dumps(payload), time.time())
            connection.execute("INSERT INTO queue (data, timestamp, status) VALUES (?, ?, 1)", row)

        return timed(write, count)


def identity_of(state: Path) -> tuple[TerminalIdentity, SealedFileKeyStore]:
    """A terminal nobody enrolled."""
    signer, sealing = Ed25519Signer.generate(), SealingKey.generate()
    enrolled = Enrolled(
        terminal="BENCH",
        epoch="0",
        hall="",
        hall_name={},
        bureau_name={},
        public_url="",
        bureau_sealing_key="",
        bureau_verify_key="",
        enrolled_at=SystemClock().now(),
    )
    bureau = verifier("ed25519", signer.public_key)
    made = TerminalIdentity("BENCH", "0", signer, sealing, sealing.public, bureau, enrolled)
    return made, SealedFileKeyStore(state / "keys")


def entries() -> Iterator[Entry]:
    """Intents of the size that raw SQLite writes."""
    filler = "x" * 330
    while True:
        key = uuid7()
        body = {
            "kind": "certificate.issue",
            "key": key,
            "subject": {"taxpayer": "T"},
            "data": {"filler": filler},
        }
        yield Entry(
            transaction="t",
            visit="v",
            step="submit",
            kind="certificate.issue",
            phase=Phase.INTENT,
            key=key,
            service_hash="5e" * 32,
            body=body,
        )


def ours(folder: Path, count: int) -> list[float]:
    """``Journal.append``: ordered, sealed, chained, signed, indexed, flushed."""
    with _journal(folder / "ours") as journal:
        source = entries()
        journal.append(next(source))  # the visit's key is made once a visit, not once a record
        return timed(lambda: journal.append(next(source)), count)


def ours_in_groups(folder: Path, count: int) -> list[float]:
    """``append_all`` of ten: what one commit for several entries saves."""
    with _journal(folder / "groups") as journal:
        source = entries()
        journal.append(next(source))
        groups = timed(lambda: journal.append_all([next(source) for _ in range(10)]), max(1, count // 10))
        return [seconds / 10 for seconds in groups]


def _journal(state: Path) -> Journal:
    state.mkdir()
    identity, keystore = identity_of(state)
    return Journal.open(state / "journal.db", identity, keystore, SystemClock(), ballast_bytes=0)


CASES: dict[str, Case] = {
    "floor: append + fdatasync": floor,
    "raw SQLite, WAL, FULL": raw_sqlite,
    "queue pattern (pickle, status)": persist_pattern,
    "ours: Journal.append": ours,
    "ours: append_all of 10": ours_in_groups,
}
PEER = "raw SQLite, WAL, FULL"


def main() -> None:
    """Run all cases in turns and print medians and ratios."""
    parser = argparse.ArgumentParser(description="Journal commits beside their floor and peers.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--folder", type=Path, help="on the disk to be measured")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    medians: dict[str, list[float]] = {name: [] for name in CASES}
    slowest: dict[str, list[float]] = {name: [] for name in CASES}
    for _ in range(options.rounds):
        for name, case in CASES.items():
            with tempfile.TemporaryDirectory(dir=options.folder) as folder:
                found = sorted(case(Path(folder), options.count))
            medians[name].append(statistics.median(found))
            slowest[name].append(found[int(len(found) * 0.99) - 1])
    report(medians, slowest, as_json=options.json)


def report(medians: dict[str, list[float]], slowest: dict[str, list[float]], *, as_json: bool) -> None:
    """Print one line a case."""
    rows = []
    for name, found in medians.items():
        ratio = statistics.median(a / b for a, b in zip(found, medians[PEER], strict=True))
        rows.append(
            {
                "case": name,
                "us": round(statistics.median(found) * 1e6),
                "p99_us": round(statistics.median(slowest[name]) * 1e6),
                "ratio": round(ratio, 2),
            }
        )
    if as_json:
        print(json.dumps(rows))
        return
    print(f"{'case':34}{'median us':>10}{'p99 us':>10}{'x raw':>8}")
    for row in rows:
        print(f"{row['case']:34}{row['us']:>10}{row['p99_us']:>10}{row['ratio']:>8}")


if __name__ == "__main__":
    main()
