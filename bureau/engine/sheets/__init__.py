"""The certificates (开具证明) as data: what each kind says, gathered from the ports, and why it may not be had."""
