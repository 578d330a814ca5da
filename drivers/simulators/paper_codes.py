"""Bar codes and QR codes that a receipt printer draws by itself."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import segno
import zxingcpp

from drivers.simulators.paper_glyphs import Bits, stretch

_LEVELS: tuple[str, ...] = ("l", "m", "q", "h")
_SYSTEMS = {0: "UPCA", 1: "UPCE", 2: "EAN13", 3: "EAN8", 4: "Code39", 5: "ITF", 6: "Codabar"}
_SYSTEMS |= {key + 65: name for key, name in _SYSTEMS.items()} | {72: "Code93", 73: "Code128"}


class CodeMaker:
    """Holds what ``GS ( k`` stored and how to draw it; made anew by ``ESC @``."""

    def __init__(self) -> None:
        self._stored = b""
        self._module = 3
        self._level = 0

    def two_dimensional(self, data: bytes) -> Bits | None:
        """Obey one ``GS ( k`` function; the picture when it was the one that prints."""
        if len(data) < 2 or data[0] != 49:  # 49 is QR; other symbologies print nothing here
            return None
        function, rest = data[1], data[2:]
        if function == 67 and rest:
            self._module = max(1, min(16, rest[0]))
        elif function == 69 and rest:
            self._level = rest[0] - 48 if 48 <= rest[0] <= 51 else 0
        elif function == 80:
            self._stored = rest[1:]
        elif function == 81 and self._stored:
            code = segno.make_qr(self._stored, error=_LEVELS[self._level], boost_error=False)
            dots = np.asarray([list(row) for row in code.matrix], np.uint8)
            return stretch(dots, self._module, self._module)
        return None

    @staticmethod
    def linear(system: int, data: bytes, module: int, height: int) -> Bits | None:
        """A ``GS k`` bar code of ``module`` dots a bar; None when the symbology or its content is not allowed."""
        name = _SYSTEMS.get(system)
        if name is None:
            return None
        text = data.decode("ascii", "replace")
        if name == "Code128" and text[:1] == "{":
            text = text[2:]
        create: Callable[..., object] = zxingcpp.create_barcode
        write: Callable[..., object] = zxingcpp.write_barcode_to_image
        try:
            code = create(text, getattr(zxingcpp.BarcodeFormat, name))
            grey = np.asarray(write(code, scale=1, add_quiet_zones=False))
        except (ValueError, RuntimeError, AttributeError):
            return None
        row = (grey[grey.shape[0] // 2] < 128).astype(np.uint8)
        return stretch(row[None, :], module, height)
