"""``documents.list``: the official documents of a taxpayer that wait to be served, and those that were."""

from __future__ import annotations

from collections.abc import Mapping

from bureau.engine.queries.registry import NoParams, Query, of_actor
from bureau.engine.serving import documents
from bureau.engine.subjects import Actor
from bureau.ports.core import Core
from bureau.ports.documents import Document
from bureau.ports.system import System
from kiosk.domain.masking import mask_name
from sync.models import DocumentRow, DocumentsShown


def questions(system: System) -> Mapping[str, Query]:
    """The query of documents."""
    return {"documents.list": of_actor(system, NoParams, DocumentsShown, _listed)}


def _listed(core: Core, actor: Actor, _: NoParams) -> DocumentsShown:
    taxpayer = actor.enterprise.taxpayer
    name = documents.addressee(core, taxpayer)
    return DocumentsShown(rows=[_row(found, name) for found in core.documents.of(taxpayer)])


def _row(found: Document, name: str) -> DocumentRow:
    return DocumentRow(
        document=found.document,
        title=found.title,
        state="served" if found.state == "served" else "issued",
        addressee=name,
        issued_on=documents.issued_on(found),
        term_text=documents.term_text(found),
        served_on=found.served_on,
        received_by=mask_name(found.served_by) if found.way == "signed" and found.served_by else None,
    )
