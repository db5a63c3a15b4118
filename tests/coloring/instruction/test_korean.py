import pytest

from pokecolor.coloring.instruction import WHOLE, read_instruction

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
    ("갈색 머리와 파란 눈의 소녀", {"head": "brown", "eyes": "blue"}),
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


@pytest.mark.parametrize("text", ["개구리", "예쁘게 그려줘", "밤에 노래하는 새", "가"])
def test_without_a_color_nothing_is_made_up(text):
    read = read_instruction(text)
    assert read.pairs == ()
    assert read.model_prompt == text
