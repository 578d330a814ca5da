"""Documents are issued, served in one of the ways of the law, or withdrawn; their term runs from service."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from bureau.engine import messages
from bureau.engine.names import day_in_words
from bureau.engine.refusals import refuse
from bureau.engine.reminding.matters import answering
from bureau.engine.reminding.rungs import DEMAND
from bureau.engine.rules import Rules
from bureau.engine.sheets.base import same
from bureau.engine.subjects import Actor, today
from bureau.errors import DocumentRefused
from bureau.ports.core import Core
from bureau.ports.documents import Document, NewDocument, Service, Way
from bureau.ports.registration import Taxpayer
from bureau.texts import say
from config.clock import CHINA
from kiosk.domain.masking import mask_name
from kiosk.domain.tax.limits import WorkingCalendar
from sync.models import Texts

MOST_TITLE: Final = 30
MOST_PARAGRAPH: Final = 90
"""Characters of a paragraph: three of them are one page of the screen."""
MOST_PARAGRAPHS: Final = 60
MOST_DAYS: Final = 180
NOTICE_DAYS: Final = 30
"""A public notice serves thirty days after it was made (税收征收管理法实施细则 art. 106)."""


def issue(
    core: Core, taxpayer: str, title: str, paragraphs: Sequence[str], days: int | None, by: str
) -> Document:
    """A document of an officer's to be served, of which whoever answers for the taxpayer is told.

    Raises ``DocumentRefused``.
    """
    addressee = core.registration.taxpayer(taxpayer, lock=True)
    if addressee is None:
        raise DocumentRefused(f"no taxpayer {taxpayer}: look it up in the register")
    body = [line for line in (text.strip() for text in paragraphs) if line]
    if not 0 < len(title.strip()) <= MOST_TITLE:
        raise DocumentRefused(f"a title has 1 to {MOST_TITLE} characters")
    if not 0 < len(body) <= MOST_PARAGRAPHS:
        raise DocumentRefused(f"a document has 1 to {MOST_PARAGRAPHS} paragraphs, one a line")
    if long := next((line for line in body if len(line) > MOST_PARAGRAPH), None):
        raise DocumentRefused(
            f"a paragraph has at most {MOST_PARAGRAPH} characters: break {long[:12]!r}… into several lines"
        )
    if days is not None and not 0 < days <= MOST_DAYS:
        raise DocumentRefused(f"a term is of 1 to {MOST_DAYS} days")
    return put(core, addressee, NewDocument(taxpayer, same(title.strip()), tuple(map(same, body)), by, days))


def put(core: Core, addressee: Taxpayer, new: NewDocument) -> Document:
    """A document that waits to be served, of which whoever answers for the taxpayer is told."""
    made = core.documents.issue(new)
    for person in answering(core, addressee, today(core), late=True):
        core.notices.tell(person, messages.document_waits(made, addressee.name))
    return made


def withdraw(core: Core, number: str, by: str) -> Document:
    """It is served no more, by this officer's word; raises ``DocumentRefused`` for one that does not wait."""
    _waiting(core, number)
    core.documents.withdraw(number, by)
    core.notices.mended(messages.to_serve(number))
    withdrawn = core.documents.document(number)
    assert withdrawn is not None, "it was withdrawn just now"
    return withdrawn


def serve_otherwise(
    core: Core, rules: Rules, number: str, way: Way, on: date, by: str, note: str
) -> Document:
    """An officer tells of another way of service and its date (arts. 103 to 106); raises ``DocumentRefused``.

    ``on``: the day on which it was left, received, or made public; the last serves ``NOTICE_DAYS`` later.
    """
    found = _waiting(core, number)
    served_on = on + timedelta(days=NOTICE_DAYS) if way == "notice" else on
    if not issued_on(found) <= on or served_on > today(core):
        raise DocumentRefused(
            f"{number} was issued on {issued_on(found)}: a service of {served_on} is before it or not yet"
        )
    if not note.strip():
        raise DocumentRefused(
            "say what proves it: the reason of the refusal and the witness, the receipt, the notice"
        )
    serve(core, found, Service(way, served_on, term_end(found, served_on, rules), by, note.strip()))
    served = core.documents.document(number)
    assert served is not None, "it was served just now"
    return served


def _waiting(core: Core, number: str) -> Document:
    found = core.documents.document(number, lock=True)
    if found is None or found.state != "issued":
        raise DocumentRefused(f"{number} is not there, served or withdrawn: see `bureau document list`")
    return found


def serve(core: Core, found: Document, service: Service) -> None:
    """It is served: nobody is told of it any more, and a demand is mended in time until its term from service ends."""
    core.documents.serve(found.document, service)
    core.notices.mended(messages.to_serve(found.document))
    if found.matter is not None and service.until is not None:
        core.reminders.extend(found.matter, DEMAND, service.until)


def term_end(found: Document, served_on: date, rules: Rules) -> date | None:
    """The last day of its term, a working day (税收征收管理法实施细则 art. 109); None: it has no term."""
    if found.days is None:
        return None
    return WorkingCalendar(rules.current).on_or_after(served_on + timedelta(days=found.days))


def of_actor(core: Core, actor: Actor, number: str, *, lock: bool = False) -> Document:
    """A document of the taxpayer who is acted for; another's is as good as none. Raises ``Refused``."""
    found = core.documents.document(number, lock=lock)
    if found is None or found.taxpayer != actor.enterprise.taxpayer:
        raise refuse("documentUnknown")
    if found.state == "withdrawn":
        raise refuse("documentWithdrawn")
    return found


def issued_on(found: Document) -> date:
    """The day that it bears, in China."""
    return found.issued_at.astimezone(CHINA).date()


def addressee(core: Core, taxpayer: str) -> str:
    """Whom it is served on: an enterprise by name, a person with most of the name hidden."""
    person, found = core.registration.owner(taxpayer), core.registration.taxpayer(taxpayer)
    assert found is not None, "a document is of a taxpayer in the register"
    return found.name if person is None else mask_name(person.name)


def term_text(found: Document) -> Texts:
    """By when, or within how many days of service."""
    if found.until is not None:
        return say("document.until", day=day_in_words(found.until))
    return say("document.term", days=str(found.days)) if found.days is not None else say("document.no-term")
