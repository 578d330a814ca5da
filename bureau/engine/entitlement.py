"""How many paper invoices an enterprise may collect now, and what binds (domain note, section 7.2).

The order of the checks is the order in which a person can do something about them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from bureau.engine.dues import late_fee_of
from bureau.engine.duties import unfiled, where
from bureau.engine.names import day_in_words
from bureau.engine.refusals import Refused, refuse
from bureau.engine.rules import Rules
from bureau.engine.subjects import Actor, today
from bureau.ports.core import Core
from bureau.ports.deliveries import COUNTED, OPEN
from bureau.ports.invoices import Approval, Slot
from bureau.ports.orders import PickUp
from bureau.ports.registration import Taxpayer
from bureau.texts import say
from kiosk.domain.ids import Fen
from kiosk.domain.money import format_yuan
from kiosk.domain.people import Role
from sync.models import InvoiceEntitlement, InvoiceEntitlements, OrderParams, Texts, UnitStock

COLLECTORS = frozenset(
    {Role.LEGAL_REPRESENTATIVE, Role.FINANCE_OFFICER, Role.TAX_HANDLER, Role.INVOICE_COLLECTOR}
)


@dataclass(frozen=True, slots=True)
class Allowed:
    """The figures of one kind; ``count`` is their least and ``binding`` says which it was."""

    per_time: int
    monthly: int
    hold: int
    stock: int
    collected: int
    held: int

    @property
    def binding(self) -> str:
        """The limit that binds; of equals, the one the person can do least about."""
        limits = {"stock": self.stock, "monthly": self.monthly, "hold": self.hold, "perTime": self.per_time}
        return min(limits, key=lambda name: limits[name])

    @property
    def count(self) -> int:
        """How many may be collected."""
        return max(0, min(self.per_time, self.monthly, self.hold, self.stock))

    def reason(self, approval: Approval) -> Texts:
        """The binding limit in words."""
        limit = {
            "stock": self.stock,
            "monthly": approval.monthly_max,
            "hold": approval.hold_max,
            "perTime": approval.per_time_max,
        }[self.binding]
        return say(
            f"entitlement.{self.binding}",
            count=str(self.count),
            collected=str(self.collected),
            held=str(self.held),
            limit=str(limit),
        )

    def nothing(self, approval: Approval) -> Refused:
        """The no where not one sheet may be collected, with what the person can do about what binds."""
        if self.binding == "stock":
            return refuse("noStockOfKind")
        how = say(f"entitlement.{self.binding}.how")
        return refuse("limitReached", reason=self.reason(approval), how=how)


def check(core: Core, actor: Actor, rules: Rules) -> None:
    """Everything about the enterprise and the person; raises ``Refused`` with the first thing that binds."""
    check_standing(core, actor.enterprise, rules)
    if actor.role not in COLLECTORS:
        raise refuse("mayNotCollect")
    check_supply(core, actor.enterprise)


def check_standing(core: Core, taxpayer: Taxpayer, rules: Rules) -> None:
    """The enterprise is registered, has filed and paid; raises ``Refused``."""
    if taxpayer.state == "cancelled":
        raise refuse("taxpayerCancelled")
    if taxpayer.state == "abnormal":
        raise refuse("taxpayerAbnormal")
    day = today(core)
    if taxpayer.ended(day):
        raise refuse("temporaryEnded")
    if (missing := unfiled(core, taxpayer, rules, day)) is not None:
        how = where(missing, taxpayer, rules, day)
        raise refuse("unfiledPeriod", deadline=missing.period.limit, what=missing.name, how=how)
    if overdue := core.returns.overdue(taxpayer.taxpayer, day):
        owed = sum(due.amount_fen + late_fee_of(core, due, rules) for due in overdue)
        raise refuse("arrears", amount=format_yuan(Fen(owed)))


def check_supply(core: Core, taxpayer: Taxpayer) -> None:
    """Paper invoices are approved for it and nothing holds them back; raises ``Refused``."""
    day = today(core)
    approvals = core.invoices.approvals(taxpayer.taxpayer, day)
    if not approvals:
        raise refuse("noApproval")
    expected = verified_until(day)
    if any(a.method == "verify-old" for a in approvals):
        verified = taxpayer.used_verified_to
        if verified is not None and verified < expected:
            raise refuse("previousUnverified", day=day_in_words(verified))
    if taxpayer.risk == "high":
        raise refuse("highRisk")


def verified_until(day: date) -> date:
    """Issuing data up to the last month must have been uploaded (抄报), one month in arrear before the 16th."""
    first = day.replace(day=1)
    last_month_end = first - timedelta(1)
    return last_month_end if day.day > 15 else last_month_end.replace(day=1) - timedelta(1)


def allowed(core: Core, taxpayer: Taxpayer, approval: Approval, stock: int) -> Allowed:
    """``min(per time, monthly − collected, hold − held, stock)``, each part kept.

    What is ordered for delivery is collected in the month of the order, and held from then on.
    """
    day = today(core)
    first = day.replace(day=1)
    ordered = [o for o in core.deliveries.of(taxpayer.taxpayer) if o.kind == approval.kind]
    collected = core.invoices.collected(taxpayer.taxpayer, approval.kind, first, day)
    collected += sum(o.count for o in ordered if o.state in COUNTED and o.ordered_on >= first)
    held = core.invoices.held(taxpayer.taxpayer, approval.kind)
    held += sum(o.count for o in ordered if o.state in OPEN)
    return Allowed(
        per_time=approval.per_time_max,
        monthly=max(0, approval.monthly_max - collected),
        hold=max(0, approval.hold_max - held),
        stock=stock,
        collected=collected,
        held=held,
    )


def entitlements(core: Core, actor: Actor, units: list[UnitStock], rules: Rules) -> InvoiceEntitlements:
    """What may be collected from each unit, or why nothing."""
    try:
        check(core, actor, rules)
    except Refused as no:
        return InvoiceEntitlements(kinds=[], blocked=no.refusal)
    approvals = {a.kind: a for a in core.invoices.approvals(actor.enterprise.taxpayer, today(core))}
    kinds, nothing = [], list[Refused]()
    for unit in units:
        slot = core.invoices.slot(core.terminal, unit.unit)
        approval = approvals.get(slot.kind or "") if slot is not None else None
        if slot is None or approval is None:
            continue
        figures = allowed(core, actor.enterprise, approval, in_front(slot, unit))
        kinds.append(_on_the_wire(unit, approval, figures))
        if not figures.count:
            nothing.append(figures.nothing(approval))
    if len(nothing) < len(kinds):
        return InvoiceEntitlements(kinds=kinds)
    # Nothing of any kind: what the enterprise can mend before what another terminal has.
    first = next((no for no in nothing if no.refusal.code == "limitReached"), refuse("noStockOfKind"))
    return InvoiceEntitlements(kinds=kinds, blocked=first.refusal)


def of_order(core: Core, actor: Actor, given: OrderParams, rules: Rules) -> InvoiceEntitlements:
    """The unit from which an order can be picked up, or why it cannot be."""
    order = core.orders.by_code(actor.enterprise.taxpayer, given.pickup.strip().upper())
    try:
        check(core, actor, rules)
        order = usable(core, order)
        found = [
            (unit, slot, in_front(slot, unit))
            for unit in given.units
            if (slot := core.invoices.slot(core.terminal, unit.unit)) is not None and slot.kind == order.kind
        ]
        unit, _, stock = max(found, key=lambda one: one[2], default=(None, None, 0))
        if unit is None or stock < order.left:
            raise refuse("orderNoStock", count=str(order.left))
        approval, figures = within(core, actor.enterprise, order.kind, order.left, stock)
    except Refused as no:
        return InvoiceEntitlements(kinds=[], blocked=no.refusal)
    row = _on_the_wire(unit, approval, figures)
    wanted = {"allowed": order.left, "order": order.order, "binding_text": say("entitlement.order")}
    return InvoiceEntitlements(kinds=[row.model_copy(update=wanted)])


def usable(core: Core, order: PickUp | None) -> PickUp:
    """An order of which something can be picked up today; raises ``Refused``."""
    if order is None:
        raise refuse("pickUpUnknown")
    if order.state == "cancelled":
        raise refuse("pickUpCancelled", order=order.order)
    if order.left < 1:
        raise refuse("pickedUp", order=order.order)
    if order.expires_on < today(core):
        raise refuse("pickUpLapsed", day=day_in_words(order.expires_on))
    return order


def within(core: Core, taxpayer: Taxpayer, kind: str, count: int, stock: int) -> tuple[Approval, Allowed]:
    """The approval and the figures that allow ``count`` sheets of a kind now; raises ``Refused`` with what binds."""
    approvals = core.invoices.approvals(taxpayer.taxpayer, today(core))
    approval = next((a for a in approvals if a.kind == kind), None)
    if approval is None:
        raise refuse("noApproval")
    figures = allowed(core, taxpayer, approval, stock)
    if count > figures.count:
        reason = figures.reason(approval)
        if figures.count == 0 and figures.binding != "stock":
            raise figures.nothing(approval)
        if figures.binding == "stock":
            raise refuse("stockShort")
        raise refuse("tooMany", allowed=str(figures.count), reason=reason)
    return approval, figures


def in_front(slot: Slot, unit: UnitStock) -> int:
    """Sheets both the ledger and the machine know of; none while they differ or the slot is locked."""
    if slot.locked or (slot.code, slot.next_number) != (unit.code, unit.next_number):
        return 0
    return min(slot.on_hand, unit.count)


def _on_the_wire(unit: UnitStock, approval: Approval, figures: Allowed) -> InvoiceEntitlement:
    return InvoiceEntitlement(
        kind=approval.kind,
        kind_name=approval.kind_name,
        code=unit.code,
        unit=unit.unit,
        allowed=figures.count,
        binding=figures.binding,
        binding_text=figures.reason(approval),
        collected_this_month=figures.collected,
        monthly_max=approval.monthly_max,
        per_time_max=approval.per_time_max,
        unused_held=figures.held,
        hold_max=approval.hold_max,
        face_limit_fen=approval.face_limit_fen,
    )
