"""``bureau shares deliver``: what waits goes into the bank's folder, its receipt is entered, a doubt ends with 1."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from pathlib import Path

from bureau.city.cast import HEMU
from bureau.commands.common import opened
from bureau.engine.reference.work import ReferenceSystem
from bureau.opening import business_clock
from bureau.ports.registration import PersonKey
from bureau.ports.sharing import Consent, Referral
from kiosk.domain.people import DocumentKind
from tests.bureau import stores
from tests.bureau.commands.shell import Run, as_json
from tests.bureau.terminals import CAST

CASE = "63990026101200000015"


def refer() -> None:
    """An enterprise's consent for a bank, and its referral that waits."""
    person = PersonKey(DocumentKind.RESIDENT_ID, CAST["he-mulan"].number)
    until = stores.DAY + timedelta(days=30)
    with opened(None) as (settings, database):
        with ReferenceSystem(database, business_clock(settings)).write() as work:
            given = Consent(CASE, HEMU, "rural", ("registration",), person, stores.DAY, until, b"sealed")
            work.core.sharing.give(given)
            work.core.sharing.refer(Referral(CASE, HEMU, "rural", "rural-easy", work.core.now))


def test_a_referral_is_sent_confirmed_and_a_doubt_is_told_when_the_rest_is_done(
    run: Run, tmp_path: Path
) -> None:
    deliver = ("shares", "deliver", "--folder", str(tmp_path / "banks"))
    assert run(*deliver).output.strip() == "nothing was sent, and no receipt entered"
    refer()
    assert as_json(run(*deliver, "--json")) == [{"case": CASE, "bank": "rural", "state": "sent"}]
    raw = (tmp_path / f"banks/rural/out/{CASE}.json").read_bytes()
    assert json.loads(raw)["taxpayer"] == HEMU
    (listed,) = as_json(run("shares", "list", HEMU, "--json"))
    digest = hashlib.sha256(raw).hexdigest()
    assert [(one["by"], one["sha256"]) for one in listed["given"]] == [("referral", digest)]
    came = tmp_path / "banks/rural/in"
    came.mkdir()
    (came / "0.receipt.json").write_text("no receipt")
    told = {"case": CASE, "sha256": digest, "number": "LN-1", "at": f"{stores.DAY}T10:00:00+08:00"}
    (came / f"{CASE}.receipt.json").write_text(json.dumps(told))
    ended = run(*deliver, code=1)
    assert "received" in ended.stdout and "0.receipt.json is no receipt" in ended.stderr
