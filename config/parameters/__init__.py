"""Effective-dated tables the law fills: tax parameters and the working calendar, one YAML file a subject."""
