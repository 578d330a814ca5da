"""The simulated cabinet: every device of a terminal on its real transport, with a hand at the control page.

Each simulator has its own codec and never imports a driver's, so that a mistake made once in a driver is
not made again here and hidden.
"""
