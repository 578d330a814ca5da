"""The parts of the command line, one file a noun."""
