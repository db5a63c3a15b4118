"""Korean particles, endings, and words that are no nouns and name no color by themselves."""

from __future__ import annotations

import re

SHADES = {
    "진한": "dark", "짙은": "dark", "어두운": "dark", "진": "dark", "다크": "dark", "딥": "dark",
    "연한": "light", "옅은": "light", "밝은": "light", "연": "light", "라이트": "light",
    "파스텔": "light", "파스텔톤": "light", "베이비": "light", "페일": "pale", "흐린": "pale",
    "선명한": "bright", "형광": "bright", "네온": "bright", "핫": "bright", "브라이트": "bright",
    "쨍한": "bright", "비비드": "bright",
}  # fmt: skip
WHOLES = "전체 모두 전부 그림 전체적 온몸 그것 이것 얘 얘네 여기 이거 그거 전신 싹다 몽땅".split()
"""What stands for the whole drawing."""
RESTS = re.compile(
    r"(?<![가-힣])(?:나머지|나머진|그\s?외|이\s?외|그\s?밖|(?:the )?rest"
    r"|(?:다른|딴|남은)\s?(?:부분|부위|곳|데|것|거|쪽|건))(?:의|에|엔)?(?:\s?(?:다른|남은))?"
    r"(?:\s?(?:부분|부위|곳|데|것|거|쪽|전부|전체|모두|다))*들?"
    r"(은|는|엔|에는|에|을|를|이|가|도|만|으로|로)?(?:\s(?:전부|전체|모두|싹|다|싹다))*(?![가-힣])",
    re.IGNORECASE,
)
"""What stands for all that has no color yet: "나머지", "그 외의 부분은", "다른 데는 다"."""
COLOR = "색깔 색상 색 빛깔 빛 컬러 톤 섹 쌕 색갈".split()
"""What is written behind the name of a color; the last ones are common mistakes."""
BARE_TOPIC = "은 는 이 가 을 를 도 만".split()
TOPIC = (
    *BARE_TOPIC,
    *"만은 들은 들이 들을 부분은 부분을 부분만 쪽은".split(),
    *(f"{color}{topic}" for color in ("색", "색깔", "색상", "컬러") for topic in BARE_TOPIC),
)
JOINING = "와 과 하고 랑 이랑 들과 들하고 그리고".split()
"""Particles after which a noun or a color shares what is said of the next one."""
OTHER = (
    "의 에 에는 에다 에다가 에게 한테 로 으로 들 들의 들에 들에는 까지 에서 님 님은 님이 님의"
    " 처럼 달린 이달린 입은 을입은 쪽 부분 인데 이요 요 같은 만큼"
    " 마다 이나 나 색 색깔 색상 컬러 옆에 위에 아래에 있는"
).split()
PARTICLES = sorted((*TOPIC, *JOINING, *OTHER), key=len, reverse=True)
CLEAR = "으로 에게 하고 은 는 을 를 의 에 로 와 과 랑".split()
"""Particles in which names rarely end."""
SAID = (
    "으로 로 이고 이며 고 며 이야 야 입니다 이다 다 예요 이에요 에요 여야 이어야 인데"
    " 이지만 지만 임 이면 면 이었으면 였으면 이길 일 이니 이라 라 에 네 요 이요 게 구 이구 해 하게"
).split()
"""Endings of a color that is said of the noun before it: "빨갛게", "파란색으로"."""
LOOSE = ("이 가 은 는 을 를 의 인 한 " + " ".join(JOINING)).split()
"""Endings of a color that say nothing of where its noun stands."""
TAIL = re.compile(
    "칠|해|했|하|바꿔|바꾸|만들|부탁|그려|염색|채워|되|변|줘|주|요|습|좋|었|서|입|고|거"
)
"""What may be written onto such an ending without being looked at."""
NOT = ("말고", "빼고", "아니라", "아닌", "아니고", "대신", "제외")
VERBS = ("해", "입은", "입고", "신은", "신고", "쓴", "쓰고", "문", "말", "이", "밤에")
"""Words that are nouns and verbs, "sun" and "do", "of the mouth" and "wearing", or "at night"."""

HAIR = {"금발": "blonde", "은발": "silver", "백발": "white", "흑발": "black", "적발": "red"}
MODIFIERS = ("커다란", "귀여운", "저는", "나는", "우리는", "이번에는", "여기는", "색칠은", "싶은")
GENERAL = tuple(
    "느낌 버전 계열 스타일 걸로 것으로 분위기 바탕 부탁 염색 채색 색칠 칠 그려 조합 위주".split()
)
"""What a color may be of without any noun: "파란 느낌으로"."""
VERBAL = re.compile(r"(?:[요죠줘게고서면음네까해며려세용염삼듯히ㅋㅎ]|한|된|운|진|쁜|는|다)$")
"""How verbs, adverbs and adjectives end."""
