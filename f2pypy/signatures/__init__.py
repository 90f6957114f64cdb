"""From what a library means to the text of a signature file."""
