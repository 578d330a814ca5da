"""The concrete drivers: each brings one piece of hardware to its port in ``drivers/ports.py``."""
