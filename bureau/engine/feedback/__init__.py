"""Complaints about service and tip-offs: taken in, decided within their terms, followed by who made them."""
