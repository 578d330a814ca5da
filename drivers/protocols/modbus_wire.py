"""The cabinet board's traffic: doors, lights and measures, nobody's data; requests have no numbers."""

from __future__ import annotations

from typing import Final

from drivers.protocols.modbus_rtu import Function
from drivers.protocols.wire import Wire

_READS: Final = frozenset(
    {
        Function.READ_COILS,
        Function.READ_DISCRETE_INPUTS,
        Function.READ_HOLDING_REGISTERS,
        Function.READ_INPUT_REGISTERS,
    }
)


class ModbusWire(Wire):
    """Written down as it is."""

    def idle(self, key: bytes) -> bool:
        """Everything is read again and again."""
        return len(key) > 1 and key[1] in _READS
