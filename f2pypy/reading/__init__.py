"""From a source text to what it says."""
