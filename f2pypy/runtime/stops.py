"""What ends a process in Fortran: the functions that compilers call for it, and what they pass to these."""

from __future__ import annotations

import ctypes
from typing import Callable, Optional

ABORTED = 134  # a shell's exit status for SIGABRT
Words = tuple[Optional[int], ...]
Read = Callable[[Words], tuple[str, int]]


class FortranStop(RuntimeError):
    """Fortran ended the program: by STOP or ERROR STOP, or by an error that was found at run time.

    `text` is what it said; `code` is the exit status that the process would have had, of which the system keeps 8 bits.
    """

    def __init__(self, text: str, code: int) -> None:
        super().__init__(text, code)
        self.text, self.code = text, code

    def __str__(self) -> str:
        return self.text or f"STOP {self.code}"


def _number(word: int | None) -> int:
    return ctypes.c_int(word or 0).value


def _told(address: int | None, length: int | None) -> str:
    return ctypes.string_at(address, length or 0).decode("utf-8", "replace").rstrip() if address else ""


def _line(address: int | None) -> str:
    return ctypes.string_at(address).decode("utf-8", "replace").strip() if address else ""


def _formatted(pattern: int | None, words: Words) -> str:
    """Return what C's printf makes of a pattern with numbers and strings."""
    if not pattern:
        return ""
    room = ctypes.create_string_buffer(2048)
    ctypes.CDLL(None).snprintf(room, ctypes.c_size_t(len(room)), ctypes.c_void_p(pattern), *map(ctypes.c_void_p, words))
    return room.value.decode("utf-8", "replace").strip()


def read_crash(words: Words) -> tuple[str, int]:
    """Read what flang's runtime tells a crash handler: the file, the line, and vprintf's arguments."""
    room = ctypes.create_string_buffer(2048)
    size, pattern, rest = ctypes.c_size_t(len(room)), ctypes.c_void_p(words[2]), ctypes.c_void_p(words[3])
    ctypes.CDLL(None).vsnprintf(room, size, pattern, rest)
    return f"{_line(words[0])}:{_number(words[1])}: {room.value.decode('utf-8', 'replace').strip()}", ABORTED


def _by_text(code: int) -> Read:
    return lambda words: (_told(words[0], words[1]), code)


def _by_number(words: Words) -> tuple[str, int]:
    return "", _number(words[0])


def _by_place(words: Words) -> tuple[str, int]:
    """Read ``_gfortran_exit_i4``'s argument, and that of the 8-byte kind: an address, NULL for none."""
    return "", ctypes.c_int.from_address(words[0]).value if words[0] else 0


def _by_pattern(code: int) -> Read:
    return lambda words: (_formatted(words[0], words[1:]), code)


def _by_pattern_at(code: int) -> Read:
    return lambda words: (f"{_line(words[0])}: {_formatted(words[1], words[2:])}", code)


def _by_message(words: Words) -> tuple[str, int]:
    return _line(words[0]), 1


def _by_exit(words: Words) -> tuple[str, int]:
    """Read C's exit: what Fortran's runtime had to say of it, it has said to standard error."""
    code = _number(words[0])
    return f"C's exit({code}) was called; what Fortran's runtime says about it is on standard error", code


def _by_abort(_: Words) -> tuple[str, int]:
    return "C's abort() was called; what Fortran's runtime says about it is on standard error", ABORTED


def _by_assertion(words: Words) -> tuple[str, int]:
    """Read what C's assert passes: the condition, the file, the line and the function."""
    return f"{_line(words[1])}:{_number(words[2])}: {_line(words[3])}: Assertion `{_line(words[0])}' failed.", ABORTED


def _by_flang_number(words: Words) -> tuple[str, int]:
    code, is_error = _number(words[0]), bool((words[1] or 0) & 1)
    return "", 1 if is_error and not code else code


def _by_flang_text(words: Words) -> tuple[str, int]:
    return _told(words[0], words[1]), (words[2] or 0) & 1


def _by_flang_report(words: Words) -> tuple[str, int]:
    return f"{_line(words[1])}:{_number(words[2])}: {_line(words[0])}", ABORTED


def told(read: Read, words: Words) -> tuple[str, int]:
    """Return what `read` makes of the words, whatever they are: Fortran must not go on."""
    try:
        return read(words)
    except Exception as failure:
        return f"unknown ({failure})", 1


# void Fortran::runtime::Terminator::RegisterCrashHandler(void (*)(const char *, int, const char *, va_list &)), x86-64
REGISTER_CRASH_HANDLER = "_ZN7Fortran7runtime10Terminator20RegisterCrashHandlerEPFvPKciS3_RA1_13__va_list_tagE"
# By their arguments in libgfortran's stop.c, error.c and caf/single.c, in flang's stop.h and in C: words of 64 bits.
STOPS: dict[str, Read] = {
    "_gfortran_stop_string": _by_text(0),
    "_gfortran_error_stop_string": _by_text(1),
    "_gfortran_stop_numeric": _by_number,
    "_gfortran_error_stop_numeric": _by_number,
    "_gfortran_caf_stop_str": _by_text(0),
    "_gfortran_caf_error_stop_str": _by_text(1),
    "_gfortran_caf_stop_numeric": _by_number,
    "_gfortran_caf_error_stop": _by_number,
    "_gfortran_runtime_error": _by_pattern(2),
    "_gfortran_runtime_error_at": _by_pattern_at(2),
    "_gfortran_os_error": _by_message,
    "_gfortran_os_error_at": _by_pattern_at(1),
    "_gfortran_exit_i4": _by_place,
    "_gfortran_exit_i8": _by_place,
    "_gfortran_abort": _by_abort,
    "_FortranAStopStatement": _by_flang_number,
    "_FortranAStopStatementText": _by_flang_text,
    "_FortranAReportFatalUserError": _by_flang_report,
    "_FortranAExit": _by_number,
    "_FortranAAbort": _by_abort,
    "exit": _by_exit,
    "_exit": _by_exit,
    "_Exit": _by_exit,
    "quick_exit": _by_exit,
    "__assert_fail": _by_assertion,
    "abort": _by_abort,
}
MOST_WORDS = 8
