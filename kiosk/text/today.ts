/** The civil day in Beijing, which is what every date on a form means. */
import { beijingDate } from "../../gateway/domain/time.ts";

export function beijingToday(): string {
  return beijingDate(Date.now());
}
