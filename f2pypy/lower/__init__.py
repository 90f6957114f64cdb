"""From what a library means to what will be printed."""
