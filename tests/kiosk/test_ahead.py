"""What anybody may look up is asked for ahead, so that it is there when the network is not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from kiosk.ahead import AskedAhead, questions
from kiosk.effects.base import Origin
from kiosk.flow.engine import subject
from kiosk.kept import KeptAnswers, question
from sync.errors import BureauUnreachable
from sync.kept import asked_of, make_word
from sync.models import QueryAnswer
from tests.kiosk.flow.visitor import Visitor
from tests.kiosk.program import folder
from tests.shipped import CATALOGUE
from tests.sync.support import BUREAU_SIGNER, CLOCK, make_terminal

ASKED = dict(questions(CATALOGUE, "zh-CN"))


class Centre:
    """Answers, or is not there from the ``fails``-th question on."""

    def __init__(self, fails: int | None = None) -> None:
        self.fails, self.asked = fails, list[tuple[str, str]]()

    async def query(self, name: str, params: Mapping[str, object], origin: Origin) -> Mapping[str, Any]:
        if self.fails is not None and len(self.asked) >= self.fails:
            raise BureauUnreachable("away")
        assert not params
        self.asked.append((name, origin.service))
        return {}


def test_only_what_needs_no_person_and_no_parameter_is_asked() -> None:
    assert ASKED["apps.list"].service == "tools.apps"
    assert ASKED["help.published"].service == "help.browse"
    for origin in ASKED.values():
        service = CATALOGUE[origin.service].service
        kept = [step.ask.kept for step in service.steps if getattr(step, "ask", None) is not None]
        assert service.sign_in == "0" and (service.offline == "cached" or any(kept))
    assert ASKED["survey.list"].service == "survey.take", "it is answered without the network, and taken in"
    assert "queue.lines" not in ASKED, "nobody takes a number for a queue of hours ago"
    assert "progress.list" not in ASKED, "somebody's own cases are asked for by them alone"


async def test_each_is_asked_once_a_round() -> None:
    centre = Centre()
    assert await AskedAhead(CATALOGUE, centre, "zh-CN").ask()  # type: ignore[arg-type]
    assert [name for name, _ in centre.asked] == [*ASKED]


async def test_a_centre_that_is_away_ends_the_round_and_it_is_said() -> None:
    centre = Centre(fails=0)
    assert not await AskedAhead(CATALOGUE, centre, "zh-CN").ask()  # type: ignore[arg-type]
    assert centre.asked == []


@pytest.mark.parametrize("query", [*ASKED])
def test_the_visitor_asks_the_very_same_question(query: str) -> None:
    """Else what was kept would be found by nobody."""
    origin = ASKED[query]
    mine = Origin("v", "t", origin.step, origin.service, "0" * 64, "en-US", subject(Visitor().state))
    now = CLOCK.now()
    with folder() as state:
        terminal = make_terminal(state)
        kept = KeptAnswers(terminal.state, terminal.identity, terminal.keystore, lambda: now)
        asked, data = question({}, origin), {"apps": []}
        word = make_word(
            "T-0007", asked_of(query, asked), data, now, now + timedelta(hours=24), BUREAU_SIGNER
        )
        kept.keep(query, asked, QueryAnswer(data=data, keep=word))
        found = kept.find(query, {}, mine)
        assert found is not None and found.data == data
