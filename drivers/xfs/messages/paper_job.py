"""Our interface for paper that must come out once: a job has the client's key, and a key prints once for ever."""

from __future__ import annotations

import enum
from typing import Annotated, Any, Final

from pydantic import Field, model_validator

from drivers.ports import PrintOutcome
from drivers.xfs.catalogue import Command, Interface, words
from drivers.xfs.payload import Data, JobKey, Payload, word


class Format(enum.StrEnum):
    """What the data is."""

    RECEIPT = "receipt"
    PDF = "pdf"


class PrintIn(Payload):
    """One job: ``data`` with ``pdf``, ``receipt`` (blocks of ``drivers/receipt.py``) with ``receipt``."""

    job_key: JobKey
    format: Annotated[Format, word(Format)]
    data: Data | None = None
    receipt: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=500)] | None = None
    copies: Annotated[int, Field(ge=1, le=20)] = 1
    name: Annotated[str, Field(max_length=64)] = "document"

    @model_validator(mode="after")
    def _one_body(self) -> PrintIn:
        wanted, other = ("data", "receipt") if self.format is Format.PDF else ("receipt", "data")
        if getattr(self, wanted) is None or getattr(self, other) is not None:
            raise ValueError(f"format {self.format} needs {wanted!r} and no {other!r}")
        return self


class PrintOut(Payload):
    """What became of the job; ``errorCode`` names the fault that spoiled it, ``sheets`` what came out."""

    outcome: Annotated[PrintOutcome, word(PrintOutcome)]
    sheets: int = 0
    error_code: str | None = None


class QueryIn(Payload):
    """Which job."""

    job_key: JobKey


class QueryOut(Payload):
    """What is known of a job; ``outcome`` is absent while it is being printed."""

    known: bool
    outcome: Annotated[PrintOutcome, word(PrintOutcome)] | None = None
    sheets: int | None = None
    error_code: str | None = None


class PaperJobStatus(Payload):
    """The ``paperJob`` object of Common.Status: what the standard's Printer has no word for."""

    cover: str | None = None
    cutter: str | None = None
    head: str | None = None
    recovery: str | None = None
    fault: str | None = None


PRINT: Final = Command(
    "PaperJob.Print",
    PrintIn,
    PrintOut,
    version="1.0",
    completion="1.0",
    errors=words("keyReused"),
    moves=True,
    graceful=True,
)
QUERY: Final = Command("PaperJob.Query", QueryIn, QueryOut, version="1.0", completion="1.0", beside=True)
INTERFACE: Final = Interface("PaperJob", (PRINT, QUERY), status=PaperJobStatus)
