"""What every scene of a check stands on: transactions at the core, and how a broken promise is told."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeVar

from bureau.adapters.http_core import HttpWork
from bureau.conformance.manifest import AnEnterprise, APerson, Manifest, Sheets
from bureau.conformance.wire import Absent, Ear, Unread
from bureau.errors import BureauError, CoreUnavailable
from bureau.ports.system import Work
from kiosk.domain.errors import FieldError
from kiosk.domain.own_numbers import check_number

LONGEST = 160
"""Signs of a value that a report shows."""
E = TypeVar("E", bound=BureauError)
T = TypeVar("T")


class Broken(Exception):
    """A promise that is not kept: what was asked, and what came."""

    def __init__(self, asked: str, came: object) -> None:
        self.asked, self.came = asked, str(came)
        super().__init__(f"{asked}: {self.came}")


class NotAsked(Exception):
    """Something that the scene stands on is not in the core's books; the message says what."""


@dataclass
class Transaction:
    """One at the core, ended by hand."""

    ear: Ear
    path: str
    work: Work

    def commit(self) -> None:
        """Make it durable."""
        self.ear.call("POST", self.path + "/commit", {})

    def drop(self) -> None:
        """Undo it; one that the core has undone already is not there any more."""
        with contextlib.suppress(CoreUnavailable):
            self.ear.call("DELETE", self.path)

    def savepoint(self) -> object:
        """Mark a place."""
        return self.ear.call("POST", self.path + "/savepoint", {})

    def undo(self, mark: object) -> None:
        """Undo what came after it."""
        self.ear.call("POST", self.path + "/undo", {"savepoint": mark})


@dataclass
class Bench:
    """The core, and what may be worked on. ``run`` is in every key and subject, so that checks never meet."""

    ear: Ear
    manifest: Manifest
    run: str = field(default_factory=lambda: secrets.token_hex(4))

    @property
    def now(self) -> datetime:
        """The business moment of the check."""
        return self.manifest.moment()

    def key(self, what: str) -> str:
        """A key that nothing else has."""
        return f"check-{self.run}-{what}"

    @property
    def person(self) -> APerson:
        """The person of the manifest."""
        assert self.manifest.person is not None, "the promise does not say that it needs it"
        return self.manifest.person

    @property
    def enterprise(self) -> AnEnterprise:
        """The enterprise of the manifest."""
        assert self.manifest.enterprise is not None, "the promise does not say that it needs it"
        return self.manifest.enterprise

    @property
    def sheets(self) -> Sheets:
        """The sheets of the manifest."""
        assert self.manifest.sheets is not None, "the promise does not say that it needs it"
        return self.manifest.sheets

    def begin(self, kind: str) -> Transaction:
        """Begin one, to ``read`` or to ``write``."""
        now, terminal = self.now, self.manifest.terminal
        begun = {"kind": kind, "terminal": terminal, "now": now.isoformat()}
        path = f"/v1/transactions/{self.ear.call('POST', '/v1/transactions', begun)}"
        words = {"zh-CN": terminal, "en-US": terminal}
        return Transaction(self.ear, path, HttpWork(self.ear, path, now, terminal, "", words))

    @contextmanager
    def undone(self) -> Iterator[Work]:
        """A write of which nothing stays."""
        transaction = self.begin("write")
        try:
            yield transaction.work
        finally:
            transaction.drop()

    @contextmanager
    def lasting(self) -> Iterator[Work]:
        """A write that is committed when the block ends, and undone when it raises."""
        transaction = self.begin("write")
        try:
            yield transaction.work
        except BaseException:
            transaction.drop()
            raise
        transaction.commit()

    @contextmanager
    def reading(self) -> Iterator[Work]:
        """A read."""
        transaction = self.begin("read")
        try:
            yield transaction.work
        finally:
            transaction.drop()


Scene = Callable[[Bench], None]


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise: what the page says, what to do where it is broken, what of the manifest its scene needs."""

    name: str
    says: str
    do: str
    needs: tuple[str, ...]
    scene: Scene | None
    """None: looked at in every answer."""

    @property
    def port(self) -> str:
        """The port that it is about; ``transactions`` and ``wire`` are about all of them."""
        return self.name.partition(".")[0]


PROMISES: Final[dict[str, Promise]] = {}
"""All of them by name, in the order in which they are asked."""


def promise(name: str, says: str, do: str, *needs: str) -> Callable[[Scene], Scene]:
    """The decorated scene looks at this promise."""

    def enter(scene: Scene) -> Scene:
        PROMISES[name] = Promise(name, says, do, needs, scene)
        return scene

    return enter


def in_every_answer(name: str, says: str, do: str) -> None:
    """A promise without a scene of its own."""
    PROMISES[name] = Promise(name, says, do, (), None)


def same(asked: str, came: object, wanted: object) -> None:
    """Raises ``Broken`` unless that came."""
    if came != wanted:
        raise Broken(asked, f"{_short(came)}, in place of {_short(wanted)}")


def _short(value: object) -> str:
    told = repr(value)
    return told if len(told) <= LONGEST else told[:LONGEST] + "…"


def true(asked: str, kept: bool, came: object) -> None:
    """Raises ``Broken`` unless it is so."""
    if not kept:
        raise Broken(asked, _short(came))


def there(asked: str, came: T | None) -> T:
    """What came; raises ``Broken`` when nothing did."""
    if came is None:
        raise Broken(asked, "nothing")
    return came


def numbered(asked: str, number: str) -> None:
    """Raises ``Broken`` unless it has 20 digits, the last of which is the check digit."""
    try:
        check_number(number)
    except FieldError as fault:
        raise Broken(asked, f"{number!r}: {fault.code}") from fault


def refused(work: Work, outcome: type[E] | tuple[type[E], ...], asked: str, act: Callable[[], object]) -> E:
    """The outcome, or one of them, which alone is undone; raises ``Broken`` when something else comes of ``act``."""
    known = outcome if isinstance(outcome, tuple) else (outcome,)
    wanted = " or ".join(one.__name__ for one in known)
    try:
        with work.attempt():
            came = act()
    except known as told:
        return told
    except (Absent, Unread):
        raise
    except BureauError as other:
        raise Broken(asked, f"{type(other).__name__} ({other}), in place of {wanted}") from other
    raise Broken(asked, f"it was done ({_short(came)}), in place of {wanted}")
