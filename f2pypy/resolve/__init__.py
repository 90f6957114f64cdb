"""From what a file says to what it means."""
