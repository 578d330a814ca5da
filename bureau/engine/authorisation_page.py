"""``docs/authorisation.md``, made of the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bureau.engine.authorisation import ANSWERED, GUARDS, Claim, Guard, Operation, operations
from bureau.engine.subjects import RANK
from config.catalogue import Catalogue

_HEAD: Final = """# Authorisation: who is let through where

Made of the service files by `make pages`; do not edit. `tests/bureau/api/test_matrix.py` asks the running centre for
every cell of every service, over its interface: what the screen hides plays no part in it.

`✓`: not refused for who asks (it may be for another reason, such as nothing being due). Anything else is the code of
the refusal; nothing is told and nothing is changed. Roles: L legal representative 法定代表人, F finance officer
财务负责人, T tax handler 办税员, B invoice collector 购票员, A agent 代理人, each held alone and in the enterprise
that is named; *own* is a person who is a taxpayer in their own name and names no enterprise; *mandate* is somebody who
acts for another person, such a taxpayer, by a mandate 授权委托 that covers all there is, or as their guardian 监护人.

| claim | who stands there |
| --- | --- |
| nobody | no document was read |
| card alone | a document, and nobody made sure that its holder stands there |
| another's card | the number of somebody else with one's own name |
| not enrolled | a document that is not in the real-name register 实名信息库 |
| role not held | the legal representative's role, claimed by an invoice collector of the enterprise |
| another taxpayer | an enterprise in which the person holds no role |
| no taxpayer | no enterprise is named, and the person is none in their own name |
| no such taxpayer | a number that nobody has |
| another's mandate | a mandate that somebody else holds, or somebody else's ward |
| other terminal | the order, reservation or certificate was made at another terminal |

## Every service

Whoever asks, before anything of a service is looked at:

| request | answer |
| --- | --- |
| not signed | 401 `signature-missing` |
| signed by a key that is not enrolled | 401 `signature-unknown-key` |
| signed in another terminal's name | 401 `signature-invalid` |
| sent before | 401 `signature-replayed` |
| of a suspended or quarantined terminal | 403 `terminal-suspended`, `terminal-quarantined` |
| an effect that another terminal recorded | 422 `record-other-terminal`, or 400 `record-unreadable` |

A question or an effect under the name of a service that has none such is refused as `notOfThisService`. In a service
of people, an enterprise in the claim opens nothing: the answer is the person's own. The number of another taxpayer's
return, due or post is refused in the words in which a number is that nobody has.
"""


def page(catalogue: Catalogue) -> str:
    """The whole page."""
    return _HEAD + "\n".join(_lines(catalogue)) + "\n"


def _lines(catalogue: Catalogue) -> Iterator[str]:
    yield ""
    yield "## Asking nothing of who stands there"
    yield ""
    for guard, why in (
        (Guard.TERMINAL, "what it is about was made at this terminal"),
        (Guard.ANYBODY, "public, or an opinion"),
    ):
        names = ", ".join(f"`{name}`" for name in sorted(GUARDS) if GUARDS[name] is guard)
        yield f"- {names}: {why}."
    for name in catalogue:
        service = catalogue[name].service
        roles = f", roles {' '.join(service.roles)}" if service.roles else ""
        yield ""
        yield f"## {name}"
        yield ""
        title = f"{service.title['en-US']} · {service.title['zh-CN']}"
        yield f"{title}: for {service.audience}, sign-in {service.sign_in}{roles}."
        yield ""
        yield from _table(operations(service))


def _table(found: tuple[Operation, ...]) -> Iterator[str]:
    heads = (
        *(role.value for role in RANK),
        "own",
        "mandate",
        *(claim.value for claim in Claim),
        "other terminal",
    )
    yield "| operation | " + " | ".join(heads) + " |"
    yield "| --- |" + " --- |" * len(heads)
    rows: dict[tuple[str, ...], list[str]] = {}
    for operation in found:
        rows.setdefault(operation.answers(), []).append(operation.name)
    for answers, names in rows.items():
        cells = ("✓" if answer == ANSWERED else f"`{answer}`" for answer in answers)
        yield f"| {', '.join(f'`{name}`' for name in names)} | " + " | ".join(cells) + " |"
