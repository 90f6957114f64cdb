"""What a call costs through f2py's module and through f2pypy's, measured in one run.

`python -m benchmarks --pypy PYPY` prepares both modules from ``examples/blas/blas.pyf`` over the same library, for this
interpreter and for PyPy, lets pytest-benchmark time them in interleaved rounds, and prints medians of ratios.

- `calls` is the table of what is called, and how large.
- `contenders` is the table of who calls: a new way to call is one function there.
- `prepare` writes and builds the modules.
- `bench_calls`, `bench_costs` are what pytest-benchmark runs.
- `scale` generates and imports ever larger modules.
- `building` goes from sources to modules, beside f2py and the bare compiler; `reading` reads a tree of Fortran.
- `report` turns the figures into ratios, ``results.json`` and tables; `picture` into ``docs/img/call_cost.svg``.

`python -m benchmarks builds reading` measures these two alone; what ``results.json`` has of the rest stays.

What PyPy runs too (`calls`, `contenders`, `prepare`, `bench_calls`, `conftest`) keeps to Python 3.9.
"""
