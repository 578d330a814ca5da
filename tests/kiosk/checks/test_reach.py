"""The doctor on what must be reachable, against real sockets on loopback."""

from __future__ import annotations

import http.server
import os
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import ClassVar

import pytest

from config.loopback import free_port
from config.settings import CentreSettings, DevicesSettings, ServiceSettings
from kiosk.checks import reach
from kiosk.checks.finding import Finding, Level


class Centre(http.server.BaseHTTPRequestHandler):
    """Answers with what the test asks for."""

    status: ClassVar[int] = 200
    ahead: ClassVar[timedelta] = timedelta()

    def do_GET(self) -> None:
        self.send_response_only(self.status)
        self.send_header("Date", format_datetime(datetime.now(UTC) + self.ahead, usegmt=True))
        if self.status == 302:
            self.send_header("Location", "http://login.invalid/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Be silent."""


@pytest.fixture
def centre() -> Iterator[CentreSettings]:
    Centre.status, Centre.ahead = 200, timedelta()
    server = http.server.HTTPServer(("127.0.0.1", 0), Centre)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield CentreSettings(url=f"http://127.0.0.1:{server.server_port}", read_timeout_s=2)
    server.shutdown()
    thread.join()
    server.server_close()


def _levels(found: list[Finding]) -> dict[str, Level]:
    return {f.check: f.level for f in found}


def test_a_centre_that_answers_is_reachable(centre: CentreSettings) -> None:
    assert _levels(list(reach.bureau(centre))) == {"bureau": Level.OK, "bureau-clock": Level.OK}


@pytest.mark.parametrize(
    ("ahead", "level"), [(30, Level.NOTE), (-30, Level.NOTE), (3600, Level.FAULT), (-3600, Level.FAULT)]
)
def test_clocks_that_differ_are_told(centre: CentreSettings, ahead: int, level: Level) -> None:
    Centre.ahead = timedelta(seconds=ahead)
    assert _levels(list(reach.bureau(centre)))["bureau-clock"] is level


@pytest.mark.parametrize("status", [302, 502])
def test_a_login_page_or_a_proxy_is_not_the_centre(centre: CentreSettings, status: int) -> None:
    Centre.status = status
    (found,) = reach.bureau(centre)
    assert found.level is Level.FAULT
    assert "proxy or a login page" in found.fix


def test_a_signed_endpoint_that_refuses_strangers_still_answers(centre: CentreSettings) -> None:
    Centre.status = 401
    assert _levels(list(reach.bureau(centre)))["bureau"] is Level.OK


def test_a_centre_that_is_not_there_is_told_with_the_reason() -> None:
    (found,) = reach.bureau(CentreSettings(url=f"http://127.0.0.1:{free_port()}"))
    assert found.level is Level.FAULT
    assert found.what.endswith("does not answer: Connection refused")


def test_a_server_that_speaks_no_tls_is_not_trusted(centre: CentreSettings) -> None:
    (found,) = reach.bureau(CentreSettings(url=centre.url.replace("http:", "https:"), read_timeout_s=2))
    assert found.level is Level.FAULT
    assert "ca_file" in found.fix


def test_a_missing_authority_file_is_told(tmp_path: Path) -> None:
    settings = CentreSettings(url="https://127.0.0.1:1", ca_file=tmp_path / "ca.pem")
    (found,) = reach.bureau(settings)
    assert "ca.pem is not there" in found.what


def test_a_date_that_is_none_is_passed_over() -> None:
    assert list(reach.clock_difference("yesterday", datetime.now(UTC))) == []


def _service(role: str, **options: str | int) -> ServiceSettings:
    return ServiceSettings.model_validate({"role": role, "driver": "x", "options": options})


def test_devices_are_looked_for_where_they_are_plugged_in(tmp_path: Path) -> None:
    leader, follower = os.openpty()
    link = tmp_path / "tty-idReader"
    link.symlink_to(os.ttyname(follower))
    (tmp_path / "file").touch()
    with socket.socket() as printer:
        printer.bind(("127.0.0.1", 0))
        printer.listen()
        number = int(printer.getsockname()[1])
        services = [
            _service("idReader", port=str(link), baud=115200),
            _service("barcodeReader", port=str(tmp_path / "gone")),
            _service("invoiceDispenser", port=str(tmp_path / "file")),
            _service("documentPrinter", uri=f"ipp://127.0.0.1:{number}/ipp/print"),
            _service("receiptPrinter", host="127.0.0.1", port=free_port()),
            _service("faceCamera", url=f"http://127.0.0.1:{number}/video.mjpg"),
        ]
        settings = DevicesSettings.model_validate({"state_dir": str(tmp_path), "services": services})
        levels = _levels(list(reach.devices(settings)))
    os.close(leader)
    os.close(follower)
    assert levels == {
        "device.idReader": Level.OK,
        "device.barcodeReader": Level.FAULT,
        "device.invoiceDispenser": Level.FAULT,
        "device.documentPrinter": Level.OK,
        "device.receiptPrinter": Level.FAULT,
        "device.faceCamera": Level.OK,
    }


def test_a_cabinet_without_devices_is_noticed(tmp_path: Path) -> None:
    settings = DevicesSettings.model_validate({"state_dir": str(tmp_path)})
    assert _levels(list(reach.devices(settings))) == {"devices": Level.NOTE}


def test_a_device_of_unknown_place_is_noticed() -> None:
    assert [f.level for f in reach.device(_service("faceCamera", index=0))] == [Level.NOTE]
