import { expect, test } from "vitest";
import type { Creation, Job } from "./engine";
import { History } from "./history";
import { addressOf, pagesAround, readRoute } from "./routes";
import { sameDrawing, withJob } from "./state";

test.each(["/create", "/result/abc-1", "/result/abc?picture=3", "/sketches", "/sketches?text=fox&category=a%26b&page=2", "/collection?text=%ED%8C%8C%EB%9E%91", "/collection?page=12"])(
  "%s is read and written alike",
  (address) => expect(addressOf(readRoute(address))).toBe(address),
);

test("odd addresses", () => {
  expect(readRoute("/")).toEqual({ place: "create" });
  expect(readRoute("/sketches?page=-3")).toMatchObject({ page: 1 });
  expect(readRoute("/sketches?page=x")).toMatchObject({ page: 1 });
  for (const address of ["/nothing", "/create/more", "/result", "/result/a/b"])
    expect(readRoute(address)).toEqual({ place: "nowhere" });
});

test("the pager names the first, the last and the near pages", () => {
  expect(pagesAround(1, 1)).toEqual([1]);
  expect(pagesAround(1, 9)).toEqual([1, 2, 0, 9]);
  expect(pagesAround(5, 9)).toEqual([1, 0, 4, 5, 6, 0, 9]);
  expect(pagesAround(3, 5)).toEqual([1, 2, 3, 4, 5]);
});

test("undo and redo; a new step ends what could be redone", () => {
  const history = new History<number>(3);
  for (const step of [1, 2, 3, 4]) history.add(step);
  expect(history.done).toEqual([2, 3, 4]);
  expect([history.undo(), history.undo(), history.redo()]).toEqual([4, 3, 3]);
  history.add(9);
  expect([history.redo(), history.undo(), history.undo(), history.undo(), history.undo()]).toEqual([undefined, 9, 3, 2, undefined]);
});

test("a changed job takes its place, a new one comes last", () => {
  const job = (id: string, progress: number) => ({ id, progress }) as Job;
  expect(withJob([job("a", 0), job("b", 0)], job("a", 1))).toEqual([job("a", 1), job("b", 0)]);
  expect(withJob([job("a", 0)], job("c", 0)).map(({ id }) => id)).toEqual(["a", "c"]);
});

test("pictures of one drawing: ancestors, descendants, what was made of it, the same sketch", () => {
  const one = (id: string, parent: string | null = null, sketch_id: string | null = null) => ({ id, parent, sketch_id }) as Creation;
  const all = [one("a"), one("b", "a"), one("c", "b"), one("x"), one("y", "gone"), one("z", "gone"), one("s", null, "fox"), one("t", null, "fox")];
  const ids = (about: string, made?: string[]) => sameDrawing(all, about, made).map(({ id }) => id);
  expect(ids("b")).toEqual(["a", "b", "c"]);
  expect(ids("y")).toEqual(["y", "z"]);
  expect(ids("s")).toEqual(["s", "t"]);
  expect(ids("x")).toEqual(["x"]);
  expect(ids("x", ["a", "x"])).toEqual(["a", "x"]);
  expect(sameDrawing([one("p", "q"), one("q", "p")], "p")).toContainEqual(one("p", "q")); // it ends
});
