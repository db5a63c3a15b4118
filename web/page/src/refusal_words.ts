/** What the page tells when something was refused or failed, by kind. */

export const REFUSALS: Record<string, [en: string, ko: string]> = {
  refusal_busy: [
    "Too many people are coloring right now. Please try again in a minute.",
    "지금 이용자가 많습니다. 잠시 뒤에 다시 시도해 주세요.",
  ],
  refusal_canceled: ["It was canceled.", "취소되었습니다."],
  refusal_cross_site: [
    "Another site sent this. Open the page itself.",
    "다른 사이트에서 보낸 요청입니다. 이 페이지에서 직접 해 주세요.",
  ],
  refusal_disk_full: ["There is no room for another picture here at the moment.", "지금은 그림을 더 저장할 공간이 없습니다."],
  refusal_image_animated: ["This image moves. Please take a still one.", "움직이는 이미지입니다. 정지 이미지를 사용해 주세요."],
  refusal_image_broken: [
    "This image cannot be read. Please save it anew as PNG or JPEG.",
    "이미지를 읽을 수 없습니다. PNG나 JPEG로 다시 저장해 주세요.",
  ],
  refusal_image_bytes: [
    "This image is too large. Please take one below {limit} MB.",
    "이미지 파일이 너무 큽니다. {limit} MB보다 작은 파일을 사용해 주세요.",
  ],
  refusal_image_missing: [
    "There is no sketch yet. Draw one, upload one or pick one.",
    "스케치가 없습니다. 그리거나 올리거나 골라 주세요.",
  ],
  refusal_image_pixels: [
    "This image has too many pixels. Please take one below {limit} megapixels.",
    "이미지가 너무 큽니다. {limit}백만 화소보다 작은 이미지를 사용해 주세요.",
  ],
  refusal_image_type: [
    "This is no image that can be taken. Please use PNG, JPEG or WebP.",
    "사용할 수 없는 형식입니다. PNG, JPEG, WebP 이미지를 사용해 주세요.",
  ],
  refusal_body_bytes: ["This is too much to send.", "보낸 내용이 너무 큽니다."],
  refusal_collection_full: [
    "Your collection is full ({limit}). Delete something first.",
    "내 작품이 가득 찼습니다({limit}개). 먼저 몇 개를 삭제해 주세요.",
  ],
  refusal_not_found: ["It is not there (any more).", "찾는 항목이 없습니다."],
  refusal_picture_not_finite: [
    "The model could not paint this: its numbers overflowed. Please tell who runs this page.",
    "모델이 그림을 그리지 못했습니다. 계산 값이 범위를 벗어났습니다. 운영자에게 알려 주세요.",
  ],
  refusal_picture_withheld: [
    "The model's safety checker withheld the picture. Please word it otherwise.",
    "모델의 안전 검사에서 그림이 차단되었습니다. 다르게 적어 주세요.",
  ],
  refusal_prompt_empty: [
    "Please say what it should become, such as “Turn it into a blue creature”.",
    "어떻게 바꿀지 적어 주세요. 예: “Turn it into a blue creature”",
  ],
  refusal_prompt_korean: [
    "In the browser alone, the model reads English alone.",
    "브라우저에서만 칠할 때는 영어만 알아듣습니다. 예: “a blue creature”",
  ],
  refusal_text_length: [
    "This text is too long. At most {limit} characters, please.",
    "글이 너무 깁니다. {limit}자 안으로 줄여 주세요.",
  ],
  refusal_too_fast: ["That was too fast. Please wait a minute.", "요청이 너무 잦습니다. 잠시 기다려 주세요."],
  refusal_too_slow: ["The connection is too slow.", "연결이 너무 느립니다."],
  refusal_call: ["This call does not fit.", "호출 형식이 맞지 않습니다."],
  refusal_unknown_host: ["The service is not known by this name.", "이 서비스가 쓰는 이름이 아닙니다."],
  refusal_value: ["A setting is out of its range: {field}.", "설정값이 범위를 벗어났습니다: {field}"],
  refusal_visitor: [
    "Your browser sent no cookie. Please allow cookies and reload the page.",
    "쿠키를 받지 못했습니다. 쿠키를 허용하고 페이지를 새로 고쳐 주세요.",
  ],
  refusal_waiting_own: [
    "You have {limit} pictures waiting already. Please wait for one of them.",
    "이미 {limit}개가 대기 중입니다. 하나가 끝날 때까지 기다려 주세요.",
  ],
  refusal_failed: [
    "Something went wrong here. It was noted; please try again.",
    "문제가 생겼습니다. 기록해 두었으니 다시 시도해 주세요.",
  ],
  refusal_image_unreadable: [
    "There is no image that can be read. Try a PNG or JPEG file.",
    "읽을 수 있는 이미지가 없습니다. PNG나 JPEG 파일로 해 보세요.",
  ],
  refusal_offline: [
    "The server does not answer. Nothing is lost: please try again in a moment.",
    "서버가 응답하지 않습니다. 잃은 것은 없으니 잠시 뒤에 다시 시도해 주세요.",
  ],
};
