"""What a compiler does with names, hidden arguments, results and descriptors: a row for each compiler.

`conventions` says what there is to know of a compiler, `gfortran` and `flang` have the rows, `compilers` finds one.
"""
