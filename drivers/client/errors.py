"""What a client learns when a device command does not succeed; each says whether anything may have happened."""

from __future__ import annotations

from collections.abc import Mapping


class DeviceClientError(Exception):
    """Root of what the device program's clients raise on purpose."""


class DeviceUnavailable(DeviceClientError):
    """No connection to the service of a role, or it was lost before the completion."""

    def __init__(self, role: str, reason: str) -> None:
        self.role, self.reason = role, reason
        super().__init__(f"{role}: {reason}")


class DeviceCommandFailed(DeviceClientError):
    """The service completed the command without success.

    ``error_code`` is the command's own word (with ``commandErrorCode``), else empty; ``payload`` may hold data.
    """

    def __init__(
        self,
        role: str,
        completion_code: str,
        error_code: str,
        description: str,
        payload: Mapping[str, object],
    ) -> None:
        self.role, self.completion_code, self.error_code = role, completion_code, error_code
        self.description, self.payload = description, payload
        said = error_code or completion_code
        super().__init__(f"{role}: {said}{f' ({description})' if description else ''}")


class DeviceTimeout(DeviceCommandFailed):
    """The time given ran out (``timeOut``, or no completion at all)."""

    def __init__(self, role: str, description: str = "") -> None:
        super().__init__(role, "timeOut", "", description, {})


class DeviceCanceled(DeviceCommandFailed):
    """The command was cancelled."""

    def __init__(self, role: str) -> None:
        super().__init__(role, "canceled", "", "", {})


class DeviceRefused(DeviceClientError):
    """The service refused the message itself (``invalidMessage``, ``tooManyRequests`` …): nothing happened."""

    def __init__(self, role: str, status: str) -> None:
        self.role, self.status = role, status
        super().__init__(f"{role}: the service refused the message ({status})")
