"""The exception for mistakes that the user can fix."""


class UserError(Exception):
    """Something the user can mend: a missing folder, a mistyped name, an unreadable file.

    The message is one line that says what is wrong, where, and what to do. Entry points print it
    without a traceback and exit with code 2.
    """

    def __init__(self, message: str) -> None:
        # what a message quotes, such as the name of a file, may have line breaks
        super().__init__(" ".join(message.splitlines()))
