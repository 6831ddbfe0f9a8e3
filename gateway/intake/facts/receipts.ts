/** Facts of the receipts: materials taken in, supplements taken in, materials given back, corrections made, service. */
import type { FactsOf } from "../../domain/document.ts";
import { clocksOf } from "../../domain/intake/clocks.ts";
import { CodedError } from "../../domain/errors.ts";
import { serviceArticle } from "../../domain/service/demands.ts";
import { type FactsInput, base, counterPaper } from "./input.ts";
import { titleOf } from "./titles.ts";
import {
  articleBasis,
  dueDates,
  heldItems,
  law29,
  law32,
  listed,
  localBasis,
  requirementOf,
} from "./material.ts";

/** 材料接收凭证: the list and where the clocks start. */
export function materialReceipt(input: FactsInput): FactsOf<"materialReceipt"> {
  const { after, matter, profile, clock } = input;
  const clocks = clocksOf(after, clock).filter((one) => one.kind.startsWith("notice"));
  const amends =
    input.event.type === "supplementedOnSpot"
      ? after.papers.findLast(({ kind, number }) => kind === "materialReceipt" && number !== input.number)
      : undefined;
  return {
    ...base(input, titleOf("materialReceipt", profile)),
    ...counterPaper(input),
    kind: "materialReceipt",
    basis: [law32(), ...localBasis(profile, "intake.receiptRequired")],
    materials: listed(heldItems(after), matter),
    noticeDue: dueDates(clocks),
    ...(amends === undefined ? {} : { amends: amends.number }),
    ...lateEntry(input),
  };
}

function lateEntry({ event }: FactsInput): { readonly lateEntry?: string } {
  const late = event.type === "received" || event.type === "supplementReceived" ? event.late : undefined;
  return late === undefined ? {} : { lateEntry: late.reason };
}

/** 口头申请记录: in the words that were written down and signed. */
export function oralApplicationRecord(input: FactsInput): FactsOf<"oralApplicationRecord"> {
  const { event, profile } = input;
  const oral = event.type === "registered" ? event.oral : undefined;
  const person = oral === undefined ? undefined : input.person(oral.signatoryPersonId);
  const spoken = person?.role === "oralApplicant" ? person : undefined;
  return {
    ...base(input, titleOf("oralApplicationRecord", profile)),
    ...counterPaper(input),
    kind: "oralApplicationRecord",
    basis: [law29(), ...localBasis(profile, "intake.oralApplication")],
    statement: spoken?.statement ?? "",
    speaker: spoken?.signatory.name ?? "",
    relation: spoken?.signatory.relation ?? "",
  };
}

/** 补正材料接收凭证: names the notice it answers and what is still out. */
export function supplementReceipt(input: FactsInput): FactsOf<"supplementReceipt"> {
  const { after, event, matter, profile } = input;
  const handed = event.type === "supplementReceived" ? event.items : [];
  const notice = after.papers.findLast((paper) => paper.kind === "correctionNotice");
  // What the notice asked for and what is still judged deficient: a supplement clears the verdict.
  const outstanding = after.items.filter((item) => item.verdict?.kind === "deficient");
  return {
    ...base(input, titleOf("supplementReceipt", profile)),
    ...counterPaper(input),
    kind: "supplementReceipt",
    basis: [law32(), ...localBasis(profile, "notice.incompleteEffect")],
    materials: listed(handed, matter),
    answersNumber: notice?.number ?? "",
    outstanding: outstanding.map((item) => requirementOf(matter, item.itemId).name),
    ...lateEntry(input),
  };
}

/** 申请材料退回清单, signed when the materials go back. */
export function materialReturnList(input: FactsInput): FactsOf<"materialReturnList"> {
  const { after, event, matter, profile } = input;
  const returned = event.type === "notAccepted" || event.type === "withdrawn" ? event.returned : [];
  const ordered = event.papers.find((paper) => paper.kind === "nonAcceptanceNotice");
  const receipt = after.papers.findLast((paper) => paper.kind === "materialReceipt");
  const withdrawn = event.type === "withdrawn";
  return {
    ...base(input, titleOf("materialReturnList", profile)),
    ...counterPaper(input),
    kind: "materialReturnList",
    basis: [law32(), ...localBasis(profile, "notice.returnMaterials")],
    materials: listed(returned, matter),
    reason: withdrawn ? "申请人撤回申请，申请材料全部退回。" : "决定不予受理，申请材料全部退回申请人。",
    underNumber: ordered?.number ?? receipt?.number ?? "",
  };
}

/** 当场更正记录: each correction with place, person and what was changed. */
export function correctionRecord(input: FactsInput): FactsOf<"correctionRecord"> {
  const { after, matter, profile } = input;
  const corrections = after.items.flatMap((item) =>
    item.corrections.flatMap((made) => {
      const person = input.person(made.correctorPersonId);
      if (person?.role !== "corrector") return [];
      return [
        {
          material: requirementOf(matter, item.itemId).name,
          place: made.place,
          before: person.before,
          after: person.after,
          corrector: person.signatory.name,
          entitledAs: person.signatory.relation,
          atMs: made.atMs,
        },
      ];
    }),
  );
  return {
    ...base(input, titleOf("correctionRecord", profile)),
    ...counterPaper(input),
    kind: "correctionRecord",
    basis: [law32(3), ...localBasis(profile, "correction.signAndDate")],
    corrections,
  };
}

/** 送达回证 of a hand-over at the counter, or of service by any other way. */
export function serviceReceipt(input: FactsInput): FactsOf<"serviceReceipt"> {
  const { event, profile } = input;
  if (event.type !== "serviceRecorded") return handOverReceipt(input);
  const person = input.person(event.personId);
  if (person?.role !== "service") throw new CodedError("intake.personErased");
  const { recipient, place, served, made } = person;
  return {
    ...base(input, titleOf("serviceReceipt", profile)),
    kind: "serviceReceipt",
    basis: [articleBasis(serviceArticle(event.method, profile), profile)],
    claimable: false,
    recipient,
    served,
    service: made,
    place,
    servedAtMs: event.servedMs ?? event.meta.at.wallMs,
  };
}

function handOverReceipt(input: FactsInput): FactsOf<"serviceReceipt"> {
  const { after, event, office, profile } = input;
  const handed = event.type === "handedOver" ? event : undefined;
  const paper = after.papers.find((candidate) => candidate.documentId === handed?.documentId);
  const person = handed === undefined ? undefined : input.person(handed.recipientPersonId);
  const signee = person?.role === "recipient" ? person.signatory : undefined;
  return {
    ...base(input, titleOf("serviceReceipt", profile)),
    kind: "serviceReceipt",
    basis: localBasis(profile, "service.methods"),
    claimable: false,
    recipient: input.applicant.name,
    served: [
      {
        title: paper === undefined ? "" : titleOf(paper.kind, profile).zh,
        number: paper?.number ?? "",
        copies: 1,
      },
    ],
    service: {
      method: "direct",
      signee: signee?.name ?? "",
      ...(signee === undefined || signee.relation === "self" ? {} : { relation: signee.relation }),
    },
    place: office.address,
    servedAtMs: event.meta.at.wallMs,
  };
}
