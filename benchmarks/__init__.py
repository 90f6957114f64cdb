"""What a call costs through f2py's module and through f2pypy's, measured in one run.

`python -m benchmarks --pypy PYPY` makes both modules from the same sources, for this interpreter and for PyPy, times
them in turn by the processor time of the thread (`timing`), and prints medians of ratios. Its parts, which can be
measured alone:

- `kinds`: every kind of call, by groups, beside the goals. See `benchmarks.kinds`.
- `calls`: BLAS from ``examples/blas/blas.pyf`` at several sizes. The module `calls` is the table of what is called,
  and how large; `contenders` the table of who calls; `prepare` writes and builds the modules; `blas` times them;
  `costs` has the processor time of what surrounds the calls.
- `scale`: modules of 10, 100 and 1,000 routines: generating, building, importing, memory.
- `builds` (`building`): from sources to modules, beside f2py and the bare compiler.
- `reading`: lines of Fortran a second.
- `size`: lines and import times of modules of BLAS and LAPACK.

`report` turns the figures into tables and ``results.json``, `picture` draws, `pages` fills the tables of the documents.
What was measured replaces what ``results.json`` had of it; the rest stays.

What PyPy runs too (`blas`, `calls`, `contenders`, `prepare`, `timing`) keeps to Python 3.9.
"""
