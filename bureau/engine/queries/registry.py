"""All questions by name: who may ask is checked here, what is answered stands with its topic."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from pydantic import ValidationError

from bureau.engine.refusals import Refused, refuse
from bureau.engine.services import Services, kept_of, queries_of
from bureau.engine.subjects import Actor, authorise, only_where_it_may
from bureau.errors import QueryInvalid, QueryUnknown
from bureau.ports.core import Core
from bureau.ports.system import System
from config.catalogue.models import Service
from sync.models import KeepWord, QueryAnswer, QueryRequest, Subject, Wire

P = TypeVar("P", bound=Wire)
R = TypeVar("R", bound=Wire)
Keeps = Callable[[str, QueryRequest, str, Mapping[str, object]], KeepWord]
"""Signs that a terminal may keep the answer to a question: its name, itself, the terminal, the data."""
Noted = Callable[[str, QueryRequest, Service, str, Wire], None]
"""Records whose data the answer shows (``bureau.engine.looks``) before it is given away: name, request, service,
terminal, parameters."""


class NoParams(Wire):
    """Params of queries that need none."""


@dataclass(frozen=True, slots=True)
class Question:
    """A query with its service found and its parameters checked."""

    request: QueryRequest
    service: Service
    terminal: str
    params: Wire


@dataclass(frozen=True, slots=True)
class Query:
    """One query: the models of its parameters and its answer, and who answers it (raises ``Refused``)."""

    params: type[Wire]
    result: type[Wire]
    answer: Callable[[Question], Wire]


def of_actor(
    system: System, params: type[P], result: type[R], answer: Callable[[Core, Actor, P], R]
) -> Query:
    """A query of somebody whom the registry knows, in a role that the service allows, over one view of the core."""
    return of_service(system, params, result, lambda core, actor, _, given: answer(core, actor, given))


def of_service(
    system: System, params: type[P], result: type[R], answer: Callable[[Core, Actor, Service, P], R]
) -> Query:
    """The same, where the answer is another in each service."""

    def ask(question: Question) -> R:
        given = question.params
        assert isinstance(given, params), "validated by the registry"
        with system.read(question.terminal) as work:
            actor = authorise(work.core, question.request.subject, question.service)
            return answer(work.core, actor, question.service, given)

    return Query(params, result, ask)


class Queries:
    """Answers questions. Thread-safe."""

    def __init__(
        self, services: Services, topics: Iterable[Mapping[str, Query]], keeps: Keeps, noted: Noted
    ) -> None:
        self._services, self._keeps, self._noted = services, keeps, noted
        self.registry: Mapping[str, Query] = {name: one for topic in topics for name, one in topic.items()}

    def ask(self, name: str, request: QueryRequest, terminal: str) -> QueryAnswer:
        """The data, or why there are none; raises ``QueryUnknown``, ``QueryInvalid``, ``ServiceUnknown``."""
        query = self.registry.get(name)
        if query is None:
            raise QueryUnknown(name)
        try:
            params = query.params.model_validate(request.params)
        except ValidationError as error:
            raise QueryInvalid(name, error.error_count()) from error
        service = self._services.version(request.service, request.service_hash).service
        if service.unnamed:
            request = request.model_copy(
                update={"subject": Subject()}
            )  # whoever stands there: nothing is noted of it
        try:
            if name not in queries_of(service):
                raise refuse("notOfThisService")
            only_where_it_may(request.subject, service)
            answer = query.answer(Question(request, service, terminal, params))
        except Refused as no:
            return QueryAnswer(refusal=no.refusal)
        self._noted(name, request, service, terminal, params)
        data = answer.model_dump(mode="json")
        # A mandate may be over at any moment: nothing that was asked by one is kept.
        kept = name in kept_of(service) and request.subject.mandate is None
        keep = self._keeps(name, request, terminal, data) if kept else None
        return QueryAnswer(data=data, keep=keep)
