"""Of which type and kind a declaration is."""
