/** When, by whom and under which circumstances something was recorded, and the footage of it: part of a record's form. */
import { msg, str } from "@lit/localize";
import { type TemplateResult, css, html } from "lit";
import type { CameraId } from "../../gateway/domain/ids.ts";
import { RECORD_FLAGS, type RecordFlag } from "../../gateway/domain/records/document-kinds.ts";
import type { CameraView } from "../../gateway/http/contract/cameras.ts";
import type { DockFileView } from "../../gateway/http/contract/docks.ts";
import type { CatalogueView } from "../../gateway/http/contract/records.ts";
import { choice, field } from "../elements/field.ts";
import { fieldMs, fieldTime } from "../text/field-time.ts";
import { dayAndClock } from "../text/format.ts";
import { pick } from "../text/language.ts";

const HALF_HOUR_MS = 1_800_000;
const MINUTE_MS = 60_000;
/** Evidence work wants two officers; more are added one by one. */
const OFFICERS_LEAST = 2;

export interface Circumstances {
  readonly start: string;
  readonly end: string;
  readonly place: string;
  readonly officers: readonly { readonly name: string; readonly certNo: string }[];
  readonly shown: boolean;
  readonly flags: readonly RecordFlag[];
  readonly camera: CameraId | "";
  readonly from: string;
  readonly to: string;
  readonly fileId: string;
}

export function freshCircumstances(nowMs: number): Circumstances {
  const [start, end] = [fieldTime(nowMs - HALF_HOUR_MS), fieldTime(nowMs)];
  const officers = Array.from({ length: OFFICERS_LEAST }, () => ({ name: "", certNo: "" }));
  return {
    start,
    end,
    place: "",
    officers,
    shown: false,
    flags: [],
    camera: "",
    from: start,
    // The minute that runs belongs to it too: the field holds no seconds.
    to: fieldTime(nowMs + MINUTE_MS),
    fileId: "",
  };
}

/** As the gateway takes them; empty lines are left out. */
export function bodyOfCircumstances(now: Circumstances) {
  const place = now.place.trim();
  const officers = now.officers.flatMap((one) => {
    const [name, certNo] = [one.name.trim(), one.certNo.trim()];
    if (name === "") return [];
    return [{ name, certShown: now.shown, ...(certNo === "" ? {} : { certNo }) }];
  });
  return {
    startMs: fieldMs(now.start),
    endMs: fieldMs(now.end),
    flags: [...now.flags],
    officers,
    footage: [
      ...(now.camera === ""
        ? []
        : [
            {
              type: "camera" as const,
              cameraId: now.camera,
              fromMs: fieldMs(now.from),
              toMs: fieldMs(now.to),
            },
          ]),
      ...(now.fileId === "" ? [] : [{ type: "file" as const, fileId: now.fileId }]),
    ],
    ...(place === "" ? {} : { place }),
  };
}

/** Whether times can be read and lie in order. */
export function isTimely({ start, end, camera, from, to }: Circumstances): boolean {
  return fieldMs(start) <= fieldMs(end) && (camera === "" || fieldMs(from) < fieldMs(to));
}

export const circumstancesStyles = css`
  .checks {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2) var(--space-5);
  }
  .check {
    display: inline-flex;
    align-items: center;
    gap: var(--space-2);
    min-block-size: var(--target);
  }
  .check input {
    inline-size: 1.4rem;
    block-size: 1.4rem;
  }
  fieldset {
    display: grid;
    gap: var(--space-3);
  }
`;

export interface CircumstancesParts {
  readonly catalogue: CatalogueView;
  readonly cameras: readonly CameraView[];
  readonly files: readonly DockFileView[];
  readonly set: (change: Partial<Circumstances>) => void;
}

export function circumstances(now: Circumstances, parts: CircumstancesParts): TemplateResult {
  return html`${whenAndWhere(now, parts)} ${officers(now, parts)} ${flags(now, parts)} ${footage(now, parts)}`;
}

function whenAndWhere(now: Circumstances, { set }: CircumstancesParts) {
  const time = { type: "datetime-local", required: true } as const;
  return html`<div class="grid">
    ${field({
      id: "start",
      label: msg("开始时间（北京时间）", { id: "record.start" }),
      value: now.start,
      onInput: (start) => set({ start, from: start }),
      ...time,
    })}
    ${field({
      id: "end",
      label: msg("结束时间（北京时间）", { id: "record.end" }),
      value: now.end,
      onInput: (end) => set({ end, to: end }),
      ...time,
    })}
    ${field({
      id: "place",
      label: msg("地点", { id: "record.place" }),
      value: now.place,
      maxLength: 300,
      onInput: (place) => set({ place }),
    })}
  </div>`;
}

function officers(now: Circumstances, { set }: CircumstancesParts) {
  const change = (at: number, part: Partial<Circumstances["officers"][number]>): void =>
    set({ officers: now.officers.map((one, index) => (index === at ? { ...one, ...part } : one)) });
  return html`<fieldset>
    <legend>${msg("执法人员", { id: "label.officer" })}</legend>
    ${now.officers.map(
      (one, index) =>
        html`<div class="grid">
          ${field({
            id: `officer-${index}`,
            label: msg(str`执法人员${index + 1}姓名`, { id: "record.officerName" }),
            value: one.name,
            maxLength: 120,
            onInput: (name) => change(index, { name }),
          })}
          ${field({
            id: `cert-${index}`,
            label: msg(str`执法人员${index + 1}证号`, { id: "record.officerCert" }),
            value: one.certNo,
            maxLength: 120,
            onInput: (certNo) => change(index, { certNo }),
          })}
        </div>`,
    )}
    <div class="row">
      ${check(msg("已出示执法证件", { id: "record.certShown" }), now.shown, () => set({ shown: !now.shown }))}
      <button
        type="button"
        class="quiet"
        @click=${() => set({ officers: [...now.officers, { name: "", certNo: "" }] })}
      >
        ${msg("增加一人", { id: "record.moreOfficers" })}
      </button>
    </div>
  </fieldset>`;
}

function flags(now: Circumstances, { catalogue, set }: CircumstancesParts) {
  return html`<fieldset>
    <legend>${msg("情形", { id: "record.flags" })}</legend>
    <div class="checks">
      ${RECORD_FLAGS.map((flag) => {
        const word = catalogue.words.flags[flag];
        const on = now.flags.includes(flag);
        const turned = on ? now.flags.filter((one) => one !== flag) : [...now.flags, flag];
        return check(word === undefined ? flag : pick(word), on, () => set({ flags: turned }));
      })}
    </div>
  </fieldset>`;
}

function footage(now: Circumstances, { cameras, files, set }: CircumstancesParts) {
  const time = { type: "datetime-local" } as const;
  return html`<fieldset>
    <legend>${msg("关联音像记录", { id: "record.footage" })}</legend>
    <div class="grid">
      ${choice<CameraId>({
        id: "camera",
        label: msg("摄像机", { id: "playback.camera" }),
        value: now.camera,
        empty: msg("不关联", { id: "record.noFootage" }),
        choices: cameras.map(({ id, name }) => [id, name]),
        onInput: (camera) => set({ camera }),
      })}
      ${
        now.camera === ""
          ? ""
          : html`${field({
              id: "from",
              label: msg("录像开始（北京时间）", { id: "record.from" }),
              value: now.from,
              onInput: (from) => set({ from }),
              ...time,
            })}
            ${field({
              id: "to",
              label: msg("录像结束（北京时间）", { id: "record.to" }),
              value: now.to,
              onInput: (to) => set({ to }),
              ...time,
            })}`
      }
      ${choice<string>({
        id: "file",
        label: msg("执法记录仪文件", { id: "files.title" }),
        value: now.fileId,
        empty: msg("不关联", { id: "record.noFootage" }),
        choices: files.map(({ fileId, claims: [claim], labels, storedAt }) => [
          fileId,
          `${claim?.vendorName ?? fileId.slice(0, 16)} ${labels?.matter ?? dayAndClock(storedAt)}`,
        ]),
        onInput: (fileId) => set({ fileId }),
      })}
    </div>
  </fieldset>`;
}

function check(text: string, on: boolean, turn: () => void) {
  return html`<label class="check"><input type="checkbox" .checked=${on} @change=${turn} />${text}</label>`;
}
