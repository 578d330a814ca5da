"""Where the visits' use waits for the centre: a spool, one small file a visit.

``kiosk run`` writes and ``kiosk sync`` takes away, so that it is no database with its one writer. It is worth less than
anything else on the disk: nothing waits for it, the oldest goes when there are too many, and what cannot be read is
thrown away.
"""

from __future__ import annotations

import logging
import os
import time
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from sync.models.use import VISITS_AT_ONCE, VisitUse

log = logging.getLogger("kiosk.sync")

FOLDER: Final = "use"
KEPT: Final = 5_000
"""Visits: some weeks of a busy terminal without its centre, ten megabytes at most."""
_NEW: Final = ".new"


class UseSpool:
    """The spool below a terminal's state directory. Writer and reader may be two programs."""

    def __init__(self, state_dir: Path, kept: int = KEPT) -> None:
        self._folder, self._kept = state_dir / FOLDER, kept

    def append(self, visit: VisitUse) -> None:
        """Leave it behind those that are there; raises ``OSError``. It is there whole or not at all."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o750)
        path = self._folder / f"{time.time_ns():020d}-{visit.id}.json"
        new = path.with_suffix(_NEW)
        new.write_text(visit.model_dump_json(), "utf-8")
        new.replace(path)
        for old in self._names()[: -self._kept]:
            (self._folder / old).unlink(missing_ok=True)

    def oldest(self, most: int = VISITS_AT_ONCE) -> list[tuple[str, VisitUse]]:
        """The name by which it is taken away, and the visit; raises ``OSError``."""
        found: list[tuple[str, VisitUse]] = []
        for name in self._names():
            if len(found) == most:
                break
            try:
                found.append((name, VisitUse.model_validate_json((self._folder / name).read_bytes())))
            except FileNotFoundError:
                continue  # it was the oldest of too many
            except ValidationError as error:
                log.warning(
                    "use of a visit cannot be read, thrown away: %s (%d findings)", name, error.error_count()
                )
                self.remove([name])
        return found

    def remove(self, names: list[str]) -> None:
        """Take these away; raises ``OSError``."""
        for name in names:
            (self._folder / name).unlink(missing_ok=True)

    def _names(self) -> list[str]:
        try:
            return sorted(name for name in os.listdir(self._folder) if name.endswith(".json"))
        except FileNotFoundError:
            return []
