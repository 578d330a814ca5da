"""Answers that a terminal may keep: the centre's signed word of what was asked, what it answered, and until when.

Offline class ``cached``: while the centre is away, the same question of the same person in the same service is answered
by what the terminal keeps, with the moment it was true at. Both sides compute what is signed here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sync.cbor import encode
from sync.crypto import Hash, Signer, Verifier, b64, unb64
from sync.errors import SignatureInvalid
from sync.models import KeepWord, QueryRequest
from sync.records import signing_input

_PURPOSE = "tax-kiosk kept answer v1"


def asked_of(name: str, request: QueryRequest) -> bytes:
    """What tells a question from all others: the query, its service and parameters, and who asks for whom.

    How the person was recognised is none of it: a service asks for the same each time.
    """
    subject = request.subject
    person = [str(subject.person.kind), subject.person.number] if subject.person else None
    return _canonical(
        {
            "query": name,
            "service": request.service,
            "params": request.params,
            "person": person,
            "phone": subject.phone.mobile if subject.phone else None,
            "taxpayer": subject.taxpayer,
            "role": subject.role,
            "mandate": subject.mandate,
        }
    )


def make_word(
    terminal: str, asked: bytes, data: Mapping[str, Any], as_of: datetime, until: datetime, signer: Signer
) -> KeepWord:
    """The centre's word that ``terminal`` may answer ``asked`` with ``data`` until then."""
    signature = signer.sign(_signed(terminal, asked, data, as_of, until))
    return KeepWord(as_of=as_of, until=until, signature=f"{signer.algorithm}:{b64(signature)}")


def check_word(
    word: KeepWord, terminal: str, asked: bytes, data: Mapping[str, Any], verifier: Verifier
) -> None:
    """Return when the centre signed just this for just this terminal; raises ``SignatureInvalid`` when not."""
    algorithm, _, signature = word.signature.partition(":")
    if algorithm != verifier.algorithm:
        raise SignatureInvalid(f"signed with {algorithm!r}, the bureau's key is {verifier.algorithm}")
    verifier.verify(unb64(signature), _signed(terminal, asked, data, word.as_of, word.until))


def _signed(terminal: str, asked: bytes, data: Mapping[str, Any], as_of: datetime, until: datetime) -> bytes:
    told = {
        "terminal": terminal,
        "asked": str(Hash.of(asked)),
        "data": str(Hash.of(_canonical(data))),
        "as_of": as_of.astimezone(UTC).isoformat(),
        "until": until.astimezone(UTC).isoformat(),
    }
    return signing_input(_PURPOSE, encode(told))


def _canonical(value: object) -> bytes:
    """One spelling of what travels as JSON, so that both sides sign the same bytes."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
