"""Asks a core for every promise and says what came of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from pydantic import ValidationError

from bureau.conformance import promises
from bureau.conformance.bench import PROMISES, Bench, Broken, NotAsked, Promise
from bureau.conformance.wire import Absent, Overheard, Unread
from bureau.errors import BureauError

assert promises.__all__, "importing them enters the promises"
__all__ = ["PROMISES", "Found", "check", "chosen", "counted", "lines"]
Verdict = Literal["held", "broken", "absent", "notAsked"]


@dataclass(frozen=True, slots=True)
class Found:
    """What came of one promise. ``asked`` and ``came`` are there for one that is broken; else ``came`` says why not."""

    promise: Promise
    verdict: Verdict
    asked: str = ""
    came: str = ""


def chosen(ports: tuple[str, ...]) -> list[Promise]:
    """Those of these ports, or all; how answers are written is always among them."""
    return [one for one in PROMISES.values() if not ports or one.port in ports or one.scene is None]


def check(bench: Bench, ports: tuple[str, ...], tell: Callable[[Found], None]) -> list[Found]:
    """Every promise, each told as soon as it is known; how answers are written comes last."""
    wanted, found = chosen(ports), []
    for one in (one for one in wanted if one.scene is not None):
        found.append(_played(bench, one))
        tell(found[-1])
    for one in (one for one in wanted if one.scene is None):
        found.append(_overheard(one, bench.ear.overheard))
        tell(found[-1])
    return found


def _played(bench: Bench, one: Promise) -> Found:
    if lacking := [need for need in one.needs if getattr(bench.manifest, need) is None]:
        return Found(one, "notAsked", came=f"the manifest has no [{lacking[0]}]")
    assert one.scene is not None
    try:
        one.scene(bench)
    except Broken as broken:
        return Found(one, "broken", broken.asked, broken.came)
    except NotAsked as lacking_books:
        return Found(one, "notAsked", came=f"the core's books lack {lacking_books}")
    except Absent as absent:
        return Found(one, "absent", came=f"{absent} is answered with 501")
    except Unread:
        return Found(one, "notAsked", came="an outcome could not be read: see wire.outcomes")
    except ValidationError:
        return Found(one, "notAsked", came="an answer could not be read: see wire.values")
    except BureauError as error:
        return Found(one, "broken", "the scene of this promise", str(error))
    return Found(one, "held")


def _overheard(one: Promise, heard: list[Overheard]) -> Found:
    mine = [other for other in heard if other.promise == one.name]
    if not mine:
        return Found(one, "held")
    requests = sorted({other.asked for other in mine})
    return Found(one, "broken", ", ".join(requests[:5]), mine[0].came)


def lines(found: Found) -> Iterator[str]:
    """What a person reads of it."""
    word = {"held": "held", "broken": "BROKEN", "absent": "not there", "notAsked": "not asked"}[found.verdict]
    why = f" ({found.came})" if found.came and found.verdict != "broken" else ""
    yield f"{word:9}  {found.promise.name}{why}"
    if found.verdict == "broken":
        yield f"           asked   {found.asked}"
        yield f"           came    {found.came}"
        yield f"           page    {found.promise.says}"
        yield f"           do      {found.promise.do}"


def counted(found: list[Found]) -> str:
    """The last line."""
    numbers = {
        verdict: sum(one.verdict == verdict for one in found)
        for verdict in ("held", "broken", "absent", "notAsked")
    }
    return (
        f"{numbers['held']} promises held, {numbers['broken']} broken, {numbers['absent']} of methods that are not "
        f"there (answered to terminals as busy), {numbers['notAsked']} not asked"
    )
