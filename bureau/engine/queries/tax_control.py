"""``device.status``: what a tax-control device is due for, told to whoever acts for its taxpayer."""

from __future__ import annotations

from collections.abc import Mapping

from bureau.engine.queries.registry import Query, of_actor
from bureau.engine.rules import Rules
from bureau.engine.subjects import Actor
from bureau.engine.tax_control import standing, words
from bureau.ports.core import Core
from bureau.ports.materials import Vault
from bureau.ports.system import System
from sync.models import DeviceSaid, DeviceStanding


def questions(system: System, vault: Vault, rules: Rules) -> Mapping[str, Query]:
    """The query of devices."""

    def status(core: Core, actor: Actor, said: DeviceSaid) -> DeviceStanding:
        due = standing.due(core, actor, said, vault, rules)
        return words.shown(core, due, actor.enterprise, said, rules)

    return {"device.status": of_actor(system, DeviceSaid, DeviceStanding, status)}
