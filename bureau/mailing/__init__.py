"""Letters to mailboxes: how they are written, and how a mail server is spoken to."""
