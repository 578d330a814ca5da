from __future__ import annotations

import http.server
import ssl
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

from bureau import pki
from bureau.tls import TlsFiles, ensure_loopback_tls


@contextmanager
def served(files: TlsFiles) -> Iterator[int]:
    class Quiet(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(204)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.cert_file, files.key_file)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def test_a_client_that_trusts_the_authority_gets_through_by_name_and_address(tmp_path: Path) -> None:
    files = ensure_loopback_tls(tmp_path)
    with served(files) as port:
        for host in ("127.0.0.1", "localhost"):
            answer = requests.get(f"https://{host}:{port}/", verify=str(files.ca_file), timeout=5)
            assert answer.status_code == 204


def test_a_client_that_trusts_another_authority_is_kept_out(tmp_path: Path) -> None:
    files, other = ensure_loopback_tls(tmp_path / "a"), ensure_loopback_tls(tmp_path / "b")
    with served(files) as port, pytest.raises(requests.exceptions.SSLError):
        requests.get(f"https://127.0.0.1:{port}/", verify=str(other.ca_file), timeout=5)


def test_the_second_call_keeps_everything(tmp_path: Path) -> None:
    files = ensure_loopback_tls(tmp_path)
    before = [path.read_bytes() for path in (files.ca_file, files.cert_file, files.key_file)]
    assert ensure_loopback_tls(tmp_path) == files
    assert [path.read_bytes() for path in (files.ca_file, files.cert_file, files.key_file)] == before
    for key in ("ca.key", "server.key"):
        assert stat.S_IMODE((tmp_path / key).stat().st_mode) == 0o600


@pytest.mark.parametrize("spoil", ["server.pem", "server.key"])
def test_a_spoilt_server_file_is_made_anew_under_the_same_authority(tmp_path: Path, spoil: str) -> None:
    files = ensure_loopback_tls(tmp_path)
    authority = files.ca_file.read_bytes()
    (tmp_path / spoil).write_bytes(b"")
    ensure_loopback_tls(tmp_path)
    assert files.ca_file.read_bytes() == authority
    assert pki.read_p256(files.key_file).public_key() == pki.read_certificate(files.cert_file).public_key()


def test_more_hosts_mean_a_new_server_certificate(tmp_path: Path) -> None:
    first = ensure_loopback_tls(tmp_path).cert_file.read_bytes()
    assert (
        ensure_loopback_tls(tmp_path, ("localhost", "127.0.0.1", "kiosk.test")).cert_file.read_bytes()
        != first
    )


def test_a_certificate_that_runs_out_soon_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bureau.tls._SERVER_LIFE", timedelta(days=20))
    files = ensure_loopback_tls(tmp_path)
    monkeypatch.undo()
    ensure_loopback_tls(tmp_path)
    left = pki.read_certificate(files.cert_file).not_valid_after_utc - datetime.now(UTC)
    assert left > timedelta(days=300)
