"""What the scripted visitor lays under a camera or on a scanner, one sheet after the other."""

from __future__ import annotations

from ui.walk.album import Album
from ui.walk.hands import Hands
from ui.walk.torn import Torn
from ui.walk.touch import Finger, NotThere
from ui.walk.wish import Seen, Wish

SHEETS = 3
"""How often a sheet is laid under the camera: one is laid again, two are kept."""


class Papers:
    """Lays sheets, looks at them and takes them back."""

    def __init__(self, wish: Wish, finger: Finger, hands: Hands, album: Album) -> None:
        self._wish, self._finger, self._hands, self._album = wish, finger, hands, album
        self._sheets = 0

    def act(self, seen: Seen) -> None:
        """Two sheets, one after the other; the first is taken again once, and looked at among those kept."""
        self._album.take(f"pages-{seen.state}")
        if self._wish.torn:
            self._lay(seen, self._wish.torn)
            return
        match seen.state:
            case "ready" | "again":
                self._sheets += 1
                self._hands.do("documentCamera", "lay", kind="taxForm", seed=self._sheets)
                self._finger.tap("main")
            case "shown" if self._sheets == 1:
                self._finger.tap("second:again")
            case "shown":
                self._finger.tap("main")
            case "list" if self._sheets < SHEETS:
                self._finger.tap("second:more")
            case "list":
                self._hands.do("documentCamera", "take")
                self._finger.tap("main")

    def _lay(self, seen: Seen, sheet: Torn) -> None:
        """The sheet where the page shows, once: what cannot be read of it then is told and not tried again."""
        if seen.state == "ready":
            if seen.page["illustration"] != sheet.role:
                raise NotThere(f"the page shows {seen.page['illustration']}, the sheet is for {sheet.role}")
            self._hands.do(sheet.role, "lay", kind="invoice", file=str(sheet.file))
            self._finger.tap("main")
        elif seen.state == "again":
            raise NotThere(f"nothing was read off the sheet: {seen.page['message']}")
