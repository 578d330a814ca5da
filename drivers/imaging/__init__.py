"""Pictures of documents: finding the page, setting it straight, measuring it, reading the codes on it. No I/O."""
