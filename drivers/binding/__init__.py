"""Which piece of hardware plays which role: told by a stable identity, never by the number the kernel gave it."""
