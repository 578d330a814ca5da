"""What is believed of a reader whose service writes a card down that has gone."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from drivers.transports.pcsc_belief import Belief
from drivers.transports.pcsc_calls import Sighting

POLL_S = 0.4
SETTLED_S = 1.0


class Service:
    """pcsc-lite's two writers of one state: the thread that looks and counts, and the calls of programs."""

    def __init__(self, present: bool) -> None:
        self.real = self.seen = self.shown = present
        self.moves = 0
        self.used = False
        self.time = self.looked_at = 0.0
        self.asked = 0

    def wait(self, seconds: float) -> None:
        self.time += seconds
        if self.time - self.looked_at >= POLL_S:
            self.look()

    def look(self) -> None:
        self.looked_at = self.time
        if self.real != self.seen:
            self.seen = self.shown = self.real
            self.moves += 1

    def says(self) -> Sighting:
        return Sighting(self.shown, False, b"", self.moves << 16)

    def ask(self, said: Sighting) -> Sighting | None:
        self.asked += 1
        if self.used:
            return None
        self.shown = self.real
        return self.says()


def settled(service: Service, belief: Belief) -> Sighting:
    """What is told once nothing moves any more and nobody holds the card."""
    service.used = False
    told = belief.hear(service.says())
    for _ in range(10):
        service.wait(SETTLED_S / 4)
        told = belief.hear(service.says())
    return told


def test_a_card_that_a_late_call_wrote_down_again_is_not_told() -> None:
    service = Service(present=True)
    belief = Belief(service.ask, lambda: service.time)
    settled(service, belief)
    service.real = False
    service.look()
    assert not belief.hear(service.says()).present
    service.shown = True  # SCardDisconnect, with what the reader said before
    assert not belief.hear(service.says()).present
    assert not service.shown, "the service itself knows now"
    assert not settled(service, belief).present


def test_a_card_in_use_whose_removal_was_written_over_is_told_as_gone() -> None:
    service = Service(present=True)
    belief = Belief(service.ask, lambda: service.time)
    settled(service, belief)
    service.used, service.real = True, False
    service.look()
    service.shown = True
    assert not belief.hear(service.says()).present
    assert belief.doubtful


def test_a_reader_that_makes_sense_is_not_asked_again() -> None:
    service = Service(present=False)
    belief = Belief(service.ask, lambda: service.time)
    settled(service, belief)
    assert service.asked == 0 and not belief.doubtful
    for present in (True, False, True, False):
        service.real = present
        service.look()
        assert belief.hear(service.says()).present is present
    service.moves += 2  # another card, changed between two looks
    assert not belief.hear(service.says()).present
    assert service.asked == 0


def test_a_mute_card_stays_mute_although_asking_switched_it_off() -> None:
    service = Service(present=False)
    belief = Belief(service.ask, lambda: service.time)
    belief.hear(service.says())
    service.real = True
    service.look()
    assert belief.hear(replace(service.says(), mute=True)).mute
    assert settled(service, belief).mute
    assert not belief.hear(replace(service.says(), atr=b"\x3b\x00")).mute, "it has answered now"


@given(
    start=st.booleans(),
    steps=st.lists(st.sampled_from(["move", "wait", "look", "stale", "hear", "take", "leave"]), max_size=40),
)
def test_no_card_is_told_that_is_not_there_whatever_the_service_wrote(start: bool, steps: list[str]) -> None:
    service = Service(start)
    belief = Belief(service.ask, lambda: service.time)
    for step in steps:
        match step:
            case "move":
                service.real = not service.real
            case "wait":
                service.wait(POLL_S / 2)
            case "look":
                service.look()
            case "stale":
                service.shown = not service.shown
            case "hear":
                belief.hear(service.says())
            case _:
                service.used = step == "take"
    assert settled(service, belief).present == (service.real and service.shown)
