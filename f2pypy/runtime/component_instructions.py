"""Instructions for x86-64 that read and assign components of objects, by the System V ABI.

Getters have the object in rdi and a block of facts about the component in rsi; setters have the value in rsi and the
facts in rdx. The facts are words of 8 bytes. From 0 on: where the window is in the object, and the component in the
window; what makes a Python object of it (16); the type of values that are stored at once (24), and of the windows of
constants (32); what calls a method (40), the names of those that read (48) and store (56), and of the component (64);
what reads an int (72), the least and the greatest (80, 88), or True (80); what drops an object (96); a length (104).
"""

from __future__ import annotations

from typing import Mapping, NamedTuple

# "slow" is the distance to the instructions that call Python.
_GET_PLACE = (
    "f3 0f 1e fa",  # endbr64
    "48 8b 06",  # mov rax, [rsi]
    "48 8b 04 07",  # mov rax, [rdi+rax]
    "48 85 c0",  # test rax, rax
    "0f 84 slow",  # jz slow
    "48 8b 40 10",  # mov rax, [rax+16]
    "48 03 46 08",  # add rax, [rsi+8]
)
_MAKE = (
    "ff 66 10",  # jmp [rsi+16]
)
_GET_IN_PYTHON = (
    "48 8b 56 40",  # mov rdx, [rsi+64]
    "4c 8b 56 28",  # mov r10, [rsi+40]
    "48 8b 76 30",  # mov rsi, [rsi+48]
    "31 c9",  # xor ecx, ecx
    "31 c0",  # xor eax, eax
    "41 ff e2",  # jmp r10
)
_SET_PLACE = (
    "f3 0f 1e fa",  # endbr64
    "48 85 f6",  # test rsi, rsi
    "0f 84 slow",  # jz slow
    "48 8b 42 18",  # mov rax, [rdx+24]
    "48 39 46 08",  # cmp [rsi+8], rax
    "0f 85 slow",  # jne slow
    "48 8b 02",  # mov rax, [rdx]
    "48 8b 04 07",  # mov rax, [rdi+rax]
    "48 85 c0",  # test rax, rax
    "0f 84 slow",  # jz slow
    "48 8b 4a 20",  # mov rcx, [rdx+32]
    "48 39 48 08",  # cmp [rax+8], rcx
    "0f 84 slow",  # je slow
    "48 8b 40 10",  # mov rax, [rax+16]
    "48 03 42 08",  # add rax, [rdx+8]
)
_STORED = (
    "31 c0",  # xor eax, eax
    "c3",  # ret
)
_SET_IN_PYTHON = (
    "52",  # push rdx
    "48 89 f1",  # mov rcx, rsi
    "45 31 c0",  # xor r8d, r8d
    "48 8b 72 38",  # mov rsi, [rdx+56]
    "4c 8b 52 28",  # mov r10, [rdx+40]
    "48 8b 52 40",  # mov rdx, [rdx+64]
    "31 c0",  # xor eax, eax
    "41 ff d2",  # call r10
    "5a",  # pop rdx
    "48 85 c0",  # test rax, rax
    "74 11",  # jz .+19
    "48 83 ec 08",  # sub rsp, 8
    "48 89 c7",  # mov rdi, rax
    "ff 52 60",  # call [rdx+96]
    "48 83 c4 08",  # add rsp, 8
    "31 c0",  # xor eax, eax
    "c3",  # ret
    "83 c8 ff",  # or eax, -1
    "c3",  # ret
)
_INTEGER = (
    "57",  # push rdi
    "56",  # push rsi
    "52",  # push rdx
    "50",  # push rax
    "48 83 ec 08",  # sub rsp, 8
    "48 89 f7",  # mov rdi, rsi
    "48 89 e6",  # mov rsi, rsp
    "ff 52 48",  # call [rdx+72]
    "8b 0c 24",  # mov ecx, [rsp]
    "48 83 c4 08",  # add rsp, 8
    "41 58",  # pop r8
    "5a",  # pop rdx
    "5e",  # pop rsi
    "5f",  # pop rdi
    "85 c9",  # test ecx, ecx
    "0f 85 slow",  # jnz slow
    "48 3b 42 50",  # cmp rax, [rdx+80]
    "0f 8c slow",  # jl slow
    "48 3b 42 58",  # cmp rax, [rdx+88]
    "0f 8f slow",  # jg slow
)
_IS_TRUE = (
    "31 c9",  # xor ecx, ecx
    "48 3b 72 50",  # cmp rsi, [rdx+80]
    "0f 94 c1",  # sete cl
)
_READ_TEXT = (
    "48 89 c7",  # mov rdi, rax
    "48 8b 46 10",  # mov rax, [rsi+16]
    "48 8b 76 68",  # mov rsi, [rsi+104]
    "48 85 f6",  # test rsi, rsi
    "74 0c",  # jz .+14
    "80 7c 37 ff 20",  # cmp byte [rdi+rsi-1], 32
    "75 05",  # jne .+7
    "48 ff ce",  # dec rsi
    "eb ef",  # jmp .-15
    "ff e0",  # jmp rax
)
_STORE_TEXT = (
    "4c 8b 42 68",  # mov r8, [rdx+104]
    "48 8b 4e 10",  # mov rcx, [rsi+16]
    "4c 39 c1",  # cmp rcx, r8
    "49 0f 4f c8",  # cmovg rcx, r8
    "49 29 c8",  # sub r8, rcx
    "48 83 c6 20",  # add rsi, 32
    "48 89 c7",  # mov rdi, rax
    "f3 a4",  # rep movsb
    "4c 89 c1",  # mov rcx, r8
    "b0 20",  # mov al, 32
    "f3 aa",  # rep stosb
)
_STORE_SINGLE = (
    "f2 0f 5a 46 10",  # cvtsd2ss xmm0, [rsi+16]
    "66 0f 7e c1",  # movd ecx, xmm0
    "81 e1 ff ff ff 7f",  # and ecx, 0x7fffffff
    "81 f9 00 00 80 7f",  # cmp ecx, 0x7f800000
    "0f 84 slow",  # je slow
    "f3 0f 11 00",  # movss [rax], xmm0
)
_STORE_DOUBLE = (
    "f2 0f 10 46 10",  # movsd xmm0, [rsi+16]
    "f2 0f 11 00",  # movsd [rax], xmm0
)
_STORE_COMPLEX = (
    "66 0f 10 46 10",  # movupd xmm0, [rsi+16]
    "66 0f 11 00",  # movupd [rax], xmm0
)
_READ_SINGLES = (
    "f3 0f 5a 00",  # cvtss2sd xmm0, dword [rax]
    "f3 0f 5a 48 04",  # cvtss2sd xmm1, dword [rax+4]
)
_READ_DOUBLES = (
    "f2 0f 10 00",  # movsd xmm0, [rax]
    "f2 0f 10 48 08",  # movsd xmm1, [rax+8]
)
# The next two by the letters of the struct module, for logicals "?" and that of an integer: the number that lies at rax
# becomes an argument; the one in rax goes to r8, or that in rcx to rax.
_NUMBER_LOADS: Mapping[str, str] = {
    "b": "48 0f be 38",  # movsx rdi, byte [rax]
    "h": "48 0f bf 38",  # movsx rdi, word [rax]
    "i": "48 63 38",  # movsxd rdi, dword [rax]
    "q": "48 8b 38",  # mov rdi, [rax]
    "f": "f3 0f 5a 00",  # cvtss2sd xmm0, dword [rax]
    "d": "f2 0f 10 00",  # movsd xmm0, [rax]
    "?b": "80 38 00",  # cmp byte [rax], 0
    "?h": "66 83 38 00",  # cmp word [rax], 0
    "?i": "83 38 00",  # cmp dword [rax], 0
    "?q": "48 83 38 00",  # cmp qword [rax], 0
}
_NUMBER_STORES: Mapping[str, str] = {
    "b": "41 88 00",  # mov [r8], al
    "h": "66 41 89 00",  # mov [r8], ax
    "i": "41 89 00",  # mov [r8], eax
    "q": "49 89 00",  # mov [r8], rax
    "?b": "88 08",  # mov [rax], cl
    "?h": "66 89 08",  # mov [rax], cx
    "?i": "89 08",  # mov [rax], ecx
    "?q": "48 89 08",  # mov [rax], rcx
}
_SET_ZERO = (
    "31 ff",  # xor edi, edi
)
_SET_NONZERO = (
    "40 0f 95 c7",  # setne dil
)


# What was read of an object, and is kept in it. The facts are where the object has the dictionary (0), the key (8),
# what finds an item (16), what counts a reference or makes a view of an array (24), Ellipsis (32); the rest as above.
_FIND_KEPT = (
    "f3 0f 1e fa",  # endbr64
    "48 8b 06",  # mov rax, [rsi]
    "48 8b 04 07",  # mov rax, [rdi+rax]
    "48 85 c0",  # test rax, rax
    "0f 84 slow",  # jz slow
    "57",  # push rdi
    "56",  # push rsi
    "48 83 ec 08",  # sub rsp, 8
    "48 89 c7",  # mov rdi, rax
    "4c 8b 56 10",  # mov r10, [rsi+16]
    "48 8b 76 08",  # mov rsi, [rsi+8]
    "41 ff d2",  # call r10
    "48 83 c4 08",  # add rsp, 8
    "5e",  # pop rsi
    "5f",  # pop rdi
    "48 85 c0",  # test rax, rax
    "0f 84 slow",  # jz slow
    "48 89 c7",  # mov rdi, rax
)
_GET_KEPT = (
    "50",  # push rax
    "ff 56 18",  # call [rsi+24]
    "58",  # pop rax
    "c3",  # ret
)
_GET_VIEW = (
    "48 8b 46 18",  # mov rax, [rsi+24]
    "48 8b 76 20",  # mov rsi, [rsi+32]
    "ff e0",  # jmp rax
)
_LEAVE_TO_PYTHON = (
    "f3 0f 1e fa",  # endbr64
)


class StoredKind(NamedTuple):
    """How a kind of value is read, the C function that makes Python's object of it, its type, and how one is stored.

    Without the last Python stores all values.
    """

    read: tuple[str, ...]
    make: str
    exact: type
    store: tuple[str, ...] = ()


# By the same letters; "F" and "D" are complex, "s" is text.
STORED_KINDS: Mapping[str, StoredKind] = {
    **{
        letter: StoredKind(
            (_NUMBER_LOADS[letter], *_MAKE), "PyLong_FromLongLong", int, (*_INTEGER, _NUMBER_STORES[letter])
        )
        for letter in "bhiq"
    },
    **{
        f"?{letter}": StoredKind(
            (*_SET_ZERO, _NUMBER_LOADS[f"?{letter}"], *_SET_NONZERO, *_MAKE),
            "PyBool_FromLong",
            bool,
            (*_IS_TRUE, _NUMBER_STORES[f"?{letter}"]),
        )
        for letter in "bhiq"
    },
    "f": StoredKind((_NUMBER_LOADS["f"], *_MAKE), "PyFloat_FromDouble", float, _STORE_SINGLE),
    "d": StoredKind((_NUMBER_LOADS["d"], *_MAKE), "PyFloat_FromDouble", float, _STORE_DOUBLE),
    "Q": StoredKind((_NUMBER_LOADS["q"], *_MAKE), "PyLong_FromUnsignedLongLong", int),
    "F": StoredKind((*_READ_SINGLES, *_MAKE), "PyComplex_FromDoubles", complex),
    "D": StoredKind((*_READ_DOUBLES, *_MAKE), "PyComplex_FromDoubles", complex, _STORE_COMPLEX),
    "s": StoredKind(_READ_TEXT, "PyBytes_FromStringAndSize", bytes, _STORE_TEXT),
}


def stored_codes() -> Mapping[str, tuple[bytes, bytes]]:
    """Return the functions that read and assign, by `STORED_KINDS`."""
    return {
        letter: (
            _joined((*_GET_PLACE, *kind.read), _GET_IN_PYTHON),
            _joined((*_SET_PLACE, *kind.store, *_STORED), _SET_IN_PYTHON),
        )
        for letter, kind in STORED_KINDS.items()
    }


def kept_codes() -> Mapping[str, tuple[bytes, bytes]]:
    """Return the functions for what an object keeps, and for new views of it: Python assigns to both."""
    assign = _joined(_LEAVE_TO_PYTHON, _SET_IN_PYTHON)
    kept, viewed = (_joined((*_FIND_KEPT, *last), _GET_IN_PYTHON) for last in (_GET_KEPT, _GET_VIEW))
    return {"kept": (kept, assign), "viewed": (viewed, assign)}


def _joined(lines: tuple[str, ...], slow: tuple[str, ...]) -> bytes:
    """Return instructions, with the distances of their jumps to those after them."""
    size = sum(len(bytes.fromhex(line.replace("slow", "00" * 4))) for line in lines)
    made = b""
    for line in lines:
        # a distance, which comes last in its instruction, is from the next one on
        start = len(made) + len(bytes.fromhex(line.replace("slow", "00" * 4)))
        made += bytes.fromhex(line.replace("slow", (size - start).to_bytes(4, "little").hex()))
    return made + bytes.fromhex("".join(slow))
