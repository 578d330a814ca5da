"""Orders the machine off without any right of its own: it starts one unit, and systemd does the rest."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

UNIT: Final = "kiosk-poweroff.service"
COMMAND: Final = ("systemctl", "--no-ask-password", "--no-block", "start", UNIT)
"""polkit lets the user ``kiosk`` start this one unit and no other (``systemd/polkit``)."""
ANSWER_WITHIN_S: Final = 10.0


class PowerOffRefused(Exception):
    """The machine was not ordered off; the message says why and what to look at."""


async def power_off(command: Sequence[str] = COMMAND, within_s: float = ANSWER_WITHIN_S) -> None:
    """Order the machine off and return at once; raises ``PowerOffRefused``."""
    try:
        process = await asyncio.create_subprocess_exec(
            *command, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
    except OSError as error:
        raise PowerOffRefused(f"{command[0]} cannot be run: {error.strerror}") from error
    try:
        async with asyncio.timeout(within_s):
            _, told = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        raise PowerOffRefused(f"systemd did not answer within {within_s:.0f} s") from None
    if process.returncode != 0:
        why = told.decode(errors="replace").strip()[-200:]
        raise PowerOffRefused(f"{why or process.returncode}; is {UNIT} installed, with its polkit rule?")
