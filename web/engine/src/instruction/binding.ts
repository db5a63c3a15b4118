/** Assigns the color words of a sentence to its nouns: pokecolor/coloring/instruction/binding.py. */

import type { Unit } from "./units";

const JOINTS = ["and", "comma"];
const BETWEEN = ["be", "in", "colon", "to", "verb", "article", "shade", "from"];
const PICTURES = ["drawing", "picture", "image", "illustration", "sketch"];
const GIVING = ["give", "gives", "add", "put"];

/** Noun (null: the whole) and color of each pair, in the order of the text, and what is drawn. */
export interface Binding {
  pairs: [Unit | null, Unit][];
  subject: Unit | null;
}

/** Find the noun of each color, and the subject, after `joinNouns`. */
export function bind(units: Unit[]): Binding {
  const binder = new Binder(units);
  units.forEach((unit, i) => {
    if (unit.kind === "color" && !binder.used.has(i) && !binder.negated(i)) binder.bind(i);
  });
  // a noun may be told after its color, so that the order of the colors is that of the text
  const pairs = [...binder.pairs].sort((a, b) => (a[0] ?? a[1]) - (b[0] ?? b[1]));
  const bound = new Set(pairs.flatMap(([noun]) => (noun === null ? [] : [noun])));
  return {
    pairs: pairs.map(([noun, color]) => [noun === null ? null : units[noun]!, units[color]!]),
    subject: subjectOf(units, bound),
  };
}

/** Make one noun of each run of nouns and unknown words: "satellite antenna", "blue droplet". */
export function joinNouns(units: Unit[]): Unit[] {
  const found: Unit[] = [];
  for (let unit of units) {
    if (unit.kind === "adjective" || (unit.kind === "word" && !/^\p{L}+$/u.test(unit.text))) continue;
    const last = found.at(-1);
    if (unit.kind === "possessive") {
      if (last?.kind === "noun") found[found.length - 1] = { ...last, kind: "owner" };
      continue;
    }
    if (unit.kind === "word") {
      const noun = { name: unit.text, kind: "thing" as const, text: unit.text };
      unit = { ...unit, kind: "noun", noun, known: false };
    }
    if (unit.kind === "noun" && last?.kind === "noun") {
      const head = unit.known || !last.known ? unit : last;
      found[found.length - 1] = { ...head, start: last.start, end: unit.end };
      continue;
    }
    found.push(unit);
  }
  return found;
}

class Binder {
  readonly pairs: [number | null, number][] = [];
  /** Colors that are bound. */
  readonly used = new Set<number>();
  private readonly bound = new Set<number>();
  /** Nouns that tell where another is: "a flame on its tail". */
  private readonly located = new Set<number>();

  constructor(private readonly units: Unit[]) {
    units.forEach((unit, i) => {
      const before = this.beforeArticle(i);
      const place = ["on", "of"].includes(this.kind(before)) && this.kind(before - 1) === "noun";
      if (unit.kind === "noun" && place && !PICTURES.includes(units[before - 1]!.text)) this.located.add(i);
    });
  }

  /** Whether a color is one that is not wanted: "not red", "from brown to black". */
  negated(i: number): boolean {
    const before = this.beforeArticle(i);
    if (this.kind(before) === "not") return true;
    if (this.kind(before) === "of" && this.kind(before - 1) === "not") return true;
    return this.kind(before) === "from" && this.kind(i + 1) === "to";
  }

  /** Find what has the color at `i`. */
  bind(i: number): void {
    let [colors, noun] = this.group(i);
    const subject = this.pending(i);
    let nouns: number[];
    if (noun !== null && !this.isPredicate(i, colors, noun, subject)) {
      nouns = this.kind(noun) === "noun" ? [noun, ...this.sharing(noun)] : [noun];
    } else if (this.kind(i + 1) === "for") {
      [colors, nouns] = [[i], this.following(i + 2)];
    } else if (subject !== null) {
      [colors, nouns] = [this.listedColors(i), this.listedBefore(subject)];
    } else if (this.kind(i + 1) === "on") {
      [colors, nouns] = [[i], this.following(i + 2)];
    } else {
      [colors, nouns] = [[i], []];
    }
    for (const color of colors) this.used.add(color);
    for (const each of nouns) this.bound.add(each);
    const named: (number | null)[] = nouns.filter((each) => this.kind(each) !== "pronoun");
    for (const each of named.length ? named : [null]) {
      for (const color of colors) this.pairs.push([each, color]);
    }
  }

  /** The colors that are listed from `i` on, "red, white and blue", and the noun after. */
  private group(i: number): [number[], number | null] {
    const colors = [i];
    for (;;) {
      const next = colors.at(-1)! + 1;
      if (["noun", "ed"].includes(this.kind(next))) return [colors, next];
      let after = next;
      while (JOINTS.includes(this.kind(after))) after++;
      if (after === next || this.kind(after) !== "color") return [colors, null];
      colors.push(after);
    }
  }

  /** The noun or pronoun before a color that the color is said of. */
  private pending(i: number): number | null {
    let j = i - 1;
    if (this.kind(j) === "comma" && ["comma", "stop"].includes(this.kind(i + 1))) j--; // "a bird, blue, with"
    while (BETWEEN.includes(this.kind(j)) || this.located.has(j) || this.passes(j)) j--;
    return ["noun", "pronoun"].includes(this.kind(j)) && !this.bound.has(j) ? j : null;
  }

  /** Whether a unit belongs to a place, "on its tail", or to a color that is not wanted. */
  private passes(j: number): boolean {
    if (["on", "of"].includes(this.kind(j))) return this.kind(j + 1) === "article" || this.located.has(j + 1);
    return this.kind(j) === "owner" || (this.kind(j) === "color" && this.negated(j));
  }

  /** Whether a color before a noun is said of the noun before it: "body: red, blue eyes". */
  private isPredicate(i: number, colors: number[], noun: number, subject: number | null): boolean {
    if (subject === null) return false;
    if (colors.length > 1) {
      const direct = ["noun", "pronoun", "be", "colon"].includes(this.kind(i - 1));
      const giving = this.units.slice(0, i).some((unit) => GIVING.includes(unit.text));
      return direct && (this.kind(i + 1) === "comma" || !giving);
    }
    const said = ["be", "colon"].includes(this.kind(i - 1));
    return (said && this.isSubject(noun)) || this.toldBehind(i);
  }

  /** Whether colors stand behind their nouns all along: "roof red walls yellow". */
  private toldBehind(i: number): boolean {
    if (this.kind(i - 1) !== "noun") return false;
    let end = i;
    while (["noun", "color", "shade", "article"].includes(this.kind(end + 1))) end++;
    return this.kind(end) === "color" && !["for", "on"].includes(this.kind(end + 1));
  }

  /** Whether something is said of a noun after it: "eyes are", "eyes:", "eyes red". */
  private isSubject(noun: number): boolean {
    let after = noun + 1;
    if (["be", "colon"].includes(this.kind(after))) return true;
    if (this.kind(after) === "in") after++;
    return this.kind(after) === "color" && this.group(after)[1] === null;
  }

  /** The nouns after one that share its color: "a white belly, tail and ears". */
  private sharing(noun: number): number[] {
    const found: number[] = [];
    let last = noun;
    let joint = "";
    for (;;) {
      let after = last + 1;
      while (JOINTS.includes(this.kind(after))) after++;
      const some = after > last + 1;
      if (!some || this.kind(after) !== "noun" || !this.units[after]!.known) break;
      found.push(after);
      [last, joint] = [after, this.kind(after - 1)];
    }
    return joint !== "and" || this.isSubject(last) ? [] : found;
  }

  /** The nouns that a predicate is said of: "the eyes, the tail and the belly". */
  private listedBefore(noun: number): number[] {
    const found = [noun];
    for (;;) {
      const joint = this.beforeArticle(found[0]!);
      if (found.length === 1 && this.kind(joint) !== "and") return found;
      let before = joint - 1;
      while (JOINTS.includes(this.kind(before))) before--;
      const known = JOINTS.includes(this.kind(joint)) && this.kind(before) === "noun";
      if (!known || this.bound.has(before) || this.located.has(before)) return found;
      found.unshift(before);
    }
  }

  /** The colors of a predicate: "red and blue", up to one that has a noun of its own. */
  private listedColors(i: number): number[] {
    const [colors, noun] = this.group(i);
    if (noun === null) return colors;
    return colors.length > 2 ? colors.slice(0, Math.max(1, colors.length - 1)) : [i];
  }

  /** The nouns after "for": "the eyes and the tail". */
  private following(j: number): number[] {
    const found: number[] = [];
    for (;;) {
      while (["article", "owner"].includes(this.kind(j))) j++;
      if (!["noun", "pronoun"].includes(this.kind(j)) || (found.length && this.isSubject(j))) return found;
      found.push(j++);
      const start = j;
      while (JOINTS.includes(this.kind(j))) j++;
      if (j === start) return found;
    }
  }

  private beforeArticle(i: number): number {
    let j = i - 1;
    while (j >= 0 && ["article", "owner", "color", "shade"].includes(this.kind(j))) {
      if (this.kind(j) === "color" && this.kind(i) !== "noun") break;
      j--;
    }
    return j;
  }

  private kind(i: number): string {
    return this.units[i]?.kind ?? "stop";
  }
}

/** What the whole drawing shows: the first thing, unless several stand side by side. */
function subjectOf(units: Unit[], bound: Set<number>): Unit | null {
  const owners = units.filter((unit) => unit.kind === "owner" && unit.noun!.kind === "thing");
  const top: number[] = [];
  let within = false;
  units.forEach((unit, i) => {
    if (["stop", "but", "verb", "to"].includes(unit.kind)) within = false;
    else if (["with", "in", "on", "for"].includes(unit.kind)) within = unit.text !== "into";
    else if (unit.kind === "noun" && !within) {
      if (!(PICTURES.includes(unit.text) && units[i + 1]?.kind === "of")) top.push(i);
    }
  });
  if (!top.length) return owners[0] ?? null;
  let first = top[0]!;
  const isThing = (i: number) => units[i]!.noun!.kind === "thing";
  const things = top.filter((i) => isThing(i) && units[i]!.known);
  const colored = things.filter((i) => bound.has(i));
  if (bound.has(first) && colored.length > 1) return null;
  if (!bound.has(first) && colored.length && isThing(first)) first = colored[0]!;
  if (isThing(first) && (units[first]!.known || bound.has(first))) return units[first]!;
  if (owners.length) return owners[0]!;
  const owner = things.find((i) => ["of", "article"].includes(units.at(i - 1)!.kind));
  const of = owner !== undefined && units.slice(first, owner).some((unit) => unit.kind === "of");
  return of ? units[owner]! : null;
}
