"""Who may speak to the devices: a token for each client program, with its roles.

The file is ``{"<token>": {"client": "kiosk-run", "roles": ["operator"]}}``. ``operator`` may exchange stock
and unlock units; a client whose only role is ``monitor`` may ask but not move anything.

The standard has no login, so a client that knows nothing but the published messages cannot send a header. Its entry
says ``"in_path": true``: its token is then the first part of the path of the URI it is configured with. A URI is
written to more places than a header, so such a token opens nothing of the operator's, and is never taken otherwise.
"""

from __future__ import annotations

import hmac
import json
import logging
import os
import re
import secrets
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

log = logging.getLogger("kiosk.devices.auth")

OPERATOR: Final = "operator"
MONITOR: Final = "monitor"
FIRST_CLIENTS: Final = (
    ("kiosk-run", ("application", OPERATOR)),
    ("operator", (OPERATOR,)),
    ("monitor", (MONITOR,)),
)
_MIN_TOKEN: Final = 16
_PATH_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{32,128}", re.ASCII)
"""What stands in a path as it is; 32 characters of base64url are 192 random bits."""


@dataclass(frozen=True, slots=True)
class Client:
    """A program that showed a token."""

    name: str
    roles: frozenset[str]
    in_path: bool = False
    """Lets itself in by the path of its URI."""
    prefix: str = ""
    """What stands before the paths of its URIs, once it was let in."""

    @property
    def operator(self) -> bool:
        """May exchange stock, unlock units, and take a device over from a client that does nothing."""
        return OPERATOR in self.roles

    @property
    def may_move(self) -> bool:
        """May use the device, and not only look at it."""
        return self.roles != frozenset({MONITOR})


class TokenFileError(Exception):
    """``tokens.json`` cannot be used; the message says what to write."""


def read_tokens(path: Path) -> dict[str, Client]:
    """The clients of a token file; raise ``TokenFileError``."""
    example = '{"<token>": {"client": "kiosk-run", "roles": ["application"]}}'
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except PermissionError:
        raise TokenFileError(f"{path} may not be read; be root or a member of the group kiosk") from None
    except FileNotFoundError:
        raise TokenFileError(f"{path} is not there; start the device program once, it makes it") from None
    except OSError as error:
        raise TokenFileError(f"{path} cannot be read: {error.strerror}; write {example}") from None
    except ValueError as error:
        raise TokenFileError(f"{path} is no JSON: {error}; write {example}") from None
    if not isinstance(found, dict):
        raise TokenFileError(f"{path} is no JSON object; write {example}")
    clients = {}
    for number, (token, entry) in enumerate(found.items(), 1):
        name = entry.get("client") if isinstance(entry, dict) else None
        roles = entry.get("roles") if isinstance(entry, dict) else None
        if not isinstance(name, str) or not name or not isinstance(roles, list) or len(token) < _MIN_TOKEN:
            raise TokenFileError(
                f"{path}: entry {number} is not usable; write {example}, {_MIN_TOKEN}+ characters"
            )
        client = Client(name, frozenset(map(str, roles)), entry.get("in_path", False) is True)
        if client.in_path and (client.operator or not _PATH_TOKEN.fullmatch(token)):
            raise TokenFileError(
                f"{path}: entry {number} is in_path: its token needs 32 to 128 letters, digits, - or _, "
                f"and its roles must not have '{OPERATOR}'"
            )
        clients[token] = client
    return clients


def write_first_tokens(path: Path) -> None:
    """A token file with a fresh token for each kind of client, readable by its owner and group alone.

    Raise ``TokenFileError`` when it cannot be written; a file that is there already is kept.
    """
    body = {
        secrets.token_urlsafe(32): {"client": name, "roles": list(roles)} for name, roles in FIRST_CLIENTS
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
    except FileExistsError:
        return
    except OSError as error:
        raise TokenFileError(
            f"{path} cannot be written: {error.strerror}; check the folder's rights"
        ) from None
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(body, file, indent=1)


class Tokens:
    """The clients of a token file, read again whenever the file changes; the last good ones are kept."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp = self._look()
        self._clients = read_tokens(path)

    def _look(self) -> tuple[int, int]:
        try:
            state = self._path.stat()
        except OSError:
            return (0, 0)
        return (state.st_mtime_ns, state.st_ino)

    def client(self, authorization: str | None) -> Client | None:
        """The client behind an ``Authorization: Bearer`` header, or None."""
        self._refresh()
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        return self._of(token.strip(), in_path=False)

    def client_of_path(self, path: str) -> tuple[Client | None, str]:
        """The client whose token is the first part of ``path``, and the rest of the path."""
        self._refresh()
        token, _, rest = path.removeprefix("/").partition("/")
        client = self._of(token, in_path=True)
        return (None, path) if client is None else (replace(client, prefix=f"/{token}"), f"/{rest}")

    def _of(self, token: str, *, in_path: bool) -> Client | None:
        """All are compared, so that how long it takes tells nothing."""
        shown = token.encode("utf-8", "surrogateescape")
        found = None
        for known, client in self._clients.items():
            if hmac.compare_digest(known.encode("utf-8"), shown) and client.in_path is in_path:
                found = client
        return found

    def _refresh(self) -> None:
        stamp = self._look()
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._clients = read_tokens(self._path)
            log.info("tokens read again: %d clients", len(self._clients))
        except TokenFileError as error:
            log.error("the token file changed and is not used: %s", error)


def token_of(path: Path, role: str) -> str:
    """A token with ``role``, for a program that runs on this machine; raise ``TokenFileError``.

    That of the client with the fewest other roles: the technician's bench must not speak in the screen program's name,
    whose devices it would share, and who is said to have done what it does.
    """
    fitting = {token: client for token, client in read_tokens(path).items() if role in client.roles}
    if not fitting:
        raise TokenFileError(f"{path} has no client with the role '{role}'; add one")
    return min(fitting, key=lambda token: len(fitting[token].roles))
