"""The flow engine: (state, event) -> (state, effects), pure; the executor acts, the bridge draws.

A visit begins at the attract page, goes through the home page into services and their steps, and ends with
the wipe. Double presses are told by the page's serial; outcomes of effects nobody waits for are dropped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

import kiosk.steps  # noqa: F401 - fills STEP_KINDS
from config.catalogue import Catalogue
from config.catalogue.models import BaseStep, ContinueStep, Service
from kiosk.flow import frame
from kiosk.flow import talk as talks
from kiosk.flow.effects import CallStaff, Converse, Effect, Issued, Note, StopWaiting, Wipe
from kiosk.flow.events import Action, Event, Intent, Outcome
from kiosk.flow.frame_words import to_object, to_unlock
from kiosk.flow.pages import Screen
from kiosk.flow.shown import shown
from kiosk.flow.state import After, FlowState, Phase, WorldChanged
from kiosk.flow.talk import Talk
from kiosk.steps.base import ALONE, STEP_KINDS, Ctx, Go, Move, StepKind, Surroundings, TurnsBack
from kiosk.steps.choose.roles import principals

Result = tuple[FlowState, tuple[Issued, ...]]

KEPT = ("form", "pages", "gather")
"""Kinds of steps that show again what was given there when a person comes back to them."""
SIGNS_IN = ("identify", "phone")
"""Kinds of steps that are done once a visit: the way back leads past them."""
ALWAYS = {Action.LEAVE, Action.EXPIRE, Action.LANGUAGE, Action.MODE, Action.CALL_STAFF, Action.TALK}
"""Intents that mean the same on every page."""


@dataclass(frozen=True, slots=True)
class Engine:
    """The rules of the flow over one catalogue. It holds no state of its own."""

    catalogue: Catalogue
    around: Surroundings

    def step(self, state: FlowState, event: Event | WorldChanged) -> Result:
        """The next state and the effects to carry out; what the conversation with an officer asks is among them."""
        after, issued = self._stepped(state, event)
        going_on, more = self._converse(state, after)
        return going_on, issued + more

    def _stepped(self, state: FlowState, event: Event | WorldChanged) -> Result:
        if isinstance(event, WorldChanged):
            return self._world_changed(state, event)
        if isinstance(event, Outcome):
            return self._on_outcome(state, event)
        if event.serial is not None and event.serial != state.serial and event.action not in ALWAYS:
            return state, ()
        return self._on_intent(state, event)

    def abandon(self, state: FlowState) -> Result:
        """The flow cannot go on by a mistake of ours: end the visit and wipe it, whatever it was about."""
        wiped, issued = self._wipe_now(state, StopWaiting(), Note("visit.ended", {"cause": "failure"}))
        gone, more = self._converse(state, wiped)
        return gone, issued + more

    def screen(self, state: FlowState) -> Screen:
        """What to draw."""
        return frame.screen(self.catalogue, self.around, state, self._page_ctx(state))

    # --- intents -------------------------------------------------------------------------------------

    def _on_intent(self, state: FlowState, intent: Intent) -> Result:
        match intent.action:
            case Action.LANGUAGE if intent.value in self.around.words:
                return replace(state, lang=intent.value), ()
            case Action.MODE if intent.value in ("standard", "elder"):
                return replace(state, mode=intent.value), ()
            case Action.CALL_STAFF:
                called = replace(state, staff_called=True)
                note = (Note("staff.called", {}),) if state.visit else ()
                return self._issue(called, (CallStaff(), *note))
            case Action.LEAVE | Action.EXPIRE:
                return self._leave(state)
            case Action.TALK:
                return self._talk_key(state, intent.value), ()
            case Action.LANGUAGE | Action.MODE:
                return state, ()
        match state.phase:
            case Phase.ATTRACT:
                return self._begin(state) if intent.action is Action.BEGIN else (state, ())
            case Phase.HOME:
                return self._home(state, intent)
            case Phase.SERVICE:
                return self._in_service(state, intent)
            case Phase.FAREWELL:
                return self._wiped(state), ()
        return state, ()

    def _begin(self, state: FlowState) -> Result:
        begun = replace(state, phase=Phase.HOME, visit=self.around.mint(), serial=state.serial + 1)
        return self._issue(begun, (Note("visit.begun", {"lang": state.lang, "mode": state.mode}),))

    def _home(self, state: FlowState, intent: Intent) -> Result:
        if intent.action is Action.BACK:
            return self._outward(state)
        if intent.action not in (Action.OPEN, Action.CHOOSE):
            return state, ()
        group = intent.value.removeprefix(frame.GROUP)
        if group != intent.value and self.catalogue.group(group) is not None:
            return self._turn(state, group)
        return self._open(state, intent.value)

    def _outward(self, state: FlowState) -> Result:
        """From a group to the one it is within, to the home page, and out."""
        group = self.catalogue.group(state.group)
        return self._leave(state) if group is None else self._turn(state, group.within)

    def _turn(self, state: FlowState, group: str) -> Result:
        """To the services of a group, or back to the home page."""
        return replace(state, group=group, serial=state.serial + 1), ()

    def _open(self, state: FlowState, service: str) -> Result:
        if service not in self.catalogue:
            return state, ()
        if state.world.out_of_service:
            return self._leave(state)  # what is under way is finished, nothing new begins
        usable = state.world.services.get(service)
        if usable is not None and not usable.usable:
            return state, ()
        before: tuple[Issued, ...] = ()
        if self.catalogue[service].service.unnamed and state.signed_in:
            state, before = self._apart(state)
        opened = replace(
            state,
            phase=Phase.SERVICE,
            service=self.catalogue[service],
            transaction=self.around.mint(),
            index=0,
            data={},
            offline=not state.world.online,
            kept_at="",
            return_to=None,
            message=None,
        )
        opened, issued = self._issue(opened, (Note("service.opened", {"service": service}),))
        entered, more = self._enter(opened, 0)
        return entered, before + issued + more

    def _apart(self, state: FlowState) -> Result:
        """End the visit and begin another, of nobody: what is done in one is not found beside what is in the other."""
        ended, issued = self._issue(state, (StopWaiting(), Note("visit.ended", {}), Wipe(state.visit)))
        begun = replace(ended, visit=self.around.mint(), person=None, phone=None, talk=None, card_taken=False)
        note = Note("visit.begun", {"lang": state.lang, "mode": state.mode})
        begun, more = self._issue(begun, (note,))
        return begun, issued + more

    def _in_service(self, state: FlowState, intent: Intent) -> Result:
        if state.message is not None:
            return self._answer_message(state, intent)
        if intent.action is Action.BACK:
            return self._back_within(state)
        if intent.action is Action.CHANGE:
            return self._change(state, intent.value)
        move = self._kind(state).on_intent(self._ctx(state), intent)
        return self._apply(state, move)

    def _answer_message(self, state: FlowState, intent: Intent) -> Result:
        assert state.message is not None, "answered a message that is not there"
        if intent.action not in (Action.PROCEED, Action.SECOND, Action.BACK):
            return state, ()
        cleared = replace(state, message=None, serial=state.serial + 1)
        after = state.message.after if intent.action is Action.PROCEED else After.HOME
        match after:
            case After.RETRY:
                return self._enter(cleared, state.index)
            case After.NEXT:
                return self._next(cleared)
            case After.LEAVE:
                return self._leave(cleared)
        return self._go_home(cleared)

    def _back_within(self, state: FlowState) -> Result:
        """Through the pages of the step itself, then to the step before."""
        kind = self._kind(state)
        within = (
            kind.back(self._ctx(state)) if isinstance(kind, TurnsBack) and frame.can_back(state) else None
        )
        return self._back(state) if within is None else self._apply(state, within)

    def _change(self, state: FlowState, place: str) -> Result:
        """To the step, and to the row of its form when the place names one."""
        assert state.service is not None, "no service under way"
        step_id, _, row = place.partition(".")
        index = next((i for i, s in enumerate(state.service.service.steps) if s.id == step_id), None)
        if index is None or index >= state.index:
            return state, ()
        kept = {k: v for k, v in state.data.items() if k != step_id or self._keeps_answer(state, index)}
        entered, issued = self._enter(replace(state, data=kept, return_to=state.index), index)
        if not row or entered.message is not None:
            return entered, issued
        opened, more = self._apply(
            entered, self._kind(entered).on_intent(self._ctx(entered), Intent(Action.EDIT, row))
        )
        return opened, issued + more

    def _keeps_answer(self, state: FlowState, index: int) -> bool:
        assert state.service is not None, "no service under way"
        return state.service.service.steps[index].kind in KEPT

    # --- outcomes ------------------------------------------------------------------------------------

    def _on_outcome(self, state: FlowState, outcome: Outcome) -> Result:
        if state.talk is not None and outcome.effect_id == state.talk.waits:
            return self._talk_told(state, state.talk, outcome), ()
        if outcome.effect_id not in state.waiting:
            return state, ()
        if not outcome.partial:
            state = replace(state, waiting=state.waiting - {outcome.effect_id})
        if state.phase is not Phase.SERVICE or state.message is not None:
            return state, ()
        if outcome.kept_at:
            oldest = min(state.kept_at or outcome.kept_at, outcome.kept_at, key=datetime.fromisoformat)
            state = replace(state, kept_at=oldest, offline=True)
        return self._apply(state, self._kind(state).on_outcome(self._ctx(state), outcome))

    def _world_changed(self, state: FlowState, event: WorldChanged) -> Result:
        taken = state.person is not None and event.world.card is False
        taken = taken and (state.card_taken or state.world.card is True)
        changed = replace(state, world=event.world, card_taken=taken)
        if event.world.out_of_service and state.phase in (Phase.ATTRACT, Phase.HOME) and not state.signed_in:
            return self._wipe_now(changed)
        if state.phase is Phase.OUT_OF_SERVICE and not event.world.out_of_service:
            return self._wiped(changed), ()
        return changed, ()

    # --- moving --------------------------------------------------------------------------------------

    def _apply(self, state: FlowState, move: Move) -> Result:
        state = replace(
            state,
            local=move.local if move.go is Go.STAY else state.local,
            person=move.person or state.person,
            phone=move.phone or state.phone,
            talk=None if move.hangs_up else move.talk or state.talk,
            offline=state.offline if move.offline is None else move.offline,
            done_once=state.done_once | move.done_once,
            lang=move.lang or state.lang,
            message=move.message,
            serial=state.serial + (1 if move.message or move.redraw else 0),
        )
        if move.answer is not None:
            state = replace(state, data={**state.data, state.step.id: dict(move.answer)})
        state, issued = self._issue(state, move.effects)
        match move.go:
            case Go.NEXT:
                moved, more = self._next(state)
            case Go.BACK:
                moved, more = self._back(state)
            case Go.HOME:
                moved, more = self._go_home(state)
            case Go.PHONE:
                moved, more = self._to_phone(state)
            case Go.LEAVE:
                moved, more = self._leave(state)
            case Go.OPEN:
                moved, more = self._open(state, move.opens)
            case _:
                return state, issued
        return moved, issued + more

    def _next(self, state: FlowState) -> Result:
        assert state.service is not None, "no service under way"
        steps = state.service.service.steps
        index = state.index + 1
        if (back := state.return_to) is not None and self._overtaken(state):
            state = replace(state, return_to=None)
        elif back is not None and self._may_return(state):
            return self._enter(replace(state, return_to=None), back)
        while index < len(steps) and self._skipped(state, steps[index]):
            index += 1
        if index >= len(steps):
            return self._leave(state)
        return self._enter(state, index)

    def _overtaken(self, state: FlowState) -> bool:
        """Whether another choice was made than the one for which the centre was asked in the steps between."""
        return state.step.kind == "choose" and any(
            getattr(step, "ask", None) for step in self._between(state)
        )

    def _to_phone(self, state: FlowState) -> Result:
        """To the step that hands the visit over; it is on nobody's way but of who chose it."""
        assert state.service is not None, "no service under way"
        steps = state.service.service.steps
        return self._enter(state, next(i for i, step in enumerate(steps) if isinstance(step, ContinueStep)))

    def _may_return(self, state: FlowState) -> bool:
        """After a change go straight back to the review when every step between still has its answer."""
        return all(step.id in state.data for step in self._between(state))

    def _between(self, state: FlowState) -> Sequence[BaseStep]:
        assert state.service is not None and state.return_to is not None, "nothing to return to"
        return state.service.service.steps[state.index + 1 : state.return_to]

    def _passed(self, state: FlowState, step: BaseStep) -> bool:
        """Whether nobody saw the step: it was left out, or there was nothing to choose."""
        return self._skipped(state, step) or bool(state.data.get(step.id, {}).get(ALONE))

    def _skipped(self, state: FlowState, step: BaseStep) -> bool:
        assert state.service is not None, "no service under way"
        facts = {
            "offline": state.offline,
            "online": not state.offline,
            "nothing-due": state.data.get("file", {}).get("total_fen") == 0,
            "served": state.data.get("document", {}).get("state") == "served",
            "not-paid": state.data.get("pay", {}).get("state") in ("unpaid", "doubt"),
            "for-oneself": not principals(state.person, state.service.service),
            "no-report": state.data.get("status", {}).get("next") != "report",
            "no-unlock": not to_unlock(state.data),
            "no-form": not state.data.get("done", {}).get("form"),
            "no-paper": state.data.get("carrier", {}).get("choice") == "phone",
            "no-phone": state.data.get("carrier", {}).get("choice") not in ("phone", "both"),
            "no-mailbox": state.data.get("way", {}).get("id") != "mailbox",
            "to-mailbox": state.data.get("way", {}).get("id") == "mailbox",
            "none-picked": not state.data.get("found", {}).get("picked"),
            "taken-back": state.data.get("how", {}).get("way") == "withdraw",
            "not-taken-back": state.data.get("how", {}).get("way") != "withdraw",
            "anonymous": state.data.get("naming", {}).get("choice") != "named",
            "scanned": bool(state.data.get("scan", {}).get("scanned")),
            "talking": state.talk is not None,
            "talked": state.data.get("officer", {}).get("state") == "talked",
            "not-talked": state.data.get("officer", {}).get("state") != "talked",
            "unanswered": not state.data.get("case", {}).get("rateable"),
            "content": not to_object(state.data),
            "not-part": state.data.get("share", {}).get("choice") != "part",
        }
        # The way to the phone is nobody's but of who chose it.
        return isinstance(step, ContinueStep) or any(facts.get(name, False) for name in step.unless)

    def _enter(self, state: FlowState, index: int) -> Result:
        stop: tuple[Effect, ...] = (StopWaiting(),) if state.waiting else ()
        state = replace(
            state, index=index, local=None, message=None, serial=state.serial + 1, waiting=frozenset()
        )
        state, issued = self._issue(state, stop)
        moved, more = self._apply(state, self._kind(state).enter(self._ctx(state)))
        return moved, issued + more

    def _back(self, state: FlowState) -> Result:
        if not frame.can_back(state):
            return state, ()
        assert state.service is not None, "no service under way"
        steps = state.service.service.steps
        index = state.index - 1
        while index >= 0 and (steps[index].kind in SIGNS_IN or self._passed(state, steps[index])):
            index -= 1
        if index < 0:
            return self._go_home(state, state.group)
        data = {k: v for k, v in state.data.items() if k != steps[index].id or steps[index].kind in KEPT}
        return self._enter(replace(state, return_to=None, data=data), index)

    def _go_home(self, state: FlowState, group: str = "") -> Result:
        home = replace(
            state,
            phase=Phase.HOME,
            group=group,
            service=None,
            transaction="",
            index=0,
            local=None,
            data={},
            kept_at="",
            message=None,
            return_to=None,
            ukey_left=frame.ukey_left(state),
            waiting=frozenset(),
            serial=state.serial + 1,
        )
        if state.service is not None and state.service.service.unnamed:
            return self._apart(home)
        return self._issue(home, (StopWaiting(),))

    def _leave(self, state: FlowState) -> Result:
        if state.phase in (Phase.ATTRACT, Phase.OUT_OF_SERVICE):
            return state, ()
        if state.phase is Phase.FAREWELL:
            return self._wiped(state), ()
        if state.phase is Phase.SERVICE and not frame.can_leave(state):
            return state, ()
        if not state.signed_in and state.phase is Phase.HOME:
            # Nothing was given, so there is nothing to take along: back to the attract page at once.
            return self._wipe_now(state)
        gone = FlowState(
            phase=Phase.FAREWELL,
            lang=state.lang,
            mode=state.mode,
            world=state.world,
            visit=state.visit,
            data=frame.belongings(state),
            serial=state.serial + 1,
            issued=state.issued,
        )
        return self._issue(gone, (StopWaiting(), Note("visit.ended", {}), Wipe(state.visit)))

    def _wipe_now(self, state: FlowState, *before: Effect) -> Result:
        wiped = self._wiped(state)
        if not state.visit:
            return wiped, ()
        left, issued = self._issue(replace(wiped, visit=state.visit), (*before, Wipe(state.visit)))
        return replace(left, visit=""), issued

    def _wiped(self, state: FlowState) -> FlowState:
        """Nobody's state. Effects go on being counted, so that a late outcome is never taken for a new one's."""
        closed = Phase.OUT_OF_SERVICE if state.world.out_of_service else Phase.ATTRACT
        return FlowState(phase=closed, world=state.world, serial=state.serial + 1, issued=state.issued)

    # --- the conversation with an officer ---------------------------------------------------------------

    def _talk_key(self, state: FlowState, key: str) -> FlowState:
        """A key of the line over the page: let the officer see the screen, no more, or end it."""
        talk = state.talk
        if talk is None or talk.state != "taken":
            return state
        match key:
            case "share" | "refuse" if talk.screen == "asked":
                return replace(state, talk=talks.answer_screen(talk, key == "share"))
            case "stop" if talk.screen == "shared":
                return replace(state, talk=talks.answer_screen(talk, allowed=False))
            case "end":
                return replace(state, talk=talks.ended(talk, "person"), serial=state.serial + 1)
        return state

    def _talk_told(self, state: FlowState, talk: Talk, outcome: Outcome) -> FlowState:
        """A pause is over, or the centre answered; the page turns when an officer comes, goes or says something."""
        if talk.rests:
            return replace(state, talk=replace(talk, waits="", rests=False))
        if outcome.fault:
            now = talks.in_vain(talk)
        elif isinstance(outcome.data.get("refusal"), Mapping):
            now = talks.ended(talk, "lost")
        else:
            now = talks.heard(talk, outcome.data)
        spoken = now.heard != talk.heard and getattr(state.local, "does", "") != "writing"
        here = state.phase is Phase.SERVICE and state.message is None and state.step.kind == "officer"
        turns = here and (now.state != talk.state or spoken)
        return replace(state, talk=replace(now, rests=now.goes_on), serial=state.serial + (1 if turns else 0))

    def _converse(self, before: FlowState, state: FlowState) -> Result:
        """What is asked for it now: at once when something is to be told, after a pause, once more when it is over."""
        was, talk = before.talk, state.talk
        if was is not None and was.goes_on and (talk is None or talk.ended_by == "person"):
            last = Converse(talks.params(talks.ended(talk or was, "person"), before.visit, None))
            number = state.issued + 1
            return replace(state, issued=number), (self._of_talk(before, f"e{number}", last),)
        if talk is None or not talk.goes_on or (talk.waits and not self._has_answered(was, talk)):
            return state, ()
        number = state.issued + 1
        if talk.rests:
            effect = Converse(None, talks.EVERY_S)
        else:
            seen = shown(self.screen(state)) if talk.screen == "shared" else None
            effect = Converse(talks.params(talk, state.visit, seen))
        asked = replace(talk, waits=f"e{number}", telling="" if talk.rests else talk.shares)
        return replace(state, issued=number, talk=asked), (self._of_talk(state, asked.waits, effect),)

    @staticmethod
    def _has_answered(was: Talk | None, talk: Talk) -> bool:
        """Whether the centre has just answered, so that the pause begins."""
        return was is not None and talk.rests and not was.rests

    def _of_talk(self, state: FlowState, effect_id: str, effect: Converse) -> Issued:
        """It belongs to its own service, whichever is open."""
        published = self.catalogue[talks.SERVICE]
        label = self._label(state, effect_id, effect)
        return replace(label, service=talks.SERVICE, service_hash=published.hash, step="", cached=False)

    # --- helpers -------------------------------------------------------------------------------------

    def _issue(self, state: FlowState, effects: tuple[Effect, ...]) -> Result:
        issued: list[Issued] = []
        waiting = set(state.waiting)
        number = state.issued
        for effect in effects:
            number += 1
            effect_id = f"e{number}"
            if not isinstance(effect, Note | Wipe | StopWaiting | CallStaff):
                waiting.add(effect_id)
            issued.append(self._label(state, effect_id, effect))
        return replace(state, issued=number, waiting=frozenset(waiting)), tuple(issued)

    def _label(self, state: FlowState, effect_id: str, effect: Effect) -> Issued:
        service = state.service
        return Issued(
            id=effect_id,
            effect=effect,
            visit=state.visit,
            transaction=state.transaction,
            step=service.service.steps[state.index].id if service else "",
            service=service.service.id if service else "",
            service_hash=service.hash if service else "",
            lang=state.lang,
            offline=state.offline,
            subject=subject(state),
            cached=service is not None and _goes_on_with_kept(service.service, state.index),
        )

    def _kind(self, state: FlowState) -> StepKind:
        return STEP_KINDS[state.step.kind]

    def _ctx(self, state: FlowState) -> Ctx[Any]:
        return Ctx(state.step, state, self.around, services=self.catalogue)

    def _page_ctx(self, state: FlowState) -> Ctx[Any]:
        step = state.step if state.phase is Phase.SERVICE else BaseStep(id="frame")
        return Ctx(step, state, self.around, services=self.catalogue)


def _goes_on_with_kept(service: Service, index: int) -> bool:
    """Whether a question of this step is answered by what is kept, while the centre is away."""
    asks = getattr(service.steps[index], "ask", None)
    return service.offline == "cached" or (asks is not None and asks.kept)


def subject(state: FlowState) -> Mapping[str, object]:
    """Who acts and for whom, as the wire's Subject."""
    enterprise = state.data.get("enterprise", {})
    return {
        "person": dict(state.person.claim) if state.person else None,
        "phone": asdict(state.phone) if state.phone else None,
        "taxpayer": enterprise.get("taxpayer"),
        "role": enterprise.get("role"),
        "mandate": enterprise.get("mandate"),
    }
