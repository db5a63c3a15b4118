from pokecolor.captioning.original import OriginalCaptions


def test_keeps_the_instruction_of_the_data_set():
    captions = OriginalCaptions()
    captions.prepare("data", ["any-id"], None, None)
    captions.load("data", ["any-id"])
    assert captions.prompt("any-id", "Turn it into a red fox") == "Turn it into a red fox"
