"""The wire to the core, with an ear on it: every answer is compared with how docs/integrating.md says it is written."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

import requests
from pydantic import ValidationError

from bureau import errors
from bureau.adapters.http_core import OUTCOMES, Link, carried, ports
from bureau.ports.system import Answers

ABSENT = 501
"""How a core says that it does not have a method."""


class Absent(Exception):
    """A method that this core does not have."""


class Trouble(errors.CoreUnavailable):
    """Neither a result nor an outcome."""


class Unread(Trouble):
    """An outcome that is not one of the page's, or has other values."""


@dataclass(frozen=True, slots=True)
class Overheard:
    """An answer that is not written as the page says; ``promise`` is the part of it that is broken."""

    promise: str
    asked: str
    came: str


class Ear(Link):
    """A link that keeps what was wrong with the answers. Thread-safe as a list is."""

    def __init__(self, url: str, timeout_s: float) -> None:
        super().__init__(url, timeout_s)
        self.overheard: list[Overheard] = []

    def call(self, method: str, path: str, body: object = None) -> Any:
        """The ``result``; raises an outcome, ``Absent``, or ``Trouble`` for anything else."""
        asked = _asked(method, path)
        try:
            answer = self._session.request(method, self._url + path, json=body, timeout=self._timeout_s)
            said = answer.json() if answer.content else {}
        except (requests.RequestException, ValueError) as error:
            raise Trouble(f"{asked}: {type(error).__name__}") from error
        if answer.status_code == ABSENT:
            raise Absent(asked)
        if answer.status_code == 409:
            raise self._outcome(asked, said)
        if answer.status_code != 200 or not isinstance(said, dict):
            raise Trouble(f"{asked}: {answer.status_code} {json.dumps(said)[:200]}")
        self._listen(asked, path, said.get("result"))
        return said.get("result")

    def _outcome(self, asked: str, said: Any) -> Exception:
        told = json.dumps(said, ensure_ascii=False)[:200]
        try:
            return OUTCOMES[said["error"]](**said["values"])
        except (KeyError, TypeError):
            self.overheard.append(Overheard("wire.outcomes", asked, told))
            return Unread(f"{asked}: 409 {told}")

    def _listen(self, asked: str, path: str, result: object) -> None:
        parts = path.strip("/").split("/")[3:]
        if len(parts) != 2:
            return
        port = {**ports(), "answers": Answers}.get(parts[0])
        if port is None:
            return
        if broken := [value for value in _leaves(result) if isinstance(value, float)]:
            self.overheard.append(Overheard("wire.amounts", asked, f"the number {broken[0]}"))
            return
        try:
            read = carried(port, parts[1]).result.validate_json(json.dumps(result), strict=True)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(map(str, first["loc"])) or "the result"
            came = f"{where}: {first['msg']}, and {str(first['input'])[:80]!r} came"
            self.overheard.append(Overheard("wire.values", asked, came))
            return
        if naive := [moment for moment in _moments(read) if moment.tzinfo is None]:
            self.overheard.append(
                Overheard("wire.moments", asked, f"{naive[0].isoformat()} without an offset")
            )

    def lose(self, path: str) -> None:
        """Send a POST and hang up before its answer comes."""
        parts = urlsplit(self._url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=self._timeout_s)
        with contextlib.suppress(OSError, HTTPException), contextlib.closing(connection):
            connection.request("POST", parts.path + path, b"{}", {"Content-Type": "application/json"})


def _asked(method: str, path: str) -> str:
    """A request without the transaction's name."""
    parts = path.strip("/").split("/")
    return f"{method} {'/'.join(parts[3:]) or 'v1/transactions'}"


def _leaves(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        for one in value.values():
            yield from _leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from _leaves(one)
    else:
        yield value


def _moments(value: object) -> Iterator[datetime]:
    if isinstance(value, datetime):
        yield value
    elif is_dataclass(value):
        for one in fields(value):
            yield from _moments(getattr(value, one.name))
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _moments(one)
