window.pokecolor = {};
