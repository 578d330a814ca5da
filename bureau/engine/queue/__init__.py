"""排队叫号: numbers for a hall's windows, who is called next, and how long it takes."""
