"""Machine code as a callback: what declares exactly the C types that Fortran passes is called without Python.

Declarations are those of ctypes' functions, numba's CFuncs, SciPy's LowLevelCallables, PyCapsules that are named after
their prototype, and routines that f2pypy wraps. An address, and a capsule that declares nothing, are taken at their
word.
"""

from __future__ import annotations

import ctypes
from functools import lru_cache
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any, Callable, NamedTuple

from f2pypy.runtime.interpreter import PYPY
from f2pypy.runtime.libraries import Library

# What C's types don't say, see `f2pypy.runtime.prototypes`
_NOT_OF_C = (
    *("hidden", "optional", "out", "inout", "returned", "copied", "absent", "transposed", "foreign", "logical"),
    *("const", "restrict"),
)
_PYTHON = (FunctionType, MethodType, BuiltinFunctionType)
# ctypes' letters of its simple types, integers apart
_LETTERS = {"d": "double", "f": "float", "g": "long double", "c": "char", "P": "void *", "z": "char *", "?": "bool"}
_NUMBA = {
    "float64": "double",
    "float32": "float",
    "complex128": "double complex",
    "complex64": "float complex",
    "none": "void",
    "bool": "bool",
}
_INTEGERS = {
    "short": ctypes.c_short,
    "long": ctypes.c_long,
    "long long": ctypes.c_longlong,
    "signed char": ctypes.c_byte,
    "unsigned char": ctypes.c_ubyte,
    "unsigned int": ctypes.c_uint,
    "unsigned long": ctypes.c_ulong,
    "size_t": ctypes.c_size_t,
    "int32_t": ctypes.c_int32,
}


class Code(NamedTuple):
    """Machine code: its address, the types of its result and of its arguments, and what messages call it.

    The types are None where nothing is declared. `is_called` says that Python can call it with what it gets of Fortran.
    """

    address: int
    types: tuple[str, ...] | None
    what: str
    is_called: bool = False


def machine_code(function: Any, library: Library, prototype: str, has_extra: bool) -> int | None:
    """Return the address of machine code for Fortran to call, 0 for a null pointer, None for what Python is to call.

    `prototype` declares what Fortran of the `library` calls, "" where C can't; extra arguments leave no machine code.
    Raises TypeError, which shows both prototypes, for what neither can call.
    """
    kind: Any = type(function)
    if kind in _PYTHON:
        return None
    if kind.__name__ == "Wrapper" and hasattr(function, "procedure"):
        procedure = function.procedure
        serves = not has_extra and _is_the_same(procedure, prototype) and needs_no_more(procedure, library)
        # each library has classes of its own
        serves = serves and (procedure.library is library or not names_types(prototype))
        return function.address if serves else None
    read = _reader_of(kind)
    code = None if read is None else read(function)
    if code is None or (has_extra and code.types is None):
        return None
    if not code.address:  # whatever it declares, nobody can call it
        return 0
    wanted = exact_types(prototype)
    if not has_extra and code.types in (None, wanted):
        return code.address
    if code.is_called:
        return None
    passed = _spelled(wanted) if wanted else "a procedure with arguments that C types don't describe"
    extra = ", with extra arguments, which machine code doesn't get" if has_extra else ""
    raise TypeError(f"Fortran calls {passed}{extra}; {code.what} is {_spelled(code.types or ())}")


def names_types(prototype: str) -> bool:
    """Whether there are objects of derived type among the arguments."""
    return "class " in prototype or "type " in prototype


@lru_cache(256)
def exact_types(prototype: str) -> tuple[str, ...]:
    """Return the types of the result and of the arguments: ``("double", "double *", "int *")``."""
    result, _, rest = prototype.partition("(")
    arguments = rest.rpartition(")")[0].strip()
    given = arguments.split(",") if arguments not in ("", "void") else []
    return tuple([_exact(c_type(each)) for each in (result, *given) if each.strip()])


def c_type(declared: str) -> str:
    """Return what C alone says of a result or an argument, whose name may follow a ``*``."""
    kind, bracket, _ = declared.partition("[")
    kind, star, name = (f"{kind}*" if bracket else kind).rpartition("*")
    words = [word for word in (kind if star else name).replace("*", " ").split() if word not in _NOT_OF_C]
    return " ".join([*words, star * (kind.count("*") + 1)] if star else words)


@lru_cache(256)  # whether REAL functions return a double takes a call of BLAS to find out
def _is_the_same(procedure: Any, prototype: str) -> bool:
    """Whether a routine is what Fortran calls, and Python would get and give the same."""
    single = prototype.startswith("float ")  # f2c returns a double
    is_same = procedure.prototype == prototype != ""
    return is_same and not (single and procedure.library.returns_double_for_real())


def needs_no_more(procedure: Any, library: Library) -> bool:
    """Whether a routine needs nothing of its own when Fortran of `library` calls it.

    That is a lock on its library, or a note that Fortran of it is called, which may call Python by name.
    """
    own = procedure.library
    if own is not library and own.by_name is not None:
        return False
    keeps_lock = not (library.has_threadsafe or library.lends_interpreter)
    return procedure.threadsafe or (keeps_lock and (own is library or not own.turns.needed))


@lru_cache(256)
def _reader_of(kind: Any) -> Callable[[Any], Code | None] | None:
    """Return what reads the declaration of a class's objects, by its name and package: none needs to be imported."""
    names = [f"{each.__module__.partition('.')[0]}.{each.__name__}" for each in kind.__mro__]
    return next((_READERS[name] for name in names if name in _READERS), None)


def _spelled(types: tuple[str, ...]) -> str:
    return f"{types[0]} ({', '.join(types[1:])})" if types else "undeclared"


def _exact(name: str) -> str:
    """Return the C type of a name, an integer's by its width."""
    base, star, rest = name.partition(" *")
    known = _INTEGERS.get(base)
    return (base if known is None else _ctypes_name(known)) + star + rest


@lru_cache(256)
def _ctypes_name(kind: Any) -> str:
    """Return how C spells a type of ctypes or an ndpointer, None as ``void``: ``double *``, ``int64_t``."""
    if kind is None:
        return "void"
    if getattr(kind, "_dtype_", None) is not None:  # NumPy's ndpointer
        letter = kind._dtype_.char
        complex_types = {"D": "double complex", "F": "float complex"}
        return f"{complex_types.get(letter) or _simple_name(letter, kind._dtype_.itemsize)} *"
    inner = getattr(kind, "_type_", None)
    if isinstance(inner, str):
        return _simple_name(inner, ctypes.sizeof(kind))
    if inner is not None and hasattr(kind, "contents"):
        name = _ctypes_name(inner)
        return f"{name}*" if name.endswith("*") else f"{name} *"
    return str(getattr(kind, "__name__", kind))


def _simple_name(letter: str, size: int) -> str:
    if letter in "bhilqBHILQ":
        sign = "u" if letter.isupper() else ""
        return f"{sign}int{8 * size}_t" if sign or size != 4 else "int"
    return _LETTERS.get(letter, letter)


def _of_ctypes(function: Any) -> Code | None:
    if function.argtypes is None or getattr(function, "errcheck", None) is not None:
        return None
    types = tuple(map(_ctypes_name, (function.restype, *function.argtypes)))
    pointers = [each for each in function.argtypes if _ctypes_name(each).endswith("*")]
    is_called = all(hasattr(each, "_dtype_") for each in pointers)
    address = ctypes.cast(function, ctypes.c_void_p).value
    return Code(address or 0, types, "the function of ctypes", is_called)


def _of_numba(function: Any) -> Code:
    types = _numba_types(function._sig)
    return Code(function.address, types, "numba's function", not any("*" in each for each in types))


@lru_cache(256)
def _numba_types(signature: Any) -> tuple[str, ...]:
    return tuple([_numba_name(str(each)) for each in (signature.return_type, *signature.args)])


def _numba_name(text: str) -> str:
    base = text.rstrip("*")
    name = _NUMBA.get(base) or (_exact(f"{base}_t") if base.startswith(("int", "uint")) else base)
    return name + " *"[: 2 * (base != text)] + "*" * (len(text) - len(base) - 1)


def _of_scipy(function: Any) -> Code | None:
    found = _of_capsule(tuple.__getitem__(function, 0))
    return None if found is None else found._replace(what="the LowLevelCallable")


@lru_cache(1)
def _capsule_functions() -> tuple[Any, Any]:
    api = ctypes.pythonapi
    name_of, pointer_of = api["PyCapsule_GetName"], api["PyCapsule_GetPointer"]
    name_of.restype = ctypes.c_char_p
    pointer_of.restype = ctypes.c_void_p
    return name_of, pointer_of


def capsule_name(capsule: Any) -> bytes | None:
    """Return the name of a PyCapsule, None if it has none."""
    name_of, _ = _capsule_functions()
    name: bytes | None = name_of(ctypes.py_object(capsule))
    return name


def _of_capsule(capsule: Any) -> Code | None:
    if PYPY:
        return None
    name, pointer_of = capsule_name(capsule), _capsule_functions()[1]
    address: int = pointer_of(ctypes.py_object(capsule), ctypes.c_char_p(name))
    declared = (name or b"").decode("latin-1")
    types = exact_types(declared) if "(" in declared else ()
    # Cython has names of its own for types
    is_known = types and all(map(_is_known, types))
    return Code(address, types if is_known else None, "the capsule")


def _is_known(name: str) -> bool:
    base = name.partition(" *")[0]
    plain = base.replace("uint", "int")
    return plain in ("int", "int8_t", "int16_t", "int32_t", "int64_t") or base in (
        *("void", "bool", "float complex", "double complex"),
        *_LETTERS.values(),
    )


_READERS: dict[str, Callable[[Any], Code | None]] = {
    "ctypes.c_void_p": lambda pointer: Code(pointer.value or 0, None, "the address"),
    "_ctypes.CFuncPtr": _of_ctypes,
    "_ctypes.PyCFuncPtr": _of_ctypes,  # before CPython 3.10
    "builtins.PyCapsule": _of_capsule,
    "numba.CFunc": _of_numba,
    "scipy.LowLevelCallable": _of_scipy,
}
