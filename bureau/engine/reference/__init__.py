"""The reference core system: the ports of ``bureau.core`` over the store's tables."""
