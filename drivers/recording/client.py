"""Plays what another publisher's service sent to our client: every command again, every completion understood.

There is no driver of ours before such a service, so no call of a driver can be made. What can be played is the
client: it sends the recorded commands and is given the recorded messages; what it takes each completion for, and
which messages it hands on, must be what stands in the recording.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from drivers.client.connection import Connection
from drivers.client.errors import DeviceClientError, DeviceCommandFailed, DeviceRefused
from drivers.protocols.xfs_wire import XfsWire
from drivers.recording.lines import CLIENT, Outcome, Recording
from drivers.recording.player import Player
from drivers.recording.stage import ReplayTap

_ANSWER_S: Final = 5.0
_IN_VAIN_S: Final = 0.5
"""For commands of which one never came to an end: all that came is there at once."""
_NO_END: Final[Outcome] = {"completion": "none"}
"""The connection was lost first, or the recording ended."""


@dataclass(slots=True)
class Session:
    """One connection: the commands in their order with what each came to, and the messages that came by themselves."""

    commands: list[tuple[str, Outcome]]
    unsolicited: list[str]

    @property
    def outcomes(self) -> list[Outcome]:
        """As a verdict has them."""
        return [*(outcome for _, outcome in self.commands), {"unsolicited": self.unsolicited}]


def recorded(recording: Recording) -> Iterator[Session]:
    """The sessions, read from the messages alone: no code of the client has a part in what is expected of it."""
    lines = [line for line in recording.lines if line.kind in ("opened", "out", "in")]
    starts = [at for at, line in enumerate(lines) if line.kind == "opened"]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        headers = [(line.kind, *_message(line.data)) for line in lines[start + 1 : end]]
        came = [(header, payload) for kind, header, payload in headers if kind == "in"]
        yield Session(
            [
                (str(header.get("name")), _came_to(header.get("requestId"), came))
                for kind, header, _ in headers
                if kind == "out"
            ],
            [str(header.get("name")) for header, _ in came if header and header.get("requestId") is None],
        )


async def play(recording: Recording) -> tuple[list[Outcome], list[str]]:
    """What the client makes of it, in the same order; and where it went another way."""
    player = Player(recording, XfsWire())
    outcomes: list[Outcome] = []
    for session in recorded(recording):
        outcomes += (await _again(session, player)).outcomes
    return outcomes, player.deviations


async def _again(session: Session, player: Player) -> Session:
    heard: list[str] = []
    line = await Connection.open(
        CLIENT, "ws://recording", "", lambda name, _: heard.append(name), ReplayTap(player)
    )
    asked = []
    for name, _ in session.commands:
        asked.append(asyncio.create_task(line.request(name, {}, None), name=name))
        await asyncio.sleep(0)  # it is sent, and its answers are there, before the next one is
    if asked:
        in_vain = any(outcome == _NO_END for _, outcome in session.commands)
        await asyncio.wait(asked, timeout=_IN_VAIN_S if in_vain else _ANSWER_S)
    found = [(task.get_name(), _found(task)) for task in asked]
    await line.close()
    await asyncio.gather(*asked, return_exceptions=True)
    return Session(found, heard)


def _message(data: bytes) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    try:
        whole = json.loads(data)
        header, payload = whole["header"], whole.get("payload")
    except (ValueError, KeyError, TypeError):
        return {}, {}
    return (header if isinstance(header, dict) else {}), (payload if isinstance(payload, dict) else {})


def _came_to(number: object, came: list[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> Outcome:
    """What the first last word to a command says (CWA 17852, part 1, 5.3: acknowledge with a status, or completion)."""
    for header, payload in came:
        if header.get("requestId") != number:
            continue
        if header.get("type") == "completion":
            code = header.get("completionCode") or payload.get("completionCode")
            own = code == "commandErrorCode"
            return {"completion": code, **({"error": payload.get("errorCode")} if own else {})}
        if header.get("type") == "acknowledge" and (header.get("status") or payload.get("status")):
            return {"refused": header.get("status") or payload.get("status")}
    return _NO_END


def _found(task: asyncio.Task[Any]) -> Outcome:
    if not task.done():
        return _NO_END
    try:
        task.result()
    except DeviceCommandFailed as error:
        own = error.completion_code == "commandErrorCode"
        return {"completion": error.completion_code, **({"error": error.error_code} if own else {})}
    except DeviceRefused as error:
        return {"refused": error.status}
    except DeviceClientError:
        return _NO_END
    return {"completion": "success"}
