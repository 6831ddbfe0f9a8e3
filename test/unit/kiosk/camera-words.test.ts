/** Every state of a recorder and every cause of a gap has words for people; a screen never shows an identifier. */
import { describe, expect, it } from "vitest";
import type { GapCause, RecorderState } from "../../../gateway/recording/recorder-status.ts";
import { cameraStateWord, causeWord } from "../../../kiosk/elements/camera-words.ts";

/** Complete by its type: a new cause that is not named here does not compile. */
const CAUSES: Readonly<Record<GapCause, true>> = {
  unreachable: true,
  unauthorized: true,
  notFound: true,
  refused: true,
  badAnswer: true,
  unsupported: true,
  timeout: true,
  stalled: true,
  disconnected: true,
  packetLoss: true,
  timeJump: true,
  clockStep: true,
  diskSlow: true,
  diskFull: true,
  restart: true,
  stopped: true,
  notRecorded: true,
};
const STATES: Readonly<Record<RecorderState, true>> = {
  connecting: true,
  recording: true,
  stalled: true,
  offline: true,
  diskSlow: true,
  stopped: true,
};

describe("a camera's words", () => {
  it.each(Object.keys(CAUSES))("%s is said in Chinese", (cause) => {
    expect(causeWord(cause)).toMatch(/\p{Script=Han}/u);
  });

  it.each(Object.keys(STATES))("%s is said in Chinese", (state) => {
    expect(cameraStateWord(state)[0]).toMatch(/\p{Script=Han}/u);
  });
});
