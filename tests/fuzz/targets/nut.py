"""Lines of Network UPS Tools' upsd, their words, and a reading out of variables."""

from __future__ import annotations

from drivers.cabinet_ports import PowerReading
from drivers.errors import DeviceError, ProtocolError
from drivers.protocols.nut import LONGEST_LINE, Lines, quoted, reading, refusal, words
from tests.fuzz.oracles import cut_anywhere, refused_by

LONGEST = 256
PARSES = ("drivers.protocols.nut",)


def check(data: bytes) -> None:
    """Any stream, cut anywhere: lines of words, an error behind ERR, a reading or ``ProtocolError``."""
    variables: dict[str, str] = {}
    for line in cut_anywhere(Lines, data[3:], data[:3], lambda lines: len(lines._kept), LONGEST_LINE):
        assert "\n" not in line
        found = refused_by(ProtocolError, lambda line=line: words(line))  # type: ignore[misc]
        if not found:
            continue
        if all(word.isprintable() for word in found):
            assert words(" ".join(map(quoted, found))) == found, (
                "words that are not read as they were written"
            )
        if found[0] == "ERR":
            assert isinstance(refusal(found), DeviceError)
        elif found[0] == "VAR" and len(found) == 4:
            variables[found[2]] = found[3]
    told = refused_by(ProtocolError, lambda: reading(variables))
    assert told is None or _believable(told)


def _believable(told: PowerReading) -> bool:
    numbers = (
        told.charge_percent,
        told.runtime_s,
        told.load_percent,
        told.input_voltage,
        told.battery_voltage,
    )
    return all(number is None or abs(number) < 1e9 for number in numbers)


def seeds() -> list[bytes]:
    """Variables of a UPS on line and on battery, odd numbers, refusals, quotes."""
    lines = (
        b'VAR hall ups.status "OL CHRG"\nVAR hall battery.charge "100"\n',
        b'VAR hall ups.status "OB DISCHRG LB"\nVAR hall battery.runtime "nan"\nVAR hall ups.load "1e99"\n',
        b"ERR DATA-STALE\nERR ACCESS-DENIED\nERR\nOK\r\n",
        b'VAR hall "a \\" b" "\\\\"\nVAR hall ups.status "open\n',
        b'VAR hall ups.status "FSD"\nBEGIN LIST VAR hall\n',
    )
    return [b"\x30\x60\x90" + part for part in lines]
