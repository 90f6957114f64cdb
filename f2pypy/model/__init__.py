"""What a library MEANS: every argument fully decided, nothing implicit left.

`resolve` builds it from `syntax`, `lower` reads it. Expressions are resolved (names are arguments of the
same procedure) and typed (no implicit conversion is left); extents are expressions or None where the
caller's array decides.
"""

from __future__ import annotations

from f2pypy.expressions.effects import (
    AssignElement,
    AssignElements,
    FillTriangle,
    Raise,
)
from f2pypy.expressions.statements import Break, Continue
from f2pypy.model.actions import (
    Action,
    Assign,
    CallRoutine,
    Choose,
    Local,
    Loop,
)
from f2pypy.model.actuals import (
    Actual,
    ArrayAddress,
    CallbackAddress,
    ChosenAddress,
    ClassOf,
    DescriptorOf,
    LengthOf,
    LengthPlace,
    NullAddress,
    ObjectAddress,
    ObjectValue,
    PartReference,
    PresenceFlag,
    ScalarReference,
    Temporary,
    TextAddress,
    ValueArgument,
)
from f2pypy.model.arguments import (
    Argument,
    Bound,
    Callback,
    Check,
    Direction,
    Form,
    Intent,
    Presence,
)
from f2pypy.model.elementals import Elemental, ElementLoop
from f2pypy.model.generics import Enumeration, Generic, Reexport, Specific
from f2pypy.model.library import Library
from f2pypy.model.objects import (
    CommonBlock,
    FortranModule,
    ProcedurePointer,
    Variable,
)
from f2pypy.model.procedures import Procedure
from f2pypy.model.questions import CommonView, FunctionInterface, Question, SharedName
from f2pypy.model.records import Binding, Component, DerivedType, Storage
from f2pypy.model.types import DataType, TypeName

__all__ = [
    "Action",
    "Actual",
    "Argument",
    "ArrayAddress",
    "Assign",
    "AssignElement",
    "AssignElements",
    "Binding",
    "Bound",
    "Break",
    "CallRoutine",
    "Callback",
    "CallbackAddress",
    "Check",
    "Choose",
    "ChosenAddress",
    "ClassOf",
    "CommonBlock",
    "CommonView",
    "Component",
    "Continue",
    "DataType",
    "DerivedType",
    "DescriptorOf",
    "Direction",
    "ElementLoop",
    "Elemental",
    "Enumeration",
    "FillTriangle",
    "Form",
    "FortranModule",
    "FunctionInterface",
    "Generic",
    "Intent",
    "LengthOf",
    "LengthPlace",
    "Library",
    "Local",
    "Loop",
    "NullAddress",
    "ObjectAddress",
    "ObjectValue",
    "PartReference",
    "Presence",
    "PresenceFlag",
    "Procedure",
    "ProcedurePointer",
    "Question",
    "Raise",
    "Reexport",
    "ScalarReference",
    "SharedName",
    "Specific",
    "Storage",
    "Temporary",
    "TextAddress",
    "TypeName",
    "ValueArgument",
    "Variable",
]
