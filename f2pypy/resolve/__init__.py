"""From what a file says to what it means.

Each folder answers one question and uses only the folders above it:

==============  ===================================================================================
`faults.py`     What can't be resolved, and how much is left out because of it?
`types/`        Of which type and kind is a declaration?
`names/`        Which declaration does a name mean, and what is the value of a named constant?
`arguments/`    What does the caller give and get: intents, presence, defaults, order of evaluation?
`shapes/`       How many elements does an array have, and who computes it?
`callbacks/`    How does Fortran call what Python provides?
`calls/`        What happens at the call: a callstatement's C, or the plain call?
`procedures/`   What is a wrapped routine, with all of this decided?
`library/`      What is in the library as a whole?
==============  ===================================================================================
"""
