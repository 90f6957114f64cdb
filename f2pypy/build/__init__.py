"""From Fortran and C sources to one shared library, with the user's own compilers.

What is loaded here is little, so that compilers run before anything else is.
"""
