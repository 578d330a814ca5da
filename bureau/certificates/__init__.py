"""Certificates: from frozen data to a proven, sealed PDF, and back from a PDF to what it is worth."""
