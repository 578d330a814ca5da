"""Where a certificate's file is fetched by the phone that scanned its link, ``/k/…``: once."""

from __future__ import annotations

from fastapi.responses import Response

from bureau.certificates.data import thaw
from bureau.public.look import HEADERS
from bureau.public.site import Visit

SHOWN = 4
"""Digits of the number at either end that the page shows: it is open to whoever looks at the phone."""


def offered(visit: Visit, link: str) -> Response:
    """What the link leads to. Looking uses nothing up: programs that look at messages open links too."""
    key, _, secret = link.partition(".")
    record = visit.site.records.linked_certificate(key, secret)
    if record is None:
        return visit.message("fetch.gone", 404)
    masked = f"{record.number[:SHOWN]} … {record.number[-SHOWN:]}"
    title = thaw(record.frozen).title
    return visit.page("fetch.html", title=title, number=masked, issued_at=record.issued_at, link=link)


def fetched(visit: Visit, link: str) -> Response:
    """The sealed file, once."""
    key, _, secret = link.partition(".")
    found = visit.site.records.fetch_certificate(key, secret)
    if found is None:
        return visit.message("fetch.gone", 404)
    name, content = found
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="application/pdf", headers=headers)
