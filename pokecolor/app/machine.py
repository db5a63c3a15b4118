"""How a service that shares its machine treats it: requests first, freed memory given back."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
import threading


def let_requests_go_first() -> None:
    """Lower this thread's priority, and that of the threads torch starts from it.

    On Linux priorities are per thread; elsewhere this would slow the whole process down.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)


def give_memory_back() -> None:
    """Return what was freed to the system: glibc keeps the 100 MB and more of a large picture."""
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError, OSError):  # another libc has no such function
            ctypes.CDLL(None).malloc_trim(0)
