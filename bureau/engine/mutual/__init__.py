"""Mutual help and ideas (互助, 创意): what taxpayers ask, answer and propose, and what officers make of it."""
