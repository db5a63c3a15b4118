import pytest

from pokecolor.coloring.instruction import WHOLE, read_instruction
from pokecolor.coloring.instruction.korean import is_korean

SENTENCES = [
    ("파란 몸에 빨간 눈", {"body": "blue", "eyes": "red"}),
    ("몸은 파랗게, 눈은 빨갛게 칠해줘", {"body": "blue", "eyes": "red"}),
    ("빨간 눈을 가진 초록색 개구리로 바꿔줘", {"eyes": "red", "frog": "green"}),
    ("노란 오리", {"duck": "yellow"}),
    ("진한 초록색 드래곤", {"dragon": "dark green"}),
    ("머리카락은 금색으로 해줘", {"hair": "gold"}),
    ("빨간 모자와 파란 바지", {"hat": "red", "pants": "blue"}),
    ("하얀 배와 검은 귀를 가진 갈색 강아지",
     {"belly": "white", "ears": "black", "puppy": "brown"}),
    ("눈과 꼬리는 빨간색으로", {"eyes": "red", "tail": "red"}),
    ("전체를 보라색으로 칠해줘", {WHOLE: "purple"}),
    ("초록색 공룡, 배는 노란색", {"dinosaur": "green", "belly": "yellow"}),
    ("연두색 거북이의 등껍질은 갈색", {"turtle": "lime", "shell": "brown"}),
    ("분홍색 돼지", {"pig": "pink"}),
    ("파란색 고래와 주황색 문어", {"whale": "blue", "octopus": "orange"}),
    ("노란 집에 빨간 지붕", {"house": "yellow", "roof": "red"}),
    ("빨간 셔츠와 파란 치마를 입은 소녀", {"shirt": "red", "skirt": "blue"}),
    ("회색 코끼리로 만들어줘", {"elephant": "grey"}),
    ("하늘색 하늘과 초록 잔디", {"sky": "light blue", "grass": "green"}),
    ("날개는 보라, 부리는 노랑", {"wings": "purple", "beak": "yellow"}),
    ("파란눈 고양이", {"eyes": "blue"}),
    ("눈: 빨강, 몸: 초록", {"eyes": "red", "body": "green"}),
    ("꼬리를 까맣게", {"tail": "black"}),
    ("귀는 분홍색이고 코는 검은색인 흰 토끼",
     {"ears": "pink", "nose": "black", "rabbit": "white"}),
    ("연분홍 드레스", {"dress": "light pink"}),
    ("파란색 나비를 그려줘", {"butterfly": "blue"}),
    ("갈색 머리와 파란 눈의 소녀", {"hair": "brown", "eyes": "blue"}),
    ("까만 고양이", {"cat": "black"}),
    ("남색 상어", {"shark": "navy"}),
    ("빨간 사과와 노란 바나나", {"apple": "red", "banana": "yellow"}),
    ("초록 나뭇잎", {"leaf": "green"}),
    ("보라색 꽃", {"flower": "purple"}),
    ("날개를 하얗게 칠해", {"wings": "white"}),
    ("배는 하얗고 등은 파랗게", {"belly": "white", "back": "blue"}),
    ("빨간 자동차", {"car": "red"}),
    ("연한 파란색 셔츠", {"shirt": "light blue"}),
    ("어두운 빨간색 망토", {"cape": "dark red"}),
    ("주황색 여우에 흰 꼬리", {"fox": "orange", "tail": "white"}),
    ("초록색으로 칠해줘", {WHOLE: "green"}),
    ("청록색 물고기", {"fish": "teal"}),
    ("노란 부리와 노란 발을 가진 하얀 오리",
     {"beak": "yellow", "feet": "yellow", "duck": "white"}),
    ("빨간 뿔이 달린 검은 용", {"horns": "red", "dragon": "black"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_each_color_belongs_to_its_noun(text, expected):
    assert {pair.noun: pair.color for pair in read_instruction(text).pairs} == expected


def test_the_model_reads_it_in_english():
    told = read_instruction("빨간 눈을 가진 초록색 개구리로 바꿔줘").model_prompt
    assert told == "Turn it into a green frog with red eyes"
    assert read_instruction("파란 몸에 빨간 눈").model_prompt == "a blue body and red eyes"


def test_values_stand_in_korean_sentences_too():
    (pair,) = read_instruction("#ff0000 모자").pairs
    assert (pair.noun, pair.exact) == ("hat", (255, 0, 0))


@pytest.mark.parametrize(
    ("text", "prompt"),
    [
        ("개구리", "Turn it into a frog"),
        ("예쁘게 그려줘", "Turn it into a color drawing"),
        ("밤에 노래하는 새", "Turn it into a bird"),
        ("가", "Turn it into a color drawing"),
    ],
)
def test_without_a_color_nothing_is_made_up(text, prompt):
    read = read_instruction(text)
    assert read.pairs == ()
    assert read.model_prompt == prompt


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("머리는 초록, 나머지는 보라", {"head": "green", WHOLE: "purple"}),
        ("머리는 초록으로 하고 나머지 부분은 보라색으로", {"head": "green", WHOLE: "purple"}),
        ("눈만 빨갛게 그 외에는 전부 파랑", {"eyes": "red", WHOLE: "blue"}),
        ("모자는 빨강, 다른 부분은 흰색", {"hat": "red", WHOLE: "white"}),
        ("나머진 다 초록 눈은 빨강", {WHOLE: "green", "eyes": "red"}),
        ("몸은 노랑 rest는 빨강", {"body": "yellow", WHOLE: "red"}),
        # the whole has a color: the rest is what is on it
        ("초록 개구리 나머지는 보라", {"frog": "green", "parts": "purple"}),
        ("파란 고래와 주황 문어, 나머지는 흰색",
         {"whale": "blue", "octopus": "orange", "parts": "white"}),
        ("나머지 털은 흰색 귀는 검정", {"fur": "white", "ears": "black"}),
        ("다른 색으로 칠해줘", {}),
    ],
)  # fmt: skip
def test_the_rest_is_all_that_has_no_color(text, expected):
    read = read_instruction(text)
    assert {pair.noun: pair.color for pair in read.pairs} == expected
    assert all(color in read.model_prompt for color in expected.values())


@pytest.mark.parametrize(
    ("word", "noun"),
    [
        ("눈가", "eyes"), ("입가", "mouth"), ("가슴털", "chest"), ("가슴팍", "chest"),
        ("볼따구", "cheeks"), ("날개막", "wings"), ("조거바지", "pants"), ("더벅머리", "hair"),
        ("잠옷", "clothes"), ("눈 주위", "eyes"), ("코 안쪽", "nose"), ("입 주변", "mouth"),
        ("호피무늬", "markings"), ("눈색깔", "eyes"),
    ],
)  # fmt: skip
def test_a_compound_is_told_by_the_noun_in_it(word, noun):
    (pair,) = read_instruction(f"{word}은 검정").pairs
    assert (pair.noun, pair.color) == (noun, "black")


@pytest.mark.parametrize(
    ("text", "left_out", "prompt"),
    [
        ("재킷은 검정 이너는 흰색", ("이너",), "a black jacket"),
        ("보라색 기모노를 입은 여자, 회색 쿠나이, 초록 언덕", ("쿠나이",),
         "Turn it into a woman with a purple kimono and green hills"),
        ("이너는 흰색 나머지는 검정", ("이너",), "Turn it into a black creature"),
        ("반짝이는 노란 별", (), "a yellow star"),
    ],
)  # fmt: skip
def test_a_noun_in_no_table_is_left_out(text, left_out, prompt):
    read = read_instruction(text)
    assert (read.left_out, read.model_prompt) == (left_out, prompt)


@pytest.mark.parametrize(
    ("text", "prompt"),
    [
        ("피카츄는 노랗게 볼은 빨갛게", "Turn it into a yellow creature with red cheeks"),
        ("파란 눈의 보라색 메타몽", "Turn it into a purple creature with blue eyes"),
        ("키링은 노란색으로", "Turn it into a yellow creature"),
    ],
)
def test_a_subject_in_no_table_is_a_creature_and_that_is_said(text, prompt):
    read = read_instruction(text)
    assert read.model_prompt == prompt
    assert "read as creature" in read.summary


@pytest.mark.parametrize(
    ("text", "subject", "expected"),
    [
        ("아기 용 머리는 초록색, 몸은 노란색", "dragon", {"head": "green", "body": "yellow"}),
        ("귀도 꼬리도 분홍색인 회색 쥐", "mouse",
         {"ears": "pink", "tail": "pink", "mouse": "grey"}),
        ("파란 덤불 앞에 있는 초록 공룡", "dinosaur", {"bush": "blue", "dinosaur": "green"}),
        ("회색 등불 옆의 보라색 기모노 입은 여자", None, {"lantern": "grey", "kimono": "purple"}),
        ("머리는 갈색, 셔츠는 흰색", None, {"hair": "brown", "shirt": "white"}),
        ("회색 코끼리 머리는 파랑, 셔츠는 흰색", "elephant",
         {"elephant": "grey", "head": "blue", "shirt": "white"}),
        ("빨간 띠를 두른 갈색 모자", "hat", {"band": "red", "hat": "brown"}),
        ("노란 별이 그려진 파란 가방", "bag", {"star": "yellow", "bag": "blue"}),
        ("파란 셔츠를 입은 갈색 모자", None, {"shirt": "blue", "hat": "brown"}),
        ("지붕빨강벽노랑문갈색", None, {"roof": "red", "walls": "yellow", "door": "brown"}),
        ("눈 색깔은 빨강, 머리색깔은 검정", None, {"eyes": "red", "head": "black"}),
    ],
)  # fmt: skip
def test_the_subject_is_what_all_else_is_said_of(text, subject, expected):
    read = read_instruction(text)
    assert {pair.noun: pair.color for pair in read.pairs} == expected
    assert read.subject == subject


@pytest.mark.parametrize(
    "text", ["빨강파랑" * 600, "눈코입귀" * 2500, "가" * 10_000, "나머지 " * 2000]
)
def test_words_without_end_are_read(text):
    assert not is_korean(read_instruction(text).model_prompt)


def test_all_colors_of_the_whole_are_told():
    assert read_instruction("빨강 파랑 로봇").model_prompt == "Turn it into a red and blue robot"
