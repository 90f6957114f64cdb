"""How Fortran calls what Python provides."""
