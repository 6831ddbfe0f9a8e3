/** Secrecy labels and seals of matters. Invariant: a seal is one command, and only another person who leads undoes it. */
import { SENSITIVITIES } from "../../domain/access/parties.ts";
import { CodedError } from "../../domain/errors.ts";
import type { InTurn } from "../in-turn.ts";
import type { AccessDesk } from "./access-desk.ts";
import { labelDraft } from "./entries.ts";
import { type MatterSources, knownMatter } from "./matter-facts-of.ts";
import type { FootageRefs, UploadRefs } from "./ports.ts";
import { said } from "./request-checks.ts";
import { sealedRefs } from "./sealed-refs.ts";
import type { Write } from "./write.ts";

export type Seals = Pick<
  AccessDesk,
  "isSealed" | "assertNotSealed" | "label" | "labelsOf" | "seal" | "decideSeal" | "seals" | "isWithheld"
>;

export function sealsOf(
  sources: MatterSources & {
    readonly footage: FootageRefs;
    readonly uploads: UploadRefs;
    readonly wallMs: () => number;
  },
  { write, turns }: { readonly write: Write; readonly turns: InTurn },
): Seals {
  const { matters } = sources;
  const sealed = sealedRefs(sources);
  async function isSealed(matterOrPartId: string): Promise<boolean> {
    const matterId = (await matters.ofPart(matterOrPartId)) ?? matterOrPartId;
    return ((await matters.find(matterId))?.seal ?? "none") !== "none";
  }

  return {
    isSealed,
    async assertNotSealed(matterId) {
      if (await isSealed(matterId)) throw new CodedError("access.sealed");
    },
    async label({ caller, commandId, target, labels, reason }) {
      if (!/^(matter|file)\/[a-z0-9][a-z0-9.-]{0,63}$/.test(target))
        throw new CodedError("access.noSuchMatter");
      if (labels.some((label) => !SENSITIVITIES.includes(label)))
        throw new CodedError("access.badSensitivity");
      const why = said(reason, "access.badSensitivity");
      const matterId = /^matter\/(.+)$/.exec(target)?.[1];
      if (matterId !== undefined) await knownMatter(sources, matterId);
      const body = { what: "sensitivity", target, labels: [...new Set(labels)], reason: why };
      await write([labelDraft({ commandId, by: caller.userId, ...body })]);
    },
    labelsOf: (target) => matters.labelsOf(target),
    seal: ({ caller, commandId, matterId, reason }) =>
      turns.run(`seal/${matterId}`, async () => {
        const why = said(reason, "access.badSensitivity");
        const { facts } = await knownMatter(sources, matterId);
        if (facts.seal !== "none") return;
        const target = `matter/${matterId}`;
        const body = { commandId, by: caller.userId, what: "seal", target, reason: why };
        await write([labelDraft(body)]);
      }),
    decideSeal: ({ caller, commandId, matterId, decision, opinion }) =>
      turns.run(`seal/${matterId}`, async () => {
        const why = said(opinion, "access.opinionMissing");
        const row = await matters.find(matterId);
        if (row === undefined || row.seal === "none" || (row.seal === "kept" && decision === "keep"))
          throw new CodedError("access.notSealed");
        if (!caller.roles.includes("leader")) throw new CodedError("access.notYourOffice");
        if (row.sealedBy === caller.userId) throw new CodedError("access.samePerson");
        const body = { what: "sealDecided", target: `matter/${matterId}`, decision, opinion: why };
        await write([labelDraft({ commandId, by: caller.userId, ...body })]);
      }),
    async seals() {
      const ids = await matters.sealed();
      const rows = await Promise.all(
        ids.map(async (matterId) => ({ matterId, row: await matters.find(matterId) })),
      );
      return rows.flatMap(({ matterId, row }) =>
        row === undefined || row.seal === "none"
          ? []
          : [{ matterId, state: row.seal, sealedBy: row.sealedBy ?? "", sealedMs: row.sealedMs ?? 0 }],
      );
    },
    isWithheld: (log, ranges) => sealed.holds(log, ranges),
  };
}
