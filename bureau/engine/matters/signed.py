"""A matter with a statement signed by hand: whether it is the published one, with what was given."""

from __future__ import annotations

from collections.abc import Iterator

from bureau.engine.effects import Request
from bureau.engine.enrolling import as_published, own_hand
from bureau.engine.matters.base import Fields
from bureau.engine.refusals import refuse
from bureau.engine.sharing.words import signed_words
from bureau.engine.subjects import Actor
from config.catalogue.models import FormStep, Input, Service
from sync.models import SignedByHand


def check_signed(request: Request, actor: Actor, fields: Fields, signed: SignedByHand | None) -> SignedByHand:
    """What was signed; raises ``Refused`` unless it is the service's own statement of this person, in their hand.

    A statement of a matter names who signs, what was given in its form (the rows themselves, or their options in the
    language that was signed in), and what the centre found to it, which the person saw in the review (step ``check``).
    """
    if signed is None:
        raise refuse("signatureTorn")
    own_hand(signed)
    person = actor.person
    values = {"sign-in.name": person.name, "sign-in.number": person.key.number}
    given = dict(_given(request.service, fields, signed.lang))
    values |= {f"check.{name}": str(value) for name, value in fields.items()} | given
    values |= signed_words(fields, signed.lang)
    as_published(request.service, request.body, signed, values)
    return signed


def _given(service: Service, fields: Fields, lang: str) -> Iterator[tuple[str, str]]:
    """What a form left, by its path; the words of an option as ``<row>_title``, as the form leaves them."""
    for step in service.steps:
        for row in step.rows if isinstance(step, FormStep) else ():
            value = fields.get(row.id)
            if value is None:
                continue
            yield f"{step.id}.{row.id}", str(value)
            chosen = next((o for o in row.options if row.input is Input.OPTION and o.id == value), None)
            if chosen is not None:
                yield f"{step.id}.{row.id}_title", chosen.title.get(lang, "")
