"""An issued invoice as files: the structured original (XML), OFD, and a sealed PDF."""
