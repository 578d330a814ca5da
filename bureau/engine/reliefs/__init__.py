"""Reliefs that were granted on application (核准类减免税): what they take off returns, filed later or already."""
