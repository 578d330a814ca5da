"""Queries (``POST /v1/queries/{name}``): what is asked and what comes back; they leave nothing behind."""

from __future__ import annotations

from datetime import date

from pydantic import AwareDatetime, Field

from sync.models.base import Texts, Wire
from sync.models.people import Subject


class QueryRequest(Wire):
    """One question. ``params`` is validated by the query's own model."""

    service: str
    service_hash: str
    subject: Subject
    params: dict[str, object] = Field(default_factory=dict)
    lang: str = "zh-CN"


class Refusal(Wire):
    """Why the centre says no: a stable code, the words for the person, and what to do by when."""

    code: str
    text: Texts
    next_step: Texts = Field(default_factory=dict)
    deadline: date | None = None


class KeepWord(Wire):
    """The centre's word that this terminal may answer the same question with this data itself until ``until``.

    ``signature`` is of terminal, question, data and both moments (``sync/kept.py``).
    """

    as_of: AwareDatetime
    until: AwareDatetime
    signature: str


class QueryAnswer(Wire):
    """The data, or the reason why there is none; ``keep`` with what may be kept (offline class ``cached``)."""

    data: dict[str, object] = Field(default_factory=dict)
    refusal: Refusal | None = None
    keep: KeepWord | None = None
