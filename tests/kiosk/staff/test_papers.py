"""Which papers of stock can be printed: those whose stock really left the units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import pytest

from kiosk.domain.ids import uuid7
from kiosk.effects.base import Origin
from kiosk.staff.exchanging import Exchanging, Maker, Refused
from sync.crypto import Ed25519Signer, verifier
from sync.models import EffectKind
from sync.stock_note import Fate, Seal, StockNote, write_note
from tests.kiosk.doubles import TestClock

CODE = "053001900104"
ORIGIN = Origin("visit", "", "", "", "", "zh-CN", {})


def holding(first: int, last: int, code: str = CODE) -> dict[str, Any]:
    return {
        "code": code,
        "kind": "04",
        "next": f"{first:08d}",
        "last": f"{last:08d}",
        "count": last - first + 1,
    }


@dataclass
class Cabinet:
    """Two units, a journal of what was begun, and whether the effect comes to an outcome."""

    folder: Path
    units: dict[str, dict[str, Any]] = field(default_factory=lambda: {"unit1": holding(4, 20)})
    begun: set[tuple[str, str]] = field(default_factory=set)
    open: set[str] = field(default_factory=set)
    outcome: Mapping[str, Any] | Exception = field(default_factory=dict)
    centre: Ed25519Signer = field(default_factory=Ed25519Signer.generate)
    signer: Ed25519Signer = field(default_factory=Ed25519Signer.generate)

    async def ranges(self) -> Any:
        return self.units

    async def began(self, kind: str, transaction: str) -> bool:
        return (kind, transaction) in self.begun

    async def is_open(self, *kinds: str) -> bool:
        return bool(self.open & set(kinds))

    async def carry(self, kind: str, data: Mapping[str, Any], origin: Origin) -> Mapping[str, Any]:
        if isinstance(self.outcome, Exception):
            raise self.outcome
        if not self.outcome:
            self.begun.add((EffectKind.STOCK_OUT, origin.transaction))
            for unit in data["units"]:
                self.units[unit] = {**self.units[unit], "next": None, "last": None, "count": 0}
        return self.outcome

    def pages(self) -> Exchanging:
        """The program, started anew."""
        nobody: Any = None
        centre = verifier("ed25519", self.centre.public_key)
        maker = Maker("A-07", "0123456789abcdef", "H-01", Seal(self.signer), centre)
        return Exchanging(nobody, self.ranges, self.carry, maker, TestClock(), self.folder, cast("Any", self))


async def hand_out(pages: Exchanging, first: int = 4, count: int = 17) -> str:
    """To the second person's code; the paper's number, empty when there is none."""
    await pages.go_out()
    for name, text in (("first", f"{first:08d}"), ("count", str(count))):
        form = pages.state.count.focus(name)
        for key in text:
            form = form.press(key)
        pages.state = replace(pages.state, count=form)
    await pages.check()
    pages.choose(Fate.MOVE)
    await pages.confirm("technician", "officer", ORIGIN)
    return pages.state.note.id if pages.state.note else ""


async def printable(pages: Exchanging) -> str:
    found = await pages.paper()
    return found[0].id if found else ""


async def test_the_paper_of_stock_that_left_is_printed_also_after_a_start(tmp_path: Path) -> None:
    cabinet = Cabinet(tmp_path)
    number = await hand_out(cabinet.pages())
    assert number and await printable(cabinet.pages()) == number


@pytest.mark.parametrize(
    ("now", "printed"),
    [
        (holding(5, 20), False),
        (holding(20, 30), False),
        (holding(21, 30), True),
        (holding(4, 20, "1" * 12), True),
    ],
)
async def test_no_paper_while_a_unit_holds_any_of_its_numbers(
    tmp_path: Path, now: dict[str, Any], printed: bool
) -> None:
    cabinet = Cabinet(tmp_path)
    number = await hand_out(cabinet.pages())
    cabinet.units["unit1"] = now
    assert await printable(cabinet.pages()) == (number if printed else "")


async def test_a_paper_never_printed_outlives_the_next_one(tmp_path: Path) -> None:
    cabinet = Cabinet(tmp_path)
    first = await hand_out(cabinet.pages())
    cabinet.units["unit1"] = holding(101, 120)
    pages = cabinet.pages()
    second = await hand_out(pages, 101, 20)
    seen = []
    for _ in range(3):
        found = await pages.paper()
        assert found is not None
        await pages.printed(found[0])
        seen.append(found[0].id)
        pages = cabinet.pages()
    assert seen == [second, first, first], "the last one printed may be printed again"


async def test_the_one_just_made_is_printed_again_before_older_ones(tmp_path: Path) -> None:
    cabinet = Cabinet(tmp_path)
    await hand_out(cabinet.pages())
    cabinet.units["unit1"] = holding(101, 120)
    pages = cabinet.pages()
    second = await hand_out(pages, 101, 20)
    assert pages.state.note is not None
    await pages.printed(pages.state.note)
    assert await printable(pages) == second


@pytest.mark.parametrize("kind", ["units.out", "units.in"])
async def test_nothing_is_begun_while_another_exchange_is_open(tmp_path: Path, kind: str) -> None:
    cabinet = Cabinet(tmp_path)
    text = write_note(await _made(cabinet), Seal(cabinet.signer))
    pages = cabinet.pages()
    await pages.go_out()
    cabinet.open = {kind}
    for step in (pages.go_out(), pages.show_paper(text), pages.confirm("technician", "officer", ORIGIN)):
        with pytest.raises(Refused) as told:
            await step
        assert told.value.text_id == "bench.exchange.open"


async def test_a_paper_is_not_begun_over_numbers_that_still_lie_in_its_unit(tmp_path: Path) -> None:
    old, new = Cabinet(tmp_path), Cabinet(tmp_path)
    note = replace(await _made(old), epoch="")
    text = write_note(note, Seal(new.centre))
    pages = new.pages()
    for held in (holding(900, 910), holding(21, 30), holding(4, 20, "1" * 12)):
        new.units["unit1"] = held
        with pytest.raises(Refused) as told:
            await pages.show_paper(text)
        assert (told.value.text_id, told.value.values) == ("bench.exchange.unitNotEmpty", {"unit": "1"})
    new.units["unit1"] = {**holding(4, 20), "next": None, "last": None, "count": 0}
    await pages.show_paper(text)
    assert pages.state.step == "count"


async def _made(cabinet: Cabinet) -> StockNote:
    pages = cabinet.pages()
    await hand_out(pages)
    cabinet.units["unit1"] = holding(101, 120)
    assert pages.state.note is not None
    return pages.state.note


async def test_no_paper_of_a_hand_over_that_was_never_carried_out(tmp_path: Path) -> None:
    cabinet = Cabinet(tmp_path)
    await hand_out(cabinet.pages())
    cabinet.begun = {(EffectKind.STOCK_OUT, uuid7())}
    assert await printable(cabinet.pages()) == "", "the units were emptied by something else"
