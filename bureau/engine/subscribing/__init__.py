"""Information that people subscribe to (个性化信息): topics, what is new of each, and who is told."""
