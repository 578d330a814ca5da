"""What terminals may ask: one function a query, found in one registry. Nothing changes by asking.

Two exceptions: a payment that the acquirer has meanwhile approved (whoever learns it first books it), and when a
person's notices were first fetched.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field, ValidationError

from bureau.engine import dues, entitlement, records
from bureau.engine.handlers.payments import query as ask_acquirer
from bureau.engine.handlers.payments import status_of, take_in
from bureau.engine.rules import VAT_SMALL, Rules
from bureau.engine.services import Services, queries_of
from bureau.engine.subjects import Actor, authorise, identify, person_key, strong, today
from bureau.engine.texts import Refused, refuse
from bureau.errors import QueryInvalid, QueryUnknown, StoreConflict
from bureau.ports.acquirer import Acquirers
from bureau.ports.core import Core
from bureau.ports.system import System
from config.catalogue.models import Service
from kiosk.domain.tax.limits import vat_limit_date
from sync.models import (
    Dues,
    EntitlementParams,
    FenAmount,
    IitMonths,
    IitRecord,
    InvoiceEntitlements,
    MonthRange,
    PaymentStateName,
    PaymentStatus,
    PersonProfile,
    QueryAnswer,
    QueryRequest,
    RoleBinding,
    VatPrefill,
    VatSurcharge,
    Wire,
)

log = logging.getLogger("kiosk.bureau")


class NoParams(Wire):
    """Params of queries that need none."""


class OrderParams(Wire):
    """Params of ``payment.status``."""

    order: Annotated[str, Field(max_length=32)]


class SurchargeParams(Wire):
    """Params of ``vat.surcharge``: the figures that the person is about to confirm."""

    period_first: date
    period_last: date
    vat_fen: FenAmount
    city_fen: FenAmount
    education_fen: FenAmount
    local_education_fen: FenAmount


@dataclass(frozen=True, slots=True)
class Question:
    """A query with its service found and its parameters checked."""

    request: QueryRequest
    service: Service
    terminal: str
    params: Wire


@dataclass(frozen=True, slots=True)
class Query:
    """One query of the registry."""

    params: type[Wire]
    result: type[Wire]
    answer: Callable[[Question], Wire]


class Queries:
    """Answers questions. Thread-safe."""

    def __init__(self, system: System, services: Services, rules: Rules, acquirers: Acquirers) -> None:
        self._system = system
        self._services = services
        self._rules = rules
        self._acquirers = acquirers
        self.registry: Mapping[str, Query] = {
            "person.profile": Query(NoParams, PersonProfile, self._profile),
            "iit.months": Query(NoParams, IitMonths, self._months),
            "iit.record": Query(MonthRange, IitRecord, self._record),
            "invoice.entitlement": Query(EntitlementParams, InvoiceEntitlements, self._entitlement),
            "vat.prefill": Query(NoParams, VatPrefill, self._prefill),
            "vat.surcharge": Query(SurchargeParams, VatSurcharge, self._surcharge),
            "dues.list": Query(NoParams, Dues, self._dues),
            "payment.status": Query(OrderParams, PaymentStatus, self._payment),
        }

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
        try:
            if name not in queries_of(service):
                raise refuse("notOfThisService")
            answer = query.answer(Question(request, service, terminal, params))
        except Refused as no:
            return QueryAnswer(refusal=no.refusal)
        return QueryAnswer(data=answer.model_dump(mode="json"))

    def _profile(self, question: Question) -> PersonProfile:
        subject, sign_in = question.request.subject, question.service.sign_in
        with self._system.read(question.terminal) as work:
            claim, core = subject.person, work.core
            if claim is None:
                raise refuse("identityMissing")
            if core.registration.person(person_key(claim)) is None:
                if sign_in in ("3", "R") and not strong(claim):
                    raise refuse("identityWeak")
                return PersonProfile(known=False, roles=[], notices=[])
            person = identify(core, subject, sign_in)
            held = core.registration.roles(person.key, today(core))
            roles = [
                RoleBinding(
                    taxpayer=h.taxpayer.taxpayer,
                    name=h.taxpayer.name,
                    role=h.role,
                    small_scale=h.taxpayer.small_scale,
                    state=h.taxpayer.state,
                )
                for h in held
            ]
            notices = core.notices.for_person(person.key, {h.taxpayer.taxpayer for h in held})
        self._seen(question.terminal, [notice.id for notice in notices])
        return PersonProfile(known=True, roles=roles, notices=list(notices))

    def _seen(self, terminal: str, notices: list[str]) -> None:
        """Note when the notices were first told; a sign-in does not fail for it."""
        if not notices:
            return
        try:
            with self._system.write(terminal) as work:
                work.core.notices.seen(notices)
        except StoreConflict:  # told again at the next sign-in
            log.info("%d notices were told and not noted", len(notices))

    def _months(self, question: Question) -> IitMonths:
        with self._system.read(question.terminal) as work:
            return records.months(work.core, self._actor(work.core, question).person)

    def _record(self, question: Question) -> IitRecord:
        wanted = question.params
        assert isinstance(wanted, MonthRange)
        with self._system.read(question.terminal) as work:
            person = self._actor(work.core, question).person
            return records.record(work.core, person, wanted.first, wanted.last)

    def _entitlement(self, question: Question) -> InvoiceEntitlements:
        given = question.params
        assert isinstance(given, EntitlementParams)
        with self._system.read(question.terminal) as work:
            actor = self._actor(work.core, question)
            return entitlement.entitlements(work.core, actor, given.units, self._rules)

    def _prefill(self, question: Question) -> VatPrefill:
        with self._system.read(question.terminal) as work:
            core, taxpayer = work.core, self._actor(work.core, question).enterprise
            if taxpayer.state == "cancelled":
                raise refuse("taxpayerCancelled")
            if not taxpayer.small_scale:
                raise refuse("notSmallScale")
            period = self._rules.last_period(taxpayer, today(core))
            sales = core.returns.sales(taxpayer.taxpayer, period.first, period.last)
            filed = core.returns.filed(taxpayer.taxpayer, VAT_SMALL, period.first, period.last)
            return VatPrefill(
                taxpayer=taxpayer.taxpayer,
                name=taxpayer.name,
                period_first=period.first,
                period_last=period.last,
                limit_date=period.limit,
                quarterly=taxpayer.quarterly,
                invoice_count=sales.count,
                ordinary_sales_fen=max(sales.ordinary_fen, 0),
                special_sales_fen=max(sales.special_fen, 0),
                levy_rate=str(self._rules.levy_rate(period)),
                city_rate=taxpayer.city_rate,
                half_six_taxes=taxpayer.half_six_taxes,
                parameters_hash=self._rules.current.hash,
                declared_already=filed.declaration if filed is not None else None,
            )

    def _surcharge(self, question: Question) -> VatSurcharge:
        """Counted tax by tax, as the dues of the return will be."""
        wanted = question.params
        assert isinstance(wanted, SurchargeParams)
        amounts = (wanted.vat_fen, wanted.city_fen, wanted.education_fen, wanted.local_education_fen)
        with self._system.read(question.terminal) as work:
            self._actor(work.core, question)
            limit = vat_limit_date(wanted.period_last, self._rules.current)
            return dues.surcharge(amounts, limit, today(work.core), self._rules)

    def _dues(self, question: Question) -> Dues:
        with self._system.read(question.terminal) as work:
            taxpayer = self._actor(work.core, question).enterprise
            return dues.listed(work.core, work.core.returns.dues(taxpayer.taxpayer), self._rules)

    def _payment(self, question: Question) -> PaymentStatus:
        wanted = question.params
        assert isinstance(wanted, OrderParams)
        with self._system.read(question.terminal) as work:
            order = work.core.payments.order(wanted.order)
        if order is None or order.terminal != question.terminal:
            raise refuse("orderUnknown")
        if order.settled or order.channel == "card":  # of a card its own terminal tells, nobody else
            return status_of(order)
        asked = ask_acquirer(self._acquirers.qr, order)
        if asked.heard is None or asked.heard.state is PaymentStateName.CREATED:
            return status_of(order)  # no news; silence while a code is shown is no doubt yet
        with self._system.write(question.terminal) as work:
            return status_of(take_in(work.core, order, asked, "query"))

    def _actor(self, core: Core, question: Question) -> Actor:
        return authorise(core, question.request.subject, question.service)
