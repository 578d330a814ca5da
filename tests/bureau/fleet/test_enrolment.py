from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bureau.errors import EnrolmentRefused, FleetError
from bureau.store import tables
from sync.crypto import b64
from sync.identity import TerminalKeys
from sync.models import Enrolment, Heartbeat
from tests.bureau.conftest import Centre
from tests.bureau.terminals import Terminal


def enrolment(code: str, asset: str = "A-07", **changed: Any) -> Enrolment:
    keys = TerminalKeys.generate()
    fields = {
        "code": code,
        "public_key": b64(keys.signing.public_key),
        "sealing_key": b64(keys.sealing.public),
        "asset": asset,
        **changed,
    }
    return Enrolment.model_validate(fields)


def refused(centre: Centre, wanted: Enrolment) -> str:
    with pytest.raises(EnrolmentRefused) as refusal:
        centre.container.terminals.enrol(wanted)
    return refusal.value.code


def test_a_code_makes_a_terminal_once(centre: Centre) -> None:
    terminals = centre.container.terminals
    code, expires = terminals.make_code("A-07", "H-01", "op", 30)
    enrolled = terminals.enrol(enrolment(code.lower().replace("-", " ")))
    assert (enrolled.terminal, enrolled.hall) == ("A-07", "H-01")
    assert enrolled.hall_name["zh-CN"] == "中心大厅"
    assert enrolled.bureau_verify_key == centre.container.keys.verify_key
    assert len(enrolled.epoch) == 16
    assert expires > datetime.now(UTC)
    assert refused(centre, enrolment(code)) == "code-used"


def cases(centre: Centre) -> list[tuple[str, str]]:
    with centre.database.read() as connection:
        t = tables.case_file
        return [(row.kind, row.details["asset"]) for row in connection.execute(select(t))]


def test_a_lost_answer_is_told_again_to_the_same_keys_and_changes_nothing(centre: Centre) -> None:
    terminals = centre.container.terminals
    code, _ = terminals.make_code("A-07", "H-01", "op", 30)
    wanted = enrolment(code)
    first = terminals.enrol(wanted)
    centre.clock.forward(minutes=5)
    assert terminals.enrol(wanted.model_copy(update={"code": code.lower()})) == first
    with centre.database.read() as connection:
        assert len(connection.execute(select(tables.terminal_key)).all()) == 1
    assert cases(centre) == []


def test_a_used_code_with_another_key_is_refused_and_brought_before_a_person(centre: Centre) -> None:
    terminals = centre.container.terminals
    code, _ = terminals.make_code("A-07", "H-01", "op", 30)
    wanted = enrolment(code)
    first = terminals.enrol(wanted)
    assert refused(centre, enrolment(code)) == "code-used"
    assert refused(centre, enrolment(code)) == "code-used"
    assert refused(centre, wanted.model_copy(update={"asset": "A-08"})) == "code-used"
    assert cases(centre) == [("enrolment-code-reused", "A-07"), ("enrolment-code-reused", "A-08")]
    assert terminals.enrol(wanted) == first, "the terminal itself is not locked out by a stranger"


def test_a_used_code_answers_no_longer_than_it_lives_and_never_with_an_old_identity(centre: Centre) -> None:
    terminals = centre.container.terminals
    code, _ = terminals.make_code("A-07", "H-01", "op", 30)
    wanted = enrolment(code)
    terminals.enrol(wanted)
    terminals.set_state("A-07", "suspended", "stolen")
    assert refused(centre, wanted) == "terminal-suspended"
    terminals.set_state("A-07", "active", "")
    newer, _ = terminals.make_code("A-07", "H-01", "op", 30)
    again = wanted.model_copy(update={"code": newer})
    second = terminals.enrol(again)
    assert refused(centre, wanted) == "code-used"
    assert terminals.enrol(again) == second
    with centre.database.write() as connection:
        long_ago = datetime.now(UTC) - timedelta(minutes=1)
        connection.execute(update(tables.enrolment_code).values(expires_at=long_ago))
    assert refused(centre, again) == "code-used"
    assert cases(centre) == []


def test_codes_that_do_not_enrol(centre: Centre) -> None:
    terminals = centre.container.terminals
    assert refused(centre, enrolment("2222-3333-4444")) == "code-unknown"
    code, _ = terminals.make_code("A-07", "H-01", "op", 30)
    assert refused(centre, enrolment(code, "A-08")) == "code-other-asset"
    assert refused(centre, enrolment(code, public_key="AAAA")) == "key-invalid"
    assert refused(centre, enrolment(code, sealing_key="!!")) == "key-invalid"
    with centre.database.write() as connection:
        long_ago = datetime.now(UTC) - timedelta(minutes=1)
        connection.execute(update(tables.enrolment_code).values(expires_at=long_ago))
    assert refused(centre, enrolment(code)) == "code-expired"
    with pytest.raises(FleetError, match="no hall"):
        terminals.make_code("A-07", "H-99", "op", 30)


def test_the_code_itself_is_not_in_the_store(centre: Centre) -> None:
    code, _ = centre.container.terminals.make_code("A-07", "H-01", "op", 30)
    with centre.database.read() as connection:
        rows = connection.execute(select(tables.enrolment_code)).all()
    assert code not in str(rows) and code.replace("-", "") not in str(rows)


def test_enrolling_again_begins_a_new_epoch_and_old_records_stay_readable(
    terminal: Terminal, centre: Centre
) -> None:
    old = terminal.intent("feedback.rate", {"item": "a", "level": 5})
    again = centre.terminal()
    assert again.identity.epoch != terminal.identity.epoch
    assert terminal.send(old).state == "accepted"
    known = centre.container.terminals.request_key("A-07")
    assert known is not None and known[0].public_key == again.keys.signing.public_key
    assert again.do("feedback.rate", {"item": "b", "level": 5}).state == "accepted"


def test_suspension_holds_until_it_is_lifted(terminal: Terminal, centre: Centre) -> None:
    terminals = centre.container.terminals
    terminals.set_state("A-07", "suspended", "stolen")
    code, _ = terminals.make_code("A-07", "H-01", "op", 30)
    assert refused(centre, enrolment(code)) == "terminal-suspended"
    terminals.set_state("A-07", "active", "")
    assert terminals.enrol(enrolment(code)).terminal == "A-07"
    with pytest.raises(FleetError):
        terminals.set_state("Z-99", "active", "")


def test_the_list_shows_health(terminal: Terminal, centre: Centre) -> None:
    beat = Heartbeat(
        terminal="A-07",
        sent_at=centre.clock.now(),
        devices={"documentPrinter": "mediaEmpty"},
        queue_depth=3,
        oldest_unacked_s=2.5,
        software="tax-kiosk/1",
    )
    centre.container.terminals.heartbeat(beat)
    centre.container.terminals.heartbeat(beat.model_copy(update={"queue_depth": 4}))
    (seen,) = centre.container.terminals.listed()
    assert (seen.state, seen.queue_depth, seen.software) == ("active", 4, "tax-kiosk/1")
    assert seen.last_seen == centre.clock.now()
    assert seen.devices == {"documentPrinter": "mediaEmpty"}
