"""Keys, seals and hashes: algorithm ids, plug-ins, and what the key store refuses."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

import pytest

from sync.crypto import (
    Ed25519Signer,
    Hash,
    SealedFileKeyStore,
    SealingKey,
    SystemdCredentialKeyStore,
    VisitKey,
    digest,
    open_keystore,
    open_sealed,
    register_digest,
    register_signer,
    register_verifier,
    signer,
    verifier,
)
from sync.crypto.sealing import SealedBody, Wrap
from sync.errors import KeyStoreError, RecordError, SealBroken, SignatureInvalid, UnknownAlgorithm
from sync.identity import TerminalKeys


def test_known_answers_of_the_hashes() -> None:
    assert digest(b"abc", "sha256").hex().startswith("ba7816bf8f01cfea")
    # GB/T 32905-2016, annex A.1
    assert digest(b"abc", "sm3").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    with pytest.raises(UnknownAlgorithm, match="md5"):
        digest(b"abc", "md5")


def test_ed25519_agrees_with_rfc_8032() -> None:
    seed = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    made = signer("ed25519", seed)
    assert made.public_key.hex() == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
    signature = made.sign(b"\x72")
    assert signature.hex().startswith("92a009a9f0d4cab8720e820b5f642540")
    key = verifier("ed25519", made.public_key)
    key.verify(signature, b"\x72")
    with pytest.raises(SignatureInvalid):
        key.verify(signature, b"\x73")


@dataclass(frozen=True)
class Toy:
    """Stands for SM2 in a key box: another algorithm that is only known by its registration."""

    public_key: bytes
    algorithm: str = "toy-sm2"

    def sign(self, message: bytes) -> bytes:
        return hashlib.blake2b(message, key=self.public_key).digest()

    def verify(self, signature: bytes, message: bytes) -> None:
        if signature != self.sign(message):
            raise SignatureInvalid("no")


def test_another_algorithm_plugs_in_by_its_id_and_is_used_for_the_terminals_keys(tmp_path: Path) -> None:
    with pytest.raises(UnknownAlgorithm):
        verifier("toy-sm2", b"k")
    register_verifier("toy-sm2", Toy)
    register_signer("toy-sm2", Toy)
    register_digest("toy-sm3", lambda data: hashlib.blake2s(data).digest())
    store = SealedFileKeyStore(tmp_path)
    TerminalKeys(Toy(b"secret"), SealingKey.generate(), b"secret").save(store)
    keys = TerminalKeys.load(store)
    assert keys is not None
    assert keys.signing.algorithm == "toy-sm2"
    verifier("toy-sm2", b"secret").verify(keys.signing.sign(b"m"), b"m")
    assert Hash.parse(str(Hash.of(b"x", "toy-sm3"))) == Hash("toy-sm3", hashlib.blake2s(b"x").digest())


def test_a_sealed_body_opens_with_its_key_and_data_only() -> None:
    bureau = SealingKey.generate()
    key = VisitKey.generate("T-1", "v-1", bureau.public)
    body = key.seal(b"plain", b"aad")
    assert open_sealed(body, key.secret, b"aad") == b"plain"
    assert open_sealed(body, bureau.visit_key("T-1", "v-1", body), b"aad") == b"plain"
    for wrong in (
        lambda: open_sealed(body, key.secret, b"other"),
        lambda: open_sealed(body, os.urandom(32), b"aad"),
    ):
        with pytest.raises(SealBroken):
            wrong()
    with pytest.raises(SealBroken):
        bureau.visit_key("T-1", "v-2", body)
    with pytest.raises(SealBroken):
        bureau.visit_key("T-2", "v-1", body)


def test_no_two_seals_share_a_nonce_and_no_secret_shows() -> None:
    key = VisitKey.generate("T-1", "v-1", SealingKey.generate().public)
    assert len({key.seal(b"same", b"").nonce for _ in range(500)}) == 500
    assert key.secret.hex() not in repr(key)
    keys = TerminalKeys.generate()
    assert keys.signing_secret.hex() not in repr(keys)


def test_unusable_keys_and_unknown_wraps_are_named() -> None:
    with pytest.raises(KeyStoreError):
        VisitKey.generate("T", "v", b"short")
    with pytest.raises(KeyStoreError):
        Ed25519Signer.from_seed(b"short")
    with pytest.raises(KeyStoreError):
        verifier("ed25519", b"short")
    with pytest.raises(UnknownAlgorithm):
        SealingKey.generate().visit_key("T", "v", SealedBody("x", b"", b"", b"", Wrap("sm2-wrap", "r", b"")))
    with pytest.raises(RecordError):
        Hash.parse("sha256:zz")


def test_secrets_rest_sealed_in_files_that_only_the_owner_reads(tmp_path: Path) -> None:
    store = SealedFileKeyStore(tmp_path / "keys")
    store.save("terminal-signing", b"very secret")
    assert SealedFileKeyStore(tmp_path / "keys").load("terminal-signing") == b"very secret"
    assert store.load("absent") is None
    for file in (tmp_path / "keys").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert b"very secret" not in file.read_bytes()
    assert not store.production_ready


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    SealedFileKeyStore(tmp_path)
    (tmp_path / "kek").chmod(0o640)
    with pytest.raises(KeyStoreError, match="chmod 600"):
        SealedFileKeyStore(tmp_path)


def test_a_changed_or_moved_secret_does_not_open(tmp_path: Path) -> None:
    store = SealedFileKeyStore(tmp_path)
    store.save("one", b"secret")
    (tmp_path / "two.sealed").write_bytes((tmp_path / "one.sealed").read_bytes())
    (tmp_path / "two.sealed").chmod(0o600)
    with pytest.raises(KeyStoreError, match="does not open"):
        store.load("two")
    wrapped = store.wrap(b"secret", b"visit 1")
    assert store.unwrap(wrapped, b"visit 1") == b"secret"
    for bad in (wrapped[:-1], b"", b"junk" + wrapped):
        with pytest.raises(KeyStoreError):
            store.unwrap(bad, b"visit 1")
    with pytest.raises(KeyStoreError):
        store.unwrap(wrapped, b"visit 2")
    with pytest.raises(KeyStoreError, match="not a key name"):
        store.load("../one")


def test_the_production_store_takes_its_key_from_systemd(tmp_path: Path) -> None:
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    env = {"CREDENTIALS_DIRECTORY": str(credentials)}
    with pytest.raises(KeyStoreError, match="systemd unit"):
        open_keystore(tmp_path, {}, "production")
    with pytest.raises(KeyStoreError, match="systemd-creds"):
        open_keystore(tmp_path, env, "production")
    (credentials / "kiosk-kek").write_bytes(os.urandom(31))
    with pytest.raises(KeyStoreError, match="31 bytes"):
        open_keystore(tmp_path, env, "production")
    (credentials / "kiosk-kek").write_bytes(os.urandom(32))
    store = open_keystore(tmp_path, env)
    assert isinstance(store, SystemdCredentialKeyStore)
    assert store.production_ready
    store.save("a", b"secret")
    assert open_keystore(tmp_path, env, "production").load("a") == b"secret"
    assert not (tmp_path / "keys" / "kek").exists()
    with pytest.raises(KeyStoreError):
        open_keystore(tmp_path, {}).load("a")  # another key-encryption key
