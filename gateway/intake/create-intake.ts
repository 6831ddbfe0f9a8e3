/** Builds the intake from its ports. Registers its view; commands may come once the views have caught up. */
import { claims } from "./claims.ts";
import { deemer } from "./deemed.ts";
import { delegations } from "./delegations.ts";
import { finisher } from "./finish.ts";
import type { CreateIntake } from "./intake.ts";
import { performer } from "./perform.ts";
import { queries } from "./queries.ts";
import { stored } from "./stored.ts";
import { useCases } from "./use-cases.ts";
import { intakeProjection } from "./view.ts";

const CLAIM_KEY_BYTES = 32;

/** Throws RangeError when the claim key isn't 32 bytes. */
export const createIntake: CreateIntake = (options) => {
  if (options.claimKey.length !== CLAIM_KEY_BYTES) throw new RangeError("the claim key is 32 bytes");
  const table = options.views.register(intakeProjection);
  const read = stored(table, options.reader);
  const papers = finisher(options.papers, table, options.onPaperUnfinished);
  const perform = performer(options, table, read, papers);
  return {
    ...useCases(options, perform),
    ...queries(options, table, read),
    ...delegations(options, table, read),
    claim: claims(options, table, read),
    deriveDeemed: deemer(options, table, read, perform),
    finishPapers: async () => papers.finishOpen(),
  };
};
