"""The commands of `pokecolor`, one a file: its arguments (`add_to`) and what it does (`run`)."""
