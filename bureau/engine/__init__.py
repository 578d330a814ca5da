"""What the centre does: queries, effects, jobs; and the reference core system behind its ports."""
