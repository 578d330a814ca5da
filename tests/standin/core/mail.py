"""Letters to mailboxes until they are carried, and the mailboxes that people want to be remembered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.standin.core.shelf import Shelf

Letter = dict[str, Any]
at = datetime.fromisoformat


class Mail(Shelf):
    """Letters by key, with their files beside them; a mailbox by its person's number."""

    def mail_add(self, now: datetime, letter: Letter, files: list[dict[str, str]]) -> Any:
        self.data["letters"][letter["key"]] = letter
        self.data["letter_files"][letter["key"]] = files

    def mail_since(self, now: datetime, person: dict[str, str], moment: str) -> Any:
        # Writers come one by one.
        return [
            one for one in self._letters() if one["person"] == person and at(one["made_at"]) >= at(moment)
        ]

    def _letters(self) -> list[Letter]:
        return list(self.data["letters"].values())

    def mail_take(self, now: datetime, now_: str, again_at: str) -> Any:
        due = [one for one in self._letters() if one["state"] == "queued" and at(one["due_at"]) <= at(now_)]
        if not due:
            return None
        first = min(due, key=lambda one: (at(one["due_at"]), one["key"]))
        first |= {"tries": first["tries"] + 1, "due_at": again_at}
        return first

    def mail_find(self, now: datetime, key: str) -> Any:
        return self.data["letters"].get(key)

    def mail_files(self, now: datetime, key: str) -> Any:
        return self.data["letter_files"].get(key, [])

    def mail_later(self, now: datetime, key: str, due_at: str, reply: str) -> Any:
        if (letter := self._queued(key)) is not None:
            letter |= {"due_at": due_at, "reply": reply}

    def _queued(self, key: str) -> Letter | None:
        letter: Letter | None = self.data["letters"].get(key)
        return letter if letter is not None and letter["state"] == "queued" else None

    def mail_end(self, now: datetime, key: str, state: str, reply: str) -> Any:
        letter = self._queued(key)
        if letter is None:
            return False
        letter |= {"state": state, "reply": reply, "ended_at": now.isoformat()}
        if state == "sent":
            self.data["letter_files"][key] = [one | {"content": ""} for one in self.data["letter_files"][key]]
        return True

    def mail_again(self, now: datetime, key: str, until: str) -> Any:
        letter = self.data["letters"].get(key)
        if letter is None or letter["state"] not in ("refused", "given-up"):
            return False
        letter |= {"state": "queued", "due_at": now.isoformat(), "until": until, "ended_at": None}
        return True

    def mail_letters(self, now: datetime, state: str | None, limit: int) -> Any:
        found = [one for one in self._letters() if state in (None, one["state"])]
        return sorted(found, key=lambda one: at(one["made_at"]), reverse=True)[:limit]

    def mail_forget(self, now: datetime, today: str, before: str) -> Any:
        for letter in self._letters():
            if letter["ended_at"] is not None and at(letter["ended_at"]) < at(before):
                del self.data["letters"][letter["key"]], self.data["letter_files"][letter["key"]]
            elif letter["state"] == "sent" and at(letter["made_at"]) < at(today):
                letter |= {"sealed": "", "shown": ""}

    def mail_remember(self, now: datetime, person: dict[str, str], sealed: str) -> Any:
        self.data["mailboxes"][_whose(person)] = sealed

    def mail_remembered(self, now: datetime, person: dict[str, str]) -> Any:
        return self.data["mailboxes"].get(_whose(person))

    def mail_drop(self, now: datetime, person: dict[str, str]) -> Any:
        self.data["mailboxes"].pop(_whose(person), None)


def _whose(person: dict[str, str]) -> str:
    return f"{person['kind']} {person['number']}"
