"""The journal's visit keys: made at the first entry, found again after a restart, shredded at the end."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from sync.crypto import KeyStore, SealedBody, VisitKey, Wrap
from sync.crypto.sealing import recipient_id
from sync.errors import KeyShredded
from sync.identity import TerminalIdentity
from sync.journal.tables import visit_key

_ORDER_SECRET = "journal-order"


class VisitKeys:
    """Finds and makes visit keys; the terminal's ``BodyOpener``. Used under the journal's lock."""

    def __init__(self, connection: Connection, identity: TerminalIdentity, keystore: KeyStore) -> None:
        self._connection = connection
        self._identity = identity
        self._keystore = keystore
        self._recipient = recipient_id(identity.bureau_sealing_key)
        self._current: dict[str, VisitKey] = {}
        self._order_secret = _secret(keystore, _ORDER_SECRET)

    def for_visit(self, visit: str) -> VisitKey:
        """The key that seals for ``visit``; a new one is stored in the transaction under way."""
        if visit in self._current:
            return self._current[visit]
        query = select(visit_key).where(
            visit_key.c.visit == visit, visit_key.c.wrap_recipient == self._recipient
        )
        row = self._connection.execute(query).first()
        self._current[visit] = self._make(visit) if row is None else self._restore(row)
        return self._current[visit]

    def visit_key(self, terminal: str, visit: str, body: SealedBody) -> bytes:
        """The secret a body is under; raises ``KeyShredded`` or ``KeyStoreError``."""
        current = self._current.get(visit)
        if current is not None and current.key_id == body.key_id:
            return current.secret
        query = select(visit_key).where(visit_key.c.key_id == body.key_id)
        row = self._connection.execute(query).first()
        if row is None:
            raise KeyShredded(f"the key of visit {visit} was shredded: only the bureau can open its records")
        return self._restore(row).secret

    def shred(self, visit: str) -> None:
        """Drop the terminal's wraps of a visit."""
        self._connection.execute(delete(visit_key).where(visit_key.c.visit == visit))
        self._current.pop(visit, None)

    def forget(self) -> None:
        """Drop what is in memory (after a rolled-back commit, or at the end)."""
        self._current.clear()

    def order_tag(self, order: str) -> str:
        """A keyed hash (HMAC-SHA256, 16 bytes) of whom an effect is for: equal for equals, and no more."""
        return hmac.new(self._order_secret, order.encode(), hashlib.sha256).hexdigest()[:32]

    def _make(self, visit: str) -> VisitKey:
        identity = self._identity
        key = VisitKey.generate(identity.terminal, visit, identity.bureau_sealing_key)
        self._connection.execute(
            insert(visit_key).values(
                key_id=key.key_id,
                visit=visit,
                wrapped=self._keystore.wrap(key.secret, _context(key.key_id, visit)),
                wrap_algorithm=key.wrap.algorithm,
                wrap_recipient=key.wrap.recipient,
                wrap_data=key.wrap.data,
            )
        )
        return key

    def _restore(self, row: Row[Any]) -> VisitKey:
        secret = self._keystore.unwrap(row.wrapped, _context(row.key_id, row.visit))
        wrap = Wrap(row.wrap_algorithm, row.wrap_recipient, row.wrap_data)
        return VisitKey(row.visit, row.key_id, secret, wrap)


def order_of(body: Mapping[str, object], visit: str) -> str:
    """Whose effects stay in order: the taxpayer of an ``EffectBody``, else the person, else the visit."""
    subject = body.get("subject")
    if isinstance(subject, Mapping):
        if taxpayer := subject.get("taxpayer"):
            return f"taxpayer:{taxpayer}"
        person = subject.get("person")
        if isinstance(person, Mapping) and (number := person.get("number")):
            return f"person:{number}"
    return f"visit:{visit}"


def _context(key_id: bytes, visit: str) -> bytes:
    return b"visit-key:" + key_id + visit.encode()


def _secret(keystore: KeyStore, name: str) -> bytes:
    secret = keystore.load(name)
    if secret is None:
        secret = os.urandom(32)
        keystore.save(name, secret)
    return secret
