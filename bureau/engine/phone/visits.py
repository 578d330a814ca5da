"""A visit that goes on on a phone: who may, what was answered, and what is being done, sealed in between."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from bureau.ports.continuations import Continuation
from bureau.ports.core import Core
from bureau.ports.materials import Vault
from sync.models import EffectKind, Subject

GRACE: Final = timedelta(minutes=5)
"""What is under way when the time ends is finished; then all of it is deleted."""
LIFE: Final = timedelta(minutes=30)
"""Time to correct, confirm and pay; whoever finds the phone later finds nothing."""
SECRET_BYTES: Final = 18
"""144 bits: nobody guesses a link, and nobody the phone's own secret."""


class Doing(BaseModel):
    """An effect whose outcome is not known here yet; the same key and data are carried out again until it is."""

    model_config = ConfigDict(frozen=True)

    step: str
    kind: EffectKind
    key: str
    data: dict[str, Any]


class Visit(BaseModel):
    """What the terminal handed over and what came of it; ``data`` by step, as the terminal's own."""

    model_config = ConfigDict(frozen=True)

    subject: Subject
    service: str
    service_hash: str
    lang: str
    visit: str
    transaction: str
    data: dict[str, dict[str, Any]]
    doing: Doing | None = None

    def leaves(self, step: str, answer: Mapping[str, Any] | None, doing: Doing | None = None) -> Visit:
        """The visit once a step left ``answer``, or nothing any more."""
        data = {name: left for name, left in self.data.items() if name != step}
        if answer is not None:
            data[step] = dict(answer)
        return self.model_copy(update={"data": data, "doing": doing})


def new_secret() -> str:
    """From the system's random source."""
    return secrets.token_urlsafe(SECRET_BYTES)


def secret_hash(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def knows(secret: str, kept: str) -> bool:
    """Whether it is the secret of which that is kept."""
    return bool(kept) and hmac.compare_digest(secret_hash(secret), kept)


def begin(core: Core, vault: Vault, key: str, visit: Visit) -> tuple[Continuation, str]:
    """Keep a visit for whichever phone opens its link; the link's secret beside it."""
    secret = new_secret()
    new = Continuation(
        key=key,
        terminal=core.terminal,
        secret_sha256=secret_hash(secret),
        owner_sha256="",
        sealed=seal(vault, key, visit),
        made_at=core.now,
        expires_at=core.now + LIFE,
    )
    core.continuations.add(new)
    return new, secret


def take(core: Core, key: str, secret: str) -> str | None:
    """The phone's own secret, for the first one that takes it while there is time; None for every other."""
    found = core.continuations.find(key, lock=True)
    if found is None or not knows(secret, found.secret_sha256):
        return None
    if found.state != "waiting" or found.expires_at <= core.now:
        return None
    own = new_secret()
    core.continuations.change(replace(found, owner_sha256=secret_hash(own), state="taken"))
    return own


def forget(core: Core) -> None:
    """Delete the visits whose time is over."""
    core.continuations.forget(core.now - GRACE)


def seal(vault: Vault, key: str, visit: Visit) -> bytes:
    """The visit for the centre alone."""
    return vault.seal(_bound(key), visit.model_dump_json().encode())


def opened(vault: Vault, one: Continuation) -> Visit:
    """The visit; raises ``RecordError`` for what was not sealed under this key."""
    return Visit.model_validate_json(vault.open(_bound(one.key), one.sealed))


def _bound(key: str) -> str:
    return f"continuation {key}"
