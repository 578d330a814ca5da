"""Messages of the device program, read by the server and by the client."""

from __future__ import annotations

import json

from drivers.xfs.envelope import MAX_REQUEST_ID, Refused, read_command, read_reply, write_command
from tests.fuzz.oracles import refused_by

PARSES = ("drivers.xfs.envelope",)


def check(data: bytes) -> None:
    """Any text: a command within its bounds or ``Refused``; a reply or ``ValueError``; nothing else."""
    try:
        command = read_command(data)
    except Refused as refused:
        # A refusal bears the number that the client wrote, usable or not, as far as others can read it.
        assert str(refused) and abs(refused.request_id) < 2**63 and len(refused.name) <= 129
    else:
        assert 1 <= command.request_id <= MAX_REQUEST_ID and command.major >= 1 and command.timeout_ms >= 0
        if isinstance(command.payload, dict) and _writable(command.payload):
            again = write_command(
                command.name, command.request_id, command.version, command.timeout_ms, command.payload
            )
            assert read_command(again) == command
    reply = refused_by(ValueError, lambda: read_reply(data))
    if reply is not None:
        assert isinstance(reply.payload, dict) and isinstance(reply.name, str)
        for word in (reply.status, reply.completion_code, reply.description):
            assert word is None or isinstance(word, str), "a word that is no text"


def _writable(payload: dict[str, object]) -> bool:
    """JSON reads numbers that no float holds (1e999); what we write never has them."""
    try:
        json.dumps(payload, allow_nan=False).encode()
    except (ValueError, RecursionError):
        return False
    return True


def seeds() -> list[bytes]:
    """One message of each type, old places of the completion code, numbers at their bounds, deep nests."""
    header = '"name":"Printer.PrintNative","requestId":%s,"type":"%s","version":"2.0"'
    return [
        (b'{"header":{' + (header % args).encode() + rest)
        for args, rest in (
            (("1", "command"), b',"timeout":5000},"payload":{"data":"AA=="}}'),
            (("2147483647", "command"), b',"timeout":0},"payload":null}'),
            (("2147483648", "command"), b',"timeout":0},"payload":null}'),
            (("-9223372036854775809", "command"), b',"timeout":0},"payload":null}'),
            (("1", "acknowledge"), b',"status":"invalidMessage"}}'),
            (("1", "completion"), b'},"payload":{"completionCode":"success","errorCode":"paperOut"}}'),
            (("1", "completion"), b',"completionCode":"timeOut","errorDescription":"late"}}'),
            (("0", "event"), b'},"payload":{"a":[1,1e999,-0.0,true,null,"\\ud800"]}}'),
            (("true", "unsolicited"), b'},"payload":' + b"[" * 60),
        )
    ]
