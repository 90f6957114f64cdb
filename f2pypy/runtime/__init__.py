"""What generated modules need while they run: the standard library and NumPy only.

A generated module either imports from these files or carries them whole, in this order:
scalar_types, arrays, scalars, libraries, conventions, foreign, pypy, routines.
Module-level names are unique over all of them, and imports between them stand in the
block at the top of each file, so that text can be joined without a change.
"""
