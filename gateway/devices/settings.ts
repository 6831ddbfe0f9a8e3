/** Checks what a technician enters before anything is changed. Invariant: no address with credentials passes. */
import { CodedError } from "../domain/errors.ts";
import type { BindCamera, BindPrinter } from "./fleet.ts";

const LONGEST_NAME = 60;
const LONGEST_ADDRESS = 1024;
const LONGEST_CREDENTIAL = 128;

/** Throws `devices.badSetting`. */
export function checkName(name: string): void {
  if (name.trim() === "" || name.length > LONGEST_NAME || /\p{C}/u.test(name))
    throw new CodedError("devices.badSetting", { field: "name" });
}

/** Throws `devices.badAddress` or `devices.badSetting`. */
export function checkCamera(camera: BindCamera): void {
  checkName(camera.name);
  if (camera.xaddr !== null) checkAddress(camera.xaddr, ["http:"], "xaddr");
  checkAddress(camera.rtspUrl, ["rtsp:", "rtsps:"], "rtspUrl");
  if (camera.sub !== undefined) {
    checkAddress(camera.sub.rtspUrl, ["rtsp:", "rtsps:"], "sub.rtspUrl");
    const [main, sub] = [new URL(camera.rtspUrl), new URL(camera.sub.rtspUrl)];
    // The camera's credentials go there too, and its pinned certificate has to hold for both.
    if (sub.hostname !== main.hostname || sub.protocol !== main.protocol)
      throw new CodedError("devices.badAddress", { field: "sub.rtspUrl" });
  }
  const pin = camera.certificateSha256;
  if (pin !== undefined && !(/^[0-9a-f]{64}$/.test(pin) && /^rtsps:/i.test(camera.rtspUrl)))
    throw new CodedError("devices.badSetting", { field: "certificateSha256" });
  const { username, password } = camera.credentials;
  if (username.length > LONGEST_CREDENTIAL || password.length > LONGEST_CREDENTIAL)
    throw new CodedError("devices.badSetting", { field: "credentials" });
}

const PRINTER_PROFILE = /^[a-z0-9][a-z0-9-]{0,63}$/;

/** Throws `devices.badSetting`. */
export function checkPrinter(printer: BindPrinter): void {
  checkName(printer.name);
  if (!/^\/[\w./:-]{1,255}$/.test(printer.path))
    throw new CodedError("devices.badSetting", { field: "path" });
  if (!PRINTER_PROFILE.test(printer.profile))
    throw new CodedError("devices.badSetting", { field: "profile" });
}

function checkAddress(address: string, protocols: readonly string[], field: string): void {
  const url = address.length <= LONGEST_ADDRESS && URL.canParse(address) ? new URL(address) : undefined;
  if (
    url === undefined ||
    !protocols.includes(url.protocol) ||
    url.hostname === "" ||
    url.username !== "" ||
    url.password !== ""
  )
    throw new CodedError("devices.badAddress", { field });
}
