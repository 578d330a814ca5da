"""Scan this code, use your card, have it debited: an order is paid, given up, or in doubt, and never charged twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from config.catalogue.models import Format, PayStep
from kiosk.flow.effects import ClosePayment, Pay, Wait
from kiosk.flow.events import Action, Intent, Outcome
from kiosk.flow.pages import Choice, PayPage
from kiosk.steps.base import Ctx, Go, Move, refusal_message, step_kind
from kiosk.steps.choose.share import PART, TAX
from kiosk.steps.continuing import PHONE, chosen, offered
from sync.models import PaymentChannel

VALIDITY_S = 120
"""A shown code expires after 120 s (domain note, section 9)."""
TAKE_CARD_S = 8.0
"""How long the page reminds of a card that stands in the terminal; the end page reminds once more."""
QR: Final = "qr"
CARD: Final = "card"
DEBIT: Final = "debit"
CHIP: Final = "chip"
ICONS = {QR: "qr", CARD: "pos", DEBIT: "bank"}
CHANNELS: Final[Mapping[str, PaymentChannel]] = {QR: "qr-shown", CARD: "card", DEBIT: "debit"}
OVER = ("expired", "declined", "ended", "closed")
"""Known not to be paid: only from these another order may follow, by either way."""
AT_TERMINAL = ("insert", "again", "other", "several", "confirm", "pin")
"""The card terminal waits for the person, who may still change their mind."""


@dataclass(frozen=True, slots=True)
class Local:
    """The order as last told by the executor, and by which ``way`` it is paid.

    ``state``: opening, waiting, asking, paid, expired, doubt, declined; at the card terminal insert, again, other,
    several, confirm, pin, processing, remove, ended. By agreement: agree (nothing is ordered yet), debiting, ended. Or
    the order was never opened: closed (the centre could not be asked) or refused, with its words in ``told``.
    ``code`` is how a payer's code was taken (``kiosk.effects.payer_code``); while it is charged or confirmed,
    ``state`` says so. ``then`` is the way to pay once this one is known to be over. While a card is to be taken
    (remove), ``paid`` is what the step leaves, or ``after`` how the order ended unpaid. ``entry`` is how the card was
    read. ``debit`` is the account that the payer's agreement lets be debited, as the centre told it with the first
    order.
    """

    state: str = "opening"
    way: str = QR
    then: str = ""
    qr: str = ""
    code: str = ""
    seconds_left: int = VALIDITY_S
    order: str = ""
    key: str = ""
    told: str = ""
    why: str = ""
    after: str = ""
    entry: str = ""
    paid: Mapping[str, object] | None = None
    debit: Mapping[str, Any] | None = None


@step_kind("pay")
class PayDues:
    """One order for all dues of the step; another only after the first is known not to be paid."""

    def enter(self, ctx: Ctx[PayStep]) -> Move:
        """Open the order, over what is due with its late payment surcharge (滞纳金)."""
        if _owed(ctx) == 0:
            return Move(go=Go.NEXT, answer={"state": "nothing", "amount_fen": 0})
        return _begin(ctx, _ways(ctx, None)[0])

    def on_intent(self, ctx: Ctx[PayStep], intent: Intent) -> Move:
        """Try again after a lapse, pay the other way, give up waiting, or go on with the result in doubt."""
        local = _local(ctx)
        match local.state, intent.action, intent.value:
            case state, Action.SECOND, "later" if state in ("waiting", *AT_TERMINAL):
                return Move(local=replace(local, state="asking"), effects=(ClosePayment(),))
            case state, Action.SECOND, way if state in ("waiting", *AT_TERMINAL) and way in _others(
                ctx, local
            ):
                return Move(local=replace(local, state="asking", then=way), effects=(ClosePayment(),))
            case "waiting", Action.SECOND, _ if local.way == QR and chosen(ctx, intent):
                return Move(local=replace(local, state="asking", then=PHONE), effects=(ClosePayment(),))
            case state, Action.SECOND, _ if state in OVER and chosen(ctx, intent):
                return Move(go=Go.PHONE, answer=_left(local, "unpaid"))
            case "agree", Action.PROCEED, _:
                return replace_entry(_order(ctx, DEBIT, local.debit))
            case state, Action.PROCEED, _ if state in OVER:
                return replace_entry(_begin(ctx, _again(ctx, local), local.debit))
            case state, Action.SECOND, "later" if state in (*OVER, "agree"):
                return Move(go=Go.NEXT, answer=_left(local, "unpaid"))
            case state, Action.SECOND, way if state in (*OVER, "agree") and way in _others(ctx, local):
                return replace_entry(_begin(ctx, way, local.debit))
            case "refused", Action.PROCEED, _:
                return Move(go=Go.NEXT, answer=_left(local, "unpaid"))
            case "doubt", Action.PROCEED, _:
                return Move(go=Go.NEXT, answer=_left(local, "doubt"))
            case "remove", Action.PROCEED, _:
                return _card_taken(ctx, local)
        return Move(local=local)

    def on_outcome(self, ctx: Ctx[PayStep], outcome: Outcome) -> Move:
        """The order moved on."""
        local, data = _local(ctx), outcome.data
        if local.state == "remove":
            return _card_taken(ctx, local)
        if outcome.fault == "in-doubt":
            # Neither paid nor unpaid is known: nothing here may lead to a second order beside this one.
            doubtful = replace(local, state="doubt", key=str(data.get("key", "")))
            return Move(local=doubtful, redraw=True)
        if outcome.fault:
            # What was filed a step before stays filed: the way to its slip is never cut off from here.
            return Move(local=Local(state="closed", way=local.way, debit=local.debit), redraw=True)
        refusal = data.get("refusal")
        if isinstance(refusal, Mapping):
            words = "\n".join(refusal_message(ctx, refusal).body)
            return Move(local=Local(state="refused", way=local.way, told=words), redraw=True)
        if outcome.partial:
            return Move(local=_followed(local, data))
        return self._over(ctx, local, data)

    def _over(self, ctx: Ctx[PayStep], local: Local, data: Mapping[str, Any]) -> Move:
        state = str(data["state"])
        if state == "paid":
            answer = {**data, **_paid(ctx, data), "by": _by(ctx, local)}
            if data.get("entry") != CHIP:
                return Move(go=Go.NEXT, answer=answer)
            return _take_card(replace(local, paid=answer))
        order, key = str(data.get("order", local.order)), str(data.get("key", ""))
        why, entry = str(data.get("why", "")), str(data.get("entry") or "")
        known = replace(local, order=order, key=key, why=why, entry=entry)
        if state in OVER and entry == CHIP:
            return _take_card(replace(known, after=state))
        return _unpaid(ctx, known, state)

    def page(self, ctx: Ctx[PayStep]) -> PayPage:
        """Amount, code and countdown, or what the card terminal asks for; no name that neighbours could see."""
        local = _local(ctx)
        state = "asking" if local.state == "opening" else local.state
        late = _late(ctx)
        second, quiet = _ways_on(ctx, local)
        return PayPage(
            title=ctx.t("pay.doubt.title") if state == "doubt" else ctx.say(ctx.step.title),
            lead=_doubt_lead(ctx) if state == "doubt" else ctx.t(f"pay.lead.{local.way}"),
            action=_action(ctx, local),
            second=second,
            quiet=quiet,
            state=state,
            way=local.way,
            amount=ctx.show_as(Format.MONEY, _owed(ctx)),
            qr=local.qr if state == "waiting" else "",
            code_note=_code_note(ctx, local) if state == "waiting" else "",
            code_wrong=bool(local.code),
            seconds_left=local.seconds_left,
            seconds_total=VALIDITY_S,
            message=_message(ctx, local, state),
            amount_note=ctx.t("pay.late-fee", late=ctx.show_as(Format.MONEY, late)) if late else "",
            facts=((ctx.t("pay.order"), local.order),) if state == "doubt" and local.order else (),
        )


def _doubt_lead(ctx: Ctx[PayStep]) -> str:
    """How the end is heard of; whoever pays a notice gave no name, and no message finds them."""
    return ctx.t("pay.doubt.unnamed") if ctx.step.notice else ctx.t("pay.doubt.lead")


def _begin(ctx: Ctx[PayStep], way: str, debit: Mapping[str, Any] | None = None) -> Move:
    """Open an order by this way; an account is debited only when the person has seen which, and agrees."""
    if way == DEBIT:
        return Move(local=Local(state="agree", way=DEBIT, debit=debit), redraw=True)
    return _order(ctx, way, debit)


def _order(ctx: Ctx[PayStep], way: str, debit: Mapping[str, Any] | None) -> Move:
    numbers = tuple(str(d["due"]) for d in _dues(ctx))
    bill = str(ctx.look(ctx.step.bill)) if ctx.step.bill else ""
    notice = str(ctx.look(ctx.step.notice)) if ctx.step.notice else ""
    pay = Pay(numbers, _owed(ctx), CHANNELS[way], bill, part=_left_fen(ctx) > 0, notice=notice)
    return Move(local=Local(way=way, debit=debit), effects=(pay,))


def _take_card(local: Local) -> Move:
    """The card stands in the terminal, whether it was charged or not: first of all it is taken."""
    return Move(local=replace(local, state="remove"), effects=(Wait(TAKE_CARD_S),), redraw=True)


def _card_taken(ctx: Ctx[PayStep], local: Local) -> Move:
    return Move(go=Go.NEXT, answer=local.paid) if local.paid is not None else _unpaid(ctx, local, local.after)


def _unpaid(ctx: Ctx[PayStep], local: Local, state: str) -> Move:
    """The other way, when that is why this one was given up; else what there is to choose, or the doubt."""
    if state in OVER and local.then == PHONE:
        return Move(go=Go.PHONE, answer=_left(local, "unpaid"))
    if state in OVER and local.then in _ways(ctx, local.debit):
        return replace_entry(_begin(ctx, local.then, local.debit))
    return Move(local=replace(local, state=state), redraw=True)


def _followed(local: Local, data: Mapping[str, Any]) -> Local:
    """Progress of the order that is under way; one that the person gives up is only asked about."""
    state = str(data.get("state", local.state))
    return replace(
        local,
        state="asking" if local.then else state,
        qr=str(data.get("qr", local.qr)),
        code=str(data.get("code", local.code)),
        seconds_left=int(str(data.get("seconds_left", local.seconds_left))),
        order=str(data.get("order", local.order)),
        debit=data.get("debit", local.debit),
    )


def _ways(ctx: Ctx[PayStep], debit: Mapping[str, Any] | None) -> list[str]:
    """The ways to pay that the service offers and that there are now; a code on the screen always works.

    A card needs its terminal, a debit an agreement of the payer's that is in force.
    """
    there = {QR: True, CARD: ctx.state.world.devices.get("paymentTerminal", False), DEBIT: debit is not None}
    return [way for way in ctx.step.channels if there[way]] or [QR]


def _again(ctx: Ctx[PayStep], local: Local) -> str:
    """The way once more; the code, where the card terminal can be used no longer."""
    return local.way if local.way in _ways(ctx, local.debit) else QR


def _others(ctx: Ctx[PayStep], local: Local) -> list[str]:
    """The ways to pay besides the one under way, or besides the one that the large button tries again."""
    way = _again(ctx, local) if local.state in OVER else local.way
    return [other for other in _ways(ctx, local.debit) if other != way]


def _ways_on(ctx: Ctx[PayStep], local: Local) -> tuple[Choice | None, tuple[Choice, ...]]:
    """The second button and the quiet links: the other way to pay, going on on the phone, paying another day."""
    if local.state not in ("waiting", "agree", *AT_TERMINAL, *OVER):
        return None, ()
    later, others = Choice("later", ctx.t("pay.later")), _others(ctx, local)
    phone = offered(ctx) if local.way == QR or local.state in OVER else ()
    if not others:
        return later, phone
    named = local.debit if local.state == "waiting" else None
    wide = Choice(others[0], _instead(ctx, others[0], named), icon=ICONS[others[0]])
    rest = (Choice(way, _instead(ctx, way), icon=ICONS[way]) for way in others[1:])
    return wide, (*rest, *phone, later)


def _instead(ctx: Ctx[PayStep], way: str, account: Mapping[str, Any] | None = None) -> str:
    """Another way to pay; of a debit also the account, where there is room for it."""
    if way == DEBIT and account is not None:
        return ctx.t("pay.instead.account", account=_bank(ctx, account))
    return ctx.t(f"pay.instead.{way}")


def _bank(ctx: Ctx[PayStep], debit: Mapping[str, Any] | None) -> str:
    """The bank and the last figures of the account that is debited."""
    return ctx.t("pay.debit.account", bank=ctx.say(debit["bank"]), account=debit["account"]) if debit else ""


def _action(ctx: Ctx[PayStep], local: Local) -> str:
    if local.state == "agree":
        return ctx.t("pay.agree.go-on")
    if local.state in OVER:
        return ctx.t(f"pay.again.{_again(ctx, local)}")
    if local.state == "remove" and local.paid is None:
        return ctx.t("pay.remove.taken")
    known = ("refused", "doubt", "remove")
    return ctx.t(f"pay.{local.state}.go-on") if local.state in known else ""


def _message(ctx: Ctx[PayStep], local: Local, state: str) -> str:
    """What is going on; why a card was not charged has words of its own, each with what to do next."""
    if local.told:
        return local.told
    if state == "agree":
        return ctx.t("pay.state.agree", account=_bank(ctx, local.debit))
    if local.why and state in ("declined", "ended"):
        by_debit = local.way == DEBIT
        return (
            ctx.told("pay.debit.why", local.why, "unknown")
            if by_debit
            else ctx.told("pay.why", local.why, "unknown")
        )
    if state == "closed" and local.way == DEBIT:
        return ctx.t("pay.debit.closed")
    if state == "remove" and local.paid is None:
        return ctx.t("pay.remove.unpaid")
    if state == "doubt" and local.way == CARD:  # nobody knows either whether it stands in the terminal
        return ctx.t("pay.doubt.card")
    return ctx.t(f"pay.state.{state}")


def _code_note(ctx: Ctx[PayStep], local: Local) -> str:
    """That a payer's code is taken too, where there is a reader; or why the one that was shown was not."""
    if local.code:
        return ctx.told("pay.code", local.code, "codeRefused")
    return ctx.t("pay.code.hint") if ctx.state.world.devices.get("barcodeReader", False) else ""


def _dues(ctx: Ctx[PayStep]) -> list[Mapping[str, Any]]:
    """What is to be paid; what another payment holds is not asked for twice."""
    return [d for d in ctx.look(ctx.step.dues) or [] if d["payable"]]


def _whole(ctx: Ctx[PayStep]) -> int:
    """What the centre asks for: the tax and what its lateness has added to this day (Tax Collection Law, art. 32)."""
    return _tax(ctx) + sum(int(d["late_fee_fen"]) for d in _dues(ctx))


def _tax(ctx: Ctx[PayStep]) -> int:
    return sum(int(d["amount_fen"]) for d in _dues(ctx))


def _owed(ctx: Ctx[PayStep]) -> int:
    """What is paid now: all, or the part that the person has chosen."""
    choice = ctx.look("share.choice") if ctx.step.part else None
    if choice == PART and ctx.step.part:
        return int(ctx.look(ctx.step.part))
    return _tax(ctx) if choice == TAX else _whole(ctx)


def _late(ctx: Ctx[PayStep]) -> int:
    """What of it is for lateness: a part pays the tax first (State Taxation Administration, notice 48 of 2019, 1)."""
    return max(0, _owed(ctx) - _tax(ctx))


def _left_fen(ctx: Ctx[PayStep]) -> int:
    """What is left of the due of which a part is paid."""
    return _whole(ctx) - _owed(ctx)


def _paid(ctx: Ctx[PayStep], data: Mapping[str, object]) -> dict[str, object]:
    """For the slip: what was paid, of which taxes, what of it for lateness, and what is left of the due, if any."""
    seldom = {"late_fee_fen": _late(ctx), "left_fen": _left_fen(ctx)}
    told = {name: fen for name, fen in seldom.items() if fen}
    return {"paid_fen": data["amount_fen"], "taxes": _taxes(ctx), **told}


def _taxes(ctx: Ctx[PayStep]) -> list[dict[str, object]]:
    """The taxes (税种) that were paid, without their lateness: of each due what it takes of the amount, in order."""
    left, found = _owed(ctx), []
    for due in _dues(ctx):
        amount = min(left, int(due["amount_fen"]))
        left -= amount
        if amount and due.get("tax_name"):
            found.append({"name": due["tax_name"], "amount_fen": amount})
    return found


def _by(ctx: Ctx[PayStep], local: Local) -> str:
    """How it was paid, for the slip."""
    account = {"account": _bank(ctx, local.debit)} if local.way == DEBIT else {}
    return ctx.t(f"pay.by.{local.way}", **account)


def _left(local: Local, state: str) -> dict[str, object]:
    """What the step leaves when it was not paid; the key is what the slip's code follows, the entry tells of a card."""
    known = {"key": local.key, "entry": local.entry}
    return {"state": state, "order": local.order, **{name: said for name, said in known.items() if said}}


def replace_entry(move: Move) -> Move:
    """A second entry into the same step is a new page."""
    return replace(move, redraw=True)


def _local(ctx: Ctx[Any]) -> Local:
    local = ctx.state.local
    return local if isinstance(local, Local) else Local()
