"""A port over a pipe: every method's arguments and result as CBOR, with types read from the port itself."""

from __future__ import annotations

import asyncio
import collections.abc
import inspect
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, get_origin, get_type_hints

import cbor2
from pydantic import TypeAdapter, ValidationError

from config.clock import Deadline
from drivers import errors
from drivers.errors import DeviceError, ProtocolError
from drivers.ports import Snapshot

LIMIT: Final = 64 * 1024 * 1024
_DEPTH: Final = 64
_LENGTH: Final = struct.Struct(">I")
_NOT_CALLED: Final = frozenset({"snapshot", "on_status"})
_SNAPSHOTS: Final = TypeAdapter(Snapshot)


class _Deadlines:
    """Deadlines as their moment: the monotonic clock is one for all processes of a machine."""

    def dump(self, value: Deadline) -> float | None:
        return value.at

    def load(self, value: float | None) -> Deadline:
        return Deadline(value)


class _Typed:
    """Any other type, by pydantic."""

    def __init__(self, hint: Any) -> None:
        self._adapter: TypeAdapter[Any] = TypeAdapter(hint)

    def dump(self, value: Any) -> Any:
        # A value of a wrong type is told by ``load``; pydantic's own warning would show it, and it may be somebody's.
        return _plain(self._adapter.dump_python(value, warnings=False))

    def load(self, value: Any) -> Any:
        try:
            return self._adapter.validate_python(value)
        except ValidationError:
            raise _no_message() from None


_Coder = _Deadlines | _Typed


@dataclass(frozen=True, slots=True)
class Method:
    """One method of a port; ``iterates`` when it gives an asynchronous iterator.

    ``unsaid`` are the arguments that may be left out.
    """

    name: str
    parameters: tuple[tuple[str, _Coder], ...]
    result: _Coder
    iterates: bool
    unsaid: Mapping[str, Any]

    def dump_arguments(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> list[Any]:
        """Arguments in the order of the parameters."""
        names = [name for name, _ in self.parameters]
        given = {**self.unsaid, **dict(zip(names, args, strict=False)), **kwargs}
        if len(args) > len(names) or set(given) != set(names):
            raise TypeError(f"{self.name} takes {', '.join(names)}")
        return [coder.dump(given[name]) for name, coder in self.parameters]

    def load_arguments(self, values: Sequence[Any]) -> list[Any]:
        """The arguments again."""
        return [coder.load(value) for (_, coder), value in zip(self.parameters, values, strict=True)]


def methods_of(port: type[Any]) -> dict[str, Method]:
    """The methods of a port, with those of its bases."""
    found: dict[str, Method] = {}
    for base in reversed(port.__mro__):
        for name, function in vars(base).items():
            if name.startswith("_") or name in _NOT_CALLED or not inspect.isfunction(function):
                continue
            hints = get_type_hints(function)
            answer = hints.pop("return", type(None))
            iterates = get_origin(answer) is collections.abc.AsyncIterator
            if not iterates and not inspect.iscoroutinefunction(function):
                continue
            inner = answer.__args__[0] if iterates else answer
            parameters = tuple((key, _coder(hint)) for key, hint in hints.items())
            unsaid = {
                key: told.default
                for key, told in inspect.signature(function).parameters.items()
                if told.default is not inspect.Parameter.empty
            }
            found[name] = Method(name, parameters, _coder(inner), iterates, unsaid)
    return found


def _coder(hint: Any) -> _Coder:
    return _Deadlines() if hint is Deadline else _Typed(hint)


def _plain(value: Any) -> Any:
    """Enums as their text, mappings and sequences as plain ones: what CBOR has words for."""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(inner) for inner in value]
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return value


def dump_snapshot(snapshot: Snapshot) -> dict[str, Any]:
    """A status."""
    return {
        "device": snapshot.device.value,
        "details": _plain(snapshot.details),
        "observed_at": snapshot.observed_at,
        "source": snapshot.source,
        "lost": snapshot.lost,
    }


def load_snapshot(value: Any) -> Snapshot:
    """The status again; raise ``ProtocolError`` for what is none."""
    try:
        return _SNAPSHOTS.validate_python(value)
    except ValidationError:
        raise _no_message() from None


def dump_error(error: DeviceError) -> list[Any]:
    """A known failure: its class, words and code."""
    return [type(error).__name__, str(error), error.code]


def load_error(values: Sequence[Any]) -> DeviceError:
    """The failure again; one of a class nobody knows is a plain ``DeviceError``.

    Raise ``ProtocolError`` for what is no failure.
    """
    match values:
        case [str(name), str(message), None | str() as code]:
            pass
        case _:
            raise _no_message()
    kind = getattr(errors, name, DeviceError)
    if not (isinstance(kind, type) and issubclass(kind, DeviceError)):
        kind = DeviceError
    error = kind.__new__(kind)
    Exception.__init__(error, message)
    error.code = code
    return error


async def receive(reader: asyncio.StreamReader) -> list[Any] | None:
    """The next message, None at the end; raise ``ProtocolError`` for what is none."""
    try:
        (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
        if length > LIMIT:
            raise ProtocolError("the device process sent a message that is too long")
        return decode(await reader.readexactly(length))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None


def decode(body: bytes) -> list[Any]:
    """The message in ``body``; raise ``ProtocolError`` for what is none: a driver that crashes may write anything."""
    try:
        message = cbor2.loads(body, max_depth=_DEPTH)
    except Exception as error:  # its tags call constructors, which raise what they like
        raise _no_message() from error
    if not isinstance(message, list) or not message or not isinstance(message[0], str):
        raise _no_message()
    return message


def _no_message() -> ProtocolError:
    return ProtocolError("the device process sent what is no message")


def send(writer: asyncio.StreamWriter, message: list[Any]) -> None:
    """Send one message."""
    body = cbor2.dumps(message)
    writer.write(_LENGTH.pack(len(body)) + body)
