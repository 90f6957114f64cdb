"""The runtime's array conversion behind the interface that numpy's own tests of f2py's C conversion can drive."""

import numpy as np

from f2pypy.runtime import arrays
from f2pypy.runtime import string_arrays as string_arrays  # whose rules it adds

_copies = {}


def array_from_pyobj(dtype, dims, intent, obj, errmess):
    """The array passed for `obj`; `dims` is filled in place; an in-place copy is remembered for resolve_write_back."""
    routine, argument = "wrap.call", errmess
    passed = arrays.array(obj, dtype, dims, intent, routine, argument)
    dims[:] = passed.shape
    if type(passed) is arrays.Substitute and passed.copied:
        iterator = flagged_copy(passed.base, passed.original)
        shown = iterator.operands[0]
        _copies[id(shown)] = iterator, passed
        return shown
    return arrays.unfold(passed)


def flagged_copy(memory, original):
    """An iterator whose first operand is `memory` again, with the flag WRITEBACKIFCOPY and `original` as its base.

    f2py's C code leaves the write-back to NumPy, by that flag; from Python an iterator alone sets it, on copies of its
    own, which it makes of operands that overlap. The runtime's copies need no flag.
    """
    order = "F" if memory.flags.f_contiguous else "C"
    return np.nditer(
        [original, original],
        ["copy_if_overlap", "zerosize_ok"],
        [["readwrite", "updateifcopy"], ["readwrite", "updateifcopy"]],
        op_dtypes=[memory.dtype, None],
        order=order,
        casting="unsafe",
    )


def resolve_write_back(arr):
    """After the call: the copy made for ``intent(inplace)`` goes back; False when `arr` isn't such a copy."""
    iterator, passed = _copies.pop(id(arr), (None, None))
    if passed is None:
        return False
    # the runtime writes back, not the iterator
    arr.flags.writebackifcopy = False
    passed.original.flags.writeable = True
    iterator.close()
    passed.base[...] = arr
    arrays.write_back(passed)
    return True
