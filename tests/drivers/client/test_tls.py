"""wss: a service is connected to only when its certificate proves it, and what is wrong is said with what to do."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from websockets.asyncio.server import ServerConnection, serve

from config.clock import SystemClock
from drivers.client import socket as sockets
from drivers.client.connection import Connection
from drivers.client.errors import DeviceUnavailable
from drivers.devices.xfs4iot_printers import XfsDocumentPrinter
from drivers.errors import DeviceNotReady

TOKEN = "t" * 40
Key = ec.EllipticCurvePrivateKey


def issued(
    file: Path, issuer: Key | None = None, host: str = "localhost", days: tuple[int, int] = (-1, 30)
) -> Key:
    """A certificate with its key in ``file``; without an issuer it is an authority that has signed itself."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)

    def name(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    made = (
        x509.CertificateBuilder()
        .subject_name(name(host if issuer else "authority"))
        .issuer_name(name("authority"))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(issuer or key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return key


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Key:
    """Who has issued the services' certificates; this machine trusts it."""
    key = issued(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    return key


shown: list[str | None] = []


@asynccontextmanager
async def service(file: Path | None) -> AsyncIterator[str]:
    """A service with that certificate, or in the open; what follows ``wss:`` in its URI."""

    async def answer(socket: ServerConnection) -> None:
        shown.append(socket.request.headers.get("Authorization") if socket.request else None)
        async for _ in socket:
            pass

    context = None
    if file is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
    shown.clear()
    async with serve(answer, "localhost", 0, ssl=context) as server:
        yield f"//localhost:{server.sockets[0].getsockname()[1]}/xfs4iot/v1.0/Printer"


async def refused(uri: str) -> str:
    with pytest.raises(DeviceUnavailable) as why:
        await Connection.open(
            "documentPrinter", uri, TOKEN if uri.startswith("wss:") else "", lambda *_: None
        )
    return str(why.value)


async def test_a_certificate_of_a_trusted_issuer_for_this_host_is_taken(
    tmp_path: Path, authority: Key
) -> None:
    issued(tmp_path / "s.pem", authority)
    async with service(tmp_path / "s.pem") as place:
        line = await Connection.open("documentPrinter", f"wss:{place}", TOKEN, lambda *_: None)
        await line.close()
    assert shown == [f"Bearer {TOKEN}"]


@pytest.mark.parametrize(
    ("host", "days", "words", "mended"),
    [
        ("other.example", (-1, 30), "Hostname mismatch", "name the host in the URI"),
        ("localhost", (-9, -2), "certificate has expired", "renewed"),
        ("localhost", (2, 9), "not yet valid", "set the clock"),
    ],
)
async def test_any_other_is_refused_with_what_to_do_and_the_token_is_not_shown(
    tmp_path: Path, authority: Key, host: str, days: tuple[int, int], words: str, mended: str
) -> None:
    issued(tmp_path / "s.pem", authority, host, days)
    async with service(tmp_path / "s.pem") as place:
        said = await refused(f"wss:{place}")
    assert "certificate is not accepted" in said and words in said and mended in said
    assert shown == []


@pytest.mark.parametrize("by_itself", [False, True])
async def test_one_that_nobody_here_trusts_is_refused(
    tmp_path: Path, authority: Key, by_itself: bool
) -> None:
    """Signed by itself, or by an issuer that is not in this machine's store."""
    file = tmp_path / "s.pem"
    issued(file, None if by_itself else ec.generate_private_key(ec.SECP256R1()))
    async with service(file) as place:
        said = await refused(f"wss:{place}")
        assert "update-ca-certificates" in said and shown == []
        printer = XfsDocumentPrinter(SystemClock(), f"wss:{place}", TOKEN)
        with pytest.raises(DeviceNotReady) as why:
            await printer.open()
        await printer.close()
    assert "certificate is not accepted" in str(why.value) and "token" not in str(why.value)


async def test_the_open_wire_where_tls_is_spoken_and_the_other_way_round_are_told(
    tmp_path: Path, authority: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued(tmp_path / "s.pem", authority)
    async with service(tmp_path / "s.pem") as place:
        assert "its URI is wss://" in await refused(f"ws:{place}")
    monkeypatch.setattr(sockets, "OPEN_WITHIN_S", 0.5)
    async with service(None) as place:
        assert "its URI is ws://" in await refused(f"wss:{place}")
    assert "check that the service runs" in await refused(f"ws:{place}")
    assert shown == []
