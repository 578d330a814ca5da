"""IPP over HTTP with a time limit on every step, telling "never sent" from "sent and no answer"."""

from __future__ import annotations

import asyncio
import itertools
import socket
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

import aiohttp
from pyipp.enums import IppOperation
from pyipp.serializer import encode_dict
from pyipp.tags import ATTRIBUTE_TAG_MAP

from config.clock import Deadline
from drivers.errors import DeviceError, DeviceNotReady, DriverConfigError, LinkLost, ProtocolError
from drivers.protocols.ipp_message import MAX_ANSWER, Answer, decode
from drivers.transports.link import Tap

_SCHEMES: Final = {"ipp": "http", "ipps": "https", "http": "http", "https": "https"}
_DEFAULT_PORT: Final = 631
_MENDED: Final = {
    401: "it wants a password; switch that off for this terminal on its web page",
    403: "it refuses this terminal; allow its address on the printer's web page",
    426: "it wants encryption; write ipps:// for ipp://",
}
"""HTTP answers that are the printer's settings, and what to do."""
_PRINT_JOB: Final = IppOperation.PRINT_JOB.to_bytes(2, "big")
DOCUMENT_S: Final = 20.0
"""A printer asleep, or with a large PDF to read through, answers late to the document, and to nothing else."""
_FIRST_ERROR: Final = 0x0100
"""Status codes below are successful (RFC 8011, B.1.1)."""

Attributes = Mapping[str, "str | int | bool | list[str]"]


class NotSent(DeviceNotReady):
    """The printer could not be reached at all: it has received nothing."""


class IppRefused(DeviceError):
    """The printer understood and said no."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the printer refused with IPP status {status:#06x}; see its panel")
        self.status = status


class HttpLine:
    """The way a request takes to the printer: each on a connection of its own, so that none is stale."""

    def __init__(self, uri: str, url: str, verify: bool, step_s: float, document_s: float) -> None:
        self._uri = uri
        self._url = url
        self._verify = verify
        self._step_s = step_s
        self._document_s = document_s

    async def post(self, request: bytes, deadline: Deadline) -> bytes:
        """The bytes of the answer; raise ``NotSent``, ``LinkLost`` or ``ProtocolError``."""
        pause_s = self._document_s if request[2:4] == _PRINT_JOB else self._step_s
        limits = aiohttp.ClientTimeout(sock_connect=self._step_s, sock_read=pause_s)
        connector = aiohttp.TCPConnector(force_close=True, ssl=self._verify)
        try:
            async with (
                asyncio.timeout(deadline.remaining),
                aiohttp.ClientSession(connector=connector, timeout=limits) as session,
                session.post(
                    self._url, data=request, headers={"Content-Type": "application/ipp"}
                ) as response,
            ):
                if response.status != 200:
                    mended = _MENDED.get(response.status, "check its address")
                    raise ProtocolError(f"the printer answered HTTP {response.status}: {mended}")
                return await _bounded(response)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSent(f"{self._uri} cannot be reached; check network and power") from error
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise LinkLost(f"{self._uri} did not finish its answer; check network and power") from error


class IppLink:
    """One printer's address.

    Args:
        uri: such as ``ipp://192.0.2.7/ipp/print`` or ``ipps://…``.
        verify: check the printer's certificate with ``ipps``.
        tap: sees the bytes of requests and answers.
        step_s: the longest that connecting, or a pause in the answer, may take.
        document_s: the same of the answer to a document.
    """

    def __init__(
        self,
        uri: str,
        *,
        verify: bool = True,
        tap: Tap | None = None,
        step_s: float = 4.0,
        document_s: float = DOCUMENT_S,
    ) -> None:
        parts = urlsplit(uri)
        if parts.scheme not in _SCHEMES or not parts.hostname:
            raise DriverConfigError(f"'{uri}' is no printer address; write ipp://host/ipp/print")
        port = parts.port or (_DEFAULT_PORT if parts.scheme.startswith("ipp") else None)
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        place = f"{host}:{port}" if port else host
        self.uri = uri
        url = f"{_SCHEMES[parts.scheme]}://{place}{parts.path or '/'}"
        line = HttpLine(uri, url, verify, step_s, document_s)
        self._line = line if tap is None else tap.line(line)
        self._tap = tap
        self._numbers = itertools.count(1)
        # Terminals that share a printer tell their jobs apart by it: a reset here leaves the others' alone.
        self._user = f"kiosk@{socket.gethostname()}"

    async def ask(
        self,
        operation: IppOperation,
        attributes: Attributes,
        deadline: Deadline,
        *,
        job: Attributes | None = None,
        document: bytes = b"",
    ) -> Answer:
        """Send one request and return its successful answer.

        Raise ``NotSent`` when nothing reached the printer, ``LinkLost`` when it may have, ``IppRefused``
        for its no, ``ProtocolError`` for an answer that is none.
        """
        number = next(self._numbers)
        request = self._encoded(operation, number, attributes, job or {}, document)
        answer = decode(await self._tapped(request, deadline))
        if answer.status >= _FIRST_ERROR:
            raise IppRefused(answer.status)
        return answer

    def _encoded(
        self, operation: IppOperation, number: int, attributes: Attributes, job: Attributes, document: bytes
    ) -> bytes:
        # The serializer leaves out, without a word, what its table does not know.
        unknown = {*attributes, *job} - set(ATTRIBUTE_TAG_MAP)
        if unknown:
            raise ValueError(f"pyipp cannot encode {sorted(unknown)}")
        message = {
            "version": (2, 0),
            "operation": operation,
            "request-id": number,
            "operation-attributes-tag": {
                "attributes-charset": "utf-8",
                "attributes-natural-language": "en",
                "printer-uri": self.uri,
                "requesting-user-name": self._user,
                **attributes,
            },
            "data": document,
        }
        if job:
            message["job-attributes-tag"] = dict(job)
        return bytes(encode_dict(message))

    async def _tapped(self, request: bytes, deadline: Deadline) -> bytes:
        if self._tap is None:
            return await self._line.post(request, deadline)
        try:
            return self._tap.incoming(await self._line.post(self._tap.outgoing(request), deadline))
        except NotSent:
            self._tap.closed("notSent")
            raise
        except DeviceError as error:
            self._tap.closed(type(error).__name__)
            raise


async def _bounded(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_chunked(65536):
        body += chunk
        if len(body) > MAX_ANSWER:
            raise ProtocolError("the printer's answer does not end; check its firmware")
    return bytes(body)
