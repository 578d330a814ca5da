"""Officers of the bureau: accounts with a second factor, roles, sessions, and the trail of what they did."""
