"""English words that show what belongs to what, by their kind."""

from __future__ import annotations

from typing import Literal

Kind = Literal[
    "color", "noun", "pronoun", "article", "possessive", "and", "comma", "stop", "colon", "with",
    "be", "in", "for", "on", "of", "from", "to", "not", "but", "verb", "adjective", "shade",
    "word", "both", "ed", "owner",
]  # fmt: skip
"""What a unit of a sentence is; "both" is a color or a noun, "ed" is "haired" in "blue-haired"."""

_LISTS: dict[Kind, str] = {
    "article": "a an the its his her hers their my our your this that these those one two three"
    " four five both each every some any another more several many",
    "pronoun": "it him them everything everyone all rest remainder",
    "with": "with wit w wearing having has have holding carrying featuring who which whose had got",
    "and": "and n & plus / or +",
    "but": "but while whereas except though although because",
    "be": "is r are was were be been being become becomes should must will shall remain remains"
    " stay stays look looks get gets goes",
    "in": "in into inside within dressed",
    "to": "to as",
    "for": "for",
    "on": "on upon over under above below behind beside near around against at by before across"
    " between through from",
    "of": "of",
    "not": "not no without never dont don't isn't aren't instead except",
    "verb": "make makes making color colors coloring colour colours colouring paint painting turn"
    " change give gives leave keep use want wants draw dye fill let set put add render recolor"
    " recolour tint do does have please need needs would like likes could can i you we he she they"
    " try choose pick go went sits sitting stands standing show shows think love ok hey hi",
    "adjective": "itself themselves please pls plz thx thanks"
    " too also completely fully entirely just only mostly now again very really"
    " so quite rather still then there here colored coloured shade hue tone tinted whole entire"
    " little big large small tiny huge giant tall short long wide narrow round thick thin old young"
    " new cute pretty beautiful nice lovely happy sad angry funny smiling sleeping flying running"
    " fluffy furry hairy shiny glossy matte fancy plain simple cartoon magical friendly scary evil"
    " leather denim wool woolen silk cotton velvet plastic metal stone straw baggy curly straight"
    " wavy spiky messy left right front upper lower outer wild baby adult matching same different"
    " wooden shining sparkly glowing fat slim chubby strong weak",
}

KINDS: dict[str, Kind] = {word: kind for kind, words in _LISTS.items() for word in words.split()}
KINDS |= {"from": "from", "have": "with", ",": "comma", ":": "colon", "=": "colon"}
KINDS |= dict.fromkeys((".", "!", "?", ";", "\n", "(", ")"), "stop")
KINDS |= dict.fromkeys(("'s", "’s"), "possessive")

HAS = {
    "haired": "hair", "eyed": "eyes", "skinned": "skin", "bellied": "belly", "winged": "wings",
    "tailed": "tail", "legged": "legs", "eared": "ears", "nosed": "nose", "cheeked": "cheeks",
    "horned": "horns", "spotted": "spots", "striped": "stripes", "roofed": "roof",
    "feathered": "feathers", "furred": "fur", "maned": "mane", "beaked": "beak",
    "headed": "head", "faced": "face", "lipped": "lips", "shelled": "shell", "finned": "fins",
    "bearded": "beard", "chested": "chest", "footed": "feet", "dotted": "spots",
    "clawed": "claws", "walled": "walls", "bodied": "body", "sleeved": "sleeves",
}  # fmt: skip
"""Adjectives of having a part: "blue-haired"."""

HAIR = (
    "blonde", "blond", "brunette", "brunet", "redhead", "ginger", "auburn", "platinum blonde",
    "dirty blonde", "strawberry blonde", "dark blonde", "honey blonde",
)  # fmt: skip
"""Colors that are of a person's hair where they stand before the person, or for one."""

COMPLEXION: dict[tuple[str, str], tuple[str, str]] = {
    ("dark", "skin"): ("brown", "6b4226"), ("light", "skin"): ("peach", "f6d3b3"),
    ("pale", "skin"): ("cream", "f9e2d0"), ("dark", "hair"): ("dark brown", ""),
    ("light", "hair"): ("yellow", "e8c766"), ("dark", "clouds"): ("dark grey", ""),
    ("dark", "cloud"): ("dark grey", ""), ("dark", "sky"): ("navy", ""),
    ("dark", "eyes"): ("dark brown", ""), ("light", "eyes"): ("light blue", ""),
    ("dark", "fur"): ("dark brown", ""), ("light", "fur"): ("cream", ""),
    ("dark", "wood"): ("dark brown", ""), ("light", "wood"): ("light brown", ""),
}  # fmt: skip
"""What "dark", "light" and "pale" alone mean of some nouns: mini's word and an exact color."""
