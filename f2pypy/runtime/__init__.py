"""What generated modules need while they run: the standard library and NumPy only.

A generated module imports from these files or carries them along as text. So that they
can be joined, module-level names are unique over all of them, and imports between them
stand in the block at the top of a file and rename nothing.

What a wrapper calls, in the order of its paragraphs:

convert
    ``integer``, ``real``, ... of `scalars`, where a quick look at the type doesn't settle
    it; ``vector``, ``matrix``, ``array`` of `arrays`; ``text_bytes`` and
    ``string`` of `strings`; ``text_memory`` of `routines` makes of bytes what Fortran may write to.
    A ``CallbackSignature`` of `callbacks`, one for each dummy procedure, describes it with
    the classes of `callback_arguments`; ``bind`` makes of a Python function what Fortran
    calls, ``reraise`` and, after the last call, ``finish`` raise what it raised.
check
    ``refused`` of `checks`.
allocate
    ``allocate`` of `arrays`, ``blank_text`` and ``allocate_string`` of `strings`.
call
    A ``Library`` of `libraries` and one ``Routine`` of `routines` for each procedure:
    ``call`` takes numbers and arrays as they are, of anything else what Fortran gets:
    ``offset(x, elements)``, ``pointer_to(location)``, ``length(count)``. It returns the
    function's result and the scalars that Fortran has changed. ``shape(x)`` is ``x.shape``,
    which takes PyPy four times as long.
give back
    ``unfold``, ``write_back`` of `arrays`; ``string_result``, ``write_string`` of
    `strings`; ``write_scalar``, ``write_character`` of `scalars`.

What is printed is a function; ``wrapper`` of `wrappers` makes of it the routine that users call. Of the module as a
whole, `names` gives back names that Python keeps for itself.
"""

from __future__ import annotations

import sys
from types import ModuleType


class _Runtime(ModuleType):
    """The package, which lets pytest's tracebacks leave out the frames of its modules, as those of generated ones."""

    def __setattr__(self, name: str, value: object) -> None:
        # whoever imports a module makes it an attribute of its package
        if isinstance(value, ModuleType):
            value.__dict__["__tracebackhide__"] = True
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Runtime
