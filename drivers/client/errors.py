"""What a client learns when a device command does not succeed; each says whether anything may have happened."""

from __future__ import annotations

from collections.abc import Mapping


class DeviceClientError(Exception):
    """Root of what the device program's clients raise on purpose.

    ``payload`` is what the completion carried all the same, such as the sheets that did move.
    """

    payload: Mapping[str, object] = {}


class DeviceUnavailable(DeviceClientError):
    """No connection to the service of a role, or it was lost before the completion.

    With ``under_way`` the request had been sent: its outcome is not known; ask for the job, never send blindly.
    """

    def __init__(self, role: str, reason: str, *, under_way: bool = False) -> None:
        self.role, self.reason, self.under_way = role, reason, under_way
        super().__init__(f"{role}: {reason}")


class TokenInTheClear(DeviceUnavailable):
    """A token was to be sent over ``ws://`` to another machine; nothing was sent, nothing was opened."""

    def __init__(self, role: str, uri: str) -> None:
        super().__init__(role, f"{uri} would take our token over an open wire; use wss:// for that service")


class BookLost(DeviceUnavailable):
    """The service does not know the job, and its book is not the one that the job would stand in: nobody knows."""

    def __init__(self, role: str) -> None:
        super().__init__(role, "the book that the job would stand in was lost", under_way=True)


class WrongService(DeviceUnavailable):
    """The service named for a role lacks the interface by which we drive that role; nothing was moved."""

    def __init__(self, role: str, uri: str, interface: str) -> None:
        self.interface = interface
        super().__init__(
            role,
            f"the service at {uri} has no {interface}; where it has the standard's class alone, name it in "
            "devices.toml under [[services]] with a driver xfs4iot-…, else name another URI",
        )


class DeviceCommandFailed(DeviceClientError):
    """The service completed the command without success.

    ``error_code`` is the command's own word (with ``commandErrorCode``), else empty; ``payload`` may hold data.
    """

    def __init__(
        self,
        role: str,
        completion_code: str,
        error_code: str = "",
        description: str = "",
        payload: Mapping[str, object] | None = None,
    ) -> None:
        self.role, self.completion_code, self.error_code = role, completion_code, error_code
        self.description, self.payload = description, payload or {}
        said = error_code or completion_code
        super().__init__(f"{role}: {said}{f' ({description})' if description else ''}")


class DeviceTimeout(DeviceCommandFailed):
    """The time given ran out (``timeOut``, or no completion at all)."""

    def __init__(self, role: str, description: str = "", payload: Mapping[str, object] | None = None) -> None:
        super().__init__(role, "timeOut", "", description, payload)


class DeviceCanceled(DeviceCommandFailed):
    """The command was cancelled."""

    def __init__(self, role: str, payload: Mapping[str, object] | None = None) -> None:
        super().__init__(role, "canceled", "", "", payload)


class DeviceRefused(DeviceClientError):
    """The service refused the message itself (``invalidMessage``, ``tooManyRequests`` …): nothing happened."""

    def __init__(self, role: str, status: str) -> None:
        self.role, self.status = role, status
        super().__init__(f"{role}: the service refused the message ({status})")


class MessageTooLong(DeviceRefused):
    """A command longer than services take: it was not sent, since it would cost the connection and so its outcome."""

    def __init__(self, role: str, length: int, limit: int) -> None:
        super().__init__(role, f"{length} bytes, and a service takes {limit}; make the document smaller")


class AnswerNotUnderstood(DeviceClientError):
    """The service completed the command with what is no answer of its interface; whatever it did is done.

    The words name the command alone: what came may be somebody's data.
    """

    def __init__(self, role: str, name: str) -> None:
        self.role, self.name = role, name
        super().__init__(
            f"{role}: the answer to {name} is not what its interface has; ask the vendor of the service for one "
            "that fits, or name another URI"
        )
