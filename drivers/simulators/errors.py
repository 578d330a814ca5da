"""What can go wrong in the simulated cabinet, in words that say what to do next."""

from __future__ import annotations


class SimulatorError(Exception):
    """Root of the simulators' errors; the message is meant for the person at the control page."""


class UnknownDeviceError(SimulatorError):
    """No simulator of that name stands in this cabinet."""


class UnknownActionError(SimulatorError):
    """The simulator has no such action."""


class BadParameterError(SimulatorError):
    """An action was given something it cannot use."""


class ActionRefusedError(SimulatorError):
    """The action is known but impossible now (take from a closed tray, scan with an unplugged scanner)."""


class CabinetNotRunningError(SimulatorError):
    """No cabinet answers in that directory."""


class BackendUnavailableError(SimulatorError):
    """A part of the machine that a backend needs is missing (``ippeveprinter``, a name service bus)."""
