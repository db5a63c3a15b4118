/** SHA-256 of all that the page's build is made of: path and text of each file, in order. */
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";

const web = join(import.meta.dirname, "..");

/** The same bytes as tests/app/test_page_build.py hashes. */
export function sourcesHash(): string {
  const page = readdirSync(import.meta.dirname, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  const paths = [...page, join(web, "package-lock.json")]
    .map((path) => relative(web, path).split(sep).join("/"))
    .sort();
  const hash = createHash("sha256");
  for (const path of paths) {
    hash.update(`${path}\n`);
    hash.update(readFileSync(join(web, path), "utf-8").replaceAll("\r\n", "\n"));
  }
  return hash.digest("hex");
}
