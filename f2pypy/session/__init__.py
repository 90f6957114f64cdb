"""Fortran inside of a running program: modules that are built when they are asked for, and kept for the next time."""
