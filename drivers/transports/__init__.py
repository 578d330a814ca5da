"""The only place that opens a port: serial, TCP, IPP and video, with one tap for recording and faults."""
