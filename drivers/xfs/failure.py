"""From an exception to the completion that tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from drivers.errors import DeadlinePassed, DeviceError
from drivers.xfs.catalogue import AnyCommand
from drivers.xfs.payload import Payload
from drivers.xfs.words import CompletionCode


class CommandFailed(DeviceError):
    """A command that ends otherwise than well but has something to say: the payload it carries all the same."""

    def __init__(
        self,
        message: str,
        code: str | None = None,
        payload: Payload | None = None,
        generic: CompletionCode = CompletionCode.HARDWARE_ERROR,
    ) -> None:
        super().__init__(message, code)
        self.payload = payload
        self.generic = generic


@dataclass(frozen=True, slots=True)
class Ending:
    """What a completion says."""

    code: CompletionCode
    payload: dict[str, Any] | None = None
    description: str | None = None


def ending_of(error: DeviceError, command: AnyCommand, *, too_late: bool) -> Ending:
    """The completion of ``error``: its own code if ``command`` declares it, else the generic one.

    A wait that ran out (``too_late``) is ``timeOut``, whatever was missing.
    """
    body: dict[str, Any] = {}
    generic = CompletionCode(error.completion)
    if isinstance(error, CommandFailed):
        generic = error.generic
        body = error.payload.wire() if error.payload is not None else {}
    if isinstance(error, DeadlinePassed) and too_late:
        return Ending(CompletionCode.TIME_OUT, body, str(error))
    if error.code is not None and error.code in command.errors:
        return Ending(CompletionCode.COMMAND_ERROR_CODE, {"errorCode": error.code, **body}, str(error))
    note = f"{error} [{error.code}]" if error.code is not None else str(error)
    return Ending(generic, body, note)


def explain(error: ValidationError) -> str:
    """What is wrong with a payload, without repeating what was sent: it may be personal."""
    problems = error.errors(include_input=False, include_url=False, include_context=False)
    return "; ".join(f"{'.'.join(map(str, p['loc'])) or 'payload'}: {p['msg']}" for p in problems[:5])
