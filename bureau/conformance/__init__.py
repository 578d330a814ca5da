"""Whether another core system keeps what docs/integrating.md asks of it: tried over HTTP, before any terminal.

``bureau core check URL --manifest FILE`` plays small scenes through the documented wire, each of which looks at one
promise, on people, enterprises and sheets that the manifest names.
"""
