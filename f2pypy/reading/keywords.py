"""What a statement is."""

from __future__ import annotations

import enum


class Keyword(enum.Enum):
    """What a statement is."""

    # open a scope
    PROGRAM = "program"
    SUBROUTINE = "subroutine"
    FUNCTION = "function"
    MODULE = "module"
    PYTHON_MODULE = "python module"
    SUBMODULE = "submodule"
    BLOCK_DATA = "block data"
    PROCEDURE_BODY = "module procedure"
    INTERFACE = "interface"
    TYPE = "type"
    ENUM = "enum"
    STRUCTURE = "structure"
    BLOCK = "block"
    ASSOCIATE = "associate"
    # close one, or part it
    END = "end"
    CONTAINS = "contains"
    # declare
    DECLARATION = "declaration"
    PROCEDURE = "procedure"
    MODULE_PROCEDURE = "module procedure of an interface"
    BINDING = "binding"
    ENUMERATOR = "enumerator"
    ENTRY = "entry"
    USE = "use"
    IMPORT = "import"
    IMPLICIT = "implicit"
    PARAMETER = "parameter"
    DIMENSION = "dimension"
    VIRTUAL = "virtual"
    COMMON = "common"
    DATA = "data"
    EQUIVALENCE = "equivalence"
    ACCESS = "access"
    BIND = "bind"
    INTENT = "intent"
    OPTIONAL = "optional"
    EXTERNAL = "external"
    INTRINSIC = "intrinsic"
    ALLOCATABLE = "allocatable"
    POINTER = "pointer"
    TARGET = "target"
    VALUE = "value"
    VOLATILE = "volatile"
    ASYNCHRONOUS = "asynchronous"
    CONTIGUOUS = "contiguous"
    PROTECTED = "protected"
    SAVE = "save"
    SEQUENCE = "sequence"
    CODIMENSION = "codimension"
    # f2py's own
    F2PY_ATTRIBUTE = "f2py attribute"  # check, depend, note, required
    CODE = "code"
    FORTRAN_NAME = "fortranname"
    THREAD_SAFE = "threadsafe"
    DOCUMENTATION = "documentation"
    CALL = "call"
    FUNCTION_CALL = "function call"
    # the rest
    IGNORED = "ignored"  # understood, and of no use to a wrapper: format, namelist
    EXECUTABLE = "executable"
    REFERENCE = "reference"  # an executable statement that uses a dummy procedure
    DIRECTIVE = "directive"
    PREPROCESSOR = "preprocessor"
    UNKNOWN = "unknown"

    # an enum's own is a function of Python's, and several tables are asked for every statement
    __hash__ = object.__hash__


PROCEDURES = frozenset(
    {Keyword.PROGRAM, Keyword.SUBROUTINE, Keyword.FUNCTION, Keyword.PROCEDURE_BODY}
)
OPENING = PROCEDURES | {
    Keyword.MODULE,
    Keyword.SUBMODULE,
    Keyword.PYTHON_MODULE,
    Keyword.BLOCK_DATA,
    Keyword.INTERFACE,
    Keyword.TYPE,
    Keyword.ENUM,
    Keyword.STRUCTURE,
}
UNITS = PROCEDURES | {
    Keyword.MODULE,
    Keyword.SUBMODULE,
    Keyword.PYTHON_MODULE,
    Keyword.BLOCK_DATA,
}
# What CONTAINS may stand in.
CONTAINING = PROCEDURES | {Keyword.MODULE, Keyword.SUBMODULE, Keyword.TYPE}
