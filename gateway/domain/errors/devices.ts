/** Error codes of devices; see ../errors.ts. */
import type { ErrorRow } from "./row.ts";

export const devicesErrors = {
  "devices.notBound": {
    meaning: "The named camera, printer or dock is not bound, so there is nothing to change or to dial.",
    who: "technician",
    status: 404,
    zh: "该设备未登记。",
    en: "This device is not bound.",
  },
  "devices.noSecret": {
    meaning:
      "The device is bound but its credentials are not in the secrets folder, as after a restore without it.",
    who: "technician",
    status: 409,
    zh: "缺少该设备的登录信息，请重新填写。",
    en: "The credentials of this device are missing; enter them again.",
  },
  "devices.badAddress": {
    meaning:
      "An address has the wrong scheme, no host, or a user name or password in it; nothing was changed.",
    who: "technician",
    status: 400,
    zh: "设备地址不正确，或地址中含有用户名、密码。",
    en: "The device address is not valid, or it contains a user name or password.",
  },
  "devices.badSetting": {
    meaning: "A setting of the device is outside what it can be; nothing was changed.",
    who: "technician",
    status: 400,
    zh: "设备参数不正确。",
    en: "A setting of the device is not valid.",
  },
  "devices.busy": {
    meaning: "A search for cameras is already under way; only one runs at a time.",
    who: "technician",
    status: 409,
    zh: "正在搜索摄像机，请稍候。",
    en: "A search for cameras is already running.",
  },
  "devices.cameraTest": {
    meaning:
      "The camera could not be described; `reason` in the details says why, from the driver's closed list.",
    who: "technician",
    status: 502,
    zh: "摄像机连接测试失败。",
    en: "The camera did not pass the connection test.",
  },
} as const satisfies Record<string, ErrorRow>;
