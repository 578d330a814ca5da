"""Halls: numbers for their windows, times that are booked ahead, and phones that prove themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.standin.core.shelf import Shelf

Ticket = dict[str, Any]


class Halls(Shelf):
    """Numbers in the order in which they were taken; codes of phones by their challenge, texts beside them."""

    def queue_halls(self, now: datetime) -> Any:
        return sorted(self.data["halls"])

    def queue_name(self, now: datetime, hall: str) -> Any:
        return self.data["halls"].get(hall, {})

    def queue_lock(self, now: datetime, hall: str) -> Any:
        return hall in self.data["halls"]  # writers come one by one

    def queue_next_number(self, now: datetime, hall: str, day: str, line: str) -> Any:
        taken = [one["number"] for one in self._taken(hall, day) if one["line"] == line]
        return max(taken, default=0) + 1

    def _taken(self, hall: str, day: str) -> list[Ticket]:
        return [one for one in self.data["queue"] if (one["hall"], one["day"]) == (hall, day)]

    def queue_add(self, now: datetime, ticket: Ticket) -> Any:
        self.data["queue"].append(ticket)

    def queue_ticket(self, now: datetime, key: str) -> Any:
        return next((one for one in self.data["queue"] if one["key"] == key), None)

    def queue_of_day(self, now: datetime, hall: str, day: str) -> Any:
        return sorted(self._taken(hall, day), key=lambda one: datetime.fromisoformat(one["taken_at"]))

    def queue_change(self, now: datetime, ticket: Ticket) -> Any:
        known = self.queue_ticket(now, ticket["key"])
        known |= {name: ticket[name] for name in ("state", "window", "called_at", "ended_at")}

    def queue_served_seconds(self, now: datetime, hall: str, line: str, most: int) -> Any:
        wanted = (hall, line, "served")
        served = [one for one in self.data["queue"] if (one["hall"], one["line"], one["state"]) == wanted]
        served.sort(key=lambda one: datetime.fromisoformat(one["ended_at"]), reverse=True)
        return [_seconds(one["called_at"], one["ended_at"]) for one in served[:most]]

    def appointments_of_person(self, now: datetime, visitors: list[str], mobiles: list[str]) -> Any:
        return []  # no times are booked ahead here

    def appointments_of_hall(self, now: datetime, hall: str, first: str, last: str) -> Any:
        return []

    def phones_sent_to(self, now: datetime, mobile: str, since: str) -> Any:
        sent = [one["sent_at"] for one in self._sent(since) if one["mobile"] == mobile]
        return sorted(sent, key=datetime.fromisoformat, reverse=True)

    def phones_sent_from(self, now: datetime, terminal: str, since: str) -> Any:
        return len([one for one in self._sent(since) if one["terminal"] == terminal])

    def _sent(self, since: str) -> list[dict[str, Any]]:
        first, every = datetime.fromisoformat(since), self.data["challenges"].values()
        return [one for one in every if datetime.fromisoformat(one["sent_at"]) >= first]

    def phones_send(self, now: datetime, challenge: dict[str, Any], text: str) -> Any:
        self.data["challenges"][challenge["challenge"]] = challenge
        self.phones_tell(now, challenge["mobile"], text)

    def phones_tell(self, now: datetime, mobile: str, text: str) -> Any:
        self.data["messages"].append({"mobile": mobile, "at": now.isoformat(), "text": text})

    def phones_challenge(self, now: datetime, challenge: str) -> Any:
        return self.data["challenges"].get(challenge)

    def phones_tried(self, now: datetime, challenge: str) -> Any:
        self.data["challenges"][challenge]["tries"] += 1

    def phones_proven(self, now: datetime, challenge: str) -> Any:
        self.data["challenges"][challenge]["proven_at"] = now.isoformat()

    def phones_forget(self, now: datetime, before: str) -> Any:
        until, every = datetime.fromisoformat(before), self.data["challenges"]
        gone = [name for name, one in every.items() if datetime.fromisoformat(one["sent_at"]) < until]
        for name in gone:
            del every[name]
        return len(gone)


def _seconds(first: str, last: str) -> int:
    return int((datetime.fromisoformat(last) - datetime.fromisoformat(first)).total_seconds())
