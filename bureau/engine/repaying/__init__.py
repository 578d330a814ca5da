"""Money that was charged and is no tax: given back by the acquirer, by two officers, confirmed by its file."""
