"""The effects a terminal can have on the world; importing this package registers them all."""

from kiosk.effects import charge, dispense, paper, pay, stock, submit
from kiosk.effects.base import REGISTRY

__all__ = ["REGISTRY", "charge", "dispense", "paper", "pay", "stock", "submit"]
