"""Checking an uploaded PDF: size bounded before it is read, looked at in a process of its own, never kept."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from bureau.certificates.inspection import PdfState, PdfVerdict
from bureau.certificates.inspection_process import inspect_apart
from bureau.ports.certificates import CertificateRecord
from bureau.public.site import PublicSite, Visit, address_of
from bureau.public.texts import text
from kiosk.domain.errors import FieldError
from kiosk.domain.own_numbers import check_number

FILE_BYTES = 5 * 1024 * 1024
_FRAME_BYTES = 4 * 1024
"""Room for the multipart frame around the file."""


def add_file_pages(router: APIRouter, site: PublicSite) -> None:
    """``GET`` and ``POST /v/file``."""

    @router.get("/v/file")
    async def ask_for_file(request: Request) -> Response:
        return Visit.of(site, request).page("file.html", state="", error="")

    @router.post("/v/file")
    async def check_file(request: Request) -> Response:
        length = request.headers.get("content-length", "")
        visit = Visit.of(site, request)
        if not length.isdigit():
            return _ask_again(visit, "error.file.unread", 411)
        if int(length) > FILE_BYTES + _FRAME_BYTES:
            return _ask_again(visit, "error.file.large", 413)
        if wait := site.files.take(address_of(request)):
            return visit.limited(wait)
        try:
            pdf, lang = await _read(request)
        except HTTPException as refused:  # no form of ours, or one that was cut
            return _ask_again(visit, "error.file.unread", refused.status_code)
        visit = Visit.of(site, request, lang=lang)
        if not pdf:
            return _ask_again(visit, "error.file.empty", 422)
        if len(pdf) > FILE_BYTES:
            return _ask_again(visit, "error.file.large", 413)
        return await run_in_threadpool(_look, visit, pdf)


async def _read(request: Request) -> tuple[bytes, str]:
    """The file, one byte longer than allowed at most, and the language of the form."""
    async with request.form(max_files=1, max_fields=4, max_part_size=1024) as form:
        upload, lang = form.get("file"), form.get("lang")
        pdf = await upload.read(FILE_BYTES + 1) if isinstance(upload, UploadFile) else b""
    return pdf, lang if isinstance(lang, str) else ""


def _ask_again(visit: Visit, error: str, status: int) -> Response:
    return visit.page("file.html", status, state="", error=text(error, visit.lang))


def _look(visit: Visit, pdf: bytes) -> Response:
    verdict = inspect_apart(pdf, visit.site.trust.authorities)
    record = _registered(visit, verdict)
    return visit.page(
        "file.html",
        state=verdict.state,
        verdict=verdict,
        registered=record.state if record is not None else "unknown",
        ended=record.ended if record is not None else None,
        error="",
    )


def _registered(visit: Visit, verdict: PdfVerdict) -> CertificateRecord | None:
    """An intact file's certificate in the register."""
    if verdict.state is not PdfState.INTACT:
        return None
    try:
        return visit.site.records.certificate(check_number(verdict.number).number)
    except FieldError:
        return None
