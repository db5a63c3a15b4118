import { defineConfig } from "vitest/config";

// the engine reads tables of the Python package
export default defineConfig({
  server: { fs: { allow: [".."] } },
  test: { testTimeout: 60_000 },
});
