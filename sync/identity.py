"""Who this terminal is: its number and epoch, its keys, and the keys of the bureau it belongs to.

The bureau issues terminal and epoch at enrolment in exchange for a one-time code. Private keys never leave
the terminal; they rest in the ``KeyStore``. A new enrolment (also after any restore) is a new epoch.
"""

from __future__ import annotations

import platform
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from config.settings import TerminalSettings
from sync.cbor import decode, encode
from sync.crypto import (
    CHAINED_BY,
    DIGEST,
    KeyStore,
    SealingKey,
    Signer,
    Verifier,
    b64,
    new_signer,
    open_keystore,
    signer,
    unb64,
    verifier,
    verifier_of,
)
from sync.errors import KeyStoreError, NotEnrolled, SyncError
from sync.files import read_private, write_private
from sync.models import Enrolled, Enrolment
from sync.software import software_version

ENROLMENT_FILE = "enrolment.json"
_SIGNING = "terminal-signing"
_SEALING = "terminal-sealing"


@dataclass(frozen=True, slots=True)
class TerminalIdentity:
    """The terminal as the bureau knows it. ``enrolled`` also has the words for hall and bureau."""

    terminal: str
    epoch: str
    signer: Signer
    sealing: SealingKey
    bureau_sealing_key: bytes
    bureau_verifier: Verifier
    enrolled: Enrolled

    @classmethod
    def load(cls, state_dir: Path, keystore: KeyStore) -> TerminalIdentity:
        """The stored identity; raises ``NotEnrolled`` or ``KeyStoreError``."""
        path = state_dir / ENROLMENT_FILE
        raw = read_private(path)
        if raw is None:
            raise NotEnrolled(path)
        try:
            enrolled = Enrolled.told(raw)
        except ValidationError as error:
            raise SyncError(f"{path} is damaged: enrol again ({error.error_count()} mistakes)") from error
        keys = TerminalKeys.load(keystore)
        if keys is None:
            raise KeyStoreError(f"{path} is there but the terminal's keys are not: enrol again")
        return cls.of(enrolled, keys)

    @classmethod
    def of(cls, enrolled: Enrolled, keys: TerminalKeys) -> TerminalIdentity:
        """The identity from the bureau's answer and the terminal's own keys."""
        return cls(
            terminal=enrolled.terminal,
            epoch=enrolled.epoch,
            signer=keys.signing,
            sealing=keys.sealing,
            bureau_sealing_key=unb64(enrolled.bureau_sealing_key),
            bureau_verifier=verifier_of(unb64(enrolled.bureau_verify_key)),
            enrolled=enrolled,
        )

    @property
    def key_id(self) -> str:
        """Under which the bureau knows the key of its requests."""
        return self.terminal

    @property
    def verifier(self) -> Verifier:
        """Checks what this terminal signed."""
        return verifier(self.signer.algorithm, self.signer.public_key)

    @property
    def digest(self) -> str:
        """The hash that a new chain of this terminal's records is made with."""
        return CHAINED_BY.get(self.signer.algorithm, DIGEST)


@dataclass(frozen=True, slots=True)
class TerminalKeys:
    """The two private keys of a terminal: one signs, one opens what was sealed for it."""

    signing: Signer
    sealing: SealingKey
    signing_secret: bytes

    def __repr__(self) -> str:
        """Without secrets."""
        return f"TerminalKeys({b64(self.signing.public_key)})"

    @classmethod
    def generate(cls, signature: str = "ed25519") -> TerminalKeys:
        """New random keys; ``signature`` names the algorithm of the signing one."""
        made, secret = new_signer(signature)
        return cls(made, SealingKey.generate(), secret)

    @classmethod
    def load(cls, keystore: KeyStore) -> TerminalKeys | None:
        """The stored keys, or None; raises ``KeyStoreError`` when they are damaged."""
        signing, sealing = keystore.load(_SIGNING), keystore.load(_SEALING)
        if signing is None or sealing is None:
            return None
        algorithm, secret = decode(signing)
        return cls(signer(algorithm, secret), SealingKey(sealing), secret)

    def save(self, keystore: KeyStore) -> None:
        """Keep both keys, each with the id of its algorithm."""
        keystore.save(_SEALING, self.sealing.private)
        keystore.save(_SIGNING, encode([self.signing.algorithm, self.signing_secret]))


def store_enrolment(state_dir: Path, enrolled: Enrolled) -> None:
    """Keep the bureau's answer (0600), whole or not at all."""
    write_private(state_dir / ENROLMENT_FILE, enrolled.model_dump_json(indent=2).encode())


def enrol(settings: TerminalSettings, code: str, keystore: KeyStore | None = None) -> TerminalIdentity:
    """Exchange the technician's one-time code for an identity and keep it under ``settings.state_dir``.

    The keys are made and kept before the request, so that the same ones are offered again when the answer is
    lost; a terminal that has an identity gets a new epoch and keeps its keys. Raises ``BureauError`` (nothing
    changed here), ``KeyStoreError``.
    """
    from sync.client import BureauClient  # whoever only has an identity needs no client of the centre

    keystore = keystore or open_keystore(settings.state_dir, profile=settings.profile)
    keys = TerminalKeys.load(keystore)
    if keys is None:
        keys = TerminalKeys.generate(settings.keys.signature)
        keys.save(keystore)
    request = Enrolment(
        code=code.strip(),
        public_key=b64(keys.signing.public_key),
        sealing_key=b64(keys.sealing.public),
        asset=settings.terminal.asset,
        inventory=_inventory(),
    )
    client = BureauClient(settings.bureau)
    try:
        enrolled = client.enrol(request)
    finally:
        client.close()
    identity = TerminalIdentity.of(enrolled, keys)
    store_enrolment(settings.state_dir, enrolled)
    return identity


def _inventory() -> dict[str, str]:
    """What the bureau lists of the machine."""
    return {
        "software": software_version(),
        "system": f"{platform.system()} {platform.release()}",
        "machine": platform.machine(),
        "python": platform.python_version(),
    }
