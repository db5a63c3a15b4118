"""The model card of an exported pipeline."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ATTRIBUTIONS = {
    "openmoji": (
        "Drawings: [OpenMoji](https://openmoji.org), the open-source emoji and icon project, "
        "licensed CC BY-SA 4.0."
    ),
    "icons": (
        "Drawings: sets of icons as [Iconify](https://icon-sets.iconify.design) packs them, each "
        "under a license of its own, some of which ask to name the authors."
    ),
    "labeled": (
        "Drawings with named parts: [Open Clip Art](https://openclipart.org), public domain, and "
        "[Streamline Emojis](https://www.streamlinehq.com), CC BY 4.0."
    ),
    "sketch2pokemon": (
        "Drawings: Sketch2Pokemon, whose images belong to their owners and are not part of this "
        "model."
    ),
}
"""What must be said of a data set wherever a model trained on it is shown, by the source's name,
which is part of the name of a mixture."""


HUB_DATA = {"pokemon-blip": "svjack/pokemon-blip-captions-en-ja"}
"""Data sets of the hub by the source's name, which is part of the name of a mixture."""


@dataclass(frozen=True)
class ModelCard:
    """What a reader of the weights needs to know."""

    origin: str
    """What training started from, in words."""
    data: str
    """Name of the source of the drawings."""
    recipe: Mapping[str, object]
    """Settings and figures of the run, in the order they are to be shown."""
    license: str = "apache-2.0"
    """Identifier of the hub's list of licences."""
    datasets: tuple[str, ...] = ()
    """Further ids of data sets on the hub."""

    def to_markdown(self, size: int, title: str = "A line-drawing colorizer") -> str:
        """The text of `README.md`, with the hub's metadata on top.

        Args:
            size: side of the square pictures that the model was trained on, in pixels.
            title: its heading.
        """
        from huggingface_hub import ModelCardData

        rows = "\n".join(f"| {name} | {value} |" for name, value in self.recipe.items())
        credits = [text for name, text in ATTRIBUTIONS.items() if name in self.data]
        attribution = "\n".join(credits) or f"Drawings: {self.data}."
        known = [hub_id for name, hub_id in HUB_DATA.items() if name in self.data]
        metadata = ModelCardData(
            license=self.license,
            library_name="diffusers",
            pipeline_tag="image-to-image",
            base_model=self.base_model,
            datasets=[*known, *self.datasets] or None,
            tags=["instruct-pix2pix", "colorization"],
        )
        return f"""---
{metadata.to_yaml()}
---

# {title}

Colors a line drawing by an instruction such as "Turn it into a green creature with red eyes". An
InstructPix2Pix model in diffusers layout, trained with pokecolor on pictures of {size} x {size}
pixels.

```python
from diffusers import StableDiffusionInstructPix2PixPipeline
from PIL import Image, ImageOps

pipeline = StableDiffusionInstructPix2PixPipeline.from_pretrained("THIS FOLDER")
sketch = ImageOps.pad(Image.open("sketch.png").convert("RGB"), ({size}, {size}), color="white")
pipeline("Turn it into a green creature", image=sketch, num_inference_steps=20).images[0]
```

Or, at the size and with the lines of the sketch:
`pokecolor colorize sketch.png --prompt "Turn it into a green creature" --model "THIS FOLDER"`.

## Data

{attribution}

## Recipe

Started from {self.origin}. The weights are the running average of training where one is kept.

| Setting | Value |
| --- | --- |
{rows}

## License

{self.license} for the weights, together with the terms of the base model and of the data above.
There is no safety checker: it is a tool for drawings.
"""

    @property
    def base_model(self) -> str | None:
        """The hub id of what training started from; None where it was something of this machine."""
        found = re.search(r"`([\w.-]+/[\w.-]+)`", self.origin)
        return found[1] if found and not Path(found[1]).exists() else None
