"""A client without a socket: hands commands to a service on the same loop and collects what it sends."""

import asyncio
import itertools
import json

from drivers.xfs.auth import Client
from drivers.xfs.envelope import CommandMessage
from drivers.xfs.service import Line
from drivers.xfs.words import MessageType


class Desk(Line):
    """One connection of a client; ``ask`` gives (events, completion) like the wire client."""

    def __init__(self, service, name="kiosk-run", roles=("application", "operator")):
        self.service = service
        self.who = Client(name, frozenset(roles))
        self.unsolicited_as = MessageType.UNSOLICITED
        self.pending = {}
        self.sent = []
        self.numbers = itertools.count(1)
        self.news = asyncio.Event()
        service.join(self)

    @property
    def client(self):
        return self.who

    def send(self, text, *, droppable=False):
        self.sent.append(json.loads(text))
        self.news.set()

    def finished(self, request):
        self.pending.pop(request.id, None)

    async def ask(self, name, payload=None, version="1.0", timeout_ms=0):
        number = next(self.numbers)
        version = {"Storage": "2.0", "Common": "2.0"}.get(name.partition(".")[0], version)
        self.service.accept(self, CommandMessage(name, number, version, timeout_ms, payload or {}))
        events = []
        while True:
            self.news.clear()
            mine = [m for m in self.sent if m["header"].get("requestId") == number]
            for message in mine:
                self.sent.remove(message)
                if message["header"]["type"] == "completion":
                    return events, message
                events.append(message)
            await self.news.wait()
