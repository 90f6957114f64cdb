"""From the text of a routine back to its plan: what native code is made from.

`source` finds the text and makes sure that it is what runs, `names` says what its global names stand for, `patterns`
compares statements with the forms in which plans are printed, `expressions` and `steps` turn them into nodes. What
they don't know, such as a statement that a user has added, raises NotNative, and the routine stays Python.
"""
