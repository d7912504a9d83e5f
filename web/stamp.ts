/* One hash over everything the page is built from. tests/test_serve_page.py works out the same without node. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, posix } from "node:path";

const SOURCES = ["index.html", "package-lock.json", "package.json", "public", "src", "stamp.ts", "tsconfig.json", "vite.config.ts"];

function filesUnder(root: string, path: string): string[] {
  if (!statSync(join(root, path)).isDirectory()) return [path];
  return readdirSync(join(root, path)).flatMap((name) => filesUnder(root, posix.join(path, name)));
}

/** SHA-256 over each source's path and bytes, in the order of their paths, each ended by a zero byte. */
export function stamp(root: string): string {
  const hash = createHash("sha256");
  for (const path of SOURCES.flatMap((source) => filesUnder(root, source)).sort()) {
    hash.update(path).update("\0").update(readFileSync(join(root, path))).update("\0");
  }
  return hash.digest("hex");
}
