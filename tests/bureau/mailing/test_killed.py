"""The centre as a real program, killed between the mail server's answer and its own note: the letter is never lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import Any

import pytest

from tests.bureau.mailing.conftest import Mailed
from tests.bureau.mailing.test_letters import send, the_letter

CENTRE = """
import os
import sys
from bureau.app import assemble
from config.settings import load_bureau
from datetime import datetime
from tests.bureau.doubles import DraftOffice, HandClock

clock = HandClock(datetime.fromisoformat(sys.argv[1]))
centre = assemble(load_bureau(None, os.environ), clock=clock, office=DraftOffice())
next(one for one in centre.mailing.chores if one.name == "letters").work()
centre.close()
"""


def settings_of(mailed: Mailed, url: str) -> dict[str, str]:
    server = mailed.server._settings
    mail: dict[str, Any] = {"HOST": server.host, "PORT": server.port, "CA_FILE": server.ca_file}
    mail |= {"SENDER": "einvoice@bureau.test", "TIMEOUT_S": 5}
    told = {"BUREAU_STATE_DIR": str(mailed.centre.state_dir), "BUREAU_DATABASE__URL": url}
    return {**os.environ, **told, **{f"BUREAU_MAIL__{name}": str(value) for name, value in mail.items()}}


def a_round(mailed: Mailed, url: str, **env: str) -> int:
    """One round of a centre that is a program of its own; its exit status."""
    line = [sys.executable, "-c", CENTRE, mailed.centre.clock.now().isoformat()]
    done = subprocess.run(
        line, env=settings_of(mailed, url) | env, capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode


@pytest.mark.timeout(300)  # three programs one after the other
def test_a_kill_after_the_server_took_it_brings_the_same_letter_once_more(
    mailed: Mailed, number: str, city_url: str
) -> None:
    centre = mailed.centre
    send(centre.terminal(), number)
    assert a_round(mailed, city_url, KIOSK_CRASHPOINT="mail:before:carried") == -signal.SIGKILL
    assert (len(mailed.inbox.came), the_letter(centre).state) == (1, "queued")
    assert a_round(mailed, city_url) == 0
    assert len(mailed.inbox.came) == 1, "it may still be under way"
    centre.clock.forward(minutes=20)
    assert a_round(mailed, city_url) == 0
    first, second = mailed.inbox.came
    assert first == second and the_letter(centre).state == "sent"
