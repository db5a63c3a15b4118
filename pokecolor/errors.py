"""The exception for mistakes that the user can fix."""


class UserError(Exception):
    """Something the user can mend: a missing folder, a mistyped name, an unreadable file.

    The message is one line that says what is wrong, where, and what to do. Entry points print it
    without a traceback and exit with code 2.
    """
