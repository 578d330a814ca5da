"""The centre's interface for terminals: signed requests in, stored answers out (``/openapi.json``)."""
