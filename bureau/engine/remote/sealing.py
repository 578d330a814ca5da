"""Under which names what was said, shown and noted is sealed, and opened again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bureau.ports.core import Core
from bureau.ports.materials import Vault
from bureau.ports.remote import Line, LineKind, Talk
from sync.models import ScreenShown


@dataclass(frozen=True, slots=True)
class Office:
    """One transaction, and what seals."""

    core: Core
    vault: Vault


def sealed_talk(vault: Vault, number: str, words: str) -> bytes:
    """What the person asks about."""
    return vault.seal(f"remote:{number}", words.encode())


def words_of(vault: Vault, talk: Talk) -> str:
    """What the person asked about."""
    return vault.open(f"remote:{talk.number}", talk.sealed).decode()


def sealed_picture(vault: Vault, number: str, shown: ScreenShown) -> bytes:
    """The screen as it is shown now."""
    return vault.seal(f"remote:{number}:screen", shown.model_dump_json().encode())


def picture_of(vault: Vault, talk: Talk) -> ScreenShown | None:
    """The screen that is shown now, if one is."""
    if talk.picture is None:
        return None
    return ScreenShown.model_validate_json(vault.open(f"remote:{talk.number}:screen", talk.picture))


def add_line(office: Office, talk: Talk, officer: str, kind: LineKind, content: Mapping[str, Any]) -> Talk:
    """Add a line behind the last one, the conversation's row held; the caller keeps what comes back."""
    seq = talk.spoken + 1
    plain = json.dumps(dict(content), ensure_ascii=False, sort_keys=True).encode()
    sealed = office.vault.seal(f"remote:{talk.number}:{seq}", plain)
    office.core.remote.say(Line(talk.number, seq, office.core.now, officer, kind, sealed))
    return replace(talk, spoken=seq)


def content_of(vault: Vault, line: Line) -> Mapping[str, Any]:
    """``text`` of what was said; of a source also ``title`` and ``source``, of a service its name."""
    opened: Mapping[str, Any] = json.loads(vault.open(f"remote:{line.number}:{line.seq}", line.sealed))
    return opened
