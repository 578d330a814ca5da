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

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bureau.errors import AppRefused
from bureau.ports.apps import AppEvent, AppState, OfficialApp
from bureau.ports.core import Core
from bureau.texts import LANGUAGES, say
from config import yaml_files
from config.clock import CHINA
from sync.models import AppList, AppListed, Texts

WITHDRAWN_SHOWN: Final = timedelta(days=180)
"""So long the list says that something was withdrawn and why: people have it on their phones."""
LONGEST: Final = {"name": 20, "publisher": 30, "purpose": 60, "runs_on": 24}
"""Characters of Chinese that fit on the screen at the largest letters; other languages have three times as many."""
MOST_SAID: Final = 60
"""The same of a finding or a reason."""

Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
Version = Annotated[str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z.-]{0,19}$")]


class Draft(BaseModel):
    """What an officer proposes: a YAML file with the texts in each language and the official page's address."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    app: Slug
    version: Version
    name: Texts
    publisher: Texts
    purpose: Texts
    runs_on: Texts
    url: Annotated[str, Field(max_length=200)]


def draft(raw: str) -> Draft:
    """The proposal in a file; raises ``AppRefused`` with everything that has to be mended."""
    try:
        made = Draft.model_validate(yaml_files.read(raw))
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise AppRefused(f"the proposal cannot be taken: {wrong}") from error
    except yaml_files.UNREADABLE as error:
        raise AppRefused(f"the proposal cannot be read: {error}") from error
    for field, most in LONGEST.items():
        _words(field, getattr(made, field), most)
    _address(made.url)
    return made


def propose(core: Core, officer: str, wanted: Draft) -> OfficialApp:
    """Enter a version that was not there; raises ``AppRefused``."""
    core.apps.lock()
    if any((e.app, e.version) == (wanted.app, wanted.version) for e in core.apps.entries()):
        raise AppRefused(f"{wanted.app} {wanted.version} was proposed before; give its own version")
    entry = OfficialApp(**wanted.model_dump(), state="proposed", proposed_by=officer, proposed_at=core.now)
    core.apps.add(entry)
    return _noted(core, entry, officer, {})


def review(core: Core, app: str, version: str, officer: str, finding: Texts, *, passed: bool) -> OfficialApp:
    """Say what the review found; raises ``AppRefused``, also for who proposed it."""
    entry = _at(core, app, version, "proposed")
    _another(entry, officer)
    _words("finding", finding, MOST_SAID)
    state: AppState = "reviewed" if passed else "rejected"
    done = replace(entry, state=state, reviewed_by=officer, reviewed_at=core.now, finding=finding)
    return _changed(core, done, officer, finding)


def publish(core: Core, app: str, version: str, officer: str) -> OfficialApp:
    """Show it to everybody, in place of the version that was shown before; raises ``AppRefused``."""
    entry = _at(core, app, version, "reviewed")
    _another(entry, officer)
    for former in core.apps.entries():
        if former.app == app and former.state == "published":
            _changed(core, replace(former, state="replaced", ended_at=core.now), officer, {})
    return _changed(core, replace(entry, state="published", published_at=core.now), officer, {})


def withdraw(core: Core, app: str, version: str, officer: str, reason: Texts) -> OfficialApp:
    """Offer it no longer (下架); the list says why. Raises ``AppRefused``."""
    entry = _at(core, app, version, "published")
    _words("reason", reason, MOST_SAID)
    done = replace(entry, state="withdrawn", ended_at=core.now, reason=reason)
    return _changed(core, done, officer, reason)


def history(core: Core, app: str) -> Sequence[AppEvent]:
    """The whole trail of one piece of software; raises ``AppRefused`` where there is none of this name."""
    found = core.apps.history(app)
    if not found:
        raise AppRefused(f"there is no software {app!r}; see: bureau apps list --all")
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


def _at(core: Core, app: str, version: str, state: AppState) -> OfficialApp:
    """The entry, held, if it is in just this state."""
    core.apps.lock()
    entry = next((e for e in core.apps.entries() if (e.app, e.version) == (app, version)), None)
    if entry is None:
        raise AppRefused(f"there is no {app} {version}; see: bureau apps list --all")
    if entry.state != state:
        raise AppRefused(f"{app} {version} is {entry.state}, and must be {state} for this")
    return entry


def _another(entry: OfficialApp, officer: str) -> None:
    if officer == entry.proposed_by:
        raise AppRefused(f"{officer} proposed it; another officer has to do this")


def _changed(core: Core, entry: OfficialApp, officer: str, said: Texts) -> OfficialApp:
    core.apps.change(entry)
    return _noted(core, entry, officer, said)


def _noted(core: Core, entry: OfficialApp, officer: str, said: Texts) -> OfficialApp:
    core.apps.note(AppEvent(0, entry.app, entry.version, core.now, officer, entry.state, said))
    return entry


def _words(field: str, texts: Texts, most: int) -> None:
    for lang in LANGUAGES:
        room, text = most if lang == "zh-CN" else 3 * most, texts.get(lang, "").strip()
        if not 2 <= len(text) <= room or not text.isprintable():
            raise AppRefused(f"{field}: say it in {lang} on one line, in at most {room} characters")
    if unknown := set(texts) - set(LANGUAGES):
        raise AppRefused(f"{field}: {', '.join(sorted(unknown))} is no language of the terminals")


def _address(url: str) -> None:
    """An encrypted page of a named host: what people are sent to by a code has to be what it says."""
    try:
        parts = urlsplit(url)
        sound = parts.scheme == "https" and "." in (parts.hostname or "") and parts.port is None
    except ValueError:
        sound = False
    if not sound or parts.username is not None or not url.isascii() or any(c.isspace() for c in url):
        raise AppRefused("url: give the official page as https://HOST/…, without a port or a password")
