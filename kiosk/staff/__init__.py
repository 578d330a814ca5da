"""The terminal as a technician sees it: what is wrong, what to bring, how to mend it, does it work again.

``faults`` says what is wrong with a device, ``guides`` how it is mended, ``board`` puts both beside stock, queue and
network, ``views`` is what the screen draws, and ``mode`` is the one session of a member of staff.
"""
