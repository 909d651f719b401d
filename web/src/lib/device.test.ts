import { expect, test } from "vitest";
import { deviceName } from "./device";

test("a device is named by its browser and its system", () => {
  expect(deviceName("Mozilla/5.0 (Linux; Android 16; SM-S938N) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/30.0 Chrome/140.0.0.0 Mobile Safari/537.36")).toBe("Samsung Internet · Android");
  expect(deviceName("Mozilla/5.0 (iPhone; CPU iPhone OS 27_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/27.2 Mobile/15E148 Safari/604.1")).toBe("Safari · iPhone");
  expect(deviceName("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/157.0.0.0 Safari/537.36 Edg/157.0")).toBe("Edge · Windows");
  expect(deviceName("curl/8")).toBe("Browser");
});
