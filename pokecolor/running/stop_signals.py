"""What a command that SIGINT or SIGTERM ended exits with, also where Lightning hides the signal."""

from __future__ import annotations

INTERRUPTED = 130  # 128 + SIGINT, as shells report it
TERMINATED = 143  # 128 + SIGTERM


def stop_signal(stop: BaseException) -> tuple[int, str] | None:
    """Exit code and name of the signal behind an exception.

    Args:
        stop: a KeyboardInterrupt or SystemExit.

    Returns:
        (130, "interrupted") or (143, "terminated"); None where there was no signal, or where the
        exit code tells it already, after a message.
    """
    if isinstance(stop, SystemExit) and stop.code in (INTERRUPTED, TERMINATED):
        return None
    # Lightning exits 1 after Ctrl-C, and 0 after SIGTERM as though the run were done
    if isinstance(stop, KeyboardInterrupt) or isinstance(stop.__context__, KeyboardInterrupt):
        return INTERRUPTED, "interrupted"
    if type(stop).__name__ == "SIGTERMException":
        return TERMINATED, "terminated"
    return None
