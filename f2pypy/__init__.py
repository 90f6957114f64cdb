"""f2pypy: signature files and Fortran sources in, one pure-Python ctypes module out."""

__version__ = "0.1.0"
