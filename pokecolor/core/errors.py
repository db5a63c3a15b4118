"""The exception for mistakes that the user can fix."""

LONGEST = 2000
"""Characters in a message, of which the first and the last halves are told if it has more."""


class UserError(Exception):
    """Something the user can mend: a missing folder, a mistyped name, an unreadable file.

    The message is one line that says what is wrong, where, and what to do. Entry points print it
    without a traceback and exit with code 2.
    """

    def __init__(self, message: str) -> None:
        # what a message quotes, such as the name of a file, may have line breaks, or no end
        line = " ".join(message.splitlines())
        if len(line) > LONGEST:
            line = f"{line[: LONGEST // 2]} ... {line[-LONGEST // 2 :]}"
        super().__init__(line)
