"""``iit.*`` and ``certificate.*``: what a certificate will say, before it is issued."""

from __future__ import annotations

from collections.abc import Mapping

from bureau.engine import records
from bureau.engine.queries.registry import NoParams, Query, Question, of_actor
from bureau.engine.refusals import refuse
from bureau.engine.reissuing import Reissuing
from bureau.engine.rules import Rules
from bureau.engine.sheets import base
from bureau.engine.sheets.kinds import kind_of
from bureau.engine.sheets.matter_notices import MatterNotices
from bureau.engine.subjects import Actor, authorise, today
from bureau.ports.core import Core
from bureau.ports.office import CertificateOffice
from bureau.ports.system import System
from bureau.texts import say
from sync.models import (
    CertificateItems,
    CertificateOnceMore,
    CertificatePreview,
    CertificateWish,
    HeldCertificates,
    IitMonths,
    IitRecord,
    MonthRange,
    RecordMonths,
    SlipKey,
)


def questions(
    system: System, rules: Rules, notices: MatterNotices, office: CertificateOffice, reissuing: Reissuing
) -> Mapping[str, Query]:
    """The queries of the certificates; which certificate it is about, the service says, or who has it already."""

    def preview(question: Question) -> CertificatePreview:
        wish = question.params
        assert isinstance(wish, CertificateWish), "validated by the registry"
        kind = kind_of(question.service)
        with system.read(question.terminal) as work:
            actor = authorise(work.core, question.request.subject, question.service)
            return base.preview(kind.sheet(base.Case(work.core, actor, wish, rules)))

    def months(question: Question) -> RecordMonths:
        kind = kind_of(question.service)
        if kind.months is None:
            raise refuse("notOfThisService")
        with system.read(question.terminal) as work:
            actor = authorise(work.core, question.request.subject, question.service)
            known = kind.months(base.Case(work.core, actor, CertificateWish(), rules))
            last = f"{today(work.core):%Y-%m}"
        return RecordMonths(
            first=records.back(last, records.MONTHS_BACK - 1),
            last=last,
            with_record=known,
            tag=say(f"certificate.{kind.certificate}.month"),
        )

    def items(question: Question) -> CertificateItems:
        kind = kind_of(question.service)
        if kind.items is None:
            raise refuse("notOfThisService")
        with system.read(question.terminal) as work:
            actor = authorise(work.core, question.request.subject, question.service)
            return CertificateItems(items=kind.items(base.Case(work.core, actor, CertificateWish(), rules)))

    def notice(question: Question) -> CertificatePreview:
        slip = question.params
        assert isinstance(slip, SlipKey), "validated by the registry"
        return base.preview(notices.of(slip.key, question.terminal).sheet)

    def held(question: Question) -> HeldCertificates:
        with system.read(question.terminal) as work:
            actor = authorise(work.core, question.request.subject, question.service)
            return HeldCertificates(certificates=reissuing.held(work.core, actor))

    def again(question: Question) -> CertificatePreview:
        wanted = question.params
        assert isinstance(wanted, CertificateOnceMore), "validated by the registry"
        with system.read(question.terminal) as work:
            actor = authorise(work.core, question.request.subject, question.service)
            record = reissuing.find(work.core, actor, wanted.number)
            reissuing.open(work.core, actor, record, wanted.way)
            if wanted.way == "replace":
                return reissuing.drawn(work.core, actor, record).preview()
        shown = office.shown(record.frozen)
        return CertificatePreview(**shown.model_dump(), content_sha256=record.content_sha256)

    return {
        "certificate.held": Query(NoParams, HeldCertificates, held),
        "certificate.again": Query(CertificateOnceMore, CertificatePreview, again),
        "iit.months": of_actor(system, NoParams, IitMonths, _months),
        "iit.record": of_actor(system, MonthRange, IitRecord, _record),
        "certificate.preview": Query(CertificateWish, CertificatePreview, preview),
        "certificate.months": Query(NoParams, RecordMonths, months),
        "certificate.items": Query(NoParams, CertificateItems, items),
        "slip.notice": Query(SlipKey, CertificatePreview, notice),
    }


def _months(core: Core, actor: Actor, _: NoParams) -> IitMonths:
    return records.months(core, actor.person)


def _record(core: Core, actor: Actor, wanted: MonthRange) -> IitRecord:
    return records.record(core, actor.person, wanted.first, wanted.last)
