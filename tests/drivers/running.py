"""A cabinet on a loop of its own thread, so that a blocking client can talk to it as from another process."""

import asyncio
import threading
from contextlib import contextmanager

from tests.drivers.cabinet import CUSTOMER, cabinet
from tests.drivers.xfs_client import Wire


class Running:
    """A cabinet and the thread it lives in."""

    def __init__(self, loop, cab):
        self.loop = loop
        self.cabinet = cab

    def call(self, work):
        """Run a coroutine there and wait for its result."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(10)

    def do(self, act, *arguments):
        """Call a plain function there and wait for its result."""

        async def work():
            return act(*arguments)

        return self.call(work())

    def device(self, name):
        return self.cabinet.devices[name]

    def service(self, name):
        return self.cabinet.services[name]

    def wire(self, name="", token=CUSTOMER, suffix="", **options):
        return Wire(self.cabinet.uri(name) + suffix, token, **options)


@contextmanager
def running(folder, *names, **options):
    """A running cabinet with the named services."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="cabinet")
    thread.start()
    try:
        context = cabinet(folder, *names, **options)
        cab = asyncio.run_coroutine_threadsafe(context.__aenter__(), loop).result(10)
        try:
            yield Running(loop, cab)
        finally:
            asyncio.run_coroutine_threadsafe(context.__aexit__(None, None, None), loop).result(20)
            left = asyncio.run_coroutine_threadsafe(_leftovers(), loop).result(10)
            assert not left, f"tasks left behind: {left}"
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _leftovers():
    await asyncio.sleep(0)
    return [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
