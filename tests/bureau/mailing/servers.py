"""A mail server that is not ours (aiosmtpd), on loopback with TLS, and the trouble it makes when it is told to."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from bureau.tls import TlsFiles, ensure_loopback_tls

HOST = "127.0.0.1"
USER, PASSWORD = "einvoice", "a pass word"


@dataclass
class Inbox:
    """What came, and what the next letters are answered with: ``to`` after RCPT, ``data`` after the letter.

    ``cut``: how many connections end in the middle of a letter. ``held``: a letter is taken, and its answer waits;
    ``thinks_s``: so long. ``mute``: a goodbye is not answered.
    """

    to: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    cut: int = 0
    held: threading.Event | None = None
    thinks_s: float = 0.0
    mute: bool = False
    taken: threading.Event = field(default_factory=threading.Event)
    came: list[tuple[str, bytes, bool]] = field(default_factory=list)
    tries: int = 0

    @property
    def letters(self) -> list[EmailMessage]:
        return [cast("EmailMessage", message_from_bytes(raw, policy=default)) for _, raw, _ in self.came]

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.tries += 1
        if self.to:
            return self.to.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.data:
            return self.data.pop(0)
        assert isinstance(envelope.content, bytes)
        secure = server.transport.get_extra_info("ssl_object") is not None
        self.came.append((envelope.rcpt_tos[0], envelope.content, secure))
        self.taken.set()
        await asyncio.sleep(self.thinks_s)
        while self.held is not None and not self.held.is_set():
            await asyncio.sleep(0.01)
        return "250 2.0.0 kept"


class _Cutting(SMTP):
    """Ends the connection in the middle of a letter while its inbox says so, or does not let it end."""

    async def smtp_QUIT(self, arg: str) -> None:
        if not cast("Inbox", self.event_handler).mute:
            await super().smtp_QUIT(arg)

    async def smtp_DATA(self, arg: str) -> None:
        inbox = cast("Inbox", self.event_handler)
        if not inbox.cut:
            await super().smtp_DATA(arg)
            return
        inbox.cut -= 1
        await self.push("354 go on")
        await self._reader.read(200)
        self.transport.abort()


class _Controller(Controller):
    def __init__(self, inbox: Inbox, tls: ssl.SSLContext | None, *, implicit: bool, **options: Any) -> None:
        self._options = options | ({} if implicit else {"tls_context": tls})
        super().__init__(inbox, HOST, 0, ssl_context=tls if implicit else None)

    def factory(self) -> SMTP:
        return _Cutting(self.handler, **self._options)

    def _trigger_server(self) -> None:
        """It would ask port 0 whether it is there; the socket that was bound knows which one it is."""
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def _login(server: SMTP, session: Session, envelope: Envelope, mechanism: str, auth: object) -> AuthResult:
    assert isinstance(auth, LoginPassword)
    known = (auth.login, auth.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=known, handled=False)


@contextmanager
def mail_server(
    folder: Path, security: str = "starttls", *, login: bool = False
) -> Iterator[tuple[Inbox, int, TlsFiles]]:
    """Inbox and port of a running server, and the authority to be trusted."""
    files = ensure_loopback_tls(folder)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(files.cert_file, files.key_file)
    inbox = Inbox()
    options: dict[str, Any] = {"hostname": "mail.test"}
    if security == "starttls":
        options["require_starttls"] = True
    if login:
        options |= {
            "authenticator": _login,
            "auth_required": True,
            "auth_require_tls": security == "starttls",
        }
    tls = None if security == "none" else context
    controller = _Controller(inbox, tls, implicit=security == "tls", **options)
    controller.start()
    try:
        yield inbox, controller.port, files
    finally:
        if inbox.held is not None:
            inbox.held.set()
        controller.stop()
