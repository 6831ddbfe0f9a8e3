/** A dock announces a file. Invariant: the same content is one upload and one file, whatever it is called. */
import { CodedError } from "../domain/errors.ts";
import { stateOf } from "./chunk-upload.ts";
import { type Announcement, MAX_FILE_BYTES, type UploadState } from "./docks.ts";
import { Row, dockStream, uploadIdOf } from "./facts.ts";
import { type Inside, appendAndApply } from "./inside.ts";
import { keys } from "./keys.ts";
import type { JsonObject } from "./ports.ts";
import { considerWipe } from "./wipe.ts";

const CAMERA = /^[A-Za-z0-9._-]{1,40}$/;
const LONGEST_VENDOR_NAME = 255;

/** Throws `docks.tooLarge`, `docks.badAnnouncement`. */
export function announce(inside: Inside, announcement: Announcement): Promise<UploadState> {
  check(announcement);
  const id = uploadIdOf(announcement.sha256);
  return inside.inTurn.run(`upload/${id}`, async () => {
    const before = await inside.table.get(keys.upload(id));
    if (before !== undefined) {
      const known = new Row(before);
      if (
        known.number("sizeBytes") !== announcement.sizeBytes ||
        known.text("sha256") !== announcement.sha256
      )
        throw new CodedError("docks.badAnnouncement", { field: "sizeBytes" });
    }
    const claim = await claimOf(inside, announcement);
    const knownClaim = await inside.table.get(keys.claim(id, announcement.camera, announcement.vendorName));
    if (JSON.stringify(knownClaim) !== JSON.stringify(claim)) {
      const { sizeBytes, sha256, dock } = announcement;
      const json: JsonObject = { kind: "announced", upload: id, dock, sizeBytes, sha256, claim };
      await appendAndApply(inside, [{ type: "dock", stream: dockStream(dock), record: { json } }]);
    }
    const state = await stateOf(inside, id);
    if (state.state === "stored") inside.background("wipe", considerWipe(inside, announcement.camera));
    return state;
  });
}

function check(announcement: Announcement): void {
  const { sizeBytes, camera, vendorName } = announcement;
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 1 || sizeBytes > MAX_FILE_BYTES)
    throw new CodedError("docks.tooLarge");
  if (!CAMERA.test(camera)) throw new CodedError("docks.badAnnouncement", { field: "camera" });
  if (
    vendorName === "" ||
    vendorName.length > LONGEST_VENDOR_NAME ||
    !vendorName.isWellFormed() ||
    /\p{C}/u.test(vendorName)
  )
    throw new CodedError("docks.badAnnouncement", { field: "vendorName" });
}

/** What was claimed, and what the vendor's file name claims; where both speak, both stay. */
async function claimOf(inside: Inside, announcement: Announcement): Promise<JsonObject> {
  const card = await inside.table.get(keys.card(announcement.camera));
  const said = inside.vendorNames.parse(announcement.vendorName);
  return {
    dock: announcement.dock,
    camera: announcement.camera,
    vendorName: announcement.vendorName,
    officerClaim: announcement.officerClaim ?? said?.officer ?? null,
    deviceStartMs: announcement.deviceStartMs ?? said?.deviceStartMs ?? null,
    deviceEndMs: announcement.deviceEndMs ?? null,
    clockOffsetMs: announcement.clockOffsetMs ?? null,
    keyMarked: announcement.keyMarked ?? false,
    // Names the stay in the dock during which it was offered: only that allows the wipe of this stay's card.
    stay: card === undefined ? null : new Row(card).text("stay"),
    nameSays:
      said === undefined
        ? null
        : {
            deviceSerial: said.deviceSerial ?? null,
            officer: said.officer ?? null,
            deviceStartMs: said.deviceStartMs ?? null,
          },
  };
}
