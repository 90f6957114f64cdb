"""What the caller gives and gets: intents, presence, values and their order."""
