"""One file a change of layout."""
