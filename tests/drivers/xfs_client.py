"""A small XFS4IoT client written from the wire description alone: it shares no code with the program under test."""

import base64
import contextlib
import json
import time

from websockets.sync.client import connect

ACKNOWLEDGE_S = 2.0


class Wire:
    """One connection to one endpoint, in the words of the standard; blocking."""

    def __init__(self, uri, token=None, **options):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers |= options.pop("headers", {})
        self.stack = contextlib.ExitStack()
        self.socket = self.stack.enter_context(
            connect(uri, additional_headers=headers, max_size=None, compression=None, **options)
        )
        self.unsolicited = []
        self.number = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.stack.close()

    def send_raw(self, text):
        self.socket.send(text)

    def receive(self, timeout=5.0):
        return json.loads(self.socket.recv(timeout=timeout))

    def send(self, name, payload=None, *, version="2.0", timeout_ms=0, number=None, drop_payload=False):
        if number is None:
            self.number += 1
            number = self.number
        message = {
            "header": {
                "name": name,
                "requestId": number,
                "type": "command",
                "version": version,
                "timeout": timeout_ms,
            },
            "payload": payload or {},
        }
        if drop_payload:
            del message["payload"]
        self.send_raw(json.dumps(message))
        return number

    def next_of(self, number, timeout=5.0):
        """The next message of a request; unsolicited ones are put aside."""
        end = time.monotonic() + timeout
        while True:
            message = self.receive(max(0.01, end - time.monotonic()))
            header = message["header"]
            if "requestId" not in header:
                self.unsolicited.append(message)
            elif header["requestId"] == number:
                return message

    def acknowledged(self, number):
        message = self.next_of(number, ACKNOWLEDGE_S)
        assert message["header"]["type"] == "acknowledge", message
        assert "payload" not in message
        return message["header"].get("status")

    def finish(self, number, timeout=10.0):
        """Events and completion of an acknowledged request."""
        events = []
        while True:
            message = self.next_of(number, timeout)
            if message["header"]["type"] == "completion":
                return events, message
            assert message["header"]["type"] == "event", message
            events.append(message)

    def ask(self, name, payload=None, *, timeout=10.0, **options):
        """Send, check the acknowledge, and give (events, completion)."""
        number = self.send(name, payload, **options)
        assert self.acknowledged(number) is None
        return self.finish(number, timeout)

    def do(self, name, payload=None, **options):
        """The payload of a command that must succeed."""
        _, completion = self.ask(name, payload, **options)
        assert completion["header"]["completionCode"] == "success", completion
        return completion.get("payload", {})

    def wait_unsolicited(self, name, timeout=5.0):
        end = time.monotonic() + timeout
        while True:
            for message in self.unsolicited:
                if message["header"]["name"] == name:
                    self.unsolicited.remove(message)
                    return message
            message = self.receive(max(0.01, end - time.monotonic()))
            assert "requestId" not in message["header"], message
            self.unsolicited.append(message)


def code(completion):
    """The generic code, or the command's own."""
    header = completion["header"]
    if header["completionCode"] == "commandErrorCode":
        return completion["payload"]["errorCode"]
    return header["completionCode"]


def b64(data):
    return base64.b64encode(data).decode("ascii")
