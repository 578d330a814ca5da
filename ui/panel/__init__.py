"""``kiosk panel``: the hands of the simulated cabinet in a window, for training, demonstrations and trying things.

It knows no device: what can be done, and with which values, is asked of the running cabinet, so that a new simulator
is on the panel as soon as it is in the cabinet.
"""
