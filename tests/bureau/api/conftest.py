"""The centre on a real port, and a terminal that talks to it with its own client."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests

from bureau.api.app import create_app
from config.settings import CentreSettings
from sync import http_signatures
from sync.client import BureauClient
from sync.models import QueryRequest, Subject
from tests.bureau.conftest import Centre
from tests.bureau.serving import served
from tests.bureau.terminals import Terminal
from tests.shipped import CATALOGUE


def _line() -> requests.Session:
    """To the centre alone, whatever proxy the machine has."""
    session = requests.Session()
    session.trust_env = False
    return session


@dataclass
class Wire:
    """Everything needed to speak to the served centre, rightly or wrongly; the line stays open, as a terminal's does."""

    url: str
    centre: Centre
    terminal: Terminal
    client: BureauClient
    line: requests.Session = field(default_factory=_line)

    def prepared(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> requests.PreparedRequest:
        usual = {"Content-Type": "application/json", **{k.replace("_", "-"): v for k, v in headers.items()}}
        return requests.Request(method, self.url + path, usual, data=body).prepare()

    def signed(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> requests.PreparedRequest:
        request = self.prepared(method, path, body, **headers)
        http_signatures.sign(request, self.terminal.keys.signing, self.terminal.name)
        return request

    def send(self, request: requests.PreparedRequest) -> requests.Response:
        return self.line.send(request, timeout=20)

    def close(self) -> None:
        """Hang up."""
        self.line.close()
        self.client.close()

    def call(self, method: str, path: str, body: bytes | None = None, **headers: str) -> requests.Response:
        return self.send(self.signed(method, path, body, **headers))

    def question(
        self, name: str, who: dict[str, Any], service: str, params: dict[str, Any] | None = None
    ) -> bytes:
        request = QueryRequest(
            service=service,
            service_hash=CATALOGUE[service].hash,
            subject=Subject.model_validate(who),
            params=params or {},
        )
        return request.model_dump_json().encode()


@pytest.fixture
def wire(centre: Centre) -> Iterator[Wire]:
    terminal = centre.terminal()
    with served(create_app(centre.container)) as url:
        wire = Wire(url, centre, terminal, BureauClient(CentreSettings(url=url), terminal.identity))
        try:
            yield wire
        finally:
            wire.close()
