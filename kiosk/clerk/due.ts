/** How a limit is shown: what is left of it in words, with a tone that grows more urgent. */
import { msg, str } from "@lit/localize";
import type { TemplateResult } from "lit";
import type { ClockView } from "../../gateway/http/contract/intake-view.ts";
import { type Tone, chip } from "../elements/chip.ts";
import { span } from "../text/format.ts";

const NEAR_MS = 86_400_000;

export function dueChip(clock: ClockView): TemplateResult {
  switch (clock.status) {
    case "met":
      return chip("ok", msg("已按期完成", { id: "due.met" }));
    case "late":
      return chip("bad", msg("已逾期完成", { id: "due.late" }));
    case "breached":
      return chip("bad", msg("已超过期限", { id: "due.breached" }));
    case "running":
      break;
  }
  const tone: Tone = clock.leftMs < NEAR_MS ? "warn" : "plain";
  return chip(tone, msg(str`还剩 ${span(clock.leftMs)}`, { id: "due.left" }), "clock");
}
