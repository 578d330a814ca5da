"""税务文书: a document as it is read before it is signed for, and with its receipt of service (送达回证) afterwards."""

from __future__ import annotations

from bureau.engine.messages import Values
from bureau.engine.names import day_in_words
from bureau.engine.serving import documents
from bureau.engine.sheets.base import Case, same
from bureau.ports.documents import Document
from bureau.ports.office import Sheet, SheetColumn, SheetFact
from bureau.texts import say
from kiosk.domain.masking import mask_number
from sync.models import Texts

SERVED_DOCUMENT = "served-document"
DIGEST_SHOWN = 8


def served_document(case: Case) -> Sheet:
    """The document that was asked for, in the words in which it was issued. Raises ``Refused``."""
    found = documents.of_actor(case.core, case.actor, case.wish.item or "")
    name = documents.addressee(case.core, found.taxpayer)
    own = case.core.registration.owner(found.taxpayer) is not None
    public = same(mask_number(found.taxpayer)) if own else None
    facts = [
        SheetFact(say("certificate.fact.addressee"), same(name), strong=True, wide=True),
        SheetFact(say("certificate.fact.taxpayer-number"), same(found.taxpayer), public=public, wide=True),
        SheetFact(say("certificate.fact.document-no"), same(found.document), wide=True),
        SheetFact(say("certificate.fact.issued"), day_in_words(documents.issued_on(found))),
        SheetFact(say("certificate.fact.term"), documents.term_text(found)),
    ]
    return Sheet(
        kind=SERVED_DOCUMENT,
        title=found.title,
        holder=name,
        facts=tuple(facts),
        columns=(SheetColumn(say("certificate.column.text"), 100),),
        rows=tuple((paragraph,) for paragraph in found.body),
        statements=tuple(receipt(found)),
    )


def receipt(found: Document) -> list[Texts]:
    """What the receipt of service says beside the facts (实施细则 art. 102); nothing before service."""
    if found.state != "served" or found.served_on is None or found.served_by is None:
        return []
    values: Values = {"day": day_in_words(found.served_on), "by": found.served_by}
    digest = (found.text_sha256 or "")[:DIGEST_SHOWN].upper()
    return [say(f"document.receipt.{found.way}", digest=digest, **values)]
