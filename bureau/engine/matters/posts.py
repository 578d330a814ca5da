"""People in roles of an enterprise, named without their document's number."""

from __future__ import annotations

import hashlib

from bureau.ports.core import Core
from bureau.ports.registration import Person, PersonKey, Post
from kiosk.domain.people import DocumentKind

CARDS = (DocumentKind.RESIDENT_ID, DocumentKind.HMT_RESIDENCE, DocumentKind.FOREIGN_PERMANENT)
"""Documents whose numbers have the form of a resident number."""


def post_id(taxpayer: str, post: Post) -> str:
    """What tells this post from others at the terminal and in the entries, and tells nothing of the person."""
    named = f"{taxpayer}/{post.person.key.kind.value}/{post.person.key.number}"
    return f"{post.role.value}-{hashlib.sha256(named.encode()).hexdigest()[:16]}"


def person_of(core: Core, number: str) -> Person | None:
    """The enrolled person whose card has this number."""
    found = (core.registration.person(PersonKey(kind, number)) for kind in CARDS)
    return next((person for person in found if person is not None), None)
