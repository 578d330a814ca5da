"""Officers in the store of a small city, on both kinds of store, with the world's clock in the test's hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest

from bureau.fleet.vault import SealingVault
from bureau.officers.accounts import Accounts
from bureau.officers.roles import Role
from bureau.officers.sessions import Sessions
from bureau.officers.trail import Trail
from bureau.store.database import Database
from sync.crypto import Ed25519Signer, SealingKey, Verifier, verifier
from tests.bureau.doubles import HandClock

PASSWORD = "correct horse battery"


@dataclass
class Desk:
    """Accounts, sessions and trail over one store, and the officers' own authenticators."""

    database: Database
    clock: HandClock
    signer: Ed25519Signer = field(default_factory=Ed25519Signer.generate)
    vault: SealingVault = field(default_factory=lambda: SealingVault(SealingKey.generate()))
    secrets: dict[str, str] = field(default_factory=dict)

    @property
    def accounts(self) -> Accounts:
        return Accounts(self.database, self.vault, self.clock, "中心")

    @property
    def sessions(self) -> Sessions:
        return Sessions(self.database, self.vault, self.clock)

    @property
    def trail(self) -> Trail:
        return Trail(self.database, self.signer, self.clock)

    @property
    def verifier(self) -> Verifier:
        return verifier(self.signer.algorithm, self.signer.public_key)

    def later(self, by: timedelta) -> None:
        self.clock.at += by

    def officer(self, login: str, *roles: Role) -> list[str]:
        """Invite somebody and let them take it up; their recovery codes."""
        return self.taken_up(self.accounts.invite(login, login.title(), roles, "test"))

    def taken_up(self, code: str, password: str = PASSWORD) -> list[str]:
        invitation = self.accounts.invitation(code)
        scanned = parse_qs(urlsplit(invitation.address).query)["secret"][0]
        assert scanned == invitation.secret
        self.secrets[invitation.login] = scanned
        return list(self.accounts.take_up(code, password, self.figures(invitation.login)))

    def figures(self, login: str) -> str:
        """What the officer's authenticator shows now."""
        return pyotp.TOTP(self.secrets[login]).at(self.clock.now().astimezone(UTC))

    def signed_in(self, login: str, password: str = PASSWORD) -> str:
        """The token of a session, half a minute later, since each code counts once."""
        self.later(timedelta(seconds=30))
        step = self.sessions.password(login, password, "127.0.0.1")
        return self.sessions.second(step, self.figures(login), "127.0.0.1")


@pytest.fixture
def desk(city_url: str) -> Iterator[Desk]:
    database = Database(city_url, pool=4)
    yield Desk(database, HandClock(datetime(2026, 11, 30, 9, tzinfo=UTC)))
    database.close()
