"""What each kind of call costs through f2py's module and through f2pypy's, beside one another in one process.

`python -m benchmarks kinds` builds the modules and prints the table. To measure a part of it, and quickly:

    python -m benchmarks kinds --only shapes --only characters --rounds 7
    python -m benchmarks kinds --only shapes --pypy .venv-pypy/bin/python --no-cpython

- `table` has the kinds, by groups: a statement, what its answer must be, and the goal of each group.
- ``fortran`` has the procedures, one for each kind.
- `build` makes f2py's modules (kept in ``build/kinds``) and f2pypy's (made anew each time).
- `clock` times them, under each interpreter, by the processor time of the thread.
- `tables` prints what was found.

What PyPy runs too (`table`, `clock`) keeps to Python 3.9.
"""
