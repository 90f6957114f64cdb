"""The third printer: from a plan to machine code, for CPython with llvmlite.

`reading` turns the text of a routine back into its plan, `layouts` says what CPython's and NumPy's objects look like,
`function` prints a procedure as LLVM IR, `thunks` what Fortran calls to call Python, `variable_code` what reads and
stores variables of modules. `machine` compiles them, `entry` makes a Python function start there, and `tier`
is what a generated module calls. The compiled function does what the plan's Python does for usual arguments; for all
others it calls the Python function, which stays the only place where messages come from.

The files run on Python 3.9 as well, as generated modules do.
"""
