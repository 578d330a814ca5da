"""``kiosk services``: what the catalogue holds, and whether a service file is right before it is pushed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from config.catalogue import BUILT_IN, Published, load_catalogue, read_service
from config.errors import ConfigError

app = typer.Typer(add_completion=False, help=__doc__)

Folder = Annotated[Path, typer.Option("--folder", help="where the service files lie")]
AsJson = Annotated[bool, typer.Option("--json", help="for a script")]


@app.callback(invoke_without_command=True)
def listed(context: typer.Context, folder: Folder = BUILT_IN, as_json: AsJson = False) -> None:
    """Every service with its action of the plan, sign-in level, and what it does offline; or one of the commands."""
    if context.invoked_subcommand is not None:
        return
    catalogue = load_catalogue(folder)
    rows = [_row(catalogue[service_id]) for service_id in catalogue]
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        print(
            f"{row['id']:<26} action {row['action']:<3} sign-in {row['sign_in']}  {row['offline']:<7} {row['title']}"
        )


@app.command()
def show(service_id: str, folder: Folder = BUILT_IN) -> None:
    """One service, step by step."""
    catalogue = load_catalogue(folder)
    if service_id not in catalogue:
        print(f"no service {service_id!r}; known: {', '.join(catalogue)}", file=sys.stderr)
        raise typer.Exit(2)
    published = catalogue[service_id]
    print(f"{service_id}  {published.hash}")
    for number, step in enumerate(published.service.steps, 1):
        print(f"{number:>3}  {step.kind:<9} {step.id:<12} {' '.join(step.title.get('en-US', '').split())}")


@app.command()
def check(files: list[Path]) -> None:
    """Validate service files; every mistake is named."""
    wrong = False
    for path in files:
        try:
            read_service(path.read_bytes(), path)
        except ConfigError as error:
            wrong = True
            print(error, file=sys.stderr)
        except OSError as error:
            wrong = True
            print(f"{path}: cannot be read ({error.strerror})", file=sys.stderr)
        else:
            print(f"{path}: right")
    raise typer.Exit(1 if wrong else 0)


def _row(published: Published) -> dict[str, object]:
    service = published.service
    return {
        "id": service.id,
        "action": service.action,
        "title": service.title["zh-CN"],
        "titles": service.title,
        "sign_in": service.sign_in,
        "roles": service.roles,
        "offline": service.offline,
        "devices": service.devices.model_dump(),
        "hash": published.hash,
    }
