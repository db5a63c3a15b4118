/** CLIP's byte-level BPE (Sennrich et al. 2016; Radford et al. 2021), as a `tokenizer.json` describes it. */

export interface TokenizerFile {
  added_tokens: { id: number; content: string }[];
  model: { vocab: Record<string, number>; merges: [string, string][]; end_of_word_suffix: string };
}

const WORDS =
  /'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\p{White_Space}\p{L}\p{N}]+/gu;

export class Tokenizer {
  readonly size: number;
  private readonly ranks: Map<string, number>;
  private readonly special: Map<string, number>;
  private readonly specials: RegExp;
  private readonly letters = byteLetters();
  private readonly known = new Map<string, number[]>();

  /** `padding` is the token that fills texts, `length` how many tokens each text has. */
  constructor(
    private readonly file: TokenizerFile,
    private readonly padding: string,
    readonly length: number,
  ) {
    this.ranks = new Map(file.model.merges.map((pair, rank) => [pair.join(" "), rank]));
    this.special = new Map(file.added_tokens.map((token) => [token.content, token.id]));
    this.size = Object.keys(file.model.vocab).length;
    const escaped = [...this.special.keys()].map((each) => each.replace(/\|/g, "\\|"));
    this.specials = new RegExp(`(${escaped.join("|")})`, "u");
  }

  /** The ids of a text, of `length` whatever the text: begin, words, end, padding. */
  encode(text: string): number[] {
    const [begin, end] = ["<|startoftext|>", "<|endoftext|>"].map((each) => this.special.get(each)!);
    const words = text.split(this.specials).flatMap((part) => {
      const id = this.special.get(part);
      return id === undefined ? this.plain(part) : [id];
    });
    const ids = [begin!, ...words.slice(0, this.length - 2), end!];
    const fill = this.special.get(this.padding)!;
    return [...ids, ...new Array<number>(this.length - ids.length).fill(fill)];
  }

  private plain(text: string): number[] {
    // one letter at a time: a sigma at the end of a word is as any other
    const lower = [...text.normalize("NFC")].map((letter) => letter.toLowerCase()).join("");
    return [...lower.matchAll(WORDS)].flatMap((found) => this.word(found[0]));
  }

  private word(word: string): number[] {
    const before = this.known.get(word);
    if (before) return before;
    const bytes = new TextEncoder().encode(word);
    let pieces = Array.from(bytes, (byte) => this.letters[byte]!);
    pieces.push(pieces.pop()! + this.file.model.end_of_word_suffix);
    for (;;) {
      const ranks = pieces.slice(1).map((next, i) => this.ranks.get(`${pieces[i]} ${next}`) ?? Infinity);
      const least = ranks.reduce((a, b) => Math.min(a, b), Infinity);
      if (least === Infinity) break;
      const at = ranks.indexOf(least);
      pieces = [...pieces.slice(0, at), pieces[at]! + pieces[at + 1]!, ...pieces.slice(at + 2)];
    }
    const ids = pieces.map((piece) => this.file.model.vocab[piece]!);
    this.known.set(word, ids);
    return ids;
  }
}

/** The letter that stands for each byte: its own where it can be seen, else one from 256 on. */
function byteLetters(): string[] {
  let hidden = 256;
  return Array.from({ length: 256 }, (_, byte) => {
    const seen = (byte > 32 && byte < 127) || (byte > 160 && byte !== 173);
    return String.fromCharCode(seen ? byte : hidden++);
  });
}
