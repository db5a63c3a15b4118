"""What is sent to the API and what it answers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from pokecolor.app.color_check import State as VerdictState
from pokecolor.app.creation import Warned as PictureWarning
from pokecolor.app.prompts import Warned as PromptWarning
from pokecolor.app.strings import Language
from pokecolor.coloring.compositing import Look

Names = dict[Language, str]
Number = Annotated[int, Field(ge=0, description="Of a picture of a creation, from 0 on.")]
Share = Annotated[float, Field(ge=0, le=1)]


class RequestBody(BaseModel):
    """A body: what it does not know it does not take, and no text is a number."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Error(BaseModel):
    """Why something was refused."""

    error: str = Field(description="One of the kinds in pokecolor/app/refusals.py.")
    field: str | None = Field(None, description="What of the request is meant.")
    limit: int | None = Field(None, description="Bytes, pixels, characters or pieces.")


class LanguageRequest(RequestBody):
    """The language to talk in."""

    language: Language


class PromptRequest(RequestBody):
    """A prompt to understand."""

    prompt: str


class PictureOf(RequestBody):
    """A picture of one of your own creations."""

    creation: str
    number: Number = 0


class Kept(PictureOf):
    """A picture whose pixels stay where a mask is white."""

    mask: str = Field(description="`data:` URL of an image of the sketch's size.")


class JobRequest(RequestBody):
    """What to color, and how."""

    sketch: str | None = Field(
        None, description="Id of a sketch of the library, or `data:image/...;base64,` URL."
    )
    again: PictureOf | None = Field(None, description="In its place, the sketch of a picture.")
    prompt: str
    name: str = ""
    seed: int | None = Field(None, description="0 to 2147483647; random if left out, and told.")
    variants: int | None = Field(1, description="Pictures, of consecutive seeds.")
    steps: int | None = Field(None, description="The model's own if left out, as both scales.")
    guidance_scale: float | None = None
    image_guidance_scale: float | None = None
    look: Look = "clean"
    keep: Kept | None = None
    only: str | None = Field(
        None, description="The part of the picture in `again` that alone changes; `` the whole."
    )


class ShareRequest(RequestBody):
    """Whether to have a public page."""

    public: bool


class PictureRequest(RequestBody):
    """Other colors for a picture: painted by hand, or the model's in another look."""

    colors: str | None = Field(
        None, description="`data:` URL of an RGBA PNG of the sketch's size, without the lines."
    )
    look: Look | None = None


class ModelInfo(BaseModel):
    """The model."""

    name: str
    small: bool


class Defaults(BaseModel):
    """The settings that a job has where it says nothing."""

    steps: int
    guidance_scale: float
    image_guidance_scale: float
    look: Look


class LimitsInfo(BaseModel):
    """The largest of each."""

    upload_bytes: int
    upload_pixels: int
    side: int
    prompt_length: int
    name_length: int
    variants: int
    steps: int
    guidance: float
    own_waiting: int
    kept: int


class Color(BaseModel):
    """A basic color term."""

    term: str
    names: Names
    hex: str
    words: list[str] = Field(description="The English words that mean it, the term first.")


class Part(BaseModel):
    """A part of a drawing; "" is all of it."""

    name: str
    names: Names


class Category(BaseModel):
    """A category of sketches."""

    key: str
    names: Names
    count: int


class Session(BaseModel):
    """What a client needs to know first."""

    version: str
    model: ModelInfo
    language: Language
    limits: LimitsInfo
    defaults: Defaults
    looks: list[Look]
    colors: list[Color]
    parts: list[Part]
    categories: list[Category]
    credit: str
    visitor: bool = Field(description="Whether you have a cookie, now at the latest.")


class Listing(BaseModel):
    """A page of a list."""

    page: int = Field(description="From 1 on; of a page beyond the last, the last.")
    pages: int
    total: int


class Sketch(BaseModel):
    """A sketch of the library; its picture is at /sketches/{id}/{192 or 768}.png."""

    id: str
    names: Names
    categories: list[str]
    finished: bool = Field(description="Whether /sketches/{id}/color.png is there.")


class Sketches(Listing):
    """A page of sketches."""

    sketches: list[Sketch]


class Asked(BaseModel):
    """A color that is asked for."""

    part: str = Field(description='"" for the whole drawing.')
    names: Names
    color: str
    hex: str


class Understood(BaseModel):
    """What a prompt asks for."""

    understood: str
    parts: list[Asked]
    colors: int
    warnings: list[PromptWarning]
    hint: str | None


class Verdict(Asked):
    """Whether a part has its color."""

    state: VerdictState
    share: Share | None = Field(
        description="Of the whole: how much of what no other part asked for has the color."
    )


class Picture(BaseModel):
    """A picture: addresses of its files, and what is known of it."""

    color: str
    clear: str
    colors: str
    small: str
    layers: str
    sketch: str
    width: int
    height: int
    look: Look
    verdicts: list[Verdict]
    warnings: list[PictureWarning]


class Creation(BaseModel):
    """What a job has made."""

    id: str
    name: str
    prompt: str
    understood: str
    seeds: list[int]
    steps: int
    guidance_scale: float
    image_guidance_scale: float
    look: Look
    created: float = Field(description="Seconds since 1970.")
    parent: str | None = Field(description="The creation whose sketch it has.")
    sketch_id: str | None = Field(description="The sketch of the library that it has.")
    share: str | None = Field(description="The token of its public page, /shared/{share}.")
    pictures: list[Picture]


class Creations(Listing):
    """A page of creations."""

    creations: list[Creation]


class Job(BaseModel):
    """A job; the same is sent by /api/events."""

    id: str
    state: Literal["waiting", "running", "done", "failed", "canceled"]
    position: int = Field(description="Jobs before it.")
    progress: Share
    eta_seconds: float | None = Field(description="Until it is done, by what was measured so far.")
    prompt: str
    name: str
    created: float = Field(description="Seconds since 1970.")
    creation: str | None = Field(description="What it has made.")
    error: str | None = Field(description="The kind of refusal that it failed with.")


class JobList(BaseModel):
    """Your jobs: those that wait, run, or have ended within the last hour."""

    jobs: list[Job]
