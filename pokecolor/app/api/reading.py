"""Routes that tell what there is, and what is understood: session, language, sketches, prompts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response

import pokecolor
from pokecolor.app.api import schemas
from pokecolor.app.api.describing import numbers_of
from pokecolor.app.api.requests import ERRORS, LANGUAGE_COOKIE, PageNumber, Text, language_of
from pokecolor.app.prompts import COLORS, PARTS, names_of, understand, words_of
from pokecolor.app.refusals import Refusal
from pokecolor.app.visitors import set_cookie
from pokecolor.coloring.compositing import LOOKS

if TYPE_CHECKING:
    from pokecolor.app.studio import Studio


def reading_routes(studio: Studio) -> APIRouter:
    """Declare them."""
    routes = APIRouter(prefix="/api", tags=["reading"], responses=ERRORS)
    library, limits, defaults = studio.library, studio.limits, studio.validator.defaults

    @routes.get("/session")
    def session(request: Request) -> schemas.Session:
        """All that a client needs to know first; gives a visitor without a cookie one."""
        return schemas.Session(
            version=pokecolor.__version__,
            model=schemas.ModelInfo(name=studio.model.name, small=studio.model.small),
            language=language_of(request),
            limits=schemas.LimitsInfo(
                **{name: getattr(limits, name) for name in schemas.LimitsInfo.model_fields}
            ),
            defaults=schemas.Defaults(
                steps=defaults.steps,
                guidance_scale=defaults.guidance,
                image_guidance_scale=defaults.image_guidance,
                look=LOOKS[0],
            ),
            looks=list(LOOKS),
            colors=[
                schemas.Color(
                    term=term, names={"en": term, "ko": korean}, hex=value, words=words_of(term)
                )
                for term, (value, korean) in COLORS.items()
            ],
            parts=[schemas.Part(name=part, names=names_of(part)) for part in PARTS],
            categories=[
                schemas.Category(key=key, names=names, count=library.counts[key])
                for key, names in library.categories.items()
            ],
            credit=library.credit,
            visitor=True,
        )

    @routes.put("/language", status_code=204)
    def choose_language(request: Request, body: schemas.LanguageRequest) -> Response:
        """Be talked to in a language from now on."""
        cookie = set_cookie(LANGUAGE_COOKIE, body.language, request.url.scheme == "https")
        return Response(status_code=204, headers={"set-cookie": cookie})

    @routes.get("/sketches")
    def sketches(text: Text = "", category: Text = "", page: PageNumber = 1) -> schemas.Sketches:
        """Sketches by name, category and synonym, in English and Korean."""
        found = library.search(text, category, page, limits.page)
        listed = [
            schemas.Sketch(
                id=sketch.id,
                names=sketch.names,
                categories=list(sketch.categories),
                finished=sketch.finish is not None,
            )
            for sketch in found.items
        ]
        return schemas.Sketches(**numbers_of(found), sketches=listed)

    @routes.post("/understand")
    def understood(request: Request, body: schemas.PromptRequest) -> schemas.Understood:
        """What a prompt asks for, without painting it."""
        if len(body.prompt) > limits.prompt_length:
            raise Refusal("text_length", field="prompt", limit=limits.prompt_length)
        read = understand(body.prompt, studio.model.small)
        return schemas.Understood(
            understood=read.understood,
            parts=[schemas.Asked(**vars(asked)) for asked in read.parts],
            colors=len(read.parts),
            warnings=list(read.warnings),
            hint=read.hint(language_of(request)) if body.prompt.strip() else None,
        )

    return routes
