"""An officer at a distance who answers the visitor, by the commands of the bureau, while the visit goes on.

All commands are given within one process of its own (``python -m ui.walk.officer``): a conversation waits for none.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from typer.testing import CliRunner

from bureau.cli import app_of
from kiosk.stack import Stack

NAME: Final = "远程李"
ANSWERED: Final = "officer"
"""What is chosen (``--choose``) for an officer to answer; without it nobody is on duty."""
WITHIN_S: Final = 240.0
PROPOSED: Final = "tools.navigator"
READY: Final = "on duty"


class Officer:
    """On duty until somebody was answered."""

    def __init__(self, stack: Stack, secrets: Sequence[str]) -> None:
        """``secrets``: what must not stand on the screen as it is shown."""
        self._stack, self._secrets = stack, secrets
        self._process: subprocess.Popen[str] | None = None
        self._first = ""

    def begin(self) -> None:
        """Go on duty; returns once nobody is turned away any more."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "ui.walk.officer", *self._secrets],
            env=self._stack.env(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._process.stdout is not None
        self._first = self._process.stdout.readline().strip()

    def finish(self) -> list[str]:
        """What went wrong, once the conversation is over."""
        if self._process is None:
            return ["the officer was never on duty"]
        try:
            told, _ = self._process.communicate(timeout=WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return ["the officer still waits for the visitor"]
        return [f"the officer: {line}" for line in (self._first, *told.splitlines()) if line != READY]


def answer(secrets: Sequence[str]) -> None:
    """Greet, ask to see the screen, propose a service, hear two lines, end; raises ``RuntimeError``."""
    _run("serve", "--officer", NAME)
    print(READY, flush=True)
    number = str(_until(lambda: next(iter(_run("list")), None), "somebody who waits")["number"])
    who = (number, "--officer", NAME)
    _run("take", *who)
    _run("phrase", *who, "--phrase", "hello")
    _run("screen", *who)
    seen = json.dumps(_until(lambda: _run("show", *who)["shown"], "the screen"), ensure_ascii=False)
    for secret in filter(seen.__contains__, secrets):
        print(f"the screen shows {secret}")
    _run("say", *who, "--words", "请看这份清单。")
    _run("propose", *who, "--service", PROPOSED)
    _until(lambda: [one for one in _run("show", *who)["lines"] if not one["officer"]][1:], "two lines")
    _run("end", *who)


def _until(look: Callable[[], Any], what: str) -> Any:
    deadline = time.monotonic() + WITHIN_S
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.5)
    raise RuntimeError(f"{what} did not come")


def _run(*words: str) -> Any:
    done = CliRunner().invoke(app_of("remote"), [*words, "--json"])
    if done.exit_code != 0:
        raise RuntimeError(f"{' '.join(words)}: {done.output.strip()}")
    return json.loads(done.stdout)


if __name__ == "__main__":
    try:
        answer([secret for secret in sys.argv[1:] if secret])
    except RuntimeError as error:
        print(error)
