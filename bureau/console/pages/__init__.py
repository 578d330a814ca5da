"""The console's pages, one module a place of the rail."""
