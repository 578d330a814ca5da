"""Inspections on site (实地核查, 税务检查): ordered, recorded on the spot by two officers, and what follows."""
