"""A bare client of one service, in a process of its own: writes down when it was told that a status has changed.

    echo '{"uri": "ws://…/ReceiptPrinter", "token": "…"}' | python -m tests.soak.told

One line for each message, seconds of CLOCK_MONOTONIC, which all processes of a machine share; the first one says that
it listens. Whoever measures beside a busy loop reads the lines when it comes to it: the times stay true.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

from drivers.client.connection import Connection


async def listen(uri: str, token: str) -> None:
    """Until the connection ends."""

    def told(name: str, _payload: object) -> None:
        if name == "Common.StatusChangedEvent":
            print(time.monotonic(), flush=True)

    line = await Connection.open("receiptPrinter", uri, token, told)
    print(time.monotonic(), flush=True)
    await line.closed


if __name__ == "__main__":
    asyncio.run(listen(**json.loads(sys.stdin.readline())))
