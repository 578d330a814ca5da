"""The state directory: rights, room, databases, and who this terminal is.

Libraries are loaded where they are used: a doctor must be able to speak on a machine that lacks them.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from kiosk.checks.chain import chain
from kiosk.checks.finding import Finding, fault, note, ok

ROOM_NEEDED = 200 << 20
"""Below this a day's work may not fit."""
ROOM_WANTED = 1 << 30
DATABASES = ("journal.db", "devices.db", "sync.db")
PASSING = frozenset({"tmpfs", "ramfs", "overlay"})
"""File systems that forget."""


def folder(path: Path, *, production: bool, free: int | None = None) -> Iterator[Finding]:
    """The state directory is there, private, writable, and has room."""
    if not path.is_dir():
        fix = f"systemd-tmpfiles --create, or install -d -m 2770 -g kiosk {path}"
        yield fault("state-dir", f"{path} is not there", fix)
        return
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        yield fault("state-dir", f"{path} may not be written by this user", "run as the user kiosk")
        return
    if stat.S_IMODE(path.stat().st_mode) & 0o007:
        yield fault("state-dir", f"{path} is open to every user", f"chmod o-rwx {path}")
    kind = file_system(path)
    if production and kind in PASSING:
        what = f"{path} lies on {kind}, which forgets at the next start"
        yield fault("state-dir", what, "mount a disk there")
    room = free if free is not None else _free(path)
    fix = "empty the disk, or give the terminal a larger one"
    if room < ROOM_NEEDED:
        yield fault("room", f"{room >> 20} MiB are free, {ROOM_NEEDED >> 20} MiB are needed", fix)
    elif room < ROOM_WANTED:
        yield note("room", f"only {room >> 20} MiB are free", fix)
    else:
        yield ok("room", f"{room >> 30} GiB are free in {path}")
    yield from durable(path)


def durable(path: Path) -> Iterator[Finding]:
    """A database with a write-ahead log works here (not so on most network file systems)."""
    import pysqlite3

    try:
        with tempfile.TemporaryDirectory(prefix=".doctor-", dir=path) as scratch:
            connection = pysqlite3.connect(str(Path(scratch) / "probe.db"))
            try:
                mode = connection.execute("PRAGMA journal_mode=WAL").fetchone()[0]
                connection.execute("PRAGMA synchronous=FULL")
                connection.execute("CREATE TABLE probe (n INTEGER)")
                connection.commit()
            finally:
                connection.close()
    except (OSError, pysqlite3.Error) as error:
        yield fault("state-dir", f"no database can be written in {path}: {error}", "use a local disk (ext4)")
        return
    if mode != "wal":
        yield fault("state-dir", f"{path} has no write-ahead log", "use a local disk (ext4)")
    else:
        yield ok("state-dir", f"databases can be written in {path}")


def databases(path: Path, profile: str = "development") -> Iterator[Finding]:
    """The databases that are there are whole, and the journal's records hold together."""
    import pysqlite3

    for name in DATABASES:
        file = path / name
        if not file.exists():
            continue
        try:
            connection = pysqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=5)
            try:
                told = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
            finally:
                connection.close()
        except pysqlite3.Error as error:
            told = str(error)
        if told == "ok" and name == "journal.db":
            yield from chain(path, profile)
        elif told == "ok":
            yield ok("databases", f"{name} is whole")
        else:
            fix = "stop the programs, keep a copy of the whole folder, and call the second line"
            yield fault("databases", f"{name} is damaged: {told}", fix)


def enrolment(path: Path) -> Iterator[Finding]:
    """The terminal knows who it is."""
    from pydantic import ValidationError

    from sync.identity import ENROLMENT_FILE
    from sync.models import Enrolled

    file = path / ENROLMENT_FILE
    fix = "ask the centre for a one-time code and run kiosk sync enrol CODE"
    try:
        enrolled = Enrolled.told(file.read_bytes())
    except FileNotFoundError:
        yield fault("enrolment", "this terminal is not enrolled", fix)
        return
    except OSError as error:
        yield fault("enrolment", f"{file} cannot be read: {error.strerror}", "run as the user kiosk")
        return
    except ValidationError:
        yield fault("enrolment", f"{file} is damaged", fix)
        return
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        yield fault("enrolment", f"{file} may be read by others", f"chmod 600 {file}")
        return
    if not any((path / "keys").glob("*")):
        yield fault("enrolment", f"enrolled as {enrolled.terminal}, but its keys are not there", fix)
        return
    yield ok(
        "enrolment", f"enrolled as {enrolled.terminal} in {enrolled.hall_name.get('zh-CN', enrolled.hall)}"
    )


def tokens(file: Path) -> Iterator[Finding]:
    """The device program's tokens are there and private."""
    if not file.exists():
        yield note("tokens", f"{file} is not there yet", "start kiosk devices once, it makes them")
    elif stat.S_IMODE(file.stat().st_mode) & 0o007:
        yield fault("tokens", f"{file} may be read by every user", f"chmod o-rwx {file}")
    elif not os.access(file, os.R_OK):
        yield fault("tokens", f"{file} may not be read by this user", "run as the user kiosk")
    else:
        yield ok("tokens", "the device program's tokens are there")


def file_system(path: Path, mounts: str | None = None) -> str:
    """The kind of file system ``path`` lies on, ``unknown`` when that cannot be told."""
    if mounts is None:
        try:
            mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return "unknown"
    best, kind = "", "unknown"
    real = str(path.resolve())
    for line in mounts.splitlines():
        fields = line.split()
        if len(fields) < 3:
            continue
        point = fields[1].encode().decode("unicode_escape")
        inside = real == point or real.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, fields[2]
    return kind


def _free(path: Path) -> int:
    found = os.statvfs(path)
    return found.f_bavail * found.f_frsize
