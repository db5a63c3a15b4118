"""The request of `pokecolor colorize`: refused where it makes no sense, said as understood."""

from __future__ import annotations

import os
import random
import sys
from typing import TYPE_CHECKING

from pokecolor.coloring.instruction import in_short, read_instruction, require_text
from pokecolor.core.errors import UserError
from pokecolor.model_files.sampling import Sampling

if TYPE_CHECKING:
    import argparse

MAX_SEED = 2**64 - 1
"""The largest that PyTorch takes."""
ANY_SEED = -1
MAX_VARIANTS = 1000
"""All of a sketch are painted before the first is written."""


def require_sense(options: argparse.Namespace) -> None:
    """Refuse what contradicts itself, or is out of all bounds.

    Raises:
        UserError: something does; the line says what to change.
    """
    for name in ("shade", "layers"):
        if options.raw and getattr(options, name):
            raise UserError(
                f"--{name}: not with --raw, which is the model's painting alone; drop one"
            )
    if not options.prompt.strip():
        raise UserError("--prompt: empty; say what to turn the sketch into")
    for name in ("prompt", "negative_prompt"):
        require_text(getattr(options, name), f"--{name.replace('_', '-')}")
    if options.variants > MAX_VARIANTS:
        raise UserError(f"--variants {options.variants}: give {MAX_VARIANTS} at most")
    Sampling().but(options.steps, options.guidance, options.image_guidance)
    for folder in filter(os.path.isdir, options.sketches):
        # beside the sketches they would be taken for sketches the next time
        if options.out is None:
            raise UserError(f"{folder}: a folder; name another for the results by --out")
        if os.path.realpath(options.out) == os.path.realpath(folder):
            raise UserError(
                f"--out {options.out}: the folder of the sketches; name another for the results"
            )


def choose_seeds(first: int, count: int) -> range:
    """The seeds of the variants of a sketch.

    Raises:
        UserError: they are none.
    """
    if first == ANY_SEED:
        first = random.SystemRandom().randrange(2**32)
        print(f"seed: {first}", file=sys.stderr)
    if not 0 <= first <= MAX_SEED - count + 1:
        raise UserError(
            f"--seed {first}: give 0 to {MAX_SEED - count + 1}, or {ANY_SEED} to have one drawn"
        )
    return range(first, first + count)


def say_what_is_understood(prompt: str) -> None:
    """Write to standard error what is asked for, and what of it is left out."""
    understood = read_instruction(prompt)
    if understood.pairs:
        print(f"understood: {in_short(understood.summary)}", file=sys.stderr)
        if understood.left_out:
            nouns = in_short(", ".join(understood.left_out))
            print(f"warning: not known, and left out with its color: {nouns}", file=sys.stderr)
        return
    said, example = in_short(prompt), "a green frog with yellow eyes"
    print(f'warning: no color found in "{said}"; name one, such as "{example}"', file=sys.stderr)
