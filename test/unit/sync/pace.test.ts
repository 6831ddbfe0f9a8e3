/** How fast and in how large pieces a replication sends: chunk size by the link, a rate that holds over any span. */
import { describe, expect, it } from "vitest";
import { byteRate } from "../../../sync/byte-rate.ts";
import { ChunkSize } from "../../../sync/chunk-size.ts";

const KIB = 1024;

describe("the chunk size", () => {
  const after = (bytesPerS: number, chunks: number): ChunkSize => {
    const size = new ChunkSize();
    for (let i = 0; i < chunks; i++) size.took(size.bytes, (size.bytes / bytesPerS) * 1000);
    return size;
  };

  it("grows to 4 MiB on a fast link, at most twice as large each time", () => {
    expect(after(100_000_000, 1).bytes).toBe(512 * KIB);
    expect(after(100_000_000, 10).bytes).toBe(4096 * KIB);
  });

  it("stays at two seconds' worth on a slow one, and never below 64 KiB", () => {
    expect(after(125_000, 10).bytes).toBe(250_000);
    expect(after(1000, 10).bytes).toBe(64 * KIB);
  });

  it("shrinks to a quarter when the link fails, and does not shrink for a pack's short end", () => {
    const size = after(100_000_000, 10);
    size.took(10, 1);
    expect(size.bytes).toBe(4096 * KIB);
    size.failed();
    expect(size.bytes).toBe(1024 * KIB);
  });
});

describe("the byte rate", () => {
  it("lets through no more than rate times span and one burst", async () => {
    let nowMs = 0;
    const rate = byteRate(
      1000,
      () => nowMs,
      async (ms) => {
        nowMs += ms;
      },
    );
    const never = new AbortController().signal;
    for (let i = 0; i < 10; i++) await rate.take(500, never);
    expect(nowMs).toBe(4500);
    await expect(rate.take(1, AbortSignal.abort())).rejects.toThrow();
    expect(() =>
      byteRate(
        0,
        () => 0,
        async () => {},
      ),
    ).toThrow(RangeError);
  });
});
