"""How many elements an array has, and who computes it."""
