"""The scripted visitor: looks at the page, does what a person would, and is finished when wiped.

One method a page kind; where more is to be done than a touch or two there is somebody for it (``chooser``, ``writer``,
``papers``, ``payer``). The visitor knows the persona and what they came for; it learns from the screen alone (the code
to pay is read off the picture of the page), and acts by touch and by hand alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtQuick import QQuickWindow

from config.catalogue import shipped
from config.catalogue.models import DoneStep, SlipStep
from config.texts import Texts
from kiosk.flow.frame import GROUP
from kiosk.steps.consult.drawing import FOLLOW
from kiosk.steps.mutual.drawing import HELPED
from kiosk.steps.phone import CARD
from ui.walk.album import Album
from ui.walk.chooser import Chooser
from ui.walk.hands import Hands
from ui.walk.officer import ANSWERED
from ui.walk.papers import Papers
from ui.walk.payer import Payer, read_code
from ui.walk.touch import GUARD_MS, Finger, NotThere, towards, wait, wait_until
from ui.walk.wish import Seen, Wish
from ui.walk.writer import Writer

PAGE_WITHIN_S = 100.0
"""Longer than the minute that sheets wait in the tray, and what drawing them back takes."""
ENOUGH_SAID = 3
"""So many lines of an officer the visitor reads before they say something."""


class Visitor:
    """Goes through one service. ``look`` returns what the window shows now."""

    def __init__(
        self,
        wish: Wish,
        window: QQuickWindow,
        hands: Hands,
        album: Album,
        look: Callable[[], Seen],
        *,
        takes: bool = True,
        pace: float = 1.0,
        messages: Callable[[], Sequence[str]] = tuple,
        refused: Callable[[Mapping[str, Any]], None] = lambda _page: None,
    ) -> None:
        """``look`` tells what the screen shows. ``takes``: whether dispensed sheets are taken.

        ``messages``: what came to the visitor's phone, the latest last. ``refused`` is told each page that says no.

        ``pace`` below 1 is a person who never waits for long before the next touch: 0.1 for a tenth of the time.
        """
        self._takes = takes
        self._refused = refused
        self._pace = pace
        self._wish, self._window, self._hands, self._album, self._look = wish, window, hands, album, look
        self._finger = Finger(window)
        self._payer = Payer(wish, self._finger, hands, album)
        self._papers = Papers(wish, self._finger, hands, album)
        self._chooser = Chooser(wish, self._finger, album, self._pause)
        self._writer = Writer(wish, self._finger, album, self._pause, messages)
        self._done: set[tuple[str, int, str]] = set()
        self._card_given = False
        self._code_given = False
        self._codes_given = 0
        self._signed = 0
        self._asked_on = self._has_sheet = False
        self._talked: set[int] = set()
        self._said: tuple[str, ...] = ()
        self.ended = ""

    def walk(self, seconds: float) -> None:
        """Until the terminal is wiped; raises ``NotThere`` when it goes on for longer than ``seconds``."""
        deadline = time.monotonic() + seconds
        changed_at = time.monotonic()
        last = (-1, "", "")
        while not self.ended:
            seen = self._look()
            now = (seen.serial, seen.kind, seen.state)
            turned = now[:2] != last[:2]
            if now != last:
                last, changed_at = now, time.monotonic()
            if turned:
                self._pause(GUARD_MS)
                continue  # and look again
            self._once(seen)
            if time.monotonic() - changed_at > PAGE_WITHIN_S:
                raise NotThere(
                    f"page {seen.kind} ({seen.state}) stays; visible: {', '.join(self._finger.names())}"
                )
            if time.monotonic() > deadline:
                raise NotThere(f"not finished after {seconds:.0f} s, at {seen.kind}")
            wait(30)

    def go_away(self, seconds: float) -> None:
        """Give up: leave by the button if there is one, else simply go; until the first page is there again."""
        for name in ("leave", "leave:yes"):
            if self._finger.find(name) is not None:
                self._finger.tap(name)
                wait(600)
        wait_until(lambda: self._look().kind in ("attract", "farewell"), seconds, "the first page again")
        if self._look().kind == "farewell":
            self._finger.tap("main")
            wait_until(lambda: self._look().kind == "attract", seconds, "the first page again")

    def _once(self, seen: Seen) -> None:
        """Act once on each state of each page."""
        key = (seen.kind, seen.serial, seen.state)
        if key in self._done:
            return
        act = getattr(self, f"_on_{_snake(seen.kind)}", None)
        if act is None:
            return
        if act(seen) is not False:
            self._done.add(key)

    def _pause(self, milliseconds: int) -> None:
        """A person's moment between two touches."""
        wait(round(milliseconds * self._pace))

    # --- the pages -------------------------------------------------------------------------------------

    def _on_attract(self, seen: Seen) -> None:
        if "farewell" in {kind for kind, _, _ in self._done}:
            self.ended = "wiped"
            return
        self._album.take("attract")
        if self._wish.lang != seen.page["lang"]:
            self._finger.tap(f"language:{self._wish.lang}")
            self._pause(500)
        if self._wish.mode != seen.page["mode"]:
            self._finger.tap(f"mode:{self._wish.mode}")
            self._pause(500)
        self._finger.tap("begin")

    def _on_home(self, seen: Seen) -> bool | None:
        if any(kind == "done" for kind, _, _ in self._done) or any(k == "message" for k, _, _ in self._done):
            self._album.take("home-again")
            self._sign_out()
            return None
        tiles = [*seen.page["large"], *seen.page["tiles"], *filter(None, [seen.page["wide"]])]
        return self._open(towards(self._finger, f"tile:{self._leading(tiles)}"), "home")

    def _leading(self, tiles: Sequence[Mapping[str, Any]]) -> str:
        """The tile among those shown that leads to the service."""
        shown = {tile["id"] for tile in tiles}
        way = (self._wish.service, *(GROUP + group for group in reversed(self._wish.way)))
        return next((tile for tile in way if tile in shown), self._wish.service)

    def _sign_out(self) -> None:
        """Whoever gave nothing walks away: nothing is to be wiped, and the first page comes back by itself."""
        if self._finger.find("leave") is None:
            self.ended = "walked away"
            return
        self._finger.tap("leave")
        self._finger.tap("leave:yes")

    def _on_services(self, seen: Seen) -> bool | None:
        wanted = towards(self._finger, f"tile:{self._leading(seen.page['services'])}")
        return self._open(wanted, "services")

    def _open(self, wanted: str, page: str) -> bool | None:
        """Touch the tile, or turn towards it where words are large."""
        self._album.take(page)
        self._finger.tap(wanted)
        self._pause(GUARD_MS)
        return False if wanted == "pager:next" else None

    def _on_identify(self, seen: Seen) -> None:
        self._album.take(f"identify-{seen.state}")
        if seen.state in ("waiting", "again") and not self._card_given and self._wish.persona["card"] is None:
            self._hands.do("mrzReader", "swipe", traveller=self._wish.persona["id"])
            self._card_given = True
        elif seen.state in ("waiting", "again") and not self._card_given:
            self._hands.do("idReader", "present", card=self._wish.persona["card"])
            self._card_given = True
        elif seen.state == "failed":
            self.ended = f"identify: {seen.page['message']}"

    def _on_scan(self, seen: Seen) -> None:
        """The paper with the code, or the keys for who has none."""
        self._album.take(f"scan-{seen.state}")
        if seen.state == "failed":
            self.ended = f"scan: {seen.page['message']}"
        elif self._wish.torn:
            self._finger.tap("second:lay")
        elif self._wish.begun == "types":
            self._finger.tap("second:code")
        elif self._wish.codes:
            self._one_more(seen)
        elif self._wish.code and not self._code_given:
            self._hands.do("barcode", "scan", text=self._wish.code)
            self._code_given = True
        elif not self._wish.code:
            self._finger.tap("second:type")

    def _one_more(self, seen: Seen) -> None:
        """The next of several papers, once a page; whoever has shown all of them looks at the list."""
        if seen.state in ("waiting", "again") and self._codes_given < len(self._wish.codes):
            self._hands.do("barcode", "scan", text=self._wish.codes[self._codes_given])
            self._codes_given += 1

    def _on_ukey(self, seen: Seen) -> None:
        """The UKey of the enterprise, put in once; pulled out when the page asks for it."""
        self._album.take(f"ukey-{seen.state}")
        match seen.state:
            case "failed":
                self.ended = f"ukey: {seen.page['message']}"
            case "take":
                self._hands.do("smartCard", "remove")
            case "waiting" | "again":
                ukeys = self._wish.persona["ukeys"]
                mine = [one for one in ukeys if self._wish.taxpayer in ("", one["taxpayer"])]
                self._hands.do("smartCard", "insert", tax=mine[0])

    def _on_capture(self, seen: Seen) -> None:
        if seen.state == "consent":
            self._album.take("consent")
            if self._card_given:
                self._take_card()
            if self._wish.face:
                self._hands.do("camera", "person", faceSeed=self._wish.persona["faceSeed"], alive=True)
                self._finger.tap("main")
            else:
                self._finger.tap("second:staff")
            return
        if seen.state == "looking":
            self._pause(800)
            self._album.take("face")
        elif seen.state == "again":
            self._finger.tap("main")
        elif seen.state == "refused":
            self._finger.tap("second:staff")

    def _take_card(self) -> None:
        self._hands.do("idReader", "remove")

    def _on_choose(self, seen: Seen) -> bool | None:
        if self._wish.refused and self._chooser.closed(seen):
            self._refuse(seen)
            self._sign_out()
            return None
        return self._chooser.act(seen, self._writer.picking)

    def _refuse(self, seen: Seen) -> None:
        self._album.take("refused")
        self._refused(seen.page)

    def _on_form(self, seen: Seen) -> bool | None:
        second = seen.page["second"]
        if self._wish.by_card and second is not None and second["id"] == CARD:
            self._finger.tap(f"second:{CARD}")
            return None
        return self._writer.act(seen)

    def _on_list(self, seen: Seen) -> bool | None:
        """Look at it; where something has to be chosen, the wish or the first that can be.

        Whoever holds further papers goes back to the reader for the next.
        """
        if self._codes_given < len(self._wish.codes):
            self._album.take("list")
            self._finger.tap("second:more")
            return None
        if seen.page["pick"] != "none" and not seen.page["selected"] and not self._wish.codes:
            usable = [row["id"] for row in seen.page["rows"] if row["enabled"]]
            wanted = next((row for row in usable if row in self._wish.options), usable[0] if usable else "")
            self._finger.tap(towards(self._finger, f"option:{wanted}"))
            self._pause(400)
            return False
        self._album.take("list")
        self._finger.tap("main")
        return None

    def _on_consult(self, seen: Seen) -> bool | None:
        """The first of what was found; of an answer once what people ask next, then sheet or thanks, then enough.

        A question of the navigator is answered as they wish, else by its first answer.
        """
        self._album.take(f"consult-{seen.state}")
        ways = [way["id"] for group in seen.page["groups"] for way in group["choices"] if way["enabled"]]
        follow = [way for way in ways if way.startswith(FOLLOW) and not self._asked_on]
        if seen.state in ("found", "question") or follow:
            wished = [way for way in ways if way in self._wish.options]
            wanted = towards(self._finger, f"option:{(follow or wished or ways)[0]}")
            self._asked_on = self._asked_on or bool(follow) and wanted != "pager:next"
            self._finger.tap(wanted)
            self._pause(GUARD_MS)
            return False if wanted == "pager:next" else None
        second = seen.page["second"]["id"] if seen.page["second"] is not None else ""
        acts = second in ("print", HELPED) and not self._has_sheet
        self._has_sheet = self._has_sheet or acts
        self._finger.tap(f"second:{second}" if acts else "main")
        return None

    def _on_talk(self, seen: Seen) -> bool | None:
        """Who waits for an officer waits, or asks to be called; who is answered lets them see, and says two things."""
        if seen.serial not in self._talked:
            self._talked.add(seen.serial)
            self._album.take(f"talk-{seen.state}")
        match seen.state:
            case "waiting" | "late" if ANSWERED in self._wish.options:
                return False
            case "talking" if self._finger.find("talk:share") is not None:
                self._finger.tap("talk:share")
                self._pause(GUARD_MS)
                self._album.take("talk-shared")
                return False
            case "talking" if len(seen.page["lines"]) < ENOUGH_SAID or self._said == ("quick", "words"):
                return False
            case "talking":
                quick = not self._said
                self._said = (*self._said, "quick" if quick else "words")
                self._finger.tap("option:yes" if quick else "main")
                return False
        self._finger.tap("main")
        return None

    def _on_review(self, seen: Seen) -> None:
        self._album.take("review")
        sheet = seen.page.get("sheet")
        if sheet and sheet["pages"] > 1 and sheet["page"] == 1:
            self._finger.tap("sheet:next")
            self._pause(400)
            self._album.take("review-next")
        if self._wish.pulls_ukey:
            self._hands.do("smartCard", "remove")
        self._finger.tap("second:phone" if self._wish.goes_on is not None else "main")

    def _on_continue(self, seen: Seen) -> None:
        """Go on on the phone, as far as the invoice; then end here."""
        picture = self._album.take("continue")
        assert self._wish.goes_on is not None, "nobody comes here who did not choose it"
        self._wish.goes_on(read_code(picture))
        self._finger.tap("main")

    def _on_collect(self, seen: Seen) -> bool | None:
        """Fetch the file on the phone, then go on; the page is there from the moment that it has its code."""
        if not seen.page["qr"]:
            return False
        picture = self._album.take("collect")
        assert self._wish.fetches is not None, "nobody comes here who did not choose it"
        self._wish.fetches(read_code(picture))
        self._finger.tap("main")
        return None

    def _on_working(self, seen: Seen) -> None:
        return

    def _on_pay(self, seen: Seen) -> bool | None:
        return self._payer.act(seen)

    def _on_pages(self, seen: Seen) -> None:
        self._papers.act(seen)

    def _on_sign(self, seen: Seen) -> None:
        """The first signature is wiped on the page and written anew; the second ends with a key of the screen."""
        self._album.take(f"sign-{seen.state}")
        match seen.state:
            case "ready" | "again":
                self._finger.tap("main")
            case "writing":
                self._signed += 1
                first = self._signed == 1
                self._hands.do("signaturePad", "sign", seed=self._signed, then="ok" if first else "nothing")
                if not first:
                    self._finger.tap("main")
            case "shown" if self._signed == 1:
                self._finger.tap("second:again")
            case "shown":
                self._finger.tap("main")

    def _on_print(self, seen: Seen) -> None:
        device = seen.page["illustration"]
        self._album.take(f"print-{device}-{seen.state}")
        if seen.state == "take":
            self._hands.do(device, "take")
            self._finger.tap("main")
        elif seen.state == "problem":
            self._finger.tap("second:later" if self._finger.find("second:later") else "second:have")

    def _on_dispense(self, seen: Seen) -> None:
        self._album.take(f"dispense-{seen.state}")
        if seen.state == "take" and self._takes:
            self._hands.do("dispenser", "take")
        elif seen.state == "problem":
            self._finger.tap("main")

    def _on_done(self, seen: Seen) -> None:
        words = Texts(str(seen.page["lang"]))
        # the second where the code is what the person came for
        none = ([words.get("done.no-slip")], [words.get("done.code.photo")])
        missed = list(seen.page["referenceNotes"]) in none or seen.page["title"] in self._unprinted()
        self._album.take("done-no-slip" if missed else "done")
        self._finger.tap("second:form" if self._wish.form else "main")

    def _unprinted(self) -> set[str]:
        """The titles under which a service ends whose sheet, printed as a slip, did not come out."""
        steps = shipped()[self._wish.service].service.steps
        if not any(isinstance(step, SlipStep) and step.sheet for step in steps):
            return set()
        endings = [end for step in steps if isinstance(step, DoneStep) for end in step.endings]
        return {words for end in endings if end.when == "not-printed" for words in end.title.values()}

    def _on_rate(self, seen: Seen) -> bool | None:
        if seen.page["selected"] != self._wish.rate:
            self._finger.tap(f"level:{self._wish.rate}")
            self._pause(300)
            return False
        self._album.take("rate")
        self._finger.tap("main")
        return None

    def _on_message(self, seen: Seen) -> None:
        if seen.page["tone"] == "refused":
            self._refuse(seen)
        else:
            self._album.take("message")
        self._finger.tap("main")

    def _on_farewell(self, seen: Seen) -> None:
        self._album.take("farewell")
        self._finger.tap("main")

    def _on_out_of_service(self, seen: Seen) -> None:
        self._album.take("out-of-service")
        self.ended = "out of service"


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name)
