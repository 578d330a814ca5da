"""SMTP's other side (RFC 5321, with STARTTLS of RFC 3207 and AUTH PLAIN of RFC 4954), for demonstrations alone.

What comes is a file in the mailbox's folder, as it came, byte for byte. There is no code here that sends: a letter to
any address of the world ends in a folder of this machine.
"""

from __future__ import annotations

import base64
import hashlib
import re
import socketserver
import ssl
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

LONGEST_LINE: Final = 1000
"""RFC 5321, 4.5.3.1.6, with its end."""
MOST_BYTES: Final = 25 * 2**20
PATIENCE_S: Final = 60.0
FULL, NOBODY, BUSY = "full", "nobody", "busy"
"""Mailboxes that play trouble: one takes nothing more, one is not there, one is busy at the first try."""
PATH = re.compile(rb"<([!-;=?-~]{1,254})>")


class Postbox(socketserver.ThreadingTCPServer):
    """Takes letters into ``folder``; ``login`` is the name and password that it wants, if any."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(
        self,
        address: tuple[str, int],
        folder: Path,
        tls: ssl.SSLContext | None,
        login: tuple[str, str] | None = None,
    ) -> None:
        """Raises ``OSError`` when the address is taken."""
        super().__init__(address, _Talk)
        self.folder, self.tls, self.login = folder, tls, login
        self.tried: set[bytes] = set()
        self.lock = threading.Lock()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def keep(self, to: str, letter: bytes) -> None:
        """A new file in the mailbox of ``to``; the same letter again is one more file."""
        box = self.folder / to
        with self.lock:
            box.mkdir(parents=True, exist_ok=True)
            number = len(list(box.glob("*.eml"))) + 1
            part = box / f"{number:04}.part"
            part.write_bytes(letter)
            part.rename(box / f"{number:04}.eml")

    def trouble(self, to: str) -> bytes | None:
        """What the mailbox's name makes of the recipient; None: it is taken."""
        local = to.partition("@")[0]
        if local == NOBODY:
            return b"550 5.1.1 no such mailbox"
        if local == FULL:
            return b"552 5.2.2 mailbox full"
        with self.lock:
            mark = hashlib.sha256(to.encode()).digest()
            known = mark in self.tried
            self.tried.add(mark)
        return b"451 4.7.1 come again later" if local == BUSY and not known else None


class _Talk(socketserver.StreamRequestHandler):
    """One connection."""

    timeout = PATIENCE_S
    server: Postbox

    def setup(self) -> None:
        super().setup()
        self.secure = self.logged_in = False
        self.sender = b""
        self.to: list[str] = []

    def finish(self) -> None:
        """The server closes the socket that it accepted; the one under TLS is ours."""
        super().finish()
        self.connection.close()

    def handle(self) -> None:
        """Until QUIT, the end of the connection, or a minute's silence."""
        self._say(b"220 postbox ESMTP")
        try:
            while line := self.rfile.readline(LONGEST_LINE + 1):
                if not line.endswith(b"\n"):
                    self._say(b"500 5.5.2 line too long")
                    return
                word, _, rest = line.strip().partition(b" ")
                if word.upper() == b"QUIT":
                    self._say(b"221 2.0.0 bye")
                    return
                self._answers().get(word.upper(), self._unknown)(rest.strip())
        except (OSError, ssl.SSLError):
            return  # who asked has gone

    def _answers(self) -> dict[bytes, Callable[[bytes], None]]:
        return {
            b"EHLO": self._hello,
            b"HELO": self._hello,
            b"STARTTLS": self._start_tls,
            b"AUTH": self._auth,
            b"MAIL": self._mail,
            b"RCPT": self._rcpt,
            b"DATA": self._data,
            b"RSET": self._reset,
            b"NOOP": lambda _: self._say(b"250 2.0.0 ok"),
        }

    def _say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")
        self.wfile.flush()

    def _unknown(self, _: bytes) -> None:
        self._say(b"500 5.5.1 not known")

    def _hello(self, _: bytes) -> None:
        self._forget()
        offers = [b"postbox", b"SIZE %d" % MOST_BYTES, b"8BITMIME", b"ENHANCEDSTATUSCODES"]
        if self.server.tls is not None and not self.secure:
            offers.append(b"STARTTLS")
        if self.server.login is not None and self._may_talk():
            offers.append(b"AUTH PLAIN")
        for offer in offers[:-1]:
            self.wfile.write(b"250-" + offer + b"\r\n")
        self._say(b"250 " + offers[-1])

    def _may_talk(self) -> bool:
        return self.secure or self.server.tls is None

    def _start_tls(self, _: bytes) -> None:
        if self.server.tls is None or self.secure:
            self._say(b"503 5.5.1 not now")
            return
        self._say(b"220 2.0.0 go ahead")
        self.rfile.close()
        self.wfile.close()
        self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb", -1)
        self.wfile = self.connection.makefile("wb", 0)
        self.secure = True
        self._forget()

    def _auth(self, rest: bytes) -> None:
        login = self.server.login
        if login is None or not self._may_talk():
            self._say(b"503 5.5.1 not now")
            return
        given = rest.partition(b" ")[2]
        wanted = base64.b64encode(f"\0{login[0]}\0{login[1]}".encode())
        self.logged_in = rest.upper().startswith(b"PLAIN") and given == wanted
        self._say(b"235 2.7.0 welcome" if self.logged_in else b"535 5.7.8 name or password is wrong")

    def _mail(self, rest: bytes) -> None:
        found = PATH.search(rest)
        if not self._may_talk():
            self._say(b"530 5.7.0 STARTTLS first")
        elif self.server.login is not None and not self.logged_in:
            self._say(b"530 5.7.0 log in first")
        elif found is None or not rest.upper().startswith(b"FROM:"):
            self._say(b"501 5.5.4 whom is it from?")
        else:
            self._forget()
            self.sender = found[1]
            self._say(b"250 2.1.0 ok")

    def _rcpt(self, rest: bytes) -> None:
        found = PATH.search(rest)
        if not self.sender:
            self._say(b"503 5.5.1 MAIL first")
            return
        to = found[1].decode().lower() if found is not None and rest.upper().startswith(b"TO:") else ""
        if not re.fullmatch(r"[a-z0-9_+-][a-z0-9._+-]*@[a-z0-9][a-z0-9.-]*", to):
            self._say(b"501 5.1.3 whom is it to?")
            return
        trouble = self.server.trouble(to)
        if trouble is None:
            self.to.append(to)
        self._say(trouble or b"250 2.1.5 ok")

    def _data(self, _: bytes) -> None:
        if not self.to:
            self._say(b"503 5.5.1 RCPT first")
            return
        self._say(b"354 end with a line that is a dot")
        letter = self._letter()
        if letter is None:
            self._say(b"552 5.3.4 too large")
            return
        for to in self.to:
            self.server.keep(to, letter)
        self._forget()
        self._say(b"250 2.0.0 kept")

    def _letter(self) -> bytes | None:
        """All lines up to the dot; raises ``ConnectionError`` when the connection ends before it."""
        lines: list[bytes] = []
        size = 0
        while True:
            line = self.rfile.readline(MOST_BYTES)
            if not line.endswith(b"\n"):
                raise ConnectionError("cut in the middle of a letter")
            if line == b".\r\n":
                return b"".join(lines) if size <= MOST_BYTES else None
            size += len(line)
            if size <= MOST_BYTES:
                lines.append(line[1:] if line.startswith(b".") else line)

    def _reset(self, _: bytes) -> None:
        self._forget()
        self._say(b"250 2.0.0 ok")

    def _forget(self) -> None:
        self.sender, self.to = b"", []
