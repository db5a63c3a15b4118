/** Builds the page as a static site into build/site; tools/browser_page.py adds model and sketches. */
import preact from "@preact/preset-vite";
import { defaultClientConditions, defineConfig } from "vite";

export default defineConfig({
  root: `${import.meta.dirname}/..`,
  plugins: [preact({ devToolsEnabled: false, prerender: { enabled: false } })],
  resolve: {
    alias: [{ find: /^\.\/chosen_engine$/, replacement: `${import.meta.dirname}/engine.ts` }],
    conditions: ["onnxruntime-web-use-extern-wasm", ...defaultClientConditions],
  },
  worker: { format: "es" },
  build: {
    outDir: "../../build/site",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    target: "es2022",
    rollupOptions: {
      input: {
        index: `${import.meta.dirname}/../index.html`,
        sw: `${import.meta.dirname}/../../engine/offline.ts`,
      },
      output: { entryFileNames: ({ name }) => (name === "sw" ? "sw.js" : "assets/[name]-[hash].js") },
    },
  },
  preview: {
    port: 7862,
    // so that the model may use several threads
    headers: { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" },
  },
});
