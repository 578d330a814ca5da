"""The terminal itself: its audit chain, its health, and how it was enrolled."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from pydantic import AwareDatetime, Field

from sync.models.alarms import CabinetEvent, Reading
from sync.models.base import Texts, Wire

MOST: Final = 2_000_000_000
"""Counts; two thousand kilometres of paper in millimetres."""


class AuditReceipt(Wire):
    """The centre's word that the chain is held up to ``seq``; made and checked by ``sync/audit.py``."""

    terminal: str
    epoch: str
    seq: int
    head: str
    incarnation: str
    server_time: AwareDatetime
    signature: str


class Supply(Wire):
    """Something of a device that is used up: paper, blanks, a part that wears.

    ``left`` and ``full`` are in counts of ``counter`` (``sheets``, ``mm``, ``cuts``, ``stamps``); ``left`` is None when
    nobody knows, ``full`` when it has no fixed size. ``code`` is the kind of blanks that lie in a unit.
    """

    role: str = Field(max_length=32)
    name: str = Field(max_length=32)
    counter: str = Field(max_length=16)
    left: int | None = Field(None, ge=0, le=MOST)
    full: int | None = Field(None, ge=1, le=MOST)
    code: str = Field("", max_length=32)


class Heartbeat(Wire):
    """``POST /v1/heartbeat``: health of the terminal; answered with the server's time."""

    terminal: str
    sent_at: AwareDatetime
    devices: dict[str, str]
    due: dict[str, list[str]] = Field(default_factory=dict)  # parts and cleaning by role
    readings: dict[str, Reading] = Field(default_factory=dict)  # doors, switches, mains and battery, by name
    supplies: list[Supply] = Field(default_factory=list, max_length=100)
    events: list[CabinetEvent] = Field(
        default_factory=list, max_length=100
    )  # what the centre may not have yet
    queue_depth: int
    oldest_unacked_s: float | None = None
    software: str


class ServerTime(Wire):
    """Answer to ``POST /v1/heartbeat`` and ``GET /v1/time``."""

    server_time: AwareDatetime
    incarnation: str = ""


class Enrolment(Wire):
    """``POST /v1/enrol``: a one-time code exchanged for an identity."""

    code: str
    public_key: str  # base64: 32 bytes of Ed25519, or the SubjectPublicKeyInfo of another algorithm
    sealing_key: str  # base64 X25519, for records the terminal must read again
    asset: str
    inventory: dict[str, str] = Field(default_factory=dict)


class Enrolled(Wire):
    """Who the terminal is now, and whom to seal to."""

    terminal: str
    epoch: str
    hall: str
    hall_name: Texts
    bureau_name: Texts
    public_url: str  # where taxpayers look things up: what the codes on slips begin with
    bureau_sealing_key: str  # base64 X25519
    bureau_verify_key: str  # base64, as ``public_key`` of the enrolment
    credential: str = ""  # base64: the centre's word for the terminal's key (``sync/credentials.py``)
    enrolled_at: datetime
