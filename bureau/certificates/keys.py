"""The issuing keys of a demonstration bureau, made once in its state directory.

A P-256 authority vouches for the sealing key (PAdES); an Ed25519 key signs the QR codes. A real bureau puts
its hardware module or SM2 seal server behind the same ports and keeps no private key here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from bureau import pki
from bureau.certificates.errors import KeyMaterialError
from sync.paper_signature import key_id

_VALID_FROM = datetime(2020, 1, 1, tzinfo=UTC)
_VALID_TO = datetime(2050, 1, 1, tzinfo=UTC)
"""Wide, because the business day of a demonstration is free (``--as-of``)."""
FILES = ("authority.pem", "authority.key", "seal.pem", "seal.key", "code.key")


@dataclass(frozen=True, slots=True)
class IssuingKeys:
    """Key and certificates of the sealer, and the key of the QR codes."""

    authority: x509.Certificate
    seal_certificate: x509.Certificate
    seal_key: ec.EllipticCurvePrivateKey
    code_key: Ed25519PrivateKey

    @property
    def code_keys(self) -> dict[bytes, Ed25519PublicKey]:
        """The public keys that genuine QR codes are signed with, by key id."""
        public = self.code_key.public_key()
        return {key_id(public): public}


def open_keys(directory: Path, bureau_name: str, purpose: str = "自助业务专用章") -> IssuingKeys:
    """The keys in ``directory``, made when the directory holds none.

    Raises:
        KeyMaterialError: some files are there and others not, or they do not belong together. Nothing is
            made anew then: certificates out in the world depend on these keys.
    """
    with pki.locked(directory):
        present = [name for name in FILES if (directory / name).exists()]
        if not present:
            _make(directory, bureau_name, purpose)
        elif len(present) < len(FILES):
            absent = ", ".join(name for name in FILES if name not in present)
            raise KeyMaterialError(directory, f"{absent} missing")
        return _read(directory)


def _read(directory: Path) -> IssuingKeys:
    try:
        keys = IssuingKeys(
            authority=pki.read_certificate(directory / "authority.pem"),
            seal_certificate=pki.read_certificate(directory / "seal.pem"),
            seal_key=pki.read_p256(directory / "seal.key"),
            code_key=pki.read_ed25519(directory / "code.key"),
        )
        keys.seal_certificate.verify_directly_issued_by(keys.authority)
    except Exception as fault:
        raise KeyMaterialError(directory, f"unusable ({type(fault).__name__})") from fault
    if keys.seal_certificate.public_key() != keys.seal_key.public_key():
        raise KeyMaterialError(directory, "seal.pem is not the certificate of seal.key")
    return keys


def _make(directory: Path, bureau_name: str, purpose: str) -> None:
    validity = (_VALID_FROM, _VALID_TO)
    authority = pki.make_authority(pki.subject("电子印章演示根证书", bureau_name), *validity)
    seal_key = ec.generate_private_key(ec.SECP256R1())
    certificate = pki.issue_certificate(
        authority,
        pki.subject(f"{bureau_name}{purpose}", bureau_name),
        seal_key.public_key(),
        validity,
        [(pki.key_usage("digital_signature", "content_commitment"), True)],
    )
    # Private keys go first and the list above is complete only with the last file: a crash in between is
    # reported as missing files, and the remedy (remove the directory: nothing was issued yet) is safe.
    contents = {
        "authority.key": (pki.private_pem(authority.key), 0o600),
        "seal.key": (pki.private_pem(seal_key), 0o600),
        "code.key": (pki.private_pem(Ed25519PrivateKey.generate()), 0o600),
        "seal.pem": (pki.certificate_pem(certificate), 0o644),
        "authority.pem": (pki.certificate_pem(authority.certificate), 0o644),
    }
    for name, (content, mode) in contents.items():
        pki.write_file(directory / name, content, mode)
