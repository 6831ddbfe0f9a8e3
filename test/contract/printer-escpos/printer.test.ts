import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createSerialPrinter, type SerialPrinter } from "../../../device-drivers/printer-escpos/printer.ts";
import {
  type PrinterProfile,
  shippedPrinterProfile,
} from "../../../device-drivers/printer-escpos/profile.ts";
import type { SlipLine } from "../../../device-drivers/printer-escpos/slip.ts";
import { type Renderer, createRenderer } from "../../../gateway/documents/renderer/renderer.ts";
import { type RunningProgram, startProgram } from "../../peers/start-program.ts";

function hasSocat(): boolean {
  try {
    execFileSync("socat", ["-V"], { stdio: "ignore" });
    return true;
  } catch {
    console.warn("SKIPPED: the virtual printer needs socat (apt-get install socat)");
    return false;
  }
}

const deadlines = { open: 1_000, status: 500, write: 700, done: 1_500, close: 500 };
const line = (text: string): SlipLine => ({ type: "text", text, align: "left", scale: 1, bold: false });
const long: readonly SlipLine[] = Array.from({ length: 400 }, (_, index) =>
  line(`第${index}行　行政许可申请材料接收凭证`),
);

describe.skipIf(!hasSocat())("an ESC/POS printer on a serial port", () => {
  let folder: string;
  let program: RunningProgram;
  let renderer: Renderer;
  let printer: SerialPrinter;
  let slips = 0;

  beforeAll(() => {
    renderer = createRenderer();
  });
  afterAll(() => renderer.close());
  beforeEach(async () => {
    slips = 0;
    folder = await mkdtemp(join(tmpdir(), "printer-"));
    program = await startProgram("device-drivers/virtual/printer.ts", { args: ["--out", folder] });
    use("virtual-80");
  });
  afterEach(async () => {
    await printer.close();
    await program.stop();
    await rm(folder, { recursive: true, force: true });
  });

  function use(name: string, change: Partial<PrinterProfile> = {}): void {
    const profile = { ...shippedPrinterProfile(name), ...change };
    printer = createSerialPrinter({
      path: join(folder, "tty"),
      profile,
      drawText: renderer.drawText,
      deadlines,
    });
  }
  async function tell(command: string): Promise<void> {
    program.child.stdin?.write(`${command}\n`);
    await program.line((said) => said["done"] === command);
  }
  /** After a break a question may be taken for the rest of a command, which leaves odd control bytes. */
  async function nextSlip(afterBreak = false): Promise<string> {
    slips += 1;
    const said = await program.line((one) => one["slip"] === slips);
    if (!afterBreak) expect(said["unknown"]).toBeUndefined();
    return readFile(String(said["text"]), "utf8");
  }
  async function failure(work: Promise<void>): Promise<{ readonly code: unknown; readonly afterMs: number }> {
    const startedMs = performance.now();
    try {
      await work;
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : error;
      return { code, afterMs: performance.now() - startedMs };
    }
    return { code: "printed", afterMs: performance.now() - startedMs };
  }

  it("prints Chinese in order and never a question mark for a character", async () => {
    await printer.print([
      { type: "text", text: "受理通知书", align: "centre", scale: 2, bold: true },
      { type: "pair", label: "申请人", value: "张三（委托代理人：李四）" },
      { type: "rule" },
      line('特殊符号 {a}|b\\c ^^d^^ "e" `f` _g_ ~h~ --- ==='),
      line("罕见姓名：𠮷䶮㛃𬭎"),
    ]);
    const text = await nextSlip();
    expect(text).toContain("受理通知书");
    expect(text).toMatch(/申请人\s+张三（委托代理人：李四）/);
    expect(text).toContain('特殊符号 {a}|b\\c ^^d^^ "e" `f` _g_ ~h~ --- ===');
    expect(text).toContain("[picture 576x");
    expect(text).not.toContain("?");
  });

  it("sends four-byte characters as text where the profile says the font has them", async () => {
    use("virtual-80", { charset: "gb18030" });
    await printer.print([line("罕见姓名：𠮷䶮㛃𬭎")]);
    expect(await nextSlip()).toBe("罕见姓名：𠮷䶮㛃𬭎\n");
  });

  it("prints on narrow paper without a cutter and with the other raster command", async () => {
    use("virtual-58");
    await printer.print([line("这一行比五十八毫米的纸还要宽一些，会在标点之前换行"), line("䶮")]);
    const text = await nextSlip();
    for (const one of text.split("\n").slice(0, -2)) expect(one.length).toBeLessThanOrEqual(16);
    expect(text).toContain("[picture 384x");
  });

  it("notices a plug pulled in the middle of a slip, in time, and prints again when it is back", async () => {
    await tell("unplug-after 4000");
    const { code, afterMs } = await failure(printer.print(long));
    expect(code).toBe("printer.unplugged");
    expect(afterMs).toBeLessThan(deadlines.open + deadlines.write + deadlines.close + 1_000);
    expect((await failure(printer.print([line("x")]))).code).toBe("printer.cannotOpen");
    await tell("plug");
    await printer.print([line("又好了")]);
    expect(await nextSlip(true)).toContain("又好了");
  });

  it("prints the next slip whole after one broke off in the middle of a picture", async () => {
    const modules = Array.from({ length: 80 }, () => Array.from({ length: 80 }, () => true));
    const png = await renderer.drawModules(modules, 6);
    await printer.print([line("一")]);
    expect(await nextSlip()).toBe("一\n");
    await tell("unplug-after 1000");
    expect((await failure(printer.print([{ type: "image", png }]))).code).toBe("printer.unplugged");
    await tell("plug");
    await printer.print([line("完整的一张")]);
    expect(await nextSlip(true)).toMatch(/完整的一张\n$/u);
  });

  it("gives up on a printer that takes nothing more", async () => {
    use("virtual-80", { status: false });
    await tell("stall");
    const { code, afterMs } = await failure(printer.print([...long, ...long, ...long, ...long]));
    expect(code).toBe("printer.timeout");
    expect(afterMs).toBeLessThan(5_000);
    await tell("flow");
  });

  it("says what keeps the printer from printing before it sends a byte", async () => {
    for (const [command, back, code] of [
      ["paper-out", "paper-in", "printer.paperOut"],
      ["cover-open", "cover-closed", "printer.coverOpen"],
    ] as const) {
      await tell(command);
      expect((await failure(printer.print([line("x")]))).code).toBe(code);
      await tell(back);
    }
    await printer.print([line("好")]);
    expect(await nextSlip()).toBe("好\n");
  });

  it("bounds its queue, keeps the order and refuses after closing", async () => {
    const results = Array.from({ length: 12 }, (_, index) => failure(printer.print([line(`第${index}张`)])));
    const codes = (await Promise.all(results)).map(({ code }) => code);
    expect(codes.filter((code) => code === "printed")).toHaveLength(8);
    expect(codes.filter((code) => code === "printer.queueFull")).toHaveLength(4);
    for (let index = 0; index < 8; index++) expect(await nextSlip()).toBe(`第${index}张\n`);
    await printer.close();
    expect((await failure(printer.print([line("x")]))).code).toBe("printer.closed");
  });
});
