"""The reference core system: the ports of ``bureau.ports`` over the store's tables."""
