"""``consult.open``, ``consult.talk``: a person at a terminal and the officer who answers at a distance.

They change what they tell of: a conversation is no record of anything, and its terminal asks again until it is over.
"""

from __future__ import annotations

from collections.abc import Mapping

from bureau.engine.queries.registry import Query, Question
from bureau.engine.queue.visitors import visitor_of
from bureau.engine.remote import talking
from bureau.engine.remote.sealing import Office
from bureau.ports.materials import Vault
from bureau.ports.system import System
from sync.models import RemoteOpen, RemoteOpened, RemoteTalk, RemoteTalked


def questions(system: System, vault: Vault) -> Mapping[str, Query]:
    """The queries; who asks for an officer proved a phone or laid a document, and goes on at that terminal alone."""

    def ask(question: Question) -> RemoteOpened:
        given, request = question.params, question.request
        assert isinstance(given, RemoteOpen), "validated by the registry"
        with system.write(question.terminal) as work:
            visitor_of(work.core, request.subject)
            return talking.opened(Office(work.core, vault), given, request.lang)

    def talk(question: Question) -> RemoteTalked:
        given = question.params
        assert isinstance(given, RemoteTalk), "validated by the registry"
        with system.write(question.terminal) as work:
            return talking.talked(Office(work.core, vault), given)

    return {
        "consult.open": Query(RemoteOpen, RemoteOpened, ask),
        "consult.talk": Query(RemoteTalk, RemoteTalked, talk),
    }
