"""What the publisher knows: the services of this host."""

from __future__ import annotations

from typing import Final

from pydantic import Field

from drivers.xfs.catalogue import Command, Event, Interface
from drivers.xfs.payload import Nothing, Payload


class ServiceUri(Payload):
    """Where one service listens."""

    service_uri: str = Field(alias="serviceURI")


class Services(Payload):
    """Payload of the completion and of each ServiceDetailEvent; a client merges both."""

    vendor_name: str
    services: list[ServiceUri] | None = None


SERVICE_DETAIL: Final = Event("ServicePublisher.ServiceDetailEvent", Services)
GET_SERVICES: Final = Command(
    "ServicePublisher.GetServices", Nothing, Services, events=(SERVICE_DETAIL,), beside=True
)
INTERFACE: Final = Interface("ServicePublisher", (GET_SERVICES,))
