"""Every known way in which hardware, or the way to it, can fail; anything else that is raised is our own bug.

A driver raises these; a device service turns each into the XFS4IoT completion the class names
(``completion``) and, when it has one, the command's own error code (``code``). Messages are for the
technician: what happened and what to do next. They never hold personal data.
"""

from __future__ import annotations

from typing import ClassVar


class DeviceError(Exception):
    """Root. ``completion`` is the XFS4IoT completion code; ``code`` the command's errorCode, if it has one.

    With a code that the running command declares, the completion is ``commandErrorCode`` and the code
    travels in the payload; with one that it does not declare, the class's ``completion`` is used alone.
    """

    completion: ClassVar[str] = "hardwareError"
    default_code: ClassVar[str | None] = None

    def __init__(self, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.code = code if code is not None else self.default_code


class DeviceNotReady(DeviceError):
    """The hardware is not there, not powered, or the link to it is down: nothing has been moved."""

    completion = "deviceNotReady"


class LinkLost(DeviceNotReady):
    """The link broke in the middle of an exchange: what the hardware did since is not known."""


class DriverDied(LinkLost):
    """The driver's own process ended in the middle of it: it crashed, or was killed because it hung."""


class DeadlinePassed(DeviceError):
    """The deadline came first; the hardware is in a known state."""

    completion = "timeOut"


class MediaMissing(DeadlinePassed):
    """No card, paper or code was presented before the deadline, or it was taken away too early."""

    default_code = "noMedia"


class MediaInvalid(DeviceError):
    """What was presented is not what this device reads (``invalidMedia``, ``cardCollision``)."""

    completion = "userError"
    default_code = "invalidMedia"


class MediaMustBeRepresented(MediaInvalid):
    """The card has to be taken off and laid on again before it can be read."""

    default_code = "mediaMustBeRepresented"


class ReadFailed(DeviceError):
    """The media was there but its data came out wrong (check sum, torn answer)."""

    default_code = "invalidData"


class SecurityFailed(DeviceError):
    """Authentication between card and security module failed, or the module failed its own test.

    ``code`` is ``securityFail`` (the card) or ``samSelfTestFailed`` (the module).
    """

    default_code = "securityFail"


class HardwareFault(DeviceError):
    """The device says so itself: ``code`` names it in XFS4IoT words (``paperJammed``, ``shutterFail`` …)."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or f"the device reports {code}; see the jam guide", code)


class ProtocolError(DeviceError):
    """The device answered something that is not of its protocol, even after the repeats it allows."""


class UnsupportedData(DeviceError):
    """A legal value that this device lacks (an orientation, a symbology, a paper source)."""

    completion = "unsupportedData"


class InvalidData(DeviceError):
    """A value that no device could use: a PDF that is none, an empty receipt, a number too long."""

    completion = "invalidData"


class UnsupportedOperation(DeviceError):
    """The device has no such function at all."""

    completion = "unsupportedCommand"


class UserFault(DeviceError):
    """Only a hand can mend it here and now: an open cover, a sheet left behind."""

    completion = "userError"


class SequenceError(DeviceError):
    """The call makes sense, but not now (present with an empty tray, print during an exchange)."""

    completion = "sequenceError"


class NotAuthorised(DeviceError):
    """The client's token lacks the role the command needs."""

    completion = "authorisationRequired"


class DriverConfigError(Exception):
    """A driver cannot be built from its settings; the message names the option and what to write there."""


class WrongRole(DriverConfigError):
    """The driver that is named cannot play the role it is named for."""


class UnknownDriver(DriverConfigError):
    """No driver of that name is registered."""


class StoreError(Exception):
    """``devices.db`` cannot be used: locked by another program, of a newer version, or damaged."""
