"""`pokecolor doctor`: checks the machine and the installation."""

from __future__ import annotations

import argparse
from pathlib import Path

from pokecolor.core.errors import UserError


def add_to(commands: argparse._SubParsersAction) -> None:
    """Declare the command."""
    commands.add_parser("doctor", help="check what this machine can run").set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    from pokecolor.running.doctor import examine

    findings = list(examine(Path(".cache"), Path("runs")))
    for finding in findings:
        print(f"{finding.level:<5} {finding.subject:<13} {finding.detail}")
    if failed := [finding.subject for finding in findings if finding.level == "fail"]:
        raise UserError(f"this will not work here: {', '.join(failed)}")
