"""A visit from its order to the second officer's word: who goes, what is filled in on the spot, who signs.

税收征收管理法 art. 59: two officers, with their identification, and a notice of inspection. Whatever changes after a
signature ends it, and after an officer's confirmation that too: nobody stands for what they never saw.
"""

from __future__ import annotations

import base64
import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from bureau.engine.inspecting import form as forms
from bureau.engine.inspecting.form import LONGEST, Entered, Form, Signed
from bureau.engine.inspecting.known import head_of, known
from bureau.engine.inspecting.rules import rules as books
from bureau.engine.rules import Rules
from bureau.engine.subjects import today
from bureau.errors import InspectionRefused
from bureau.ports.core import Core
from bureau.ports.inspections import Inspection, InspectionEvent, Picture
from bureau.ports.materials import Vault
from kiosk.domain.errors import DomainError
from kiosk.domain.signing import Stroke, write_ink

REASON_LONGEST: Final = 60
AHEAD: Final = timedelta(days=60)
"""So far ahead a visit is ordered."""
LEAST_INK_MM, LEAST_SIZE_MM, LEAST_MS = 20.0, 6.0, 300
"""As on the signature pad (``drivers/signature.py``): a dot, a tick or one short dash is no signature."""


@dataclass(frozen=True, slots=True)
class Officers:
    """Who goes: two logins, and their names as the papers have them."""

    first: str
    first_name: str
    second: str
    second_name: str


@dataclass(frozen=True, slots=True)
class Order:
    """What is ordered: on whom, which kind of visit, on which basis, why, and on which day."""

    taxpayer: str
    kind: str
    basis: str
    reason: str
    day: date


@dataclass(frozen=True, slots=True)
class Met:
    """Who was met. ``strokes`` on a surface of ``size`` (hundredths of a millimetre), or why they refused to sign."""

    name: str
    capacity: str
    size: tuple[int, int] = (0, 0)
    strokes: Sequence[Stroke] = ()
    refusal: str = ""


def order(core: Core, key: str, officers: Officers, wanted: Order) -> Inspection:
    """Order a visit; the same key orders one. Raises ``InspectionRefused``."""
    number = core.inspections.number_for(key)
    if (there := core.inspections.find(number)) is not None:
        return there
    if officers.second == officers.first:
        raise InspectionRefused("alone", "two officers go: name another one (税收征收管理法 art. 59)")
    kind = books().kinds.get(wanted.kind)
    if kind is None or wanted.basis not in kind.bases:
        raise InspectionRefused(
            "kind", f"kind: one of {', '.join(books().kinds)}, each on a basis of its own"
        )
    reason = wanted.reason.strip()
    if not 0 < len(reason) <= REASON_LONGEST or not reason.isprintable():
        raise InspectionRefused(
            "reason", f"say why on one line, in at most {REASON_LONGEST} characters", most=REASON_LONGEST
        )
    day = today(core)
    if not day <= wanted.day <= day + AHEAD:
        raise InspectionRefused("day", f"a visit is ordered for a day from {day} to {day + AHEAD}")
    found = core.registration.taxpayer(wanted.taxpayer)
    if found is None or core.registration.owner(wanted.taxpayer) is not None:
        raise InspectionRefused(
            "taxpayer", f"no enterprise {wanted.taxpayer} is registered: compare the number"
        )
    if found.state == "cancelled":
        raise InspectionRefused("cancelled", f"{wanted.taxpayer} is no taxpayer any more")
    if head_of(core, found) is None:
        raise InspectionRefused("nobody", f"nobody is on record who answers for {wanted.taxpayer}")
    made = Inspection(
        number=number,
        taxpayer=wanted.taxpayer,
        kind=wanted.kind,
        basis=wanted.basis,
        reason=reason,
        day=wanted.day,
        first=officers.first,
        first_name=officers.first_name,
        second=officers.second,
        second_name=officers.second_name,
        ordered_at=core.now,
    )
    core.inspections.add(made)
    return noted(core, made, officers.first, "ordered", {})


def cancel(core: Core, number: str, officer: str, reason: str) -> Inspection:
    """It does not take place; what was filled in, and its pictures, are deleted. Raises ``InspectionRefused``."""
    inspection = at(core, number, "ordered")
    if officer not in (inspection.first, inspection.second):
        raise InspectionRefused("others", "the two officers who were named for it cancel it")
    said = reason.strip()
    if not 0 < len(said) <= REASON_LONGEST or not said.isprintable():
        raise InspectionRefused(
            "reason", f"say why on one line, in at most {REASON_LONGEST} characters", most=REASON_LONGEST
        )
    for picture in core.inspections.pictures(number):
        core.inspections.drop_picture(picture.key)
    core.inspections.keep_form(number, None)
    done = replace(_unconfirmed(inspection), state="cancelled")
    core.inspections.change(done)
    return noted(core, done, officer, "cancelled", {"reason": said})


def opened(core: Core, vault: Vault, law: Rules, inspection: Inspection) -> Form:
    """The form as it was saved last; before anything was, an empty one beside what the centre knows now."""
    form = forms.opened(core, vault, inspection.number)
    if form is not None:
        return form
    taxpayer = core.registration.taxpayer(inspection.taxpayer)
    assert taxpayer is not None, "a visit is ordered to who is registered, and nobody leaves the register"
    return Form(known=known(core, law, taxpayer))


def save(
    core: Core, vault: Vault, law: Rules, number: str, officer: str, revision: int, entered: Entered
) -> Inspection:
    """Keep what was filled in so far; the same once more changes nothing, also after a lost answer.

    ``revision``: what the page was drawn of. Raises ``InspectionRefused`` where the other officer has saved since.
    """
    inspection = mine(core, number, officer)
    form = opened(core, vault, law, inspection)
    wanted = forms.checked(forms.kind_of(inspection), form.known, entered)
    if wanted == form.entered and inspection.revision:
        return inspection
    if revision != inspection.revision:
        raise InspectionRefused("revised", "the other officer has changed the form meanwhile: load it again")
    return _kept(core, vault, inspection, form.model_copy(update={"entered": wanted, "signed": None}))


def add_picture(
    core: Core, vault: Vault, law: Rules, number: str, officer: str, key: str, jpeg: bytes
) -> Inspection:
    """Hold a picture that ``pictures.encoded_anew`` made, once; raises ``InspectionRefused``."""
    inspection = mine(core, number, officer)
    held = core.inspections.picture(key)
    if held is not None and held.inspection == number:
        return inspection
    most = books().pictures.most
    if held is not None or len(core.inspections.pictures(number)) >= most:
        raise InspectionRefused("pictures-many", f"at most {most} pictures of a visit", most=most)
    core.inspections.add_picture(
        Picture(
            key=key,
            inspection=number,
            sha256=hashlib.sha256(jpeg).hexdigest(),
            size=len(jpeg),
            received_at=core.now,
            officer=officer,
            sealed=vault.seal(_picture(key), jpeg),
        )
    )
    return _changed_pictures(core, vault, law, inspection)


def drop_picture(core: Core, vault: Vault, law: Rules, number: str, officer: str, key: str) -> Inspection:
    """Delete one, for good; one that is not there is as good as deleted. Raises ``InspectionRefused``."""
    inspection = mine(core, number, officer)
    if key not in {picture.key for picture in core.inspections.pictures(number)}:
        return inspection
    core.inspections.drop_picture(key)
    return _changed_pictures(core, vault, law, inspection)


def shown_picture(core: Core, vault: Vault, number: str, key: str) -> bytes:
    """What a picture of the visit shows; raises ``InspectionRefused``."""
    held = core.inspections.picture(key)
    if held is None or held.inspection != number:
        raise InspectionRefused("picture-none", "there is no such picture")
    return vault.open(_picture(key), held.sealed)


def sign(
    core: Core, vault: Vault, law: Rules, number: str, officer: str, content_sha256: str, met: Met
) -> Inspection:
    """The taxpayer's person signs what was filled in, or refuses to; raises ``InspectionRefused``.

    ``content_sha256`` is of what they read: where it is another by now nobody has signed it. Nothing takes the place
    of a signature that stands: a change of the form ends it first.
    """
    inspection = mine(core, number, officer)
    form, pictures = opened(core, vault, law, inspection), core.inspections.pictures(number)
    kind = forms.kind_of(inspection)
    if lacking := forms.missing(kind, form, len(pictures)):
        raise InspectionRefused("missing", f"fill in first: {', '.join(lacking)}", count=len(lacking))
    if not kind.outcomes[form.entered.outcome].signed:
        raise InspectionRefused("unmet", "nobody was met who could sign")
    content = forms.digest(inspection, form, pictures)
    if content != content_sha256:
        raise InspectionRefused("revised", "the form was changed meanwhile: load it again")
    name, capacity, refusal = (text.strip() for text in (met.name, met.capacity, met.refusal))
    for said, most, needed in (
        (name, LONGEST["name"], True),
        (capacity, LONGEST["capacity"], True),
        (refusal, LONGEST["refusal"], not met.strokes),
    ):
        if len(said) > most or not said.isprintable() or (needed and not said):
            raise InspectionRefused("met", "say who was met and as what, and why where they do not sign")
    ink = "" if refusal else base64.b64encode(_ink(bytes.fromhex(content), met)).decode()
    if (before := form.signed) is not None:
        if (before.name, before.capacity, before.ink, before.refusal) == (name, capacity, ink, refusal):
            return inspection  # the answer was lost, and it is sent again
        raise InspectionRefused("signed", f"{number} is signed already; a change of the form ends that")
    signed = Signed(name=name, capacity=capacity, ink=ink, refusal=refusal, at=core.now, officer=officer)
    done = _kept(core, vault, inspection, form.model_copy(update={"signed": signed}))
    return noted(core, done, officer, "signed", {"refused": "yes"} if refusal else {})


def confirm(core: Core, vault: Vault, number: str, officer: str, content_sha256: str) -> Inspection:
    """One of the two officers stands for exactly this; with the other's word it is confirmed by both.

    Raises ``InspectionRefused`` for what is not whole, not signed, not as the officer saw it, or confirmed by them.
    """
    inspection = mine(core, number, officer)
    form, pictures = forms.opened(core, vault, number), core.inspections.pictures(number)
    if form is None:
        raise InspectionRefused("missing", "nothing was filled in yet", count=1)
    kind = forms.kind_of(inspection)
    if lacking := forms.missing(kind, form, len(pictures)):
        raise InspectionRefused("missing", f"fill in first: {', '.join(lacking)}", count=len(lacking))
    if kind.outcomes[form.entered.outcome].signed and form.signed is None:
        raise InspectionRefused("unsigned", "whoever was met signs first, or their refusal is noted")
    content = forms.whole(inspection, form, pictures)
    if content != content_sha256:
        raise InspectionRefused("revised", "the form was changed meanwhile: load it again")
    is_first = officer == inspection.first
    if (inspection.confirmed_first if is_first else inspection.confirmed_second) is not None:
        return inspection
    done = replace(
        inspection,
        content_sha256=content,
        confirmed_first=core.now if is_first else inspection.confirmed_first,
        confirmed_second=inspection.confirmed_second if is_first else core.now,
    )
    if done.confirmed_first is not None and done.confirmed_second is not None:
        done = replace(done, state="confirmed", outcome=form.entered.outcome)
    core.inspections.change(done)
    return noted(core, done, officer, "confirmed", {})


def there(core: Core, number: str, *, lock: bool = False) -> Inspection:
    """The visit of this number; raises ``InspectionRefused``."""
    found = core.inspections.find(number, lock=lock)
    if found is None:
        raise InspectionRefused("unknown", f"there is no inspection {number!r}; see: bureau inspection list")
    return found


def at(core: Core, number: str, state: str) -> Inspection:
    """The same, locked, if it is in just this state; raises ``InspectionRefused``."""
    found = there(core, number, lock=True)
    if found.state != state:
        raise InspectionRefused("state", f"{number} is {found.state}, and must be {state} for this")
    return found


def mine(core: Core, number: str, officer: str) -> Inspection:
    """The same while it is recorded, for one of the two officers, from its day on; raises ``InspectionRefused``."""
    found = at(core, number, "ordered")
    if officer not in (found.first, found.second):
        raise InspectionRefused("others", "the two officers who were named for it record it, and nobody else")
    if today(core) < found.day:
        raise InspectionRefused("early", f"it is recorded from {found.day} on", day=found.day)
    return found


def noted(core: Core, inspection: Inspection, officer: str, did: str, said: dict[str, str]) -> Inspection:
    """Enter what was done."""
    core.inspections.note(InspectionEvent(0, inspection.number, core.now, officer, did, said))  # type: ignore[arg-type]
    return inspection


def _picture(key: str) -> str:
    """The name under which it is sealed."""
    return f"inspection-picture:{key}"


def _changed_pictures(core: Core, vault: Vault, law: Rules, inspection: Inspection) -> Inspection:
    form = opened(core, vault, law, inspection)
    return _kept(core, vault, inspection, form.model_copy(update={"signed": None}))


def _kept(core: Core, vault: Vault, inspection: Inspection, form: Form) -> Inspection:
    """Sealed, with the next revision; whoever had confirmed has not any more."""
    forms.keep(core, vault, inspection.number, form)
    done = replace(_unconfirmed(inspection), revision=inspection.revision + 1)
    core.inspections.change(done)
    return done


def _unconfirmed(inspection: Inspection) -> Inspection:
    return replace(inspection, content_sha256="", confirmed_first=None, confirmed_second=None)


def _ink(document: bytes, met: Met) -> bytes:
    """The hand, sealed to what was read; raises ``InspectionRefused`` for what is none, or too little of one."""
    try:
        compact = write_ink(document, met.size, met.strokes)
    except DomainError as error:
        raise InspectionRefused("ink", "the signature did not come whole; sign again") from error
    drawn = [stroke.points for stroke in met.strokes]
    places = [point for points in drawn for point in points]
    length = (
        sum(math.dist(a[:2], b[:2]) for points in drawn for a, b in zip(points, points[1:], strict=False))
        / 100
    )
    size = max(max(p[axis] for p in places) - min(p[axis] for p in places) for axis in (0, 1)) / 100
    if length < LEAST_INK_MM or size < LEAST_SIZE_MM or places[-1][2] < LEAST_MS:
        raise InspectionRefused("ink-little", "that is too little for a signature; sign the full name")
    return compact
