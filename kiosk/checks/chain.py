"""The journal's chain, walked by the very check that ``kiosk run`` makes at its start, here over the whole file.

``kiosk run`` may be writing meanwhile: the doctor reads as any other program does, and locks nobody out.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from kiosk.checks.finding import Finding, fault, note, ok

if TYPE_CHECKING:
    from sqlalchemy import Row, Select

    from sync.identity import TerminalIdentity
    from sync.journal.file import JournalFile
    from sync.store_reader import StoreReader

PAGE = 200
"""Records read at a time, so that no writer waits for the doctor."""
FIX = "stop the programs, keep a copy of the whole folder as evidence, and call the second line"


@dataclass(frozen=True, slots=True)
class _Pages:
    """``JournalFile`` for reading alone: as much of it as the check uses."""

    store: StoreReader

    def pages(self, query: Select[Any], after: int = 0) -> Iterator[list[Row[Any]]]:
        """The rows of ``query`` by position, a page at a time."""
        from sync.journal.tables import record

        while True:
            page = query.where(record.c.position > after).order_by(record.c.position).limit(PAGE)
            with self.store.reading() as connection:
                rows = list(connection.execute(page))
            if rows:
                yield rows
                after = rows[-1].position
            if len(rows) < PAGE:
                return


@dataclass(frozen=True, slots=True)
class _Nobody:
    """An identity without an epoch: then links are checked, and nobody's signatures."""

    epoch: str = ""


def chain(state_dir: Path, profile: str = "development") -> Iterator[Finding]:
    """Every record of ``journal.db`` is there, follows the one before it and is as it was signed."""
    from sync.errors import ChainBroken, SyncError
    from sync.journal.checks import check_file
    from sync.store_reader import StoreReader

    identity, unknown = _identity(state_dir, profile)
    store = StoreReader(state_dir / "journal.db")
    try:
        check_file(cast("JournalFile", _Pages(store)), identity)
    except ChainBroken as error:
        # The whole sentence of the error says what to do with the terminal; it does not start any more.
        yield fault("databases", f"journal.db does not hold together: {error}", FIX)
    except SyncError as error:
        yield fault("databases", f"journal.db is damaged: {error}", FIX)
    else:
        if unknown:
            fix = "mend that first, then run kiosk doctor again as the user and with the credentials of kiosk"
            yield note("databases", f"journal.db holds together, signatures not checked: {unknown}", fix)
        else:
            yield ok("databases", "journal.db is whole, each record linked and signed")
    finally:
        store.close()


def _identity(state_dir: Path, profile: str) -> tuple[TerminalIdentity, str]:
    """Who signed, or a stand-in and why that is not known."""
    from sync.crypto import open_keystore
    from sync.errors import SyncError
    from sync.identity import TerminalIdentity

    try:
        return TerminalIdentity.load(state_dir, open_keystore(state_dir, os.environ, profile)), ""
    except (SyncError, OSError) as error:
        return cast("TerminalIdentity", _Nobody()), str(error)
