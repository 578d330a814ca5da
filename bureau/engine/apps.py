"""Official software (应用广场): one review for all of it, whoever made it, before anybody is shown it.

House practice: plan action 3 asks for one procedure of review and publishing (统一审核和发布制度). An entry is one
version: proposed → reviewed → published → withdrawn, or replaced by a later version that went the same way. Who
proposed it may neither review nor publish it. Each step is kept with its officer and what they said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import Field

from bureau.engine import proposals
from bureau.engine.proposals import Draft
from bureau.errors import AppRefused
from bureau.ports.apps import AppEvent, AppState, OfficialApp
from bureau.ports.core import Core
from bureau.texts import say
from config.clock import CHINA
from sync.models import AppList, AppListed, Texts

WITHDRAWN_SHOWN: Final = timedelta(days=180)
"""So long the list says that something was withdrawn and why: people have it on their phones."""
LONGEST: Final = {"name": 20, "publisher": 30, "purpose": 60, "runs_on": 24}
"""Characters of Chinese that fit on the screen at the largest letters; other languages have three times as many."""
MOST_SAID: Final = 60
"""The same of a finding or a reason."""
LEAST: Final = 2
"""Characters of any of them."""

Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
Version = Annotated[str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z.-]{0,19}$")]


class AppDraft(Draft):
    """What an officer proposes: the texts in each language and the official page's address."""

    app: Slug
    version: Version
    name: Texts
    publisher: Texts
    purpose: Texts
    runs_on: Texts
    url: Annotated[str, Field(max_length=200)]


def draft(raw: str) -> AppDraft:
    """The proposal in a file; raises ``DecisionRefused`` with everything that has to be mended."""
    return checked(proposals.of_yaml(AppDraft, raw))


def checked(made: AppDraft) -> AppDraft:
    """The proposal, if it fits the screen and leads to an official page; raises ``DecisionRefused``."""
    for field, most in LONGEST.items():
        proposals.said(field, getattr(made, field), most, LEAST)
    _address(made.url)
    return made


def propose(core: Core, officer: str, wanted: AppDraft) -> OfficialApp:
    """Enter a version that was not there; raises ``AppRefused``."""
    core.apps.lock()
    if any((e.app, e.version) == (wanted.app, wanted.version) for e in core.apps.entries()):
        raise AppRefused("there", f"{wanted.app} {wanted.version} was proposed before; give its own version")
    entry = OfficialApp(**wanted.model_dump(), state="proposed", proposed_by=officer, proposed_at=core.now)
    core.apps.add(entry)
    return _noted(core, entry, officer, {})


def review(core: Core, app: str, version: str, officer: str, finding: Texts, *, passed: bool) -> OfficialApp:
    """Say what the review found; raises ``DecisionRefused``, also for who proposed it."""
    entry = _at(core, app, version, "proposed")
    proposals.by_another(officer, entry.proposed_by)
    proposals.said("finding", finding, MOST_SAID, LEAST)
    state: AppState = "reviewed" if passed else "rejected"
    done = replace(entry, state=state, reviewed_by=officer, reviewed_at=core.now, finding=finding)
    return _changed(core, done, officer, finding)


def publish(core: Core, app: str, version: str, officer: str) -> OfficialApp:
    """Show it to everybody, in place of the version that was shown before; raises ``AppRefused``."""
    entry = _at(core, app, version, "reviewed")
    proposals.by_another(officer, entry.proposed_by)
    for former in core.apps.entries():
        if former.app == app and former.state == "published":
            _changed(core, replace(former, state="replaced", ended_at=core.now), officer, {})
    return _changed(core, replace(entry, state="published", published_at=core.now), officer, {})


def withdraw(core: Core, app: str, version: str, officer: str, reason: Texts) -> OfficialApp:
    """Offer it no longer (下架); the list says why. Raises ``AppRefused``."""
    entry = _at(core, app, version, "published")
    proposals.said("reason", reason, MOST_SAID, LEAST)
    done = replace(entry, state="withdrawn", ended_at=core.now, reason=reason)
    return _changed(core, done, officer, reason)


def history(core: Core, app: str) -> Sequence[AppEvent]:
    """The whole trail of one piece of software; raises ``AppRefused`` where there is none of this name."""
    found = core.apps.history(app)
    if not found:
        raise AppRefused("unknown", f"there is no software {app!r}; see: bureau apps list --all")
    return found


def shown(core: Core) -> AppList:
    """What everybody may see: what is published, then what was withdrawn lately and has no other version."""
    entries = core.apps.entries()
    published = [e for e in entries if e.state == "published"]
    there = {e.app for e in published}
    since = core.now - WITHDRAWN_SHOWN
    last: dict[str, OfficialApp] = {}
    for entry in entries:
        if entry.state == "withdrawn" and entry.app not in there and _ended_after(entry, last.get(entry.app)):
            last[entry.app] = entry
    gone = [e for e in last.values() if e.ended_at is not None and e.ended_at >= since]
    return AppList(as_of=core.now, apps=[_listed(e) for e in (*published, *gone)])


def _ended_after(entry: OfficialApp, other: OfficialApp | None) -> bool:
    if other is None or other.ended_at is None:
        return True
    return entry.ended_at is not None and entry.ended_at > other.ended_at


def _listed(entry: OfficialApp) -> AppListed:
    assert entry.state in ("published", "withdrawn"), "nothing else is shown"
    assert entry.reviewed_at is not None and entry.finding is not None, "published after a review alone"
    gone = entry.state == "withdrawn"
    return AppListed(
        app=entry.app,
        name=entry.name,
        publisher=entry.publisher,
        purpose=entry.purpose,
        runs_on=entry.runs_on,
        version=entry.version,
        state=entry.state,
        reviewed_on=entry.reviewed_at.astimezone(CHINA).date(),
        finding=entry.finding,
        url="" if gone else entry.url,
        open=not gone,
        why_not=say("apps.withdrawn", reason=entry.reason) if gone and entry.reason is not None else None,
    )


def there(core: Core, app: str, version: str) -> OfficialApp:
    """One version; raises ``AppRefused``."""
    entry = next((e for e in core.apps.entries() if (e.app, e.version) == (app, version)), None)
    if entry is None:
        raise AppRefused("unknown", f"there is no {app} {version}; see: bureau apps list --all")
    return entry


def _at(core: Core, app: str, version: str, state: AppState) -> OfficialApp:
    return proposals.held(core.apps, lambda: there(core, app, version), f"{app} {version}", state)


def _changed(core: Core, entry: OfficialApp, officer: str, said: Texts) -> OfficialApp:
    core.apps.change(entry)
    return _noted(core, entry, officer, said)


def _noted(core: Core, entry: OfficialApp, officer: str, said: Texts) -> OfficialApp:
    core.apps.note(AppEvent(0, entry.app, entry.version, core.now, officer, entry.state, said))
    return entry


def _address(url: str) -> None:
    """An encrypted page of a named host: what people are sent to by a code has to be what it says."""
    try:
        parts = urlsplit(url)
        sound = parts.scheme == "https" and "." in (parts.hostname or "") and parts.port is None
    except ValueError:
        sound = False
    if not sound or parts.username is not None or not url.isascii() or any(c.isspace() for c in url):
        raise AppRefused(
            "address", "url: give the official page as https://HOST/…, without a port or a password"
        )
