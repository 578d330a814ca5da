"""What every test may look at and none may change."""

from __future__ import annotations

from config.catalogue import Catalogue, shipped

CATALOGUE: Catalogue = shipped()
"""The services of the release, read once a worker."""
