import { defineConfig } from "@playwright/test";
import type { OktaWorkerOptions } from "./src";

// A browser of this machine in place of Playwright's own one.
const executablePath = process.env.MOCK_OKTA_BROWSER;

export default defineConfig<object, OktaWorkerOptions>({
  testDir: "tests",
  workers: 2,
  forbidOnly: true,
  reporter: "line",
  use: {
    locale: "en-US",
    launchOptions: executablePath
      ? { executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-quic"] }
      : {},
  },
  projects: [
    {
      name: "classic",
      testMatch: ["org.spec.ts", "classic.spec.ts"],
      use: { oktaServer: { engine: "classic", widget: "3.2.2" } },
    },
    ...([2, 3] as const).map((widgetGeneration) => ({
      name: `identity, generation ${widgetGeneration}`,
      testMatch: ["identity.spec.ts", ...(widgetGeneration === 3 ? ["readme*.spec.ts"] : [])],
      use: { oktaServer: { engine: "identity", widget: "7.49.0", widgetGeneration } as const },
    })),
  ],
});
