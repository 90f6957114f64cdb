"""What PyInstaller asks for: the folder with the hooks (entry point ``pyinstaller40``)."""

from __future__ import annotations

from pathlib import Path


def get_hook_dirs() -> list[str]:
    """Return the folder that PyInstaller looks for hooks in."""
    return [str(Path(__file__).parent)]
