"""The functions of Python's, NumPy's and the C library's interface that native code calls, with their types."""

from __future__ import annotations

from llvmlite import ir

from f2pypy.native.layouts import VECTORCALL

INT, LONG, DOUBLE = ir.IntType(32), ir.IntType(64), ir.DoubleType()
OBJECT = ir.IntType(8).as_pointer()
OBJECTS = OBJECT.as_pointer()
NOTHING = ir.VoidType()

C_FUNCTIONS: dict[str, ir.FunctionType] = {
    "PyArray_Empty": ir.FunctionType(OBJECT, [INT, LONG.as_pointer(), OBJECT, INT]),
    "PyArray_FromArray": ir.FunctionType(OBJECT, [OBJECT, OBJECT, INT]),
    "PyArray_NewCopy": ir.FunctionType(OBJECT, [OBJECT, INT]),
    "PyArray_Zeros": ir.FunctionType(OBJECT, [INT, LONG.as_pointer(), OBJECT, INT]),
    "PyBytes_FromStringAndSize": ir.FunctionType(OBJECT, [OBJECT, LONG]),
    "PyComplex_FromDoubles": ir.FunctionType(OBJECT, [DOUBLE, DOUBLE]),
    "PyArray_NewFromDescr": ir.FunctionType(
        OBJECT, [OBJECT, OBJECT, INT, LONG.as_pointer(), OBJECT, OBJECT, INT, OBJECT]
    ),
    "PyErr_CheckSignals": ir.FunctionType(INT, []),
    "PyErr_Clear": ir.FunctionType(NOTHING, []),
    "PyErr_ExceptionMatches": ir.FunctionType(INT, [OBJECT]),
    "PyErr_Fetch": ir.FunctionType(NOTHING, [OBJECTS] * 3),
    "PyErr_NoMemory": ir.FunctionType(OBJECT, []),
    "PyErr_NormalizeException": ir.FunctionType(NOTHING, [OBJECTS] * 3),
    "PyErr_Restore": ir.FunctionType(NOTHING, [OBJECT] * 3),
    "PyErr_SetObject": ir.FunctionType(NOTHING, [OBJECT, OBJECT]),
    "PyErr_SetString": ir.FunctionType(NOTHING, [OBJECT, OBJECT]),
    "PyErr_WriteUnraisable": ir.FunctionType(NOTHING, [OBJECT]),
    "PyEval_RestoreThread": ir.FunctionType(NOTHING, [OBJECT]),
    "PyEval_SaveThread": ir.FunctionType(OBJECT, []),
    "PyException_SetTraceback": ir.FunctionType(INT, [OBJECT, OBJECT]),
    "PyFloat_AsDouble": ir.FunctionType(DOUBLE, [OBJECT]),
    "PyFloat_FromDouble": ir.FunctionType(OBJECT, [DOUBLE]),
    "PyGILState_Check": ir.FunctionType(INT, []),
    "PyGILState_Ensure": ir.FunctionType(INT, []),
    "PyGILState_Release": ir.FunctionType(NOTHING, [INT]),
    "PyList_Append": ir.FunctionType(INT, [OBJECT, OBJECT]),
    "PyList_SetSlice": ir.FunctionType(INT, [OBJECT, LONG, LONG, OBJECT]),
    "PyObject_CallFunctionObjArgs": ir.FunctionType(OBJECT, [OBJECT], var_arg=True),
    "PyObject_GenericGetAttr": ir.FunctionType(OBJECT, [OBJECT, OBJECT]),
    "PyObject_GenericSetAttr": ir.FunctionType(INT, [OBJECT, OBJECT, OBJECT]),
    "PyObject_Malloc": ir.FunctionType(OBJECT, [LONG]),
    VECTORCALL: ir.FunctionType(OBJECT, [OBJECT, OBJECTS, LONG, OBJECT]),
    "PyUnicode_AsUTF8AndSize": ir.FunctionType(OBJECT, [OBJECT, LONG.as_pointer()]),
    "PyUnicode_DecodeLatin1": ir.FunctionType(OBJECT, [OBJECT, LONG, OBJECT]),
    "PyUnicode_DecodeUTF8": ir.FunctionType(OBJECT, [OBJECT, LONG, OBJECT]),
    "PyUnicode_GetLength": ir.FunctionType(LONG, [OBJECT]),
    "_Py_Dealloc": ir.FunctionType(NOTHING, [OBJECT]),
    "_PyObject_GetDictPtr": ir.FunctionType(OBJECT, [OBJECT]),
    "_PyDict_GetItem_KnownHash": ir.FunctionType(OBJECT, [OBJECT, OBJECT, LONG]),
    "_PyType_Lookup": ir.FunctionType(OBJECT, [OBJECT, OBJECT]),
    "memchr": ir.FunctionType(OBJECT, [OBJECT, INT, LONG]),
    "memcmp": ir.FunctionType(INT, [OBJECT, OBJECT, LONG]),
    "memmove": ir.FunctionType(OBJECT, [OBJECT, OBJECT, LONG]),
    "strcmp": ir.FunctionType(INT, [OBJECT, OBJECT]),
    "memset": ir.FunctionType(OBJECT, [OBJECT, INT, LONG]),
    "PyLong_AsLongLong": ir.FunctionType(LONG, [OBJECT]),
    "PyLong_AsLongLongAndOverflow": ir.FunctionType(LONG, [OBJECT, INT.as_pointer()]),
    "PyDict_Contains": ir.FunctionType(INT, [OBJECT, OBJECT]),
    "PyLong_FromLongLong": ir.FunctionType(OBJECT, [LONG]),
    "PyTuple_New": ir.FunctionType(OBJECT, [LONG]),
    "Py_DecRef": ir.FunctionType(NOTHING, [OBJECT]),
}
