"""What a compiler does with names, hidden arguments, results and descriptors: one row per compiler, one place for all.

`conventions` says what there is to know of a compiler, `gfortran` and `flang` have the rows; `compiler_named` finds one.
"""
