/** The grounds of long-term keeping in words. */
import { msg } from "@lit/localize";
import type { HoldView } from "../../gateway/http/contract/retention.ts";

export function holdReason(reason: HoldView["reason"]): string {
  switch (reason) {
    case "complaint":
      return msg("异议、投诉、上访", { id: "hold.complaint" });
    case "obstruction":
      return msg("逃避、拒绝、阻碍执法", { id: "hold.obstruction" });
    case "massIncident":
      return msg("群体性、突发事件", { id: "hold.massIncident" });
    case "otherImportant":
      return msg("其他重要资料", { id: "hold.otherImportant" });
    case "keyMarked":
      break;
  }
  return msg("重点文件", { id: "files.keyMarked" });
}
