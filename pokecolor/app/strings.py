"""The page's texts in English and Korean."""

from __future__ import annotations

from typing import Literal, get_args

Language = Literal["en", "ko"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

TABLE: dict[str, tuple[str, str]] = {
    # the page as a whole
    "tagline": ("Your drawing, in the colors you ask for", "내 그림에 말한 대로 색을"),
    "language.other": ("한국어", "English"),
    "language.label": ("한국어로 보기", "View in English"),
    "tab.collect": ("Collect", "고르기"),
    "tab.create": ("Create", "만들기"),
    "tab.result": ("Result", "결과"),
    "tab.mine": ("My collection", "내 작품"),
    "footer.private": (
        "Your collection belongs to this browser and nobody else sees it.",
        "내 작품은 이 브라우저에만 보이고 다른 사람에게는 보이지 않습니다.",
    ),
    "page.previous": ("Previous", "이전"),
    "page.next": ("Next", "다음"),
    "page.of": ("Page {number} of {pages}", "{pages}쪽 중 {number}쪽"),
    # Collect
    "collect.title": ("Pick a sketch to color", "색칠할 스케치를 골라 보세요"),
    "collect.search": ("Search by name", "이름으로 찾기"),
    "collect.search_hint": ("fox, dragon, cup …", "여우, 용, 컵 …"),
    "collect.category": ("Category", "분류"),
    "collect.all": ("All", "전체"),
    "collect.total": ("Sketches: {total}", "스케치 {total}개"),
    "collect.none": (
        "No sketch has that name. Try a shorter word or another category.",
        "그런 이름의 스케치가 없습니다. 더 짧은 낱말이나 다른 분류로 찾아 보세요.",
    ),
    "collect.use": ("Color {name}", "{name} 색칠하기"),
    # Create
    "create.canvas": (
        "Canvas. Draw with a pen, a finger or the mouse, or load an image.",
        "캔버스. 펜, 손가락, 마우스로 그리거나 이미지를 불러오세요.",
    ),
    "create.invite": ("Draw here, or drop an image", "여기에 그리거나 이미지를 끌어다 놓으세요"),
    "create.tools": ("Drawing tools", "그리기 도구"),
    "create.brush": ("Brush", "붓"),
    "create.eraser": ("Eraser", "지우개"),
    "create.width": ("Line width", "선 굵기"),
    "create.undo": ("Undo", "실행 취소"),
    "create.redo": ("Redo", "다시 실행"),
    "create.clear": ("Clear", "모두 지우기"),
    "create.upload": ("Upload", "파일 올리기"),
    "create.paste": ("Paste", "붙여넣기"),
    "create.pick": ("Pick from sketches", "스케치에서 고르기"),
    "create.no_image": (
        "There is no image that can be read. Try a PNG or JPEG file.",
        "읽을 수 있는 이미지가 없습니다. PNG나 JPEG 파일로 해 보세요.",
    ),
    "create.name": ("Name", "이름"),
    "create.name_hint": ("What is it called?", "이름을 지어 주세요"),
    "create.prompt": ("What should it become?", "어떻게 바꿀까요?"),
    "create.prompt_info": (
        "A sentence in English. The buttons below write it for you.",
        "영어 문장으로 적어 주세요. 아래 버튼을 누르면 대신 써 줍니다.",
    ),
    "create.part": ("Part", "부분"),
    "create.color": ("Color", "색"),
    "create.examples": ("Or begin with one of these", "예시로 시작하기"),
    "create.advanced": ("Advanced", "고급 설정"),
    "create.seed": ("Seed", "시드"),
    "create.seed_info": (
        "The same seed gives the same picture.",
        "시드가 같으면 같은 그림이 나옵니다.",
    ),
    "create.variants": ("Variants", "그림 수"),
    "create.variants_info": (
        "So many pictures, of following seeds.",
        "이어지는 시드로 여러 장을 만듭니다.",
    ),
    "create.steps": ("Steps", "단계 수"),
    "create.steps_info": ("More are slower and finer.", "많을수록 느리고 섬세합니다."),
    "create.guidance": ("Guidance by words", "문장 반영도"),
    "create.guidance_info": (
        "How closely it follows the sentence.",
        "문장을 얼마나 충실히 따를지 정합니다.",
    ),
    "create.image_guidance": ("Guidance by sketch", "스케치 반영도"),
    "create.image_guidance_info": (
        "How closely it follows the sketch.",
        "스케치를 얼마나 충실히 따를지 정합니다.",
    ),
    "create.look": ("Look", "칠하는 방식"),
    "create.look_info": (
        "Clean: few colors with smooth edges. Flat: one for each area that lines close. "
        "Soft: all shades.",
        "깔끔하게: 적은 색을 매끄러운 경계로 칠합니다. 단색: 선으로 둘러싸인 곳마다 한 가지 색만 "
        "씁니다. 부드럽게: 모든 음영을 살립니다.",
    ),
    "create.look.clean": ("Clean", "깔끔하게"),
    "create.look.flat": ("Flat", "단색"),
    "create.look.soft": ("Soft", "부드럽게"),
    "create.go": ("Color it", "색칠하기"),
    # Result
    "result.none": ("Nothing colored yet", "아직 색칠한 그림이 없습니다"),
    "result.none_hint": (
        "Pick or draw a sketch, say what it should become, and the picture will be here.",
        "스케치를 고르거나 그리고 어떻게 바꿀지 적으면 여기에 그림이 나타납니다.",
    ),
    "result.waiting": ("Waiting: {before} before you", "대기 중: 앞에 {before}개"),
    "result.painting": ("Coloring … {percent}%", "색칠하는 중 … {percent}%"),
    "result.cancel": ("Cancel", "취소"),
    "result.unnamed": ("Untitled", "제목 없음"),
    "result.compare": (
        "Compare sketch and picture: left shows the picture, right the sketch",
        "스케치와 그림 비교: 왼쪽으로 밀면 그림, 오른쪽으로 밀면 스케치",
    ),
    "result.sketch_of": ("Sketch of {name}", "{name} 스케치"),
    "result.picture_of": ("{name} in color", "색칠한 {name}"),
    "result.variants": ("Variants", "다른 그림"),
    "result.variant": ("Variant {number}, seed {seed}", "그림 {number}, 시드 {seed}"),
    "result.colors": ("Colors you asked for", "요청한 색"),
    "result.understood": ("Understood as", "이렇게 알아들었습니다"),
    "result.in_color": (
        "The sketch is in color already: its lines were kept and colored anew.",
        "이미 색이 있는 그림이라 선만 남기고 새로 칠했습니다.",
    ),
    "result.no_colors": (
        "The sentence names no color. Name one, such as “a green frog with yellow eyes”.",
        "문장에 색 이름이 없습니다. “노란 눈을 가진 초록색 개구리”처럼 색을 말해 주세요.",
    ),
    "result.found.yes": ("found", "있음"),
    "result.found.little": ("a little", "조금 있음"),
    "result.found.no": ("not found", "없음"),
    "result.score": ("Color match {percent}%", "색 일치도 {percent}%"),
    "result.score_info": (
        "F1 of the colors named and the colors that cover at least 5% of the drawing",
        "문장에 나온 색과 그림의 5% 이상을 차지하는 색의 F1 점수",
    ),
    "result.again": ("Again, with …", "색 바꿔서 다시"),
    "result.again_with": ("Again with {thing} in {color}", "{thing}: {color}(으)로 다시"),
    "result.download": ("Download", "내려받기"),
    "result.png": ("PNG", "PNG"),
    "result.clear": ("Transparent PNG", "투명 PNG"),
    "result.layers": ("Layers (.ora)", "레이어(.ora)"),
    "result.another": ("Another try", "한 번 더"),
    "result.edit": ("Edit", "고치기"),
    "result.share": ("Share", "공유하기"),
    "result.shared": (
        "Whoever has this link can see the picture:",
        "이 링크를 아는 사람은 그림을 볼 수 있습니다:",
    ),
    "result.copy": ("Copy link", "링크 복사"),
    "result.copied": ("Copied", "복사했습니다"),
    "result.unshare": ("Stop sharing", "공유 중지"),
    "result.seed": ("Seed {seed} · {steps} steps", "시드 {seed} · {steps}단계"),
    # My collection
    "mine.search": ("Search by name or sentence", "이름이나 문장으로 찾기"),
    "mine.search_hint": ("blue, Mochi …", "blue, 모찌 …"),
    "mine.total": ("Creations: {total}", "작품 {total}개"),
    "mine.empty": (
        "Nothing here yet. What you color is kept here.",
        "아직 작품이 없습니다. 색칠한 그림은 여기에 모입니다.",
    ),
    "mine.none": (
        "Nothing you made has these words.",
        "그런 낱말이 들어 있는 작품이 없습니다.",
    ),
    "mine.open": ("Open {name}", "{name} 열기"),
    "mine.again": ("Run again", "다시 만들기"),
    "mine.delete": ("Delete", "삭제"),
    "mine.delete_named": ("Delete {name}", "{name} 삭제"),
    "mine.confirm": (
        "Delete {name}? It cannot be brought back.",
        "{name}을(를) 삭제할까요? 되돌릴 수 없습니다.",
    ),
    "mine.is_shared": ("shared", "공유 중"),
    # a public page
    "shared.made_with": ("Made with pokecolor", "pokecolor로 만들었습니다"),
    "shared.own": ("Color a drawing of your own", "내 그림도 색칠해 보기"),
    "shared.gone": ("There is nothing here (any more).", "없는 페이지이거나 공유가 끝났습니다."),
    # parts and colors
    "part.": ("whole", "전체"),
    "part.eyes": ("eyes", "눈"),
    "part.belly": ("belly", "배"),
    "part.head": ("head", "머리"),
    "part.ears": ("ears", "귀"),
    "part.horns": ("horns", "뿔"),
    "part.wings": ("wings", "날개"),
    "part.tail": ("tail", "꼬리"),
    "part.feet": ("feet", "발"),
    "part.hair": ("hair", "머리카락"),
    "part.cheeks": ("cheeks", "볼"),
    "part.spots": ("spots", "점무늬"),
    "color.red": ("red", "빨강"),
    "color.orange": ("orange", "주황"),
    "color.yellow": ("yellow", "노랑"),
    "color.green": ("green", "초록"),
    "color.blue": ("blue", "파랑"),
    "color.purple": ("purple", "보라"),
    "color.pink": ("pink", "분홍"),
    "color.brown": ("brown", "갈색"),
    "color.black": ("black", "검정"),
    "color.grey": ("grey", "회색"),
    "color.white": ("white", "하양"),
    # what went wrong
    "refusal.title": ("That did not work", "처리하지 못했습니다"),
    "refusal.busy": (
        "Too many people are coloring right now. Please try again in a minute.",
        "지금 이용자가 많습니다. 잠시 뒤에 다시 시도해 주세요.",
    ),
    "refusal.canceled": ("It was canceled.", "취소되었습니다."),
    "refusal.cross_site": (
        "Another site sent this. Open the page itself.",
        "다른 사이트에서 보낸 요청입니다. 이 페이지에서 직접 해 주세요.",
    ),
    "refusal.disk_full": (
        "There is no room for another picture here at the moment.",
        "지금은 그림을 더 저장할 공간이 없습니다.",
    ),
    "refusal.image_animated": (
        "This image moves. Please take a still one.",
        "움직이는 이미지입니다. 정지 이미지를 사용해 주세요.",
    ),
    "refusal.image_broken": (
        "This image cannot be read. Please save it anew as PNG or JPEG.",
        "이미지를 읽을 수 없습니다. PNG나 JPEG로 다시 저장해 주세요.",
    ),
    "refusal.image_bytes": (
        "This image is too large. Please take one below {limit} MB.",
        "이미지 파일이 너무 큽니다. {limit} MB보다 작은 파일을 사용해 주세요.",
    ),
    "refusal.image_missing": (
        "There is no sketch yet. Draw one, upload one or pick one.",
        "스케치가 없습니다. 그리거나 올리거나 골라 주세요.",
    ),
    "refusal.image_pixels": (
        "This image has too many pixels. Please take one below {limit} megapixels.",
        "이미지가 너무 큽니다. {limit}백만 화소보다 작은 이미지를 사용해 주세요.",
    ),
    "refusal.image_type": (
        "This is no image that can be taken. Please use PNG, JPEG or WebP.",
        "사용할 수 없는 형식입니다. PNG, JPEG, WebP 이미지를 사용해 주세요.",
    ),
    "refusal.body_bytes": ("This is too much to send.", "보낸 내용이 너무 큽니다."),
    "refusal.collection_full": (
        "Your collection is full ({limit}). Delete something first.",
        "내 작품이 가득 찼습니다({limit}개). 먼저 몇 개를 삭제해 주세요.",
    ),
    "refusal.not_found": ("It is not there (any more).", "찾는 항목이 없습니다."),
    "refusal.picture_not_finite": (
        "The model could not paint this: its numbers overflowed. Please tell who runs this page.",
        "모델이 그림을 그리지 못했습니다. 계산 값이 범위를 벗어났습니다. 운영자에게 알려 주세요.",
    ),
    "refusal.picture_withheld": (
        "The model's safety checker withheld the picture. Please word it otherwise.",
        "모델의 안전 검사에서 그림이 차단되었습니다. 다르게 적어 주세요.",
    ),
    "refusal.prompt_empty": (
        "Please say what it should become, such as “Turn it into a blue creature”.",
        "어떻게 바꿀지 적어 주세요. 예: “Turn it into a blue creature”",
    ),
    "refusal.text_length": (
        "This text is too long. At most {limit} characters, please.",
        "글이 너무 깁니다. {limit}자 안으로 줄여 주세요.",
    ),
    "refusal.too_fast": (
        "That was too fast. Please wait a minute.",
        "요청이 너무 잦습니다. 잠시 기다려 주세요.",
    ),
    "refusal.too_slow": ("The connection is too slow.", "연결이 너무 느립니다."),
    "refusal.call": ("This call does not fit.", "호출 형식이 맞지 않습니다."),
    "refusal.unknown_host": (
        "The service is not known by this name.", "이 서비스가 쓰는 이름이 아닙니다.",
    ),
    "refusal.value": (
        "A setting is out of its range: {field}.",
        "설정값이 범위를 벗어났습니다: {field}",
    ),
    "refusal.visitor": (
        "Your browser sent no cookie. Please allow cookies and reload the page.",
        "쿠키를 받지 못했습니다. 쿠키를 허용하고 페이지를 새로 고쳐 주세요.",
    ),
    "refusal.waiting_own": (
        "You have {limit} pictures waiting already. Please wait for one of them.",
        "이미 {limit}개가 대기 중입니다. 하나가 끝날 때까지 기다려 주세요.",
    ),
    "refusal.failed": (
        "Something went wrong here. It was noted; please try again.",
        "문제가 생겼습니다. 기록해 두었으니 다시 시도해 주세요.",
    ),
}  # fmt: skip
"""Each text in the order of `LANGUAGES`."""


def text(language: Language, key: str, **values: object) -> str:
    """One text, filled in.

    Raises:
        KeyError: there is no such text.
    """
    return TABLE[key][LANGUAGES.index(language)].format(**values)
