"""The centre: terminal management and the tax bureau behind it."""
