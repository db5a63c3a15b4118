/** Which color to paint with: those of the prompt first, the basic ones, any other. */
import { nameOf, t } from "./actions";
import { parseHex, toHex, type Rgb } from "./regions";
import { useStore } from "./state";

export function Swatches({ color, choose, asked }: {
  color: Rgb | null;
  choose: (color: Rgb | null) => void;
  asked: string[];
}) {
  const colors = useStore((state) => state.session?.colors) ?? [];
  const language = useStore((state) => state.language);
  const hex = color ? toHex(color) : "";
  const all = [
    ...asked.map((asked) => ({ hex: asked.toLowerCase(), label: asked })),
    ...colors.map((known) => ({ hex: known.hex.toLowerCase(), label: nameOf(known.names, language) })),
  ].filter((one, index, list) => list.findIndex((other) => other.hex === one.hex) === index);
  return (
    <div class="swatches" role="group" aria-label={t("color")}>
      {all.map((one) => (
        <button
          type="button"
          key={one.hex}
          class="dot"
          style={{ backgroundColor: one.hex }}
          aria-pressed={hex === one.hex}
          aria-label={one.label}
          title={one.label}
          onClick={() => choose(parseHex(one.hex))}
        />
      ))}
      <button type="button" class="dot none" aria-pressed={color === null} aria-label={t("paper_color")} title={t("paper_color")} onClick={() => choose(null)} />
      <input type="color" aria-label={t("own_color")} title={t("own_color")} value={hex || "#ffffff"} onInput={(event) => choose(parseHex(event.currentTarget.value))} />
      <input
        type="text"
        class="hex"
        aria-label={t("hex")}
        value={hex}
        maxLength={7}
        spellcheck={false}
        onInput={(event) => {
          const typed = parseHex(event.currentTarget.value);
          if (typed && event.currentTarget.value.replace("#", "").length === 6) choose(typed);
        }}
      />
    </div>
  );
}
