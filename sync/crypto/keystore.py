"""Where the terminal's long-lived secrets rest: each sealed under one key-encryption key (KEK).

Two stores share the file format and differ in where the KEK comes from. ``SealedFileKeyStore`` keeps it
beside the others, readable by its owner alone: that protects against a copied backup of the database, not
against root or a stolen disk, so it is for development. ``SystemdCredentialKeyStore`` reads it from
``$CREDENTIALS_DIRECTORY`` (systemd ``LoadCredentialEncrypted=``), where it exists in memory only and is
sealed to the machine's TPM. A key box or TPM of its own implements the same five methods.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sync.crypto.sealing import KEY_BYTES, NONCE_BYTES
from sync.errors import KeyStoreError
from sync.files import read_private, write_private

KEK_FILE = "kek"
CREDENTIAL = "kiosk-kek"
"""The name of the credential: ``LoadCredentialEncrypted=kiosk-kek``."""
_MAGIC = b"TKS1"


class KeyStore(Protocol):
    """Keeps secrets by name, and wraps short secrets that are kept elsewhere."""

    @property
    def production_ready(self) -> bool:
        """False when a copied disk gives the secrets away."""
        ...

    def save(self, name: str, secret: bytes) -> None:
        """Keep ``secret`` durably under ``name``, replacing what was there."""
        ...

    def load(self, name: str) -> bytes | None:
        """The secret, or None when there is none; raises ``KeyStoreError`` when it is damaged."""
        ...

    def wrap(self, secret: bytes, context: bytes) -> bytes:
        """Encrypt ``secret`` so that it opens for this store and this ``context`` only."""
        ...

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        """The secret again; raises ``KeyStoreError``."""
        ...


class _KekStore:
    """What both stores share: sealed files and wrapping, with a KEK given by the subclass."""

    def __init__(self, folder: Path, kek: bytes) -> None:
        if len(kek) != KEY_BYTES:
            raise KeyStoreError(f"the KEK has {len(kek)} bytes, not {KEY_BYTES}: make a new one")
        self._folder = folder
        self._aead = AESGCM(kek)

    def save(self, name: str, secret: bytes) -> None:
        """Keep ``secret`` durably under ``name`` (file mode 0600), replacing what was there."""
        write_private(self._path(name), self.wrap(secret, f"file:{name}".encode()))

    def load(self, name: str) -> bytes | None:
        """The secret, or None; raises ``KeyStoreError`` when damaged or readable by others."""
        sealed = read_private(self._path(name))
        return None if sealed is None else self.unwrap(sealed, f"file:{name}".encode())

    def wrap(self, secret: bytes, context: bytes) -> bytes:
        """AES-256-GCM under the KEK with a random nonce and ``context`` as associated data."""
        nonce = os.urandom(NONCE_BYTES)
        return _MAGIC + nonce + self._aead.encrypt(nonce, secret, context)

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        """The secret again; raises ``KeyStoreError``."""
        nonce, sealed = wrapped[len(_MAGIC) :][:NONCE_BYTES], wrapped[len(_MAGIC) + NONCE_BYTES :]
        if not wrapped.startswith(_MAGIC) or len(nonce) < NONCE_BYTES:
            raise KeyStoreError("not something this key store sealed")
        try:
            return self._aead.decrypt(nonce, sealed, context)
        except InvalidTag as error:
            raise KeyStoreError(
                "a sealed key does not open: it was changed, or the key-encryption key is another one; "
                "restore the right one or enrol again"
            ) from error

    def _path(self, name: str) -> Path:
        if not name.replace("-", "").isalnum():
            raise KeyStoreError(f"{name!r} is not a key name: letters, digits and hyphens")
        return self._folder / f"{name}.sealed"


class SealedFileKeyStore(_KekStore):
    """Development: the KEK is a file of its own (``kek``, 0600), made on first use."""

    production_ready = False

    def __init__(self, folder: Path) -> None:
        """Use ``folder``, created 0700; raises ``KeyStoreError`` when others can read the KEK."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        super().__init__(folder, _own_kek(folder / KEK_FILE))


class SystemdCredentialKeyStore(_KekStore):
    """Production: the KEK is a systemd credential, decrypted by the service manager for this unit alone."""

    production_ready = True

    def __init__(self, folder: Path, env: Mapping[str, str], credential: str = CREDENTIAL) -> None:
        """Read ``$CREDENTIALS_DIRECTORY/<credential>``; raises ``KeyStoreError`` when it is not there."""
        where = env.get("CREDENTIALS_DIRECTORY")
        if not where:
            raise KeyStoreError(
                "CREDENTIALS_DIRECTORY is not set: start the program by its systemd unit, "
                f"with LoadCredentialEncrypted={credential}"
            )
        try:
            kek = (Path(where) / credential).read_bytes()
        except OSError as error:
            raise KeyStoreError(f"credential {credential}: {error.strerror}; see systemd-creds(1)") from error
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        super().__init__(folder, kek)


def _own_kek(path: Path) -> bytes:
    kek = read_private(path)
    if kek is None:
        write_private(path, os.urandom(KEY_BYTES), replace=False)
        kek = read_private(path)
    if kek is None:  # pragma: no cover - removed by somebody between the two lines
        raise KeyStoreError(f"{path} disappeared")
    return kek


def open_keystore(
    state_dir: Path, env: Mapping[str, str] = os.environ, profile: str = "development"
) -> KeyStore:
    """The terminal's store under ``state_dir/keys``: systemd credentials when there are any, else files.

    Raises ``KeyStoreError`` in production without credentials.
    """
    folder = state_dir / "keys"
    where = env.get("CREDENTIALS_DIRECTORY")
    if profile == "production" or (where and (Path(where) / CREDENTIAL).exists()):
        return SystemdCredentialKeyStore(folder, env)
    return SealedFileKeyStore(folder)
