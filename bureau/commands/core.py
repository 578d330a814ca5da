"""``bureau core …``: another core system, before any terminal depends on it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from bureau.commands.common import AsJson, told

app = typer.Typer(help="Another core system.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def core() -> None:
    """Another core system (docs/integrating.md)."""


@app.command()
@told
def check(
    url: Annotated[
        str, typer.Argument(help="Where the core listens, as core.url of bureau.toml will have it.")
    ],
    manifest: Annotated[
        Path, typer.Option("--manifest", help="What it may work on: see docs/integrating.md.", dir_okay=False)
    ],
    port: Annotated[
        list[str] | None,
        typer.Option("--port", help="Only this port's promises, or transactions; several times for several."),
    ] = None,
    timeout_s: Annotated[
        float, typer.Option("--timeout", min=1, help="Seconds that the core has for an answer.")
    ] = 30,
    as_json: AsJson = False,
) -> None:
    """Play small scenes over HTTP, each of which looks at one promise; ends with 1 when one is broken.

    What a scene commits stays in the core's books (a few withdrawn returns, answers and numbers of papers): give it
    books that are made for it.
    """
    from bureau.conformance.bench import Bench
    from bureau.conformance.check import PROMISES, Found, check, counted, lines
    from bureau.conformance.manifest import read_manifest
    from bureau.conformance.wire import Ear

    ports = tuple(port or ())
    known = {one.port for one in PROMISES.values()}
    if unknown := [name for name in ports if name not in known]:
        typer.echo(f"no promise is about {unknown[0]!r}; known are {', '.join(sorted(known))}", err=True)
        raise typer.Exit(2)

    def tell(found: Found) -> None:
        if not as_json:
            typer.echo("\n".join(lines(found)))

    read = read_manifest(manifest)
    ear = Ear(url, timeout_s)
    try:
        bench = Bench(ear, read)
        bench.begin("read").drop()  # nobody there: said once
        found = check(bench, ports, tell)
    finally:
        ear.close()
    typer.echo(
        json.dumps([_told(one) for one in found], ensure_ascii=False, indent=2) if as_json else counted(found)
    )
    if any(one.verdict == "broken" for one in found):
        raise typer.Exit(1)


def _told(found: Any) -> dict[str, str]:
    one = found.promise
    return {
        "promise": one.name, "verdict": found.verdict, "asked": found.asked, "came": found.came, "page": one.says,
        "do": one.do,
    }  # fmt: skip
