import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import { stamp } from "./stamp";

const ROOT = fileURLToPath(new URL(".", import.meta.url));
const OUT = fileURLToPath(new URL("../src/personae/serve/static", import.meta.url));

function stamped(): Plugin {
  return { name: "stamp", closeBundle: () => writeFileSync(`${OUT}/stamp.txt`, stamp(ROOT) + "\n") };
}

/* Names without hashes, so that a new build is a change of the same files; the server lets nothing be kept stale. */
export default defineConfig({
  root: ROOT,
  plugins: [stamped()],
  build: {
    outDir: OUT,
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    assetsInlineLimit: 0,
    rollupOptions: {
      output: { entryFileNames: "assets/page.js", chunkFileNames: "assets/[name].js", assetFileNames: "assets/page[extname]" },
    },
  },
});
