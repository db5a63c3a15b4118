/** Places of the page and their addresses. */

export type Route =
  | { place: "create" }
  | { place: "result"; id: string; picture: number }
  | { place: "sketches"; text: string; category: string; page: number }
  | { place: "collection"; text: string; page: number }
  | { place: "nowhere" };

/** The place at an address. */
export function readRoute(address: string): Route {
  const url = new URL(address, "http://page");
  const [first = "", second, ...more] = url.pathname.split("/").filter(Boolean);
  const text = url.searchParams.get("text") ?? "";
  const whole = (name: string) => Math.max(1, Number.parseInt(url.searchParams.get(name) ?? "1", 10) || 1);
  if (more.length) return { place: "nowhere" };
  if (first === "result" && second)
    return { place: "result", id: decodeURIComponent(second), picture: whole("picture") - 1 };
  if (second) return { place: "nowhere" };
  if (first === "" || first === "create") return { place: "create" };
  if (first === "sketches")
    return { place: "sketches", text, category: url.searchParams.get("category") ?? "", page: whole("page") };
  if (first === "collection") return { place: "collection", text, page: whole("page") };
  return { place: "nowhere" };
}

/** The address of a place. */
export function addressOf(route: Route): string {
  const values = new URLSearchParams();
  if ("text" in route && route.text) values.set("text", route.text);
  if ("category" in route && route.category) values.set("category", route.category);
  if ("page" in route && route.page > 1) values.set("page", String(route.page));
  if (route.place === "result" && route.picture) values.set("picture", String(route.picture + 1));
  const path = route.place === "result" ? `/result/${encodeURIComponent(route.id)}` : `/${route.place}`;
  return values.size ? `${path}?${values}` : path;
}

/** The pages that a pager names: first, last and those around the current one, 0 for a gap. */
export function pagesAround(page: number, pages: number): number[] {
  const wanted = [1, page - 1, page, page + 1, pages].filter((number) => number >= 1 && number <= pages);
  const sorted = [...new Set(wanted)].sort((a, b) => a - b);
  return sorted.flatMap((number, index) => {
    const before = sorted[index - 1] ?? 0;
    if (number - before === 2) return [number - 1, number];
    return number - before > 2 ? [0, number] : [number];
  });
}
