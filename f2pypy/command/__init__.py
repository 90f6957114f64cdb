"""The command line: its words, what they ask for, and what the user is told."""
