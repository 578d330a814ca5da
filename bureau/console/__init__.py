"""The officers' console: a web program of its own over the centre's store (``bureau console``).

Pages are NiceGUI's: it keeps each officer's page alive and pushes what changes. Signing in is plain HTML.
"""
