"""Pure codecs of every wire the terminal speaks: bytes in, values out, no ports, no threads, no clocks."""
