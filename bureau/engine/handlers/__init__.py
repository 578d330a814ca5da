"""One handler a kind of effect, by subject."""
