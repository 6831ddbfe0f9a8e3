/** Words and tones for what a camera is doing and why footage is missing. */
import { msg } from "@lit/localize";
import type { Tone } from "./chip.ts";

const STATES: Readonly<Record<string, readonly [word: () => string, tone: Tone]>> = {
  recording: [() => msg("正在录像", { id: "camera.recording" }), "ok"],
  connecting: [() => msg("正在连接", { id: "camera.connecting" }), "warn"],
  stalled: [() => msg("画面停滞", { id: "camera.stalled" }), "bad"],
  offline: [() => msg("摄像机离线", { id: "camera.offline" }), "bad"],
  diskSlow: [() => msg("存储过慢", { id: "camera.diskSlow" }), "bad"],
  stopped: [() => msg("已停止", { id: "camera.stopped" }), "plain"],
};

/** An unknown identifier is shown as it is. */
export function cameraStateWord(state: string): readonly [word: string, tone: Tone] {
  const known = STATES[state];
  return known === undefined ? [state, "plain"] : [known[0](), known[1]];
}

const CAUSES: Readonly<Record<string, () => string>> = {
  unauthorized: () => msg("用户名或密码不正确", { id: "cause.unauthorized" }),
  unreachable: () => msg("无法连接", { id: "cause.unreachable" }),
  notFound: () => msg("摄像机上没有这路码流", { id: "cause.notFound" }),
  refused: () => msg("摄像机拒绝连接", { id: "cause.refused" }),
  badAnswer: () => msg("摄像机的应答无法识别", { id: "cause.badAnswer" }),
  unsupported: () => msg("不支持的码流", { id: "cause.unsupported" }),
  timeout: () => msg("摄像机没有应答", { id: "cause.timeout" }),
  disconnected: () => msg("连接中断", { id: "cause.disconnected" }),
  stalled: () => msg("画面停滞", { id: "cause.stalled" }),
  packetLoss: () => msg("网络丢包", { id: "cause.packetLoss" }),
  timeJump: () => msg("摄像机时间跳变", { id: "cause.timeJump" }),
  clockStep: () => msg("系统时钟调整", { id: "cause.clockStep" }),
  diskSlow: () => msg("存储过慢", { id: "cause.diskSlow" }),
  diskFull: () => msg("磁盘已满", { id: "cause.diskFull" }),
  restart: () => msg("系统重启", { id: "cause.restart" }),
  stopped: () => msg("人为停止", { id: "cause.stopped" }),
  notRecorded: () => msg("没有录像", { id: "cause.notRecorded" }),
};

export function causeWord(cause: string): string {
  return CAUSES[cause]?.() ?? cause;
}

/** What to do about a camera whose every stream is H.265. */
export function h265Hint(): string {
  return msg("录像照常保存，但不少浏览器不能播放 H.265。请在摄像机上启用 H.264 子码流并重新绑定。", {
    id: "camera.h265Hint",
  });
}
