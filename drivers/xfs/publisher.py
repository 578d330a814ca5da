"""The endpoint that tells which services there are, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from drivers.xfs.messages.publisher import GET_SERVICES, Services, ServiceUri
from drivers.xfs.payload import Nothing
from drivers.xfs.request import Request
from drivers.xfs.service import Service

VENDOR = "Tax kiosk"


class Publisher(Service):
    """Answers GetServices with the addresses as they are at that moment.

    ``uris`` gives them with what stands before the paths of the asking client.
    """

    def __init__(self, uris: Callable[[str], Iterable[str]]) -> None:
        super().__init__("ServicePublisher")
        self._uris = uris
        self.offer(GET_SERVICES, self._services)

    async def _services(self, request: Request, payload: Nothing) -> Services:
        found = [ServiceUri(service_uri=uri) for uri in self._uris(request.client.prefix)]
        return Services(vendor_name=VENDOR, services=found)
