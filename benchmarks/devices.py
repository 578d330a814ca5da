"""A device command's round trip beside its limit: an echo of the same message over a bare WebSocket.

    python -m benchmarks.devices [--rounds 5] [--count 200]

The device program and the simulated cabinet run as programs of their own, the echo as well. The cases take turns, so
that the ratios hold whatever else the machine does. ``Common.Status`` is answered by the service, ``Reset`` of the code
scanner by its driver behind the ownership and the queue.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from websockets.asyncio.client import connect

from config.loopback import answers, free_port
from drivers.client.connection import Connection
from drivers.xfs.envelope import write_command
from kiosk.stack import Plan, Stack

Case = Callable[[], Awaitable[object]]
LIMIT = "echo over a bare WebSocket"
_ECHO = """
import asyncio, sys
from websockets.asyncio.server import serve
async def echo(socket):
    async for message in socket:
        await socket.send(message)
async def main():
    async with serve(echo, "127.0.0.1", int(sys.argv[1]), compression=None):
        await asyncio.Event().wait()
asyncio.run(main())
"""


async def timed(case: Case, count: int) -> list[float]:
    """Seconds of each of ``count`` calls."""
    found = []
    for _ in range(count):
        begun = time.perf_counter()
        await case()
        found.append(time.perf_counter() - begun)
    return sorted(found)


async def measure(stack: Stack, echo_port: int, rounds: int, count: int) -> dict[str, list[list[float]]]:
    """Every case in turns; the sorted times of each round."""
    token = next(
        token
        for token, client in json.loads((stack.plan.root / "terminal" / "tokens.json").read_text()).items()
        if client["client"] == "kiosk-run"
    )
    uri = f"ws://127.0.0.1:{stack.ports['devices']}/xfs4iot/v1.0/BarcodeReader"
    service = await Connection.open("barcodeReader", uri, token, lambda *_: None)
    service.know({"BarcodeReader.Reset": "2.0"})
    while (await service.request("Common.Status", {}, 5.0))["common"]["device"] != "online":
        await asyncio.sleep(0.1)
    message = write_command("Common.Status", 1, "2.0", 5000, {})
    async with connect(f"ws://127.0.0.1:{echo_port}", compression=None) as socket:

        async def echo() -> object:
            await socket.send(message)
            return await socket.recv()

        cases: dict[str, Case] = {
            LIMIT: echo,
            "Common.Status, by the service": lambda: service.request("Common.Status", {}, 5.0),
            "BarcodeReader.Reset, by the driver": lambda: service.request("BarcodeReader.Reset", {}, 5.0),
        }
        found: dict[str, list[list[float]]] = {name: [] for name in cases}
        for _ in range(rounds):
            for name, case in cases.items():
                found[name].append(await timed(case, count))
    await service.close()
    return found


def report(found: dict[str, list[list[float]]]) -> None:
    """One line a case: median and 99th of a hundred in milliseconds, and how often the limit goes into it."""
    print(f"{'case':36}{'median ms':>11}{'p99 ms':>9}{'x limit':>9}")
    for name, rounds in found.items():
        median = statistics.median(statistics.median(times) for times in rounds)
        worst = statistics.median(times[int(len(times) * 0.99) - 1] for times in rounds)
        ratios = (
            statistics.median(a) / statistics.median(b) for a, b in zip(rounds, found[LIMIT], strict=True)
        )
        print(f"{name:36}{median * 1e3:>11.2f}{worst * 1e3:>9.2f}{statistics.median(ratios):>9.1f}")


def main() -> None:
    """Run all cases in turns and print them."""
    parser = argparse.ArgumentParser(description="Device commands beside a bare WebSocket.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--count", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(Plan(Path(folder) / "stack", speed=8.0))
        port = free_port()
        echo = subprocess.Popen([sys.executable, "-c", _ECHO, str(port)])
        try:
            stack.prepare()
            (stack.plan.root / "stocked").touch()  # no sheets are moved here
            stack.start("cabinet", "devices")
            while not answers(port):
                time.sleep(0.05)
            report(asyncio.run(measure(stack, port, options.rounds, options.count)))
        finally:
            stack.stop()
            echo.terminate()
            echo.wait()


if __name__ == "__main__":
    main()
