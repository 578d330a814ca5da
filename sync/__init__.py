"""The terminal's memory and its way to the centre: journal, outbox, record format, bureau client."""
