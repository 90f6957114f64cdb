"""What a call costs through f2py's module and through f2pypy's, measured in one run.

`python -m benchmarks` prepares both modules from ``examples/blas/blas.pyf`` over the same
library, lets pytest-benchmark time them in interleaved rounds, and prints medians of ratios.

- `calls` is the table of what is called, and how large.
- `contenders` is the table of who calls: a new way to call is one function there.
- `prepare` writes and builds the modules.
- `bench_calls`, `bench_costs` are what pytest-benchmark runs.
- `report` turns its figures into ratios, ``results.json`` and a table.
"""
