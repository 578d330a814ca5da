"""Messages as text: what is read is checked part by part, what is written is exactly as the standard has it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from drivers.xfs.words import CompletionCode, MessageType, Refusal

MAX_MESSAGE: Final = 2 * 1024 * 1024
"""Longest incoming message in bytes; a longer one closes the connection with 1009."""
MAX_REQUEST_ID: Final = 2**31 - 1
_LONGEST_SHOWN: Final = 2**63 - 1
MAX_TIMEOUT_MS: Final = 24 * 3600 * 1000
"""A longer one counts as this: a client without a limit of its own may write the largest number it has."""

UNREAD_VERSION: Final = "1.0"
"""Of the acknowledge of a command whose own version cannot be read."""

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9]{0,63}\.[A-Za-z][A-Za-z0-9]{0,63}", re.ASCII)
_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")
_VERSION: Final = re.compile(r"[1-9][0-9]{0,4}\.(?:[1-9][0-9]{0,4}|0)", re.ASCII)


class Refused(Exception):
    """An incoming message that gets an acknowledge with a status, and nothing else."""

    def __init__(
        self, status: Refusal, name: str, request_id: int, why: str, version: str = UNREAD_VERSION
    ) -> None:
        super().__init__(why)
        self.status = status
        self.name = name
        self.request_id = request_id
        self.version = version


@dataclass(frozen=True, slots=True)
class CommandMessage:
    """A command as received. ``payload`` is not yet checked; None stands for absent and null."""

    name: str
    request_id: int
    version: str
    timeout_ms: int
    payload: object

    @property
    def major(self) -> int:
        """The part of the version that must be known."""
        return int(self.version.partition(".")[0])


@dataclass(frozen=True, slots=True)
class Reply:
    """Anything a service sends, as a client reads it; tolerant of old and of the reference servers."""

    name: str
    type: MessageType
    request_id: int | None
    payload: dict[str, Any]
    status: str | None = None
    completion_code: str | None = None
    description: str | None = None


def _no_constant(_: str) -> NoReturn:
    raise ValueError("NaN and Infinity are no JSON")


def _parse(data: str | bytes) -> Any:
    """The JSON value; ``ValueError`` for anything that is none, however it is broken."""
    try:
        text = data if isinstance(data, str) else data.decode("utf-8")
        return json.loads(text, parse_constant=_no_constant)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def read_command(data: str | bytes) -> CommandMessage:
    """The command in ``data``; raise ``Refused`` with whatever could be read of it."""
    try:
        whole = _parse(data)
    except ValueError as error:
        raise Refused(Refusal.INVALID_MESSAGE, "", 0, f"not JSON: {error}") from None
    header = whole.get("header") if isinstance(whole, dict) else None
    if not isinstance(header, dict):
        raise Refused(Refusal.INVALID_MESSAGE, "", 0, "no header")
    name, number = header.get("name"), header.get("requestId")
    known_name = name if isinstance(name, str) and _NAME.fullmatch(name) else ""
    known_id = _id(number)
    version = _version(header.get("version"))
    why = _wrong_header(header, known_name)
    if why:
        raise Refused(Refusal.INVALID_MESSAGE, known_name, _shown(number), why, version or UNREAD_VERSION)
    if not known_id:
        why = f"requestId is no integer from 1 to {MAX_REQUEST_ID}"
        raise Refused(Refusal.INVALID_REQUEST_ID, known_name, _shown(number), why, version)
    timeout = min(header.get("timeout") or 0, MAX_TIMEOUT_MS)
    return CommandMessage(known_name, known_id, version, timeout, whole.get("payload"))


def _id(value: object) -> int:
    """``value`` when it is a usable requestId, else 0."""
    usable = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MAX_REQUEST_ID
    return value if usable and isinstance(value, int) else 0


def _shown(value: object) -> int:
    """The number under which a client waits for its refusal, be it usable or not; 0 when there is none to be told."""
    whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _LONGEST_SHOWN
    return value if whole and isinstance(value, int) else 0


def _version(value: object) -> str:
    """``value`` when it is a version, else nothing."""
    return value if isinstance(value, str) and _VERSION.fullmatch(value) else ""


def _wrong_header(header: dict[str, Any], name: str) -> str:
    """What is wrong with a header besides its requestId, or nothing."""
    timeout = header.get("timeout")
    if not name:
        return "no readable name"
    if header.get("type") != MessageType.COMMAND:
        return "type is not command"
    if not _version(header.get("version")):
        return "version is not major.minor"
    if timeout is not None and (not isinstance(timeout, int) or isinstance(timeout, bool) or timeout < 0):
        return "timeout is no integer of milliseconds"
    return ""


def _write(header: dict[str, Any], payload: dict[str, Any] | None) -> str:
    return _text({"header": header, "payload": payload} if payload else {"header": header})


def _text(message: dict[str, Any]) -> str:
    """The message as text that a WebSocket can carry; half a surrogate pair, which it cannot, becomes ``?``."""
    text = json.dumps(message, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", "replace").decode("utf-8")


def write_command(name: str, request_id: int, version: str, timeout_ms: int, payload: dict[str, Any]) -> str:
    """A command; its payload is sent even when empty, since some servers look into it."""
    header = {
        "name": name,
        "requestId": request_id,
        "type": MessageType.COMMAND,
        "version": version,
        "timeout": timeout_ms,
    }
    return _text({"header": header, "payload": payload})


def write_acknowledge(name: str, request_id: int, version: str, status: Refusal | None = None) -> str:
    """The first answer to a command; with a status it is also the last."""
    header: dict[str, Any] = {
        "name": name,
        "requestId": request_id,
        "type": MessageType.ACKNOWLEDGE,
        "version": version,
    }
    if status is not None:
        header["status"] = status
    return _write(header, None)


def write_event(name: str, request_id: int, version: str, payload: dict[str, Any]) -> str:
    """An event of one request."""
    header = {"name": name, "requestId": request_id, "type": MessageType.EVENT, "version": version}
    return _write(header, payload)


def write_unsolicited(
    name: str, version: str, payload: dict[str, Any], kind: MessageType = MessageType.UNSOLICITED
) -> str:
    """A message to every connection; ``kind`` is EVENT for clients that know no other type."""
    return _write({"name": name, "type": kind, "version": version}, payload)


def write_completion(
    name: str,
    request_id: int,
    version: str,
    code: CompletionCode,
    payload: dict[str, Any] | None = None,
    description: str | None = None,
) -> str:
    """The last answer to a command."""
    header: dict[str, Any] = {
        "name": name,
        "requestId": request_id,
        "type": MessageType.COMPLETION,
        "version": version,
        "completionCode": code,
    }
    if description and code is not CompletionCode.SUCCESS:
        header["errorDescription"] = description
    return _write(header, payload)


def read_reply(data: str | bytes) -> Reply:
    """What a service sent; ``ValueError`` when it is no message at all.

    An event without a requestId is unsolicited whatever its type, and so is an unsolicited one with a number;
    old services put status and completion code into the payload. Half surrogate pairs, which no journal and no
    WebSocket can hold, are read as ``?``.
    """
    text = data if isinstance(data, str) else data.decode("utf-8")
    whole = _unicode(_parse(text)) if _SURROGATE.search(text) else _parse(text)
    header = whole.get("header") if isinstance(whole, dict) else None
    if not isinstance(header, dict) or not isinstance(header.get("name"), str):
        raise ValueError("a message without a header or a name")
    payload = whole.get("payload")
    body: dict[str, Any] = payload if isinstance(payload, dict) else {}
    kind = MessageType(str(header.get("type")))
    request_id = _id(header.get("requestId")) or None
    if kind is MessageType.EVENT and request_id is None:
        kind = MessageType.UNSOLICITED
    if kind is MessageType.UNSOLICITED:
        request_id = None
    code = description = status = None
    if kind is MessageType.COMPLETION:
        told = _word("completionCode", header, body) or ""
        code = _CODES.get(told.lower(), told)
        description = _word("errorDescription", header, body)
    if kind is MessageType.ACKNOWLEDGE:
        status = _word("status", header, body)
    return Reply(header["name"], kind, request_id, body, status, code, description)


_CODES: Final = {code.value.lower(): code.value for code in CompletionCode}


def _word(name: str, header: dict[str, Any], body: dict[str, Any]) -> str | None:
    """A text of the header, or of the payload where the header has none."""
    found = header.get(name) or body.get(name)
    return str(found) if found else None


def _unicode(value: Any) -> Any:
    """``value`` with only such text as can be encoded; ``ValueError`` for what is nested too deeply."""
    try:
        text = json.dumps(value, ensure_ascii=False)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return _parse(text.encode("utf-8", "replace"))
