"""SM2 with SM3: the standard's own vector, another hand's tool, and a terminal whose keys are such."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sync.chain import ChainWalk
from sync.crypto import SealedFileKeyStore, Signer, digest, new_signer, signer, verifier, verifier_of
from sync.crypto.sm2 import ALGORITHM, Sm2Signer
from sync.errors import ChainBroken, KeyStoreError, SignatureInvalid
from sync.identity import TerminalIdentity, TerminalKeys, store_enrolment
from sync.records import Phase, SignedRecord, genesis
from tests.sync.support import Terminal, enrolled, entry

# GB/T 32918.5-2017, annex A.2: the recommended curve, M = "message digest", the default identity
D = 0x3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8
X = 0x09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020
Y = 0xCCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13
R = 0xF5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3
S = 0xB1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA
SM2_HEAD = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d03420004")
"""SubjectPublicKeyInfo of id-ecPublicKey on 1.2.156.10197.1.301 up to the point's coordinates."""


def wide(*numbers: int) -> bytes:
    return b"".join(number.to_bytes(32, "big") for number in numbers)


@pytest.fixture
def made() -> Signer:
    return new_signer(ALGORITHM)[0]


def test_the_vector_of_gb_t_32918_5() -> None:
    key = verifier_of(SM2_HEAD + wide(X, Y))
    assert key.algorithm == ALGORITHM
    key.verify(wide(R, S), b"message digest")
    for signature, message in (
        (wide(R, S), b"message digesu"),
        (wide(R, S ^ 1), b"message digest"),
        (wide(S, R), b"message digest"),
    ):
        with pytest.raises(SignatureInvalid):
            key.verify(signature, message)


def test_the_vector_s_identity_hash() -> None:
    """Z_A (GB/T 32918.2, 5.5): length of the identity in bits, identity, curve, its point, the public key."""
    a = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFC
    b = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
    at_x = 0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7
    at_y = 0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0
    identity = b"1234567812345678"
    told = (8 * len(identity)).to_bytes(2, "big") + identity + wide(a, b, at_x, at_y, X, Y)
    assert digest(told, "sm3").hex() == "b2e14c5c79c6df5b85f4fe7ed8db7a262b9da7e07ccb0ea9f4747b8ccda8a4f3"


def test_the_vector_s_private_key_has_its_public_one(tmp_path: Path) -> None:
    sec1 = bytes.fromhex("30310201010420") + wide(D) + bytes.fromhex("a00a06082a811ccf5501822d")
    (tmp_path / "d.der").write_bytes(sec1)
    words = ("pkcs8", "-topk8", "-nocrypt", "-inform", "DER", "-outform", "DER", "-in", "d.der")
    private = subprocess.run(["openssl", *words], cwd=tmp_path, capture_output=True, check=True).stdout
    assert signer(ALGORITHM, private).public_key == SM2_HEAD + wide(X, Y)


def test_the_vector_of_sm4() -> None:
    """GB/T 32907-2016, annex A.1: what PIN pads may hold (``drivers/simulators/pin_pad_vault.py``)."""
    word = bytes.fromhex("0123456789abcdeffedcba9876543210")
    block = Cipher(algorithms.SM4(word), modes.ECB()).encryptor().update(word)
    assert block.hex() == "681edf34d206965e86b3e94f536e4246"


def test_openssl_verifies_what_was_signed_and_signs_what_is_verified(made: Signer, tmp_path: Path) -> None:
    def openssl(*words: str) -> bytes:
        ran = subprocess.run(["openssl", *words], cwd=tmp_path, capture_output=True, check=False)
        assert ran.returncode == 0, ran.stderr.decode()
        return ran.stdout

    assert isinstance(made, Sm2Signer)
    (tmp_path / "m").write_bytes(b"a record")
    (tmp_path / "pub").write_bytes(made.public_key)
    (tmp_path / "key").write_bytes(made.secret)
    signature = made.sign(b"a record")
    numbers = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    (tmp_path / "sig").write_bytes(encode_dss_signature(*numbers))
    as_we_do = ("-rawin", "-in", "m", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678")
    openssl("pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", "pub", *as_we_do, "-sigfile", "sig")
    theirs = openssl("pkeyutl", "-sign", "-keyform", "DER", "-inkey", "key", *as_we_do)
    verifier_of(made.public_key).verify(wide(*decode_dss_signature(theirs)), b"a record")


@pytest.mark.parametrize("bad", [b"", bytes(63), bytes(64), b"\xff" * 64, bytes(65)])
def test_what_is_no_signature_is_refused_and_nothing_else_comes_up(made: Signer, bad: bytes) -> None:
    with pytest.raises(SignatureInvalid):
        verifier_of(made.public_key).verify(bad, b"m")


def test_a_key_is_taken_in_one_form_and_on_its_own_curve(made: Signer) -> None:
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    compressed = bytes.fromhex("3039301306072a8648ce3d020106082a811ccf5501822d032200")
    point = made.public_key[-64:]
    for public in (
        b"",
        bytes(91),
        SM2_HEAD + bytes(64),
        made.public_key + b"\0",
        compressed + (b"\x03" if point[-1] % 2 else b"\x02") + point[:32],
        other.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
    ):
        with pytest.raises(KeyStoreError):
            verifier_of(public)
    with pytest.raises(KeyStoreError):
        signer(ALGORITHM, b"no key")
    assert verifier(ALGORITHM, made.public_key).public_key == made.public_key


def test_without_the_library_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("tongsuopy")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "tongsuopy", None)
    with pytest.raises(KeyStoreError, match=r"pip install 'tax-kiosk\[sm\]'"):
        new_signer(ALGORITHM)


@pytest.fixture
def regulated(tmp_path: Path) -> Terminal:
    keystore = SealedFileKeyStore(tmp_path / "keys")
    TerminalKeys.generate(ALGORITHM).save(keystore)
    store_enrolment(tmp_path, enrolled())
    return Terminal(tmp_path, keystore, TerminalIdentity.load(tmp_path, keystore))


def test_its_records_are_signed_with_sm2_and_chained_with_sm3(regulated: Terminal) -> None:
    identity = regulated.identity
    for _ in range(2):  # opened again between: the end of the chain is found
        with regulated.journal() as journal:
            journal.append(entry(Phase.NOTE))
    with regulated.journal() as journal:
        journal.verify()
        first, second = (opened.signed for opened in journal.read())
    assert first.algorithm == second.algorithm == ALGORITHM
    assert first.record.prev == genesis(identity.terminal, identity.epoch, "sm3")
    assert second.record.prev == first.hash("sm3")
    walk = ChainWalk(identity.terminal, identity.epoch, identity.verifier)
    for signed in (first, second):
        walk.follow(SignedRecord.parse(signed.envelope))
    stranger = verifier_of(new_signer(ALGORITHM)[0].public_key)
    with pytest.raises(ChainBroken, match="signature"):
        ChainWalk(identity.terminal, identity.epoch, stranger).follow(first)
