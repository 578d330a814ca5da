"""``material.page`` and ``materials.supply``: pages arrive one by one, then a case gets them."""

from __future__ import annotations

import base64
import hashlib
from datetime import date
from io import BytesIO
from typing import ClassVar

from PIL import Image, UnidentifiedImageError

from bureau.engine import messages
from bureau.engine.effects import Handler, Outcome, Request, Simple, accepted
from bureau.engine.matters.kinds import matters
from bureau.engine.matters.pages import attach, checked_pages, open_cases
from bureau.engine.names import matter_name
from bureau.engine.refusals import refuse
from bureau.engine.rules import Rules
from bureau.engine.subjects import authorise, today
from bureau.ports.core import Core
from bureau.ports.materials import NewPage, Vault
from bureau.ports.matters import MatterCase
from bureau.ports.notices import Message
from bureau.ports.registration import Person
from bureau.ports.system import System
from bureau.texts import say
from kiosk.domain.tax.limits import WorkingCalendar
from sync.models import EffectAnswer, EffectKind
from sync.models.materials import MaterialPage, MaterialPageKept, MaterialsSupplied, MaterialsSupply

MOST_PIXELS = 20_000_000
"""Of a page: A4 at 400 dpi has 15 million. Whoever opens it must not be killed by its size."""


class KeepPage(Handler[MaterialPage, bytes]):
    """Holds a page in the vault; what it belongs to comes after it."""

    kind: ClassVar[EffectKind] = EffectKind.MATERIAL_PAGE
    model = MaterialPage

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def prepare(self, system: System, request: Request, data: MaterialPage) -> bytes:
        """See that it is the picture it says it is, and seal it. Raises ``Refused``."""
        try:
            jpeg = base64.b64decode(data.jpeg, validate=True)
        except ValueError as error:
            raise refuse("pageUnreadable") from error
        if hashlib.sha256(jpeg).hexdigest() != data.sha256 or not _is_page(jpeg):
            raise refuse("pageUnreadable")
        return self._vault.seal(request.body.key, jpeg)

    def apply(self, core: Core, request: Request, data: MaterialPage, prepared: bytes) -> Outcome:
        """Hold it for its person, who may do in this service what the page is for."""
        person = authorise(core, request.body.subject, request.service).person
        core.materials.keep(
            NewPage(
                key=request.body.key,
                person=person.key,
                terminal=request.terminal,
                sha256=data.sha256,
                size=len(data.jpeg) * 3 // 4,
                received_at=core.now,
                sealed=prepared,
            )
        )
        return accepted(MaterialPageKept(sha256=data.sha256))


class SupplyMaterials(Simple[MaterialsSupply]):
    """Hands pages in for an open case; a case that waited for them is decided anew from today."""

    kind: ClassVar[EffectKind] = EffectKind.MATERIALS_SUPPLY
    model = MaterialsSupply

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def apply(self, core: Core, request: Request, data: MaterialsSupply, prepared: None) -> Outcome:
        """Check whose case and whose pages, then put them together."""
        actor = authorise(core, request.body.subject, request.service)
        number = data.case or data.number
        if number is None or number not in {case.case for case in open_cases(core, actor)}:
            raise refuse("caseNotOpen")
        case = core.matters.case(number, lock=True)
        if case is None or case.state != "open":
            raise refuse("caseNotOpen")
        keys = checked_pages(core, actor, data.pages)
        total = attach(core, number, keys)
        case = core.matters.supplied(case, self._due(core, case))
        return accepted(
            MaterialsSupplied(
                case=number,
                title=matter_name(case.matter),
                count=len(keys),
                total=total,
                state_text=say("case.state.supplied"),
                due_on=case.due_on,
            ),
            number,
        )

    def message(
        self, core: Core, request: Request, person: Person, data: MaterialsSupply, answer: EffectAnswer
    ) -> Message:
        """Handed in or refused."""
        if answer.refusal is not None:
            return messages.matter_refused(answer.refusal, answer.key, say("matter.materials.supply"))
        return messages.materials_supplied(MaterialsSupplied.model_validate(answer.result))

    def _due(self, core: Core, case: MatterCase) -> date:
        """What was asked for counts as applied for when it is all there (行政许可法第三十二条第一款第五项)."""
        if case.wanted is None:
            return case.due_on
        return WorkingCalendar(self._rules.current).later(today(core), matters()[case.matter].workdays)


def _is_page(jpeg: bytes) -> bool:
    """Whether it is a JPEG of a bearable size; its pixels are not decoded here."""
    try:
        with Image.open(BytesIO(jpeg), formats=["JPEG"]) as picture:
            width, height = picture.size
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return False
    return 0 < width * height <= MOST_PIXELS
