/** Builds the page into the Python package; the build carries a hash of what it was made of. */
import preact from "@preact/preset-vite";
import { defineConfig } from "vite";
import { sourcesHash } from "./sources_hash";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [
    preact({ devToolsEnabled: false, prerender: { enabled: false } }),
    {
      name: "sources-hash",
      generateBundle() {
        this.emitFile({ type: "asset", fileName: "sources.sha256", source: `${sourcesHash()}\n` });
      },
    },
  ],
  build: {
    outDir: "../../pokecolor/app/static/page",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
  },
  server: { proxy: { "^/(api|creations|shared|sketches/.+)": "http://127.0.0.1:7860" } },
});
