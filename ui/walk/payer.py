"""How the scripted visitor pays: by the code on the screen, by a code of their own, by card, or by agreement."""

from __future__ import annotations

import time
from pathlib import Path

import zxingcpp
from PIL import Image

from ui.walk.album import Album
from ui.walk.hands import Hands
from ui.walk.touch import Finger, NotThere
from ui.walk.wish import Seen, Wish

PAYER = "138****1234"
"""As the acquirer tells whose phone it was."""


class Payer:
    """Pays once, as wished. ``act`` is called for each state of the page, and False asks to be called again."""

    def __init__(self, wish: Wish, finger: Finger, hands: Hands, album: Album) -> None:
        self._wish, self._finger, self._hands, self._album = wish, finger, hands, album
        self._paid_at: float | None = None
        self._carded = False
        self._shown: list[str] = []
        self._answered: set[str] = set()
        self._paying_at = ""

    def act(self, seen: Seen) -> bool | None:
        """What a payer does in this state of the page."""
        if self._wish.phone != "scans" and seen.state in ("waiting", "confirming"):
            return self._show_code(seen)
        if seen.state == "waiting" and self._paid_at is not None:
            return self._grow_impatient(self._paid_at)
        picture = self._album.take(f"pay-{seen.state}")
        match seen.state:
            case "waiting" if self._wish.card and not self._carded:
                self._carded = True
                self._finger.tap("second:card")
            case "waiting" if self._wish.debit and not self._carded:
                self._carded = True
                self._finger.tap("second:debit")
            case "agree":
                self._finger.tap("main")
            case "insert" | "again":
                self._hands.do("pos", "present", card=self._wish.card, entry="chip", pin="right")
            case "remove":
                self._finger.tap("main")
            case "waiting" if self._wish.pay:
                self._hands.do("phone", "pay", qr=read_code(picture), payer=PAYER)
                self._paid_at = time.monotonic()
                return False
            case "waiting":
                self._finger.tap("second:later")
            case "doubt":
                self._finger.tap("main")
            case "expired" | "declined" | "ended":
                self._finger.tap("second:later")
        return None

    def _show_code(self, seen: Seen) -> bool:
        """The phone's own code before the reader; whoever refuses it once shows another."""
        picture = self._album.take(f"pay-{seen.state}")
        last = self._shown[-1] if self._shown else ""
        if seen.state == "waiting" and (not last or last in self._answered):
            self._paying_at = read_code(picture)
            told = self._hands.do("phone", "showCode", qr=self._paying_at, payer=PAYER)
            self._shown.append(str(told["code"]))
            self._hands.do("barcode", "scan", text=self._shown[-1])
        elif seen.state == "confirming" and last not in self._answered:
            yes = self._wish.phone == "shows" or bool(self._answered)
            self._answered.add(last)
            self._hands.do("phone", "answer", qr=self._paying_at, code=last, yes=yes)
        return False

    def _grow_impatient(self, paid_at: float) -> bool:
        """The phone says paid and the screen does not: at last the visitor touches the way on."""
        if self._wish.patience_s is None:
            return True
        if time.monotonic() < paid_at + self._wish.patience_s:
            return False
        self._finger.tap("second:later")
        return True


def read_code(picture: Path) -> str:
    """The QR code on a picture of the page, as a phone's camera would read it; raises ``NotThere``."""
    with Image.open(picture) as image:
        found = zxingcpp.read_barcodes(
            image.convert("L"), formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
        )
    if not found:
        raise NotThere(f"no code can be read on {picture.name}")
    return str(found[0].text)
