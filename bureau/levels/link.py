"""The way to the centre above: each call that a centre below makes, signed with the centre's own key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from bureau.errors import SuperiorRefused, SuperiorUnreachable
from bureau.levels.centres import KEY_PREFIX
from bureau.levels.wire import DayReport, DaysTaken, Handed, JoinCentre, Joined
from config.sections import CentreSettings
from sync.crypto import Signer, Verifier
from sync.errors import BureauError, BureauRejected
from sync.signed_client import SignedClient, parsed

MAX_HANDED: Final = 16 << 20


@dataclass(frozen=True, slots=True)
class CentreIdentity:
    """A centre as the one above knows it."""

    centre: str
    signer: Signer
    bureau_verifier: Verifier

    @property
    def key_id(self) -> str:
        """The ``keyid`` of its requests."""
        return KEY_PREFIX + self.centre


class SuperiorLink(SignedClient):
    """Calls the centre above. Each call raises ``SuperiorUnreachable`` or ``SuperiorRefused``."""

    def __init__(self, settings: CentreSettings, identity: CentreIdentity | None = None) -> None:
        """Without an identity only ``join`` works."""
        super().__init__(settings, identity)

    def join(self, wanted: JoinCentre) -> Joined:
        """Exchange the one-time code for a place below."""
        with _named():
            return parsed(Joined, self._post("/v1/centres/join", wanted, signed=False))

    def tell(self, report: DayReport) -> int:
        """Tell days; how many are held there as they were told."""
        with _named():
            return parsed(DaysTaken, self._post("/v1/centres/days", report)).taken

    def handed(self, version: str) -> Handed:
        """What is published for all, unless it is still ``version``."""
        path = "/v1/centres/knowledge?" + urlencode({"version": version})
        with _named():
            return parsed(Handed, self._call("GET", path, max_bytes=MAX_HANDED))


@contextmanager
def _named() -> Iterator[None]:
    """The wire's mistakes as those of this end."""
    try:
        yield
    except BureauRejected as error:
        raise SuperiorRefused(error.code, str(error)) from error
    except BureauError as error:
        raise SuperiorUnreachable(str(error)) from error
