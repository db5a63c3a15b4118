"""The `pokecolor` command. Exit codes: 0 when done, 2 with one line on bad input."""

from __future__ import annotations

import argparse
import sys

from pokecolor import __version__
from pokecolor.commands import (
    audit,
    benchmark,
    caption,
    colorize,
    compare,
    doctor,
    export,
    export_data,
    prefer,
    prepare,
    scripts,
    serve,
)
from pokecolor.core import extras
from pokecolor.core.file_names import let_any_name_be_printed
from pokecolor.running.stop_signals import stop_signal

DONE, USER_ERROR = 0, 2


def main(arguments: list[str] | None = None) -> int:
    """Run one command; `arguments` are those of the command line by default."""
    let_any_name_be_printed()
    options = _parser().parse_args(arguments)
    try:
        extras.require(options.command)
        options.run(options)
    except Exception as error:
        from pokecolor.running.user_message import user_message

        message = user_message(error)
        if message is None:
            raise
        print(f"pokecolor: {message}", file=sys.stderr)
        return USER_ERROR
    except (KeyboardInterrupt, SystemExit) as stop:
        signal = stop_signal(stop)
        if signal is None:
            raise
        code, message = signal
        print(f"pokecolor: {message}", file=sys.stderr)
        return code
    return DONE


class _PrintCompletion(argparse.Action):
    def __call__(
        self, parser: argparse.ArgumentParser, options: object, shell: str, *_: object
    ) -> None:
        try:
            import shtab
        except ModuleNotFoundError:
            parser.error(f"shtab is not installed: {extras.hint('completion')}")
        (commands,) = parser._subparsers._group_actions
        for command in commands.choices.values():
            for action in command._actions:
                if action.nargs != 0 and not action.choices:
                    action.complete = shtab.FILE
        print(shtab.complete(parser, shell))
        parser.exit()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pokecolor", description="Color line drawings by instruction."
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    parser.add_argument(
        "--print-completion",
        metavar="SHELL",
        choices=("bash", "zsh"),
        action=_PrintCompletion,
        help="print a completion script for bash or zsh, and exit",
    )
    commands = parser.add_subparsers(required=True, metavar="command", dest="command")
    for command in (
        colorize,
        serve,
        scripts,
        caption,
        audit,
        prepare,
        export,
        export_data,
        compare,
        benchmark,
        prefer,
        doctor,
    ):
        command.add_to(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
