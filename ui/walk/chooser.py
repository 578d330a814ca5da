"""How the scripted visitor chooses one of a few: by what they wish for, else the first that may be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ui.walk import filling
from ui.walk.album import Album
from ui.walk.touch import GUARD_MS, Finger, NotThere, towards
from ui.walk.wish import Seen, Wish


class Chooser:
    """Chooses, as wished. ``pause`` is the person's moment between two touches."""

    def __init__(self, wish: Wish, finger: Finger, album: Album, pause: Callable[[int], None]) -> None:
        self._wish, self._finger, self._album, self._pause = wish, finger, album, pause

    def act(self, seen: Seen, picking: str) -> bool | None:
        """What is chosen here, for the row of a form ``picking``; False asks to be called again."""
        shape = seen.page["shape"]
        if seen.page["action"] == "":
            self._album.take(f"choose-{shape}-for-row")
            way = towards(self._finger, filling.option_for(seen.page, picking))
            self._finger.tap(way)
            self._pause(GUARD_MS)
            return False if way == "pager:next" else None
        if shape in ("list", "many") and (not seen.page["selected"] or self._wished(seen)):
            self._finger.tap(towards(self._finger, f"option:{self._option(seen)}"))
            self._pause(400)
            return False
        if shape == "count" and seen.page["count"] < min(self._wish.count, seen.page["countMax"]):
            self._finger.tap("count:more")
            self._pause(120)
            return False
        self._album.take(f"choose-{shape}")
        self._finger.tap("main")
        return None

    def closed(self, seen: Seen) -> bool:
        """Whether the enterprise that they come for cannot be chosen, or nothing can."""
        options = seen.page["options"]
        mine = [o for o in options if self._wish.taxpayer and self._wish.taxpayer in o["note"]]
        return bool(options) and not any(o["enabled"] for o in mine or options)

    def _wished(self, seen: Seen) -> bool:
        """Whether what was chosen beforehand is not what this visitor wants."""
        offered = {option["id"] for option in seen.page["options"]} & set(self._wish.options)
        return bool(offered) and offered.isdisjoint(seen.page["selected"])

    def _principal(self, option: Mapping[str, Any]) -> bool:
        """Whether it is who the visitor acts for."""
        return bool(self._wish.principal) and self._wish.principal in option["title"]

    def _option(self, seen: Seen) -> str:
        """What is wished for by its name, the enterprise asked for, else the first that may be chosen."""
        usable = [o for o in seen.page["options"] if o["enabled"]]
        named = [o for o in usable if self._wish.taxpayer and self._wish.taxpayer in o["note"]]
        wished = [o for o in usable if o["id"] in self._wish.options or self._principal(o)]
        if not usable:
            raise NotThere("nothing can be chosen here")
        return str((wished or named or usable)[0]["id"])
