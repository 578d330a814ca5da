"""What every test may look at and none may change."""

from __future__ import annotations

from config.catalogue import Catalogue, load_catalogue

CATALOGUE: Catalogue = load_catalogue()
"""The services of the release, read once a worker: reading takes half a second."""
