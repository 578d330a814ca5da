"""Makes docs/faults.md of the table and the service files: ``python -m config.faults.page``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from config.catalogue import Catalogue, load_catalogue
from config.faults import ANY, Ask, Fault, FaultTable, Retry, load_faults

PAGE: Final = Path("docs/faults.md")
_RETRY: Final = {
    Retry.NEVER: "nothing: what happened is told and stays so",
    Retry.AT_ONCE: "the driver repeats, nothing had moved",
    Retry.RECONNECT: "the watch opens the device again",
    Retry.AFTERWARDS: "once that is done",
}
_ASK: Final = {
    Ask.NOBODY: "nobody",
    Ask.VISITOR: "the visitor, on the screen",
    Ask.STAFF: "the staff",
    Ask.MAKER: "the maker: the log",
}
_HEAD: Final = """# Faults: what is done, who is asked, which services remain

Made of `config/faults/faults.yaml` and the service files by `make pages`; do not edit. A fault that closes its role
takes away the services that require the role and narrows those that it helps; every other service goes on. A fault
that closes nothing concerns the command it spoiled alone. A code that is not in the table closes its role.

"""


def page(table: FaultTable, catalogue: Catalogue) -> str:
    """The whole page."""
    return _HEAD + "\n".join(_lines(table, catalogue)) + "\n"


def _lines(table: FaultTable, catalogue: Catalogue) -> Iterator[str]:
    yield "## Every device"
    yield ""
    yield "What remains is in the section of the device."
    yield ""
    yield from _rows(table.rows(ANY), "those without this device")
    for role in table.roles:
        yield ""
        yield f"## {role}"
        yield ""
        lost, narrowed = _without(role, catalogue)
        yield f"While it is closed, not offered: {_named(lost)}; with less: {_named(narrowed)}."
        yield ""
        own = {code: fault for code, fault in table.rows(role).items() if fault != table.row(ANY, code)}
        yield from _rows(own, "all but those above" if lost else "all")


def _rows(rows: Mapping[str, Fault], without: str) -> Iterator[str]:
    """A table of faults; ``without`` says which services remain while the device is closed."""
    yield "| fault | tried again | who is asked | services that remain |"
    yield "| --- | --- | --- | --- |"
    for code in sorted(rows):
        fault = rows[code]
        remain = without if fault.closes else "all"
        yield f"| `{code}` | {_RETRY[fault.retry]} | {_ASK[fault.ask]} | {remain} |"


def _without(role: str, catalogue: Catalogue) -> tuple[list[str], list[str]]:
    """Services that are lost and that are narrowed without the role."""
    services = {name: catalogue[name].service for name in catalogue}
    lost = [
        name
        for name, service in services.items()
        if role in (*service.devices.required, *service.devices.fitted)
    ]
    narrowed = [
        name
        for name, service in services.items()
        if role in (*service.devices.helpful, *service.devices.one_of)
    ]
    return lost, narrowed


def _named(services: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in services) or "none"


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(load_faults(), load_catalogue()), encoding="utf-8")


if __name__ == "__main__":
    main()
