"""The runtime's array conversion behind the interface that numpy's own tests of f2py's C conversion can drive."""

from f2pypy.runtime import arrays

_copies = {}


def array_from_pyobj(dtype, dims, intent, obj, errmess):
    """The array passed for `obj`; `dims` is filled in place; an in-place copy is remembered for resolve_write_back."""
    routine, argument = "wrap.call", errmess
    passed = arrays.array(obj, dtype, dims, intent, routine, argument)
    dims[:] = passed.shape
    if type(passed) is arrays.Substitute and passed.copied:
        memory = passed.base
        _copies[id(memory)] = memory, passed
        return memory
    return arrays.unfold(passed)


def resolve_write_back(arr):
    """After the call: the copy made for ``intent(inplace)`` goes back; False when `arr` isn't such a copy."""
    memory, passed = _copies.pop(id(arr), (None, None))
    if memory is None:
        return False
    arrays.write_back(passed)
    return True
