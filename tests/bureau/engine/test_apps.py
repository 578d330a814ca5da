"""Official software: nothing is shown that another officer has not reviewed, and nothing is forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bureau.engine import apps
from bureau.errors import DecisionRefused
from bureau.ports.apps import OfficialApp
from tests.bureau.conftest import Centre
from tests.bureau.terminals import Terminal

FIRST, SECOND = "周审核", "吴批准"
SAID = {"zh-CN": "已核查", "en-US": "Checked"}
WHY = {"zh-CN": "收集通讯录，请卸载", "en-US": "It collects contacts: remove it"}
PROPOSAL = """
app: stamp-helper
version: "1.0"
name: {zh-CN: 印花税助手, en-US: Stamp tax helper}
publisher: {zh-CN: 云川市税务局, en-US: Yunchuan Tax Bureau}
purpose: {zh-CN: 算印花税, en-US: Works out stamp tax}
runs_on: {zh-CN: 手机, en-US: Phones}
url: https://apps.yunchuan-tax.example/stamp
"""


def listed(terminal: Terminal) -> dict[str, Any]:
    """What every terminal shows, by name."""
    return {one["app"]: one for one in terminal.data("apps.list", None, {}, "tools.apps")["apps"]}


def proposed(centre: Centre, version: str = "1.0", officer: str = FIRST) -> OfficialApp:
    with centre.system.write() as work:
        return apps.propose(work.core, officer, apps.draft(PROPOSAL.replace('"1.0"', f'"{version}"')))


def reviewed(
    centre: Centre, version: str = "1.0", officer: str = SECOND, *, passed: bool = True
) -> OfficialApp:
    with centre.system.write() as work:
        return apps.review(work.core, "stamp-helper", version, officer, SAID, passed=passed)


def published(centre: Centre, version: str = "1.0", officer: str = SECOND) -> OfficialApp:
    with centre.system.write() as work:
        return apps.publish(work.core, "stamp-helper", version, officer)


def withdrawn(centre: Centre, version: str = "1.0") -> OfficialApp:
    with centre.system.write() as work:
        return apps.withdraw(work.core, "stamp-helper", version, FIRST, WHY)


def test_it_is_shown_once_it_was_reviewed_and_published_and_not_before(
    terminal: Terminal, centre: Centre
) -> None:
    proposed(centre)
    assert "stamp-helper" not in listed(terminal)
    reviewed(centre)
    assert "stamp-helper" not in listed(terminal)
    published(centre)
    shown = listed(terminal)["stamp-helper"]
    assert (shown["version"], shown["state"], shown["open"]) == ("1.0", "published", True)
    assert (shown["finding"], shown["reviewed_on"]) == (SAID, "2026-10-12")
    assert shown["url"] == "https://apps.yunchuan-tax.example/stamp"


def test_who_proposed_it_neither_reviews_nor_publishes_it(centre: Centre) -> None:
    proposed(centre)
    with pytest.raises(DecisionRefused, match="another officer"):
        reviewed(centre, officer=FIRST)
    reviewed(centre)
    with pytest.raises(DecisionRefused, match="another officer"):
        published(centre, officer=FIRST)


def test_no_step_is_left_out_or_taken_twice(centre: Centre) -> None:
    with pytest.raises(DecisionRefused, match="there is no stamp-helper"):
        reviewed(centre)
    proposed(centre)
    with pytest.raises(DecisionRefused, match="proposed before"):
        proposed(centre, officer=SECOND)
    for step in (published, withdrawn):
        with pytest.raises(DecisionRefused, match="is proposed"):
            step(centre)
    reviewed(centre, passed=False)
    with pytest.raises(DecisionRefused, match="is rejected"):
        published(centre)


def test_a_later_version_takes_its_place(terminal: Terminal, centre: Centre) -> None:
    for version in ("1.0", "1.1"):
        proposed(centre, version)
        reviewed(centre, version)
        published(centre, version)
    assert listed(terminal)["stamp-helper"]["version"] == "1.1"
    with centre.system.read() as work:
        states = {e.version: e.state for e in work.core.apps.entries() if e.app == "stamp-helper"}
    assert states == {"1.0": "replaced", "1.1": "published"}


def test_what_was_withdrawn_says_why_and_leads_nowhere_until_it_is_forgotten(
    terminal: Terminal, centre: Centre
) -> None:
    proposed(centre)
    reviewed(centre)
    published(centre)
    withdrawn(centre)
    shown = listed(terminal)["stamp-helper"]
    assert (shown["state"], shown["open"], shown["url"]) == ("withdrawn", False, "")
    assert shown["why_not"] == {
        "zh-CN": "已下架：收集通讯录，请卸载",
        "en-US": "Withdrawn: It collects contacts: remove it",
    }
    states = [one["open"] for one in listed(terminal).values()]
    assert states == sorted(states, reverse=True), "what may be installed comes first"
    centre.clock.at += apps.WITHDRAWN_SHOWN + timedelta(minutes=1)
    assert "stamp-helper" not in listed(terminal)


def test_another_version_after_one_was_withdrawn_is_the_only_one_shown(
    terminal: Terminal, centre: Centre
) -> None:
    proposed(centre)
    reviewed(centre)
    published(centre)
    withdrawn(centre)
    proposed(centre, "1.1")
    reviewed(centre, "1.1")
    published(centre, "1.1")
    shown = [
        one
        for one in terminal.data("apps.list", None, {}, "tools.apps")["apps"]
        if one["app"] == "stamp-helper"
    ]
    assert [(one["version"], one["state"]) for one in shown] == [("1.1", "published")]


def test_the_trail_names_each_step_with_its_officer_and_words(centre: Centre) -> None:
    proposed(centre)
    reviewed(centre)
    published(centre)
    withdrawn(centre)
    with centre.system.read() as work:
        trail = [(e.did, e.officer, dict(e.said)) for e in apps.history(work.core, "stamp-helper")]
    assert trail == [
        ("proposed", FIRST, {}),
        ("reviewed", SECOND, SAID),
        ("published", SECOND, {}),
        ("withdrawn", FIRST, WHY),
    ]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("url: https://", "url: http://"), "https"),
        (("url: https://", "url: https://someone:secret@"), "password"),
        (("yunchuan-tax.example/", "yunchuan-tax.example:8443/"), "port"),
        (("https://apps.yunchuan-tax.example", "https://localhost"), "HOST"),
        (("en-US: Phones", "en-GB: Phones"), "runs_on: say it in en-US"),
        (("印花税助手", "印" * 21), "at most 20"),
        (("app: stamp-helper", "app: Stamp Helper"), "app"),
        (("runs_on:", "runs:"), "runs_on"),
        (("name: {", "name: [{"), "cannot be read"),
    ],
)
def test_a_proposal_with_a_mistake_says_what_to_mend(change: tuple[str, str], problem: str) -> None:
    with pytest.raises(DecisionRefused, match=problem):
        apps.draft(PROPOSAL.replace(*change))


def test_what_the_city_has_was_reviewed_by_another_officer(terminal: Terminal, centre: Centre) -> None:
    shown = listed(terminal)
    assert len(shown) >= 8 and "export-helper" not in shown, "that one waits for its review"
    assert [one["app"] for one in shown.values() if not one["open"]] == ["quick-scan"]
    with centre.system.read() as work:
        for entry in work.core.apps.entries():
            assert entry.proposed_by != entry.reviewed_by
            did = [e.did for e in work.core.apps.history(entry.app) if e.version == entry.version]
            assert did[-1] == entry.state and did[0] == "proposed"
