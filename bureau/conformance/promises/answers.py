"""Exactly once: an effect's answer and what it changed are one transaction, found by the effect's key."""

from __future__ import annotations

import time

from bureau.conformance.bench import Bench, Broken, promise, same, there, true
from bureau.conformance.promises.filing import all_of, filing, standing, taken_back
from bureau.errors import AlreadyFiled, CoreUnavailable, StoreConflict
from bureau.ports.system import AnsweredEffect, KeptAnswer, Work

SETTLES_WITHIN_S = 5.0
"""How long a commit whose answer got lost may still be on its way."""


def effect(bench: Bench, key: str, result: dict[str, object]) -> AnsweredEffect:
    """An effect as it is kept."""
    answer: dict[str, object] = {"state": "accepted", "result": result, "refusal": None}
    return AnsweredEffect(
        kept=KeptAnswer(key, bench.manifest.terminal, "f" * 64, answer),
        kind="declaration.submit",
        service="declare.vat-small",
        service_hash="a" * 64,
        service_known=True,
        visit=bench.key("visit"),
        transaction=bench.key("transaction"),
        person=bench.person.key,
        taxpayer=None,
        offline=False,
        accepted_at=bench.now,
        received_at=bench.now,
        state="accepted",
        reference="",
    )


@promise(
    "answers.kept",
    "`keep` keeps the first answer under its key; `find` and `effect` give it back as it was.",
    "Keep the answer as the JSON that came, and every value beside it.",
    "person",
)
def kept(bench: Bench) -> None:
    """Kept, found, looked at whole; another key finds nothing."""
    wanted = effect(bench, bench.key("kept"), {"名": "值", "amount_fen": 5, "list": [1, None, True]})
    with bench.undone() as work:
        same("answers/find of an unknown key", work.answers.find(wanted.kept.key), None)
        true("answers/take_turn of an unknown key", work.answers.take_turn(wanted.kept.key), False)
        work.answers.keep(wanted)
        same("answers/find", work.answers.find(wanted.kept.key), wanted.kept)
        same("answers/effect", work.answers.effect(wanted.kept.key), wanted)
        same("answers/find of another key", work.answers.find(bench.key("another")), None)


@promise(
    "answers.told",
    "`told` notes that the person was given a notice of the answer.",
    "Set `told` of the kept answer, and nothing else of it.",
    "person",
)
def told(bench: Bench) -> None:
    """Told: the flag alone moves."""
    wanted = effect(bench, bench.key("told"), {})
    with bench.undone() as work:
        work.answers.keep(wanted)
        work.answers.told(wanted.kept.key)
        found = there("answers/find after answers/told", work.answers.find(wanted.kept.key))
        same("its flag and its answer", (found.told, found.answer), (True, wanted.kept.answer))


@promise(
    "answers.once",
    "A commit whose answer got lost is settled by the key of the effect: it is sent again, and `answers/find` has "
    "it or not. `answers` and the business records are one transaction.",
    "Commit the answer together with what the effect changed, in the same store; a second commit does nothing.",
    "person",
    "enterprise",
)
def once(bench: Bench) -> None:
    """A return is filed, the commit's answer is lost, and the effect is sent again under its key."""
    wanted = filing(bench, "once")
    first = bench.begin("write")
    _apply(bench, first.work)
    bench.ear.lose(first.path + "/commit")
    try:
        _again(bench)
        try:
            first.commit()  # the centre never does, a proxy may
        except (CoreUnavailable, StoreConflict):
            pass
        with bench.reading() as work:
            numbers = [one.filed.declaration for one in all_of(work, wanted) if one.stands]
            answer = there("answers/find after the effect was sent again", work.answers.find(wanted.key))
        asked = "an effect sent again after its commit's answer got lost: the returns that stand"
        same(asked, numbers, [_number(answer)])
    finally:
        taken_back(bench, wanted)


def _apply(bench: Bench, work: Work) -> None:
    """What the centre does with the effect: nothing when its answer is there."""
    wanted = filing(bench, "once")
    if work.answers.find(wanted.key) is None:
        made = work.core.returns.file(wanted)
        work.answers.keep(effect(bench, wanted.key, {"declaration": made.declaration}))


def _again(bench: Bench) -> None:
    """Send it again, as often as the centre does; the first may be committing yet."""
    until = time.monotonic() + SETTLES_WITHIN_S + bench.manifest.silent_s
    while True:
        try:
            with bench.lasting() as work:
                return _apply(bench, work)
        except AlreadyFiled as stands:
            wanted = filing(bench, "once")
            with bench.reading() as work:
                if standing(work, wanted) is None:
                    raise
                if work.answers.find(wanted.key) is not None:
                    continue  # the first was committed between the question and the filing
            raise Broken(
                "answers/find of an effect whose commit's answer got lost",
                f"nothing, and return {stands.declaration} that it filed stands",
            ) from stands
        except (StoreConflict, CoreUnavailable) as error:
            if time.monotonic() > until:
                raise Broken("an effect sent again after its commit's answer got lost", error) from error
            time.sleep(0.2)


def _number(answer: KeptAnswer) -> str:
    result = answer.answer.get("result")
    return str(result.get("declaration")) if isinstance(result, dict) else ""
