#!/usr/bin/env bash
# Starts the stand-in core over its own books, as `kiosk walk --core scripts/standin_core.sh` and integrators do.
# Its first line is {"url": …}.
set -euo pipefail
cd "$(dirname "$0")/.."
exec .venv/bin/python -m tests.standin.core tests/standin/books.json "$@"
