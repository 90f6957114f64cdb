"""The files by which CMake's ``find_package(f2pypy)`` finds f2pypy; ``f2pypy --cmake-dir`` prints their folder."""
