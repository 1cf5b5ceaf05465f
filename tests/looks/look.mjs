// Looks at pages in a real browser: `node look.mjs VIEWS.json` prints what it found, one line of JSON for each view.
import { readFile } from "node:fs/promises";

const setting = JSON.parse(await readFile(process.argv[2], "utf8"));
const { chromium } = await import(setting.playwright);
const axe = await readFile(setting.axe, "utf8");
const alone = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];
const args = [...alone, "--disable-component-update", "--disable-sync"];
const browser = await chromium.launch({ executablePath: setting.browser, args });

// What has to be seen without scrolling sideways: the verdict, each difference, and what changed.
function visible() {
  const inside = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.left >= 0 && box.right <= document.documentElement.clientWidth + 1;
  };
  const found = (selector) => [...document.querySelectorAll(selector)].filter((each) => each.textContent.trim());
  const differences = found("tbody .delta, td strong, td b").filter((each) => /[%×]/.test(each.textContent));
  return {
    verdict: found("h1, h2").slice(0, 1).every(inside) && found("h1, h2").length > 0,
    differences: differences.every(inside),
    changes: found(".changes tbody td").every(inside),
    some: differences.length > 0,
  };
}

async function look(view) {
  const began = performance.now();
  const context = await browser.newContext({
    viewport: { width: view.width, height: 900 },
    colorScheme: view.scheme,
    deviceScaleFactor: view.width < 500 ? 2 : 1,
    javaScriptEnabled: view.javascript,
  });
  const page = await context.newPage();
  const seen = { name: view.name, console: [], dialogs: [], requests: [] };
  page.on("console", (message) => seen.console.push(message.text()));
  page.on("pageerror", (error) => seen.console.push(error.message));
  page.on("dialog", (dialog) => (seen.dialogs.push(dialog.message()), dialog.dismiss()));
  page.on("request", (request) => seen.requests.push(request.url()));
  await page.goto(view.page);
  await page.waitForFunction(() => !document.querySelector(".mermaid:not([data-processed])"), undefined, { timeout: 20000 })
    .catch((error) => view.javascript && seen.console.push(error.message));
  seen.milliseconds = performance.now() - began;
  for (const selector of view.clicks) await page.click(selector);
  if (view.keys.length) await page.focus(".plot");
  for (const key of view.keys) await page.keyboard.press(key);
  if (view.javascript) {
    seen.width = await page.evaluate(() => document.documentElement.scrollWidth);
    seen.visible = await page.evaluate(visible);
    seen.readout = await page.evaluate(() => document.querySelector(".readout")?.textContent ?? "");
  } else seen.width = view.width;
  if (view.audit) {
    await page.evaluate(axe);
    const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
    seen.violations = found.violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 200))}`);
  }
  if (view.picture) {
    const height = await page.evaluate((until) => {
      const end = until ? document.querySelector(until).getBoundingClientRect().top - 20 : Infinity;
      return Math.round(Math.min(document.documentElement.scrollHeight, end, 6000));
    }, view.until);
    await page.setViewportSize({ width: view.width, height });
    await page.screenshot({ path: view.picture });
  }
  await context.close();
  return seen;
}

const queue = [...setting.views];
const work = async () => {
  for (let view = queue.shift(); view; view = queue.shift()) console.log(JSON.stringify(await look(view)));
};
await Promise.all([work(), work()]);
await browser.close();
