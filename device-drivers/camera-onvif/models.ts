/** Known camera models as data (`firmware-configs/cameras`): which profile to record, which to watch. */
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { CameraProfile } from "./camera.ts";
import { at, text } from "./answer.ts";

interface CameraModel {
  readonly manufacturer: RegExp;
  readonly model: RegExp;
  /** Profile names or tokens in order of preference. */
  readonly profiles: readonly RegExp[];
}

const FOLDER = fileURLToPath(new URL("../../firmware-configs/cameras/", import.meta.url));
let known: readonly CameraModel[] | undefined;

/** The token to record: as the model's data says, else the largest H.264 profile, else the first. */
export function recommendedProfile(
  manufacturer: string,
  model: string,
  profiles: readonly [CameraProfile, ...CameraProfile[]],
): string {
  known ??= readModels();
  const found = known.find((one) => one.manufacturer.test(manufacturer) && one.model.test(model));
  const streaming = profiles.filter((profile) => profile.streamUri !== null);
  for (const wanted of found?.profiles ?? []) {
    const match = streaming.find((profile) => wanted.test(profile.name) || wanted.test(profile.token));
    if (match !== undefined) return match.token;
  }
  const area = (profile: CameraProfile): number => (profile.width ?? 0) * (profile.height ?? 0);
  const best = streaming.filter((profile) => profile.codec === "h264").sort((a, b) => area(b) - area(a))[0];
  return (best ?? streaming[0] ?? profiles[0]).token;
}

/** The smallest H.264 profile that is smaller than what is recorded, or beside one that is no H.264. */
export function recommendedSubProfile(main: string, profiles: readonly CameraProfile[]): string | null {
  const recorded = profiles.find(({ token }) => token === main);
  const area = (profile: CameraProfile): number => (profile.width ?? 0) * (profile.height ?? 0);
  const lighter = profiles.filter(
    (profile) =>
      profile.token !== main &&
      profile.streamUri !== null &&
      profile.codec === "h264" &&
      area(profile) > 0 &&
      (recorded?.codec !== "h264" || area(profile) < area(recorded)),
  );
  return lighter.sort((a, b) => area(a) - area(b))[0]?.token ?? null;
}

/** Throws when a file is not of the form of `firmware-configs/schema/camera.schema.json`. */
function readModels(): readonly CameraModel[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => {
      const raw: unknown = JSON.parse(readFileSync(`${FOLDER}${name}`, "utf8"));
      const profiles = at(raw, "record", "profiles");
      if (!Array.isArray(profiles)) throw new TypeError(`${name}: record.profiles is not a list`);
      return {
        manufacturer: new RegExp(text(at(raw, "match", "manufacturer")), "i"),
        model: new RegExp(text(at(raw, "match", "model")), "i"),
        profiles: profiles.map((one) => new RegExp(text(one), "i")),
      };
    });
}
