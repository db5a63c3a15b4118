"""The model card of an exported pipeline."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pokecolor.model_files.sampling import Sampling


@dataclass(frozen=True)
class ModelCard:
    """The contents of a model card."""

    origin: str
    """Description of the weights that training started from."""
    data: str
    """Name of the source of the drawings."""
    recipe: Mapping[str, object]
    """Settings and results of the run, in the order of the table."""
    license: str = "apache-2.0"
    """Identifier of the license on the hub."""
    attribution: str = ""
    """The attribution that the drawings require, in Markdown."""
    datasets: tuple[str, ...] = ()
    """Ids of the data sets on the hub."""

    def to_markdown(self, sampling: Sampling, pipeline: str, size: int) -> str:
        """The text of `README.md`, with the hub's metadata on top.

        Args:
            sampling: sampling settings of the model, for the code example.
            pipeline: name of the pipeline class in diffusers.
            size: side of the square training images, in pixels.
        """
        from huggingface_hub import ModelCardData

        rows = "\n".join(f"| {name} | {value} |" for name, value in self.recipe.items())
        metadata = ModelCardData(
            license=self.license,
            library_name="diffusers",
            pipeline_tag="image-to-image",
            base_model=self.base_model,
            datasets=list(self.datasets) or None,
            tags=["instruct-pix2pix", "colorization"],
        )
        return f"""---
{metadata.to_yaml()}
---

# A line-drawing colorizer

Colors a line drawing by an instruction such as "Turn it into a green creature with red eyes". An
InstructPix2Pix model in diffusers layout, trained with pokecolor on pictures of {size} x {size}
pixels.

```python
from diffusers import {pipeline}
from PIL import Image, ImageOps

pipeline = {pipeline}.from_pretrained("THIS FOLDER")
sketch = ImageOps.pad(Image.open("sketch.png").convert("RGB"), ({size}, {size}), color="white")
pipeline(
    "Turn it into a green creature",
    image=sketch,
    num_inference_steps={sampling.steps},
    guidance_scale={sampling.guidance},
    image_guidance_scale={sampling.image_guidance},
).images[0]
```

Or, at the size and with the lines of the sketch:
`pokecolor colorize sketch.png --prompt "Turn it into a green creature" --model "THIS FOLDER"`.

## Data

{self.attribution or f"Drawings: {self.data}."}

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
        """The hub id of the model that training started from; None if that was a local model."""
        found = re.search(r"`([\w.-]+/[\w.-]+)`", self.origin)
        return found[1] if found and not Path(found[1]).exists() else None
