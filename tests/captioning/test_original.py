from pokecolor.captioning.original import OriginalCaptions


def test_keeps_the_instruction_of_the_data_set():
    captions = OriginalCaptions()
    assert captions.prompt("any-id", "Turn it into a red fox") == "Turn it into a red fox"


def test_two_of_them_share_a_cache():
    assert OriginalCaptions().fingerprint == OriginalCaptions().fingerprint
