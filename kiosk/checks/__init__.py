"""What ``kiosk doctor`` looks at: software, machine, state, and what must be reachable."""
