"""What the tests of sync share: an enrolled terminal in a folder, and entries to record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from config.clock import CHINA, SystemClock
from kiosk.domain.ids import uuid7
from sync.crypto import Ed25519Signer, SealedFileKeyStore, SealingKey, b64
from sync.identity import TerminalIdentity, TerminalKeys, store_enrolment
from sync.journal import Entry, Journal, Phase
from sync.models import Enrolled

BUREAU_SIGNER = Ed25519Signer.from_seed(bytes(range(32)))
BUREAU_SEALING = SealingKey(bytes(range(1, 33)))
CLOCK = SystemClock.as_of(datetime(2026, 10, 12, 10, 0, tzinfo=CHINA))
NAME = "李秀兰"
NUMBER = "53010219490307002X"


@dataclass(frozen=True)
class Terminal:
    """An enrolled terminal whose files are under ``state``."""

    state: Path
    keystore: SealedFileKeyStore
    identity: TerminalIdentity

    @property
    def journal_path(self) -> Path:
        return self.state / "journal.db"

    def journal(self, **options: Any) -> Journal:
        return Journal.open(self.journal_path, self.identity, self.keystore, CLOCK, **options)


def enrolled(terminal: str = "T-0007", epoch: str = "e1f00000000000a1") -> Enrolled:
    return Enrolled(
        terminal=terminal,
        epoch=epoch,
        hall="H-01",
        hall_name={"zh-CN": "五华区办税服务厅", "en-US": "Wuhua hall"},
        bureau_name={"zh-CN": "昆明市税务局", "en-US": "Kunming tax bureau"},
        public_url="https://bureau.example",
        bureau_sealing_key=b64(BUREAU_SEALING.public),
        bureau_verify_key=b64(BUREAU_SIGNER.public_key),
        enrolled_at=CLOCK.now(),
    )


def make_terminal(state: Path, terminal: str = "T-0007", epoch: str = "e1f00000000000a1") -> Terminal:
    """Make keys and an enrolment under ``state``, or take those that are there."""
    keystore = SealedFileKeyStore(state / "keys")
    if not (state / "enrolment.json").exists():
        TerminalKeys.generate().save(keystore)
        store_enrolment(state, enrolled(terminal, epoch))
    return Terminal(state, keystore, TerminalIdentity.load(state, keystore))


def effect_body(key: str, kind: str, taxpayer: str | None = None, **data: object) -> dict[str, object]:
    """The body of an effect as the bureau reads it (``EffectBody``)."""
    return {
        "kind": kind,
        "key": key,
        "service": "certificate.iit-record",
        "service_hash": "5e" * 32,
        "subject": {
            "person": {
                "kind": "resident-id",
                "number": NUMBER,
                "name": NAME,
                "evidence": "document",
                "face": None,
            },
            "taxpayer": taxpayer,
            "role": None,
        },
        "accepted_at": CLOCK.now().isoformat(),
        "offline": True,
        "lang": "zh-CN",
        "data": data,
    }


def entry(phase: Phase, key: str | None = None, **fields: Any) -> Entry:
    """An entry with sensible defaults; an intent's body is an ``EffectBody``."""
    kind = fields.pop("kind", "declaration.submit")
    body = fields.pop("body", None)
    if body is None:
        taxpayer = fields.pop("taxpayer", None)
        body = effect_body(key, kind, taxpayer) if phase is Phase.INTENT and key else {"said": NAME}
    defaults: dict[str, Any] = {
        "transaction": "t-1",
        "visit": "v-1",
        "step": "submit",
        "service_hash": "5e" * 32,
    }
    return Entry(kind=kind, phase=phase, key=key, body=body, **{**defaults, **fields})


def new_key() -> str:
    return uuid7()
