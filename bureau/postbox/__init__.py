"""A mail server of the demonstration: speaks SMTP on loopback, keeps what comes, and sends nothing anywhere."""
