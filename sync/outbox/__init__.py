"""The outbox: which effects wait for delivery, whose turn it is, and what an answer means."""

from sync.outbox.lanes import Lane, lane_of
from sync.outbox.outbox import Outbox
from sync.outbox.pending import Pending
from sync.outbox.schedule import Item, Schedule
from sync.outbox.sender import Sender
from sync.outbox.verdicts import Ruling, Verdict, verdict_of

__all__ = [
    "Item",
    "Lane",
    "Outbox",
    "Pending",
    "Ruling",
    "Schedule",
    "Sender",
    "Verdict",
    "lane_of",
    "verdict_of",
]
