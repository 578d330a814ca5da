"""What must hold between the parties of a visit: each rule yields what disagrees, in words."""
