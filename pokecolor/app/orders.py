"""Checks what a client asks for, whatever it is, and makes an order of it."""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass

from pokecolor.app.creation import Order
from pokecolor.app.limits import Limits
from pokecolor.app.refusals import Refusal
from pokecolor.coloring.compositing import LOOKS
from pokecolor.model_files.sampling import Sampling

LARGEST_SEED = 2**31 - 1
OPENING = "Turn it into"
"""An instruction that says no more than this says nothing."""


@dataclass(frozen=True)
class OrderValidator:
    """Takes orders within the limits of a service.

    Args:
        defaults: the settings that the model has by itself.
    """

    limits: Limits
    defaults: Sampling

    def order(
        self,
        prompt: object,
        name: object = "",
        seed: object = None,
        variants: object = 1,
        steps: object = None,
        guidance_scale: object = None,
        image_guidance_scale: object = None,
        look: object = LOOKS[0],
    ) -> Order:
        """An order; without a seed, one of a random seed.

        Raises:
            Refusal: something is not as it should be.
        """
        instruction = self.line("prompt", prompt, self.limits.prompt_length)
        if instruction.casefold() in ("", OPENING.casefold()):
            raise Refusal("prompt_empty")
        if look not in LOOKS:
            raise Refusal("value", field="look")
        limits, defaults = self.limits, self.defaults
        some = secrets.randbelow(LARGEST_SEED + 1)
        first = int(_number("seed", seed, 0, LARGEST_SEED, some, whole=True))
        count = int(_number("variants", variants, 1, limits.variants, 1, whole=True))
        return Order(
            name=self.line("name", name, limits.name_length),
            prompt=instruction,
            seeds=tuple((first + number) % (LARGEST_SEED + 1) for number in range(count)),
            steps=int(_number("steps", steps, 1, limits.steps, defaults.steps, whole=True)),
            guidance_scale=_number(
                "guidance_scale", guidance_scale, 1, limits.guidance, defaults.guidance
            ),
            image_guidance_scale=_number(
                "image_guidance_scale",
                image_guidance_scale,
                1,
                limits.guidance,
                defaults.image_guidance,
            ),
            look=look,
        )

    def line(self, field: str, text: object, limit: int) -> str:
        """One line without control characters or marks that reverse the text's direction.

        Raises:
            Refusal: it is no text, or longer than `limit` characters.
        """
        if not isinstance(text, str):
            raise Refusal("value", field=field)
        if len(text) > 10 * limit:  # before work is spent on it
            raise Refusal("text_length", field=field, limit=limit)
        clean = "".join(
            " " if character.isspace() else character
            for character in unicodedata.normalize("NFC", text)
            if character.isspace()
            or (
                unicodedata.category(character) not in ("Cc", "Cs", "Cn", "Co")
                and not "\u202a" <= character <= "\u202e"
                and not "\u2066" <= character <= "\u2069"
            )
        )
        line = " ".join(clean.split())
        if len(line) > limit:
            raise Refusal("text_length", field=field, limit=limit)
        return line


def _number(
    field: str, value: object, least: float, most: float, default: float, whole: bool = False
) -> float:
    if value is None:
        return default
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    # no comparison holds for NaN
    if not is_number or not least <= value <= most or (whole and value != int(value)):
        raise Refusal("value", field=field)
    return float(value)
