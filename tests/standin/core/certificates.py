"""The register of certificates, and who looked at them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.standin.core.shelf import Outcome, Shelf


class Certificates(Shelf):
    """Certificates by their number, with copies and links."""

    def privacy_note(self, now: datetime, person: dict[str, str], look: dict[str, str]) -> Any:
        self.data["looks"].append({"person": person, "at": now.isoformat(), **look})

    def privacy_holder(self, now: datetime, certificate: str) -> Any:
        found = self.data["certificates"].get(certificate)
        return found and found["person"]

    def certificates_number_for(self, now: datetime, key: str) -> Any:
        return self.data["numbers"].setdefault(key, self.number("21", now))

    def certificates_add(self, now: datetime, certificate: dict[str, Any]) -> Any:
        self.data["certificates"][certificate["number"]] = certificate | {"state": "valid", "copies": 0}

    def certificates_record(self, now: datetime, number: str, lock: bool) -> Any:
        found = self.data["certificates"].get(number)
        names = (
            "number",
            "code",
            "kind",
            "issued_at",
            "content_sha256",
            "pdf_sha256",
            "pages",
            "copies",
            "state",
            "frozen",
            "verify_url",
            "person",
            "taxpayer",
            "asked",
        )
        if found is None:
            return None
        return {name: found[name] for name in names} | {"ended": found.get("ended")}

    def certificates_held(
        self, now: datetime, person: dict[str, str], taxpayer: str | None, limit: int
    ) -> Any:
        theirs = [
            number
            for number, one in sorted(self.data["certificates"].items(), reverse=True)
            if one["taxpayer"] == taxpayer and (taxpayer is not None or one["person"] == person)
        ]
        return [self.certificates_record(now, number, lock=False) for number in theirs[:limit]]

    def certificates_original(self, now: datetime, original: str, lock: bool) -> Any:
        return next(
            (
                number
                for number, one in self.data["certificates"].items()
                if (one["original"], one["state"]) == (original, "valid")
            ),
            None,
        )

    def certificates_end(self, now: datetime, number: str, end: dict[str, Any]) -> Any:
        found = self.data["certificates"][number]
        if found["state"] != "valid":
            return False
        found |= {"state": end["state"], "ended": end}
        return True

    def certificates_let_out(self, now: datetime, number: str, key: str, terminal: str) -> Any:
        self.data["certificates"][number].setdefault("out", []).append(terminal)

    def certificates_add_link(self, now: datetime, link: dict[str, Any]) -> Any:
        self.data["links"][link["key"]] = link

    def certificates_linked(self, now: datetime, key: str) -> Any:
        link = self.data["links"].get(key)
        return link if link is not None and datetime.fromisoformat(link["expires_at"]) > now else None

    def certificates_fetch(self, now: datetime, key: str) -> Any:
        link = self.certificates_linked(now, key)
        if link is None:
            return None
        del self.data["links"][key]
        return self.data["certificates"][link["number"]]["pdf"]

    def certificates_issued(self, now: datetime, content_sha256: str) -> Any:
        known = self.data["certificates"].values()
        return sorted(one["number"] for one in known if one["content_sha256"] == content_sha256)

    def certificates_pdf(self, now: datetime, number: str, terminal: str) -> Any:
        found = self.data["certificates"].get(number)
        given = found is not None and terminal in (found["terminal"], *found.get("out", ()))
        return found["pdf"] if given else None

    def certificates_copy(self, now: datetime, number: str, job: str, terminal: str, most: int) -> Any:
        if self.certificates_pdf(now, number, terminal) is None:
            return None
        found, jobs = self.data["certificates"][number], self._jobs(number)
        if job not in jobs:
            copy = 1 + sum(one["outcome"] != "notPrinted" for one in jobs.values())
            if copy > most:
                raise Outcome("CopiesSpent", number=number, most=most)
            jobs[job] = {"copy": copy, "at": now.isoformat(), "pdf": None, "outcome": None}
        given = jobs[job]
        pdf = found["pdf"] if given["copy"] == 1 else given["pdf"]
        told = {"number": number, "code": found["code"], "frozen": found["frozen"], "pdf": pdf}
        return told | {"copy": given["copy"], "at": given["at"]}

    def certificates_sealed(self, now: datetime, number: str, job: str, pdf: str) -> Any:
        given = self._jobs(number)[job]
        given["pdf"] = given["pdf"] or pdf
        return given["pdf"]

    def _jobs(self, number: str) -> dict[str, Any]:
        """The print jobs of a certificate, by their keys."""
        found: dict[str, Any] = self.data["certificates"][number].setdefault("jobs", {})
        return found

    def certificates_printed(
        self, now: datetime, number: str, key: str, outcome: str, terminal: str, job: str | None
    ) -> Any:
        found, jobs = self.data["certificates"][number], self._jobs(number)
        if job in jobs and not (outcome == "notPrinted" and jobs[job]["outcome"]):
            jobs[job]["outcome"] = outcome
        found["copies"] += outcome == "printed"
        return found["copies"]
