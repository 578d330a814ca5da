"""Drafts: filled in on a phone by anybody, kept sealed under a code, taken up once at a terminal."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal, cast

from bureau.engine.phone.kinds import KINDS
from bureau.engine.phone.reading import Data, Read, read
from bureau.engine.phone.showing import Reviewed, reviewed
from bureau.engine.refusals import Refused, refuse
from bureau.engine.rules import Rules
from bureau.engine.services import Services
from bureau.engine.subjects import today
from bureau.ports.core import Core
from bureau.ports.drafts import Draft
from bureau.ports.materials import Vault
from bureau.ports.system import System
from config.catalogue.models import FormStep, ReviewStep, Service
from kiosk.domain.draft_codes import new_code
from sync.models import Drafted, DraftOpened, Refusal, Texts

LIFE: Final = timedelta(hours=24)
"""Filled in at home in the evening, taken up at the hall the next day; house practice."""
REMEMBERED: Final = timedelta(days=2)
"""So long a code is told from one that was never given; nothing of what it said is left meanwhile."""


@dataclass(frozen=True, slots=True)
class Filled:
    """The forms as they were filled in. ``review`` is there once they can be kept, with for whom it was worked out."""

    service: Service
    read: Read
    refusal: Refusal | None = None
    review: Reviewed | None = None
    worked_out_for: Texts | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A code, how long it is good for, and whether it still is. ``url`` is what its QR code says."""

    code: str
    url: str
    service: Service
    expires_at: datetime
    state: Literal["open", "used", "over"]


class DraftDesk:
    """Takes drafts from the public's phones. Thread-safe if ``system`` is."""

    def __init__(
        self, system: System, vault: Vault, services: Services, rules: Rules, public_url: str
    ) -> None:
        self._system, self._vault, self._services, self._rules = system, vault, services, rules
        self._url = public_url.rstrip("/")

    def begins(self) -> Sequence[Service]:
        """The services that can be begun on a phone."""
        current = self._services.current
        return [current[name].service for name in current if current[name].service.phone is not None]

    def named(self, service: str) -> Service | None:
        """One of them."""
        return next((one for one in self.begins() if one.id == service), None)

    def blank(self, service: Service, lang: str) -> Filled:
        """The empty forms."""
        with self._system.read() as work:
            return Filled(service, self._read(work.core, service, {}, lang, checked=False))

    def fill(self, service: Service, typed: Mapping[str, str], lang: str, *, checked: bool = True) -> Filled:
        """The forms with what was typed; ``checked``: with what has to be mended, or the review."""
        with self._system.read() as work:
            found = self._read(work.core, service, typed, lang, checked=checked)
            if not checked or not found.good:
                return Filled(service, found)
            try:
                answers, whom = KINDS[service.id].preview(work.core, self._rules, found.data)
            except Refused as no:
                return Filled(service, found, no.refusal)
            shown = reviewed(_review(service), {**found.data, **answers}, lang)
            return Filled(service, found, review=shown, worked_out_for=whom)

    def keep(self, filled: Filled) -> Kept:
        """Keep what is reviewed under a new code."""
        assert filled.review is not None, "only what was looked through is kept"
        code = new_code()
        name = _name(code)
        plain = json.dumps(filled.read.data, ensure_ascii=False).encode()
        with self._system.write() as work:
            now = work.core.now
            draft = Draft(name, filled.service.id, self._vault.seal(_bound(name), plain), now, now + LIFE)
            work.core.drafts.keep(draft)
        return self._kept(code, draft, now)

    def kept(self, code: str) -> Kept | None:
        """What is known of a code, but for what it says; None: there is none such."""
        with self._system.read() as work:
            draft, now = work.core.drafts.find(_name(code)), work.core.now
        return None if draft is None or self.named(draft.service) is None else self._kept(code, draft, now)

    def _kept(self, code: str, draft: Draft, now: datetime) -> Kept:
        over: Literal["open", "over"] = "open" if now < draft.expires_at else "over"
        state = draft.state if draft.state == "used" else over
        service = self.named(draft.service)
        assert service is not None, "only such a service has drafts"
        return Kept(code, f"{self._url}/d/{code}", service, draft.expires_at, state)

    def _read(
        self, core: Core, service: Service, typed: Mapping[str, str], lang: str, *, checked: bool
    ) -> Read:
        known = KINDS[service.id].known(core, self._rules)
        return read(_forms(service), typed, known, today(core), lang, checked=checked)


def opened(core: Core, vault: Vault, service: Service, code: str) -> DraftOpened:
    """What the draft of that code says, to be taken up in ``service``; raises ``Refused``."""
    draft = core.drafts.find(_name(code))
    if draft is None:
        raise refuse("draftUnknown")
    if draft.state == "used":
        raise refuse("draftUsed")
    if draft.expires_at <= core.now:
        raise refuse("draftOver")
    if draft.service != service.id:
        raise refuse("draftOther")
    data: Data = json.loads(vault.open(_bound(draft.name), draft.sealed))
    return DraftOpened(drafted=_rows(data), expires_at=draft.expires_at)


def use(core: Core, code: str | None) -> None:
    """Use a draft up with what it was for; raises ``Refused`` when that was done with it elsewhere meanwhile.

    One that was over before the person had finished was good when they began, and is nobody else's.
    """
    draft = core.drafts.find(_name(code), lock=True) if code else None
    if draft is None:
        return
    if draft.state == "used":
        raise refuse("draftUsed")
    core.drafts.use(draft.name)


def forget(core: Core) -> None:
    """Delete what drafts say whose time is over, and long afterwards all that is left of them."""
    core.drafts.forget(core.now, core.now - REMEMBERED)


def _rows(data: Data) -> Drafted:
    """What the rows hold; the words of options are the terminal's own."""
    return {
        form: {row: cast("Any", value) for row, value in rows.items() if not isinstance(value, Mapping)}
        for form, rows in data.items()
    }


def _forms(service: Service) -> Sequence[FormStep]:
    assert service.phone is not None, "it can be begun on a phone"
    forms = {step.id: step for step in service.steps if isinstance(step, FormStep)}
    return [forms[name] for name in service.phone.begin]


def _review(service: Service) -> ReviewStep:
    assert service.phone is not None, "it can be begun on a phone"
    wanted = service.phone.preview
    return next(step for step in service.steps if isinstance(step, ReviewStep) and step.id == wanted)


def _name(code: str) -> str:
    return hashlib.sha256(f"draft:{code}".encode()).hexdigest()


def _bound(name: str) -> str:
    return f"draft {name}"
