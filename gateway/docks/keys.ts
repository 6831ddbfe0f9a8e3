/** The whole key map of the docks' view. Invariant: keys are ASCII and sort as meant; names of others are encoded. */

const DIGITS = 16;
const pad = (value: number): string => String(value).padStart(DIGITS, "0");
const name = (text: string): string => encodeURIComponent(text);

export const keys = {
  seen: (dock: string, boot: string, seq: number) => `seen/${dock}/${boot}/${pad(seq)}`,
  boot: (dock: string, boot: string) => `boot/${dock}/${boot}`,
  dock: (dock: string) => `dock/${dock}`,
  bay: (dock: string, bay: number) => `bay/${dock}/${pad(bay)}`,
  /** What is on the card of a camera that is in a dock now. */
  card: (camera: string) => `card/${name(camera)}`,
  custody: (camera: string) => `custody/${name(camera)}`,
  custodyEvent: (camera: string, logId: string, seq: number) =>
    `custody-event/${name(camera)}/${logId}/${pad(seq)}`,
  upload: (id: string) => `upload/${id}`,
  /** An upload that is not stored yet. */
  pending: (id: string) => `pending/${id}`,
  chunk: (id: string, attempt: number, offset: number) => `chunk/${id}/${pad(attempt)}/${pad(offset)}`,
  claim: (id: string, camera: string, vendorName: string) =>
    `claim/${id}/${name(camera)}/${name(vendorName)}`,
  /** Which content a camera offered under a name last. */
  offered: (camera: string, vendorName: string) => `offered/${name(camera)}/${name(vendorName)}`,
  /** The words of a labelling, in an entry of their own. */
  labelWords: (id: string, logId: string, seq: number) => `label-words/${id}/${logId}/${pad(seq)}`,
  file: (id: string) => `file/${id}`,
  fileOrder: (storedAtMs: number, id: string) => `file-order/${pad(storedAtMs)}/${id}`,
  unlabelled: (storedAtMs: number, id: string) => `unlabelled/${pad(storedAtMs)}/${id}`,
  command: (id: string) => `command/${id}`,
  /** A command without an acknowledgement. */
  openCommand: (dock: string, id: string) => `open-command/${dock}/${id}`,
  /** What a person's command did the first time. */
  done: (command: string) => `done/${command}`,
} as const;

/** All keys that begin with this; `/` is followed by `0` in ASCII. */
export function under(prefix: string): { readonly from: string; readonly to: string } {
  return { from: `${prefix}/`, to: `${prefix}0` };
}
