"""A code scanner in HID point-of-sale mode: input reports of usage page 8C back to codes.

The report is the one that scanners of this kind have in common: report id 2, number of data bytes, three bytes of
the symbology identifier (usages FB to FD), 56 data bytes (usage FE), two bytes of the maker's own, and in the last
byte whether the code goes on in the next report (usage FF, Decode Data Continued). Usages: HID Point of Sale Usage
Tables 1.02, section 3; the places as makers' manuals give them (Access-IS LSR118, appendix B).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from drivers.protocols.barcode import MAX_CODE

SIZE: Final = 64
_ID: Final = 2
_AIM: Final = slice(2, 5)
_DATA: Final = 5
_MOST: Final = 56
_CONTINUED: Final = 63


class ReportCutter:
    """Joins reports, cut anywhere, to codes; each with its symbology identifier in front, as on a serial line."""

    def __init__(self, limit: int = MAX_CODE) -> None:
        self._limit = limit
        self._reports = bytearray()
        self._code = bytearray()
        self._dropping = False
        self.dropped = 0
        """Codes thrown away because of their length or because a report of them was none."""

    @property
    def pending(self) -> bool:
        """Never: the rest of a code that was forgotten is known for one."""
        return False

    def reset(self) -> None:
        """Forget the beginning of a code, whose rest is then none."""
        self._dropping = self._dropping or bool(self._code)

    def restart(self) -> None:
        """The device was opened anew."""
        self._forget()
        self._reports.clear()

    def idle(self) -> list[bytes]:
        """Nothing came for longer than a scanner takes between two reports of a code: half a code is none."""
        self.restart()
        return []

    def _forget(self) -> None:
        self._code.clear()
        self._dropping = False

    def feed(self, chunk: bytes) -> list[bytes]:
        """The codes complete with ``chunk``. A report of another id comes as a chunk of its own."""
        if not self._reports and chunk[:1] != bytes((_ID,)):
            return []
        self._reports += chunk
        return [code for report in self._whole() if (code := self._joined(report))]

    def _whole(self) -> Iterator[bytes]:
        reports = self._reports
        while len(reports) >= SIZE:
            if reports[0] != _ID or reports[1] > _MOST or reports[_CONTINUED] > 1:
                del reports[0]
                self._dropping = self._dropping or bool(self._code)
                continue
            report = bytes(reports[:SIZE])
            del reports[:SIZE]
            yield report

    def _joined(self, report: bytes) -> bytes | None:
        """The code that ends with ``report``."""
        aim = report[_AIM]
        if not self._code and aim[:1] == b"]":
            self._code += aim
        self._code += report[_DATA : _DATA + report[1]]
        if len(self._code) > self._limit:
            self._dropping = True
            del self._code[self._limit :]
        if report[_CONTINUED]:
            return None
        code, dropping = bytes(self._code), self._dropping
        self._forget()
        if dropping:
            self.dropped += 1
            return None
        return code
