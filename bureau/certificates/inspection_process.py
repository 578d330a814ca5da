"""Looking at uploaded files in a process of its own: a hostile PDF then costs seconds, never the centre.

``python -m bureau.certificates.inspection_process`` reads one JSON line (authorities in PEM) and the file
from standard input and answers one JSON line.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime

from cryptography import x509

from bureau import pki
from bureau.certificates.inspection import PdfState, PdfVerdict, inspect

CPU_SECONDS = 10
WALL_SECONDS = 20
MEMORY_BYTES = 1 << 30


def inspect_apart(pdf: bytes, authorities: Sequence[x509.Certificate]) -> PdfVerdict:
    """As ``inspect``, with processor time, memory and patience bounded; beyond them ``UNREADABLE``."""
    header = json.dumps([pki.certificate_pem(one).decode() for one in authorities]).encode()
    try:
        done = subprocess.run(
            [sys.executable, "-m", __spec__.name],
            input=header + b"\n" + pdf,
            capture_output=True,
            timeout=WALL_SECONDS,
            check=True,
            env={"PYTHONPATH": os.pathsep.join(path or os.getcwd() for path in sys.path)},
        )
        answer = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        return PdfVerdict(PdfState.UNREADABLE)
    moment = answer["sealed_at"]
    return PdfVerdict(
        PdfState(answer["state"]),
        answer["number"],
        answer["sealed_by"],
        datetime.fromisoformat(moment) if moment else None,
    )


def main() -> None:
    """Bound this process, look at the file on standard input, tell the verdict."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    header, _, pdf = sys.stdin.buffer.read().partition(b"\n")
    authorities = [x509.load_pem_x509_certificate(pem.encode()) for pem in json.loads(header)]
    verdict = inspect(pdf, authorities)
    at = verdict.sealed_at.isoformat() if verdict.sealed_at else None
    json.dump(
        {
            "state": verdict.state,
            "number": verdict.number,
            "sealed_by": verdict.sealed_by,
            "sealed_at": at,
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
