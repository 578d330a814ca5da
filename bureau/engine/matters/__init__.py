"""Matters with a case (事项与办件): each is data, one family accepts, decides and applies them all."""
