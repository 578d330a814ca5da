"""A certificate authority of its own for demonstrations on the loopback interface, so that TLS is real there.

In production the centre's certificate comes from a public or government authority (``tls.cert_file``).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from bureau import pki

HOSTS = ("localhost", "127.0.0.1", "::1")
_AUTHORITY_LIFE = timedelta(days=3650)
_SERVER_LIFE = timedelta(days=397)
"""The longest that common clients accept for a server certificate (CA/Browser Forum baseline, 6.3.2)."""
_RENEW_BEFORE = timedelta(days=30)
_BACKDATE = timedelta(days=1)
"""For a machine whose clock is a little behind."""


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """Where the files are: what a client trusts, and what the server shows and proves."""

    ca_file: Path
    cert_file: Path
    key_file: Path


def ensure_loopback_tls(directory: Path, hosts: Sequence[str] = HOSTS) -> TlsFiles:
    """Make the authority and a server certificate for ``hosts`` in ``directory``, or keep what is there.

    Keys get mode 0600. The server certificate is made anew when it runs out within 30 days, does not name
    all ``hosts`` or does not belong to the authority; the authority only when it is missing or ending,
    so that clients that trust it go on.

    Raises:
        OSError: the directory cannot be written.
    """
    files = TlsFiles(directory / "ca.pem", directory / "server.pem", directory / "server.key")
    with pki.locked(directory):
        authority = _authority(directory / "ca.key", files.ca_file)
        if not _good(files, authority, hosts):
            _make_server(files, authority, hosts)
    return files


def _authority(key_file: Path, certificate_file: Path) -> pki.Authority:
    try:
        kept = pki.Authority(pki.read_p256(key_file), pki.read_certificate(certificate_file))
    except (FileNotFoundError, ValueError):
        kept = None
    now = datetime.now(UTC)
    if (
        kept is not None
        and kept.certificate.public_key() == kept.key.public_key()
        and kept.certificate.not_valid_after_utc - now > _SERVER_LIFE
    ):
        return kept
    name = pki.subject("Loopback authority (demonstration)", "Tax kiosk demonstration")
    made = pki.make_authority(name, now - _BACKDATE, now + _AUTHORITY_LIFE)
    pki.write_file(key_file, pki.private_pem(made.key))
    pki.write_file(certificate_file, pki.certificate_pem(made.certificate), 0o644)
    return made


def _names(hosts: Sequence[str]) -> list[x509.GeneralName]:
    names: list[x509.GeneralName] = []
    for host in hosts:
        try:
            names.append(x509.IPAddress(ipaddress.ip_address(host)))
        except ValueError:
            names.append(x509.DNSName(host))
    return names


def _good(files: TlsFiles, authority: pki.Authority, hosts: Sequence[str]) -> bool:
    try:
        key, certificate = pki.read_p256(files.key_file), pki.read_certificate(files.cert_file)
        certificate.verify_directly_issued_by(authority.certificate)
        named = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except Exception:  # whatever is wrong with the files, new ones are the answer
        return False
    return (
        key.public_key() == certificate.public_key()
        and certificate.not_valid_after_utc - datetime.now(UTC) > _RENEW_BEFORE
        and all(name in list(named) for name in _names(hosts))
    )


def _make_server(files: TlsFiles, authority: pki.Authority, hosts: Sequence[str]) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    certificate = pki.issue_certificate(
        authority,
        pki.subject(hosts[0], "Tax kiosk demonstration"),
        key.public_key(),
        (now - _BACKDATE, now + _SERVER_LIFE),
        [
            (x509.SubjectAlternativeName(_names(hosts)), False),
            (pki.key_usage("digital_signature"), True),
            (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
        ],
    )
    # The key first: a crash between the two leaves a pair that does not match, and is made again.
    pki.write_file(files.key_file, pki.private_pem(key))
    pki.write_file(files.cert_file, pki.certificate_pem(certificate), 0o644)
