/** Builds the demo into build/demo; tools/browser_page.py adds the model and sketches. */
import { defaultClientConditions, defineConfig } from "vite";

const headers = {
  // so that the model may use several threads
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};
const resolve = { conditions: ["onnxruntime-web-use-extern-wasm", ...defaultClientConditions] };

export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  resolve,
  worker: { format: "es" },
  build: {
    outDir: "../../../build/demo",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    target: "es2022",
    rollupOptions: {
      input: { index: `${import.meta.dirname}/index.html`, sw: `${import.meta.dirname}/../offline.ts` },
      output: { entryFileNames: ({ name }) => (name === "sw" ? "sw.js" : "assets/[name]-[hash].js") },
    },
  },
  preview: { port: 7861, headers },
});
