import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import { CodedError } from "../../../gateway/domain/errors.ts";
import { documentContent } from "../../../gateway/documents/content/content.ts";
import { sha256Of } from "../../../gateway/documents/finish.ts";
import { qrModules, qrSvg } from "../../../gateway/documents/qr.ts";
import {
  type Renderer,
  type RendererOptions,
  createRenderer,
} from "../../../gateway/documents/renderer/renderer.ts";
import { RARE_NAME, facts } from "../../unit/documents/facts.ts";

const content = documentContent(facts.acceptanceNotice, "zh");
const { issuedAtMs } = facts.acceptanceNotice;
const job = { content, issuedAtMs };
const opened: Renderer[] = [];
function open(options: RendererOptions = {}): Renderer {
  const renderer = createRenderer(options);
  opened.push(renderer);
  return renderer;
}
afterEach(async () => {
  await Promise.all(opened.splice(0).map((renderer) => renderer.close()));
});

function alive(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function codeOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error instanceof CodedError ? error.code : error;
  }
  return "resolved";
}

describe("the renderer child", () => {
  it("starts at the first job and gives the same bytes in two processes and on every run", async () => {
    const [one, two] = [open(), open()];
    expect(one.pid()).toBeUndefined();
    const withQr = { ...job, qrSvg: qrSvg("C1:A.1.ABC") };
    const first = await one.pdf(job);
    await one.pdf({ ...job, content: documentContent(facts.correctionNotice, "en") });
    const hashes = [first, await one.pdf(job), await two.pdf(job)].map(({ bytes }) => sha256Of(bytes));
    expect(new Set(hashes).size).toBe(1);
    const finals = [await one.pdf(withQr), await two.pdf(withQr)].map(({ bytes }) => sha256Of(bytes));
    expect(new Set(finals).size).toBe(1);
    expect(finals[0]).not.toBe(hashes[0]);
    expect(one.pid()).not.toBe(two.pid());
    expect(first.templateVersion).toMatch(/^a4-[0-9a-f]{12}\+typst-0\.7\.0$/);
    const head = new TextDecoder("latin1").decode(first.bytes);
    expect(head).toContain("%PDF-1.7");
    expect(head).toContain("<pdfaid:part>2</pdfaid:part>");
    expect(head).toContain("<pdfaid:conformance>A</pdfaid:conformance>");
  });

  it("typesets a warm page in far less than the deadline of a person's patience", async () => {
    const renderer = open();
    await renderer.pdf(job);
    const startedMs = performance.now();
    for (let round = 0; round < 10; round++) await renderer.pdf({ ...job, issuedAtMs: issuedAtMs + round });
    // 50 ms is the aim; a busy machine in a test gets four times that.
    expect((performance.now() - startedMs) / 10).toBeLessThan(200);
  });

  it("takes words as data, whatever they look like", async () => {
    const trap = { ...facts.nonAcceptanceNotice, reasons: '#panic("x") $a$ \\u{41} *b* @ref <tag> [c] // d' };
    await expect(open().pdf({ content: documentContent(trap, "zh"), issuedAtMs })).resolves.toBeDefined();
  });

  it("refuses a character that no font has, by its code point, and goes on", async () => {
    const renderer = open();
    const strange = { ...facts.acceptanceNotice, phone: "\u{10FFFD}" };
    const refused = renderer.pdf({ content: documentContent(strange, "zh"), issuedAtMs });
    await expect(refused).rejects.toMatchObject({
      code: "documents.characterNotShown",
      details: { characters: ["U+10FFFD"] },
    });
    await expect(renderer.pdf(job)).resolves.toBeDefined();
  });

  it("fails the job of a child that dies and starts another for the next", async () => {
    const renderer = open();
    await renderer.pdf(job);
    const pid = renderer.pid();
    const code = codeOf(renderer.pdf(job));
    if (pid !== undefined) process.kill(pid, "SIGKILL");
    expect(["documents.renderFailed", "resolved"]).toContain(await code);
    await expect(renderer.pdf(job)).resolves.toBeDefined();
    expect(renderer.pid()).not.toBe(pid);
  });

  it("ends a child that stands still at the deadline, for certain", async () => {
    const renderer = open({ jobMs: 400 });
    // The first job pays for the fonts and may itself be late; what matters is the one after.
    await codeOf(renderer.pdf(job));
    const frozen = open({ jobMs: 15_000 });
    await frozen.pdf(job);
    const pid = frozen.pid();
    expect(alive(pid)).toBe(true);
    await frozen.close();
    expect(alive(pid)).toBe(false);
    const late = open({ jobMs: 1 });
    expect(await codeOf(late.pdf(job))).toBe("documents.renderTimeout");
    expect(alive(late.pid())).toBe(false);
  });

  it("bounds its queue and refuses after closing", async () => {
    const renderer = open({ queueLimit: 2 });
    const codes = Array.from({ length: 5 }, () => codeOf(renderer.pdf(job)));
    expect((await Promise.all(codes)).filter((code) => code === "documents.renderQueueFull")).toHaveLength(2);
    await renderer.close();
    expect(await codeOf(renderer.pdf(job))).toBe("documents.rendererClosed");
  });

  it("lets the child go when nothing is printed for a while", async () => {
    const renderer = open({ idleMs: 50 });
    await renderer.pdf(job);
    const pid = renderer.pid();
    await expect.poll(() => alive(pid), { timeout: 10_000 }).toBe(false);
    await expect(renderer.pdf(job)).resolves.toBeDefined();
  });

  it("draws rare characters with real glyphs and QR modules dot by dot", async () => {
    const renderer = open();
    const drawn = async (text: string): Promise<string> => {
      const cell = { text, xDots: 0, widthDots: 96, bold: false, align: "left" } as const;
      return sha256Of(await renderer.drawText({ widthDots: 96, fontDots: 24, cells: [cell] }));
    };
    const pictures = await Promise.all([...Array.from(RARE_NAME), "\u{3134F}"].map(drawn));
    expect(new Set(pictures).size).toBe(pictures.length);
    const modules = qrModules("C1:A.1.ABC");
    const png = await renderer.drawModules(modules, 4);
    const side = new DataView(png.buffer, png.byteOffset).getUint32(16);
    expect(side).toBe(modules.length * 4);
  });
});

describe("the renderer's parent", () => {
  it("takes the child with it when the channel closes", async () => {
    const { fork } = await import("node:child_process");
    const child = fork(new URL("../../../gateway/documents/renderer/process.ts", import.meta.url), [], {
      execArgv: [],
      serialization: "advanced",
    });
    const gone = once(child, "exit");
    await once(child, "spawn");
    child.disconnect();
    const [code] = (await gone) as [number | null];
    expect(code).toBe(0);
  });
});
