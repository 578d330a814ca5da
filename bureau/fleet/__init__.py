"""Terminals as the centre manages them: who they are, what they prove, how they fare."""
