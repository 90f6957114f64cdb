"""What a wrapped routine is, every question about it answered."""
