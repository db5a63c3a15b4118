"""The exception for mistakes that the user can fix."""

LONGEST = 2000
"""Characters of a message; of a longer one the middle is left out."""


class UserError(Exception):
    """An error that the user can fix: a missing folder, a mistyped name, an unreadable file.

    The message is one line that says what is wrong, where, and what to do. Entry points print it
    without a traceback and exit with code 2.
    """

    def __init__(self, message: str) -> None:
        # quoted text, such as a file name, may have line breaks or be very long
        line = " ".join(message.splitlines())
        if len(line) > LONGEST:
            line = f"{line[: LONGEST // 2]} ... {line[-LONGEST // 2 :]}"
        super().__init__(line)
