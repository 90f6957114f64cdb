"""From Fortran and C sources to one shared library, with the user's own compilers.

This package imports little, so that compilers start before the parsers are loaded.
"""
