"""Routes of a visitor's own creations."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response

from pokecolor.app.api import schemas
from pokecolor.app.api.describing import describe_creation, numbers_of
from pokecolor.app.api.requests import ERRORS, PageNumber, Text, ThreadLimit, Visitor, sent
from pokecolor.app.painting import read_regions, recolor
from pokecolor.app.refusals import Refusal

if TYPE_CHECKING:
    from pokecolor.app.creation import Creation
    from pokecolor.app.studio import Studio


def creation_routes(studio: Studio) -> APIRouter:
    """Declare them."""
    routes = APIRouter(prefix="/api/creations", tags=["creations"], responses=ERRORS)
    collection = studio.collection
    threads = ThreadLimit(1)  # two at a time would write the same files

    def picture_of(visitor: str, creation_id: str, number: int) -> Creation:
        creation = collection.get(visitor, creation_id)
        if not 0 <= number < len(creation.pictures):
            raise Refusal("not_found")
        return creation

    @routes.get("")
    def creations(visitor: Visitor, text: Text = "", page: PageNumber = 1) -> schemas.Creations:
        """Your creations by name and prompt, the newest first."""
        found = collection.page(visitor, text, page, studio.limits.page)
        listed = [describe_creation(studio, creation) for creation in found.items]
        return schemas.Creations(**numbers_of(found), creations=listed)

    @routes.get("/{creation_id}")
    def creation(visitor: Visitor, creation_id: str) -> schemas.Creation:
        """One of your creations."""
        return describe_creation(studio, collection.get(visitor, creation_id))

    @routes.delete("/{creation_id}", status_code=204)
    def delete(visitor: Visitor, creation_id: str) -> Response:
        """Delete a creation with its pictures."""
        collection.delete(visitor, creation_id)
        return Response(status_code=204)

    @routes.put("/{creation_id}/share")
    def share(visitor: Visitor, creation_id: str, body: schemas.ShareRequest) -> schemas.Creation:
        """Give a creation a public page, or take it away."""
        return describe_creation(studio, collection.share(visitor, creation_id, body.public))

    @routes.get(
        "/{creation_id}/regions/{number}.png",
        response_class=Response,
        responses={200: {"content": {"image/png": {}}}},
    )
    async def regions(visitor: Visitor, creation_id: str, number: int) -> Response:
        """The regions that lines close: R + 256 G is a pixel's region, 0 on lines."""

        def read() -> bytes:
            creation = picture_of(visitor, creation_id, number)
            box = creation.pictures[number].box
            return read_regions(collection.folder_of(creation), number, box)

        headers = {"cache-control": "private, max-age=3600"}
        return Response(await threads.run(read), media_type="image/png", headers=headers)

    @routes.put("/{creation_id}/pictures/{number}")
    async def finish(
        request: Request,
        visitor: Visitor,
        creation_id: str,
        number: int,
        body: schemas.PictureRequest,
    ) -> schemas.Creation:
        """Keep a picture as it was finished by hand, or compose it anew in another look."""
        if (body.colors is None) == (body.look is None):
            raise Refusal("call")

        def change() -> Creation:
            creation = picture_of(visitor, creation_id, number)
            done = partial(recolor, collection, visitor, creation, number)
            if body.look is not None:
                return done(look=body.look)
            return done(colors=studio.read_image(sent(request, body.colors)))

        return describe_creation(studio, await threads.run(change))

    return routes
