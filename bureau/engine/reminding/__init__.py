"""Reminders of what has to be filed and paid, and what follows when it is late (提醒、催报、催缴)."""
