"""What passed between a driver and its device: written down without anybody's data, and played back as a test."""
