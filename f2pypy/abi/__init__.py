"""What a compiler does with names, hidden arguments, results and descriptors: a row for each compiler.

`conventions` defines the columns, `gfortran` and `flang` hold the rows, and `compilers` finds one.
"""
