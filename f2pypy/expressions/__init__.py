"""Expressions of Fortran and C texts: read, resolved, folded, and printed as Python."""
