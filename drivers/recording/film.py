"""A camera's recorded film: pictures made of the facts of those that were seen, at the pace at which they came.

A film is not asked for: it runs while somebody looks. So there are no requests to answer; each call is made when the
pictures before it have been shown, and where a recording has no more of them, it goes on as it last was.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from drivers.errors import LinkLost, ProtocolError
from drivers.imaging.facts import FrameFacts, NoFacts
from drivers.protocols.wire import Wire
from drivers.recording.lines import Line, Recording
from drivers.recording.player import CLOSED_BY_US, Player, Reply
from drivers.transports.video import Picture, VideoSource

_LONGEST_WAIT_S: Final = 0.5
_PACE_S: Final = 1 / 15
"""Between two pictures that the recording does not have."""


@dataclass(frozen=True, slots=True)
class _Event:
    """A picture, a loss (no picture), or that the camera was opened; and how long after the picture before."""

    at: int
    kind: str
    wait_s: float = 0.0
    facts: FrameFacts | None = None


class FilmPlayer(Player):
    """A film and how far it has run."""

    def __init__(self, recording: Recording, wire: Wire) -> None:
        super().__init__(recording, wire)
        self._events = list(_events(recording.lines))
        self._at = 0
        self._last: FrameFacts | None = None
        self._still = False
        self._made = 0
        self._lost = False
        self._looking = False
        self._over = threading.Event()

    def passed(self, at: int) -> bool:
        """Whether all that was seen before line ``at`` has been shown, or nobody looks."""
        with self._guard:
            seen = not any(event.at < at for event in self._events[self._at :])
            return seen or not (self._looking or self.watched)

    def open(self) -> Reply | None:
        """The camera is opened; None when it never came back after a loss."""
        with self._guard:
            if self._lost:
                again = (n for n in range(self._at, len(self._events)) if self._events[n].kind == "opened")
                found = next(again, None)
                if found is None:
                    return None
                self._at = found
            self._lost, self._looking = False, True
            self.opened += 1
            return Reply()

    def close(self) -> None:
        """Nobody looks: the rest of what was seen until the camera was opened again passes unseen."""
        with self._guard:
            self._looking = False
            while (event := self._ahead()) is not None and event.kind == "picture":
                self._at += 1

    def end(self) -> None:
        """No picture comes any more."""
        self._over.set()

    def picture(self) -> FrameFacts:
        """The next one, when it is due; raise ``LinkLost`` where the recording has lost the camera."""
        with self._guard:
            event = self._taken()
        if self._over.wait(_PACE_S if event is None else min(event.wait_s, _LONGEST_WAIT_S)):
            raise LinkLost("the recording has ended")
        if event is not None and event.kind == "lost":
            self._lost = True
            self.lost += 1
            raise LinkLost("the camera was lost in the recording")
        return self._shown(None if event is None else event.facts)

    def _ahead(self) -> _Event | None:
        """What comes next, unless it stands behind a call that has not been made."""
        event = self._events[self._at] if self._at < len(self._events) else None
        return event if event is not None and event.at < self._limit else None

    def _taken(self) -> _Event | None:
        while (event := self._ahead()) is not None:
            self._at += 1
            if event.kind != "opened":  # that the camera was closed between by itself changes no picture
                return event
        return None

    def _shown(self, facts: FrameFacts | None) -> FrameFacts:
        """``facts``, or without them another picture like the last: the same one when that had stood still."""
        if facts is not None:
            self._still = self._last is not None and facts.sha256 == self._last.sha256
            self._last = facts
            return facts
        if self._last is None:
            raise LinkLost("the recording has no picture here")
        if self._still:
            return self._last
        self._made += 1
        return replace(self._last, sha256=f"{self._made:064x}")


def _events(lines: tuple[Line, ...]) -> Iterator[_Event]:
    before = None
    for at, line in enumerate(lines):
        wait = 0.0 if before is None else max(0.0, line.t - before)
        if line.kind == "in":
            try:
                yield _Event(at, "picture", wait, FrameFacts.load(line.data))
            except NoFacts as error:
                raise ProtocolError(f"line {at + 2} is no picture of a film: {error}") from error
            before = line.t
        elif line.kind == "opened":
            yield _Event(at, "opened")
            before = line.t
        elif line.kind == "closed" and line.value != CLOSED_BY_US:
            yield _Event(at, "lost", wait)


class RecordedSource(VideoSource):
    """A camera whose pictures are a recording's."""

    def __init__(self, player: FilmPlayer) -> None:
        super().__init__("recording", (0, 0), 0)
        self._player = player
        self._opened = False

    @property
    def is_open(self) -> bool:
        """Whether frames can be read."""
        return self._opened

    def open(self) -> None:
        """Go on where the film is."""
        if self._player.open() is None:
            raise LinkLost("the camera did not come back in the recording")
        self._opened = True

    def read(self) -> Picture:
        """The next picture."""
        return self._player.picture().picture()

    def present(self) -> bool:
        """It is; that one is missing is told when it is opened."""
        return True

    def close(self) -> None:
        """Look no more."""
        if self._opened:
            self._opened = False
            self._player.close()
