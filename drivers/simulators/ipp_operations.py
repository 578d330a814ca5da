"""What the simulated printer answers to each IPP operation (RFC 8011), from the state of its mechanics."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from config.clock import Clock
from drivers.simulators import ipp_codec as ipp
from drivers.simulators.ipp_codec import Attributes, Message, values
from drivers.simulators.laser_engine import Job, LaserEngine
from drivers.simulators.pdf_pages import count_pages

OK = 0x0000
BAD_REQUEST, NOT_POSSIBLE, NOT_FOUND = 0x0400, 0x0404, 0x0406
FORMAT_UNSUPPORTED, CHARSET_UNSUPPORTED, FORMAT_ERROR = 0x040A, 0x040D, 0x0411
UNKNOWN_OPERATION, UNKNOWN_VERSION = 0x0501, 0x0503
_VERSIONS = ((1, 0), (1, 1), (2, 0))
_FORMATS = ("application/pdf", "application/octet-stream")
_MAKE = "Yunchuan LP-40 (simulated)"


class Refused(Exception):
    """The operation ends with this status."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class IppPrinter:
    """Answers messages; ``uri`` is the printer's own address."""

    def __init__(self, engine: LaserEngine, clock: Clock, uri: str) -> None:
        self._engine = engine
        self._clock = clock
        self.uri = uri
        self._operations: dict[int, Callable[[Message], list[tuple[int, Attributes]]]] = {
            0x0002: self._print_job,
            0x0004: self._validate_job,
            0x0005: self._create_job,
            0x0006: self._send_document,
            0x0008: self._cancel_job,
            0x0009: self._get_job,
            0x000A: self._get_jobs,
            0x000B: self._get_printer,
            0x003B: self._close_job,
            0x003C: self._identify,
        }

    def answer(self, raw: bytes) -> bytes:
        """The response to one request, also to one that is no IPP at all."""
        try:
            request = ipp.decode(raw)
        except ipp.BadMessage as error:
            return self._response(Message((1, 1), 0, 1), BAD_REQUEST, str(error), [])
        try:
            self._check(request)
            operation = self._operations.get(request.code)
            if operation is None:
                raise Refused(UNKNOWN_OPERATION, f"operation {request.code:#06x} is not supported")
            return self._response(request, OK, "successful-ok", operation(request))
        except Refused as refused:
            return self._response(request, refused.status, str(refused), [])

    @staticmethod
    def _response(request: Message, status: int, text: str, groups: list[tuple[int, Attributes]]) -> bytes:
        version = request.version if request.version in _VERSIONS else (2, 0)
        head: Attributes = {
            "attributes-charset": values(ipp.CHARSET, "utf-8"),
            "attributes-natural-language": values(ipp.LANGUAGE, "en"),
            "status-message": values(ipp.TEXT, text),
        }
        return ipp.encode(Message(version, status, request.request_id, [(ipp.OPERATION, head), *groups]))

    @staticmethod
    def _check(request: Message) -> None:
        """What RFC 8011, 4.1 asks of every request."""
        if request.version not in _VERSIONS:
            raise Refused(UNKNOWN_VERSION, "this printer speaks IPP 1.0, 1.1 and 2.0")
        if request.request_id == 0 or not request.groups or request.groups[0][0] != ipp.OPERATION:
            raise Refused(BAD_REQUEST, "no request-id or no operation attributes")
        if list(request.groups[0][1])[:2] != ["attributes-charset", "attributes-natural-language"]:
            raise Refused(BAD_REQUEST, "charset and natural language must come first")
        if (request.text("attributes-charset") or "").lower() not in ("utf-8", "us-ascii"):
            raise Refused(CHARSET_UNSUPPORTED, "only utf-8")
        if request.text("printer-uri") is None and request.text("job-uri") is None:
            raise Refused(BAD_REQUEST, "printer-uri or job-uri is missing")

    # -- jobs ---------------------------------------------------------------------------------------

    def _open(self, request: Message) -> Job:
        name = request.text("job-name") or request.text("document-name") or "Untitled"
        copies = request.number("copies", ipp.JOB) or 1
        two_sided = (request.text("sides", ipp.JOB) or "one-sided") != "one-sided"
        user = request.text("requesting-user-name") or "anonymous"
        return self._engine.new_job(name, user, max(1, min(99, copies)), two_sided)

    def _format(self, request: Message) -> None:
        wanted = request.text("document-format") or _FORMATS[0]
        if wanted not in _FORMATS:
            raise Refused(FORMAT_UNSUPPORTED, f"{wanted} is not printed here, only application/pdf")

    def _document(self, job: Job, data: bytes) -> None:
        pages = count_pages(data)
        if pages is None:
            self._engine.reject(job, "document-format-error")
            raise Refused(FORMAT_ERROR, "the document is not a PDF")
        self._engine.begin(job, data, pages)

    def _print_job(self, request: Message) -> list[tuple[int, Attributes]]:
        self._format(request)
        job = self._open(request)
        self._document(job, request.document)
        return [(ipp.JOB, self._short(job))]

    def _validate_job(self, request: Message) -> list[tuple[int, Attributes]]:
        self._format(request)
        return []

    def _create_job(self, request: Message) -> list[tuple[int, Attributes]]:
        return [(ipp.JOB, self._short(self._open(request)))]

    def _send_document(self, request: Message) -> list[tuple[int, Attributes]]:
        self._format(request)
        job = self._find(request)
        if job.over or job.pages:
            raise Refused(NOT_POSSIBLE, "the job takes no more documents")
        self._document(job, request.document)
        return [(ipp.JOB, self._short(job))]

    def _close_job(self, request: Message) -> list[tuple[int, Attributes]]:
        self._find(request)
        return []

    def _cancel_job(self, request: Message) -> list[tuple[int, Attributes]]:
        job = self._find(request)
        if job.over or job.canceled:  # RFC 8011, 4.3.3: also one on its way to the stop point
            raise Refused(NOT_POSSIBLE, "the job has ended already, or is being stopped")
        self._engine.cancel(job)
        return []

    def _get_job(self, request: Message) -> list[tuple[int, Attributes]]:
        return [(ipp.JOB, ipp.pick(self._long(self._find(request)), self._wanted(request)))]

    def _get_jobs(self, request: Message) -> list[tuple[int, Attributes]]:
        which = request.text("which-jobs") or "not-completed"
        limit = request.number("limit") or 0
        mine = request.text("requesting-user-name") if request.group(ipp.OPERATION).get("my-jobs") else None
        found = [
            job
            for job in self._engine.jobs.values()
            if which == "all" or job.over == (which == "completed")
            if mine is None or job.user == mine
        ]
        if which != "not-completed":
            found.reverse()  # RFC 8011, 4.2.6: the job that ended last comes first
        asked = request.group(ipp.OPERATION).get("requested-attributes")
        wanted = self._wanted(request) if asked else ["job-id", "job-uri"]
        return [(ipp.JOB, ipp.pick(self._long(job), wanted)) for job in found[: limit or None]]

    def _find(self, request: Message) -> Job:
        number = request.number("job-id")
        if number is None:
            tail = (request.text("job-uri") or "").rpartition("/")[2]
            number = int(tail) if tail.isdigit() else 0
        job = self._engine.jobs.get(number)
        if job is None:
            raise Refused(NOT_FOUND, f"no job {number}")
        return job

    @staticmethod
    def _wanted(request: Message) -> list[str] | None:
        asked = [str(value.data) for value in request.group(ipp.OPERATION).get("requested-attributes", [])]
        groups = {"all", "job-description", "job-template", "printer-description"}
        return None if not asked or groups & set(asked) else asked

    def _short(self, job: Job) -> Attributes:
        return ipp.pick(self._long(job), ["job-id", "job-uri", "job-state", "job-state-reasons"])

    def _long(self, job: Job) -> Attributes:
        def when(moment: int | None) -> list[ipp.Value]:
            return values(ipp.NO_VALUE, b"") if moment is None else values(ipp.INTEGER, moment)

        return {
            "job-id": values(ipp.INTEGER, job.id),
            "job-uri": values(ipp.URI, f"{self.uri}/{job.id}"),
            "job-printer-uri": values(ipp.URI, self.uri),
            "job-name": values(ipp.NAME, job.name),
            "job-originating-user-name": values(ipp.NAME, job.user),
            "job-state": values(ipp.ENUM, int(job.state)),
            "job-state-reasons": values(ipp.KEYWORD, *job.reasons),
            "job-impressions": values(ipp.INTEGER, job.pages * job.copies),
            "job-impressions-completed": values(ipp.INTEGER, job.sheets * (2 if job.two_sided else 1)),
            "job-media-sheets": values(ipp.INTEGER, job.needed),
            "job-media-sheets-completed": values(ipp.INTEGER, job.sheets),
            "job-k-octets": values(ipp.INTEGER, (job.octets + 1023) // 1024),
            "copies": values(ipp.INTEGER, job.copies),
            "sides": values(ipp.KEYWORD, "two-sided-long-edge" if job.two_sided else "one-sided"),
            "job-printer-up-time": values(ipp.INTEGER, self._engine.up_time),
            "time-at-creation": when(job.created),
            "time-at-processing": when(job.begun),
            "time-at-completed": when(job.ended),
        }

    # -- printer ------------------------------------------------------------------------------------

    def _identify(self, _: Message) -> list[tuple[int, Attributes]]:
        return []

    def _get_printer(self, request: Message) -> list[tuple[int, Attributes]]:
        return [(ipp.PRINTER, ipp.pick(self._capabilities() | self._condition(), self._wanted(request)))]

    def _condition(self) -> Attributes:
        engine = self._engine
        now: datetime = self._clock.now()
        waiting = sum(not job.over for job in engine.jobs.values())
        return {
            "printer-state": values(ipp.ENUM, engine.state),
            "printer-state-reasons": values(ipp.KEYWORD, *engine.reasons),
            "printer-state-message": values(ipp.TEXT, "" if not engine.stopped else "Attention needed"),
            "printer-is-accepting-jobs": values(ipp.BOOLEAN, True),
            "queued-job-count": values(ipp.INTEGER, waiting),
            "printer-up-time": values(ipp.INTEGER, engine.up_time),
            "printer-current-time": values(ipp.DATE_TIME, now),
            "printer-state-change-date-time": values(ipp.DATE_TIME, now - timedelta(seconds=engine.up_time)),
            "printer-impressions-completed": values(ipp.INTEGER, engine.sheets_total),
            "printer-media-sheets-completed": values(ipp.INTEGER, engine.sheets_total),
            "marker-names": values(ipp.NAME, "Black Toner"),
            "marker-colors": values(ipp.NAME, "#000000"),
            "marker-types": values(ipp.KEYWORD, "toner"),
            "marker-levels": values(ipp.INTEGER, engine.toner),
            "marker-low-levels": values(ipp.INTEGER, 10),
            "marker-high-levels": values(ipp.INTEGER, 100),
        }

    def _capabilities(self) -> Attributes:
        return {
            "printer-uri-supported": values(ipp.URI, self.uri),
            "uri-security-supported": values(ipp.KEYWORD, "none"),
            "uri-authentication-supported": values(ipp.KEYWORD, "none"),
            "printer-name": values(ipp.NAME, "kiosk"),
            "printer-info": values(ipp.TEXT, "A4 printer of the cabinet"),
            "printer-location": values(ipp.TEXT, ""),
            "printer-more-info": values(
                ipp.URI, self.uri.replace("ipp://", "http://").removesuffix("ipp/print")
            ),
            "printer-make-and-model": values(ipp.TEXT, _MAKE),
            "printer-uuid": values(ipp.URI, f"urn:uuid:{uuid5(NAMESPACE_URL, self.uri)}"),
            "ipp-versions-supported": values(ipp.KEYWORD, "1.0", "1.1", "2.0"),
            "operations-supported": values(ipp.ENUM, *sorted(self._operations)),
            "charset-configured": values(ipp.CHARSET, "utf-8"),
            "charset-supported": values(ipp.CHARSET, "utf-8", "us-ascii"),
            "natural-language-configured": values(ipp.LANGUAGE, "en"),
            "generated-natural-language-supported": values(ipp.LANGUAGE, "en"),
            "document-format-default": values(ipp.MIME, _FORMATS[0]),
            "document-format-supported": values(ipp.MIME, *_FORMATS),
            "compression-supported": values(ipp.KEYWORD, "none"),
            "pdl-override-supported": values(ipp.KEYWORD, "attempted"),
            "job-creation-attributes-supported": values(ipp.KEYWORD, "copies", "sides", "job-name"),
            "which-jobs-supported": values(ipp.KEYWORD, "completed", "not-completed", "all"),
            "multiple-document-jobs-supported": values(ipp.BOOLEAN, False),
            "copies-default": values(ipp.INTEGER, 1),
            "copies-supported": values(ipp.RANGE, (1, 99)),
            "sides-default": values(ipp.KEYWORD, "one-sided"),
            "sides-supported": values(
                ipp.KEYWORD, "one-sided", "two-sided-long-edge", "two-sided-short-edge"
            ),
            "media-default": values(ipp.KEYWORD, "iso_a4_210x297mm"),
            "media-ready": values(ipp.KEYWORD, "iso_a4_210x297mm"),
            "media-supported": values(ipp.KEYWORD, "iso_a4_210x297mm"),
            "printer-resolution-default": values(ipp.RESOLUTION, (600, 600, 3)),
            "printer-resolution-supported": values(ipp.RESOLUTION, (600, 600, 3)),
            "color-supported": values(ipp.BOOLEAN, False),
            "pages-per-minute": values(ipp.INTEGER, 40),
        }
