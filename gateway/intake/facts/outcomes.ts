/** Facts of the outcomes: acceptance, late acceptance, the one-time notice, non-acceptance. */
import type { FactsOf, LegalBasis } from "../../domain/document.ts";
import { type RunningClock, clocksOf, decisionClocks } from "../../domain/intake/clocks.ts";
import { type CivilDate, beijingDate } from "../../domain/time.ts";
import { type FactsInput, base, counterPaper } from "./input.ts";
import { titleOf } from "./titles.ts";
import { dueDates, heldItems, law32, listed, localBasis, noticeItems } from "./material.ts";

const OVERRIDE_REASONS = {
  lawChanged: "法律、法规、规章有变化",
  newFact: "出现新的事实",
  materialForged: "发现材料虚假",
  errorOfOffice: "本机关告知有误",
} as const;

/** The day acceptance counts from. */
function acceptedOn({ event }: FactsInput): CivilDate {
  return event.type === "accepted" ? event.effectiveDay : beijingDate(event.meta.at.wallMs);
}

function decisionDue(input: FactsInput): readonly RunningClock[] {
  return decisionClocks(acceptedOn(input), input.matter, input.clock);
}

function acceptanceBasis({ event, profile }: FactsInput): readonly LegalBasis[] {
  const kind = event.type === "accepted" ? event.kind : "plain";
  switch (kind) {
    case "withVerification":
      return [law32(5), ...localBasis(profile, "accept.withVerification")];
    case "afterCorrection":
      return [law32(5), ...localBasis(profile, "correction.signAndDate")];
    case "deemed":
      return [law32(4)];
    case "plain":
      break;
  }
  return [law32(5), ...localBasis(profile, "intake.outcomes")];
}

export function acceptanceNotice(input: FactsInput): FactsOf<"acceptanceNotice"> {
  const { after, matter, profile } = input;
  const verification = after.items.flatMap(({ verdict }) =>
    verdict?.kind === "verify"
      ? [{ item: verdict.matter, reason: verdict.reason, when: verdict.byDate }]
      : [],
  );
  return {
    ...base(input, titleOf("acceptanceNotice", profile)),
    ...counterPaper(input),
    kind: "acceptanceNotice",
    basis: acceptanceBasis(input),
    acceptedOn: acceptedOn(input),
    materials: listed(heldItems(after), matter),
    decisionDue: dueDates(decisionDue(input)),
    verification,
  };
}

export function lateAcceptanceNotice(input: FactsInput): FactsOf<"lateAcceptanceNotice"> {
  const { after, matter, profile, clock } = input;
  const statutory = clocksOf(after, clock).find((one) => one.kind === "noticeStatutory");
  return {
    ...base(input, titleOf("lateAcceptanceNotice", profile)),
    ...counterPaper(input),
    kind: "lateAcceptanceNotice",
    basis: acceptanceBasis(input),
    limitPassedOn: statutory?.due ?? acceptedOn(input),
    materials: listed(heldItems(after), matter),
    decisionDue: dueDates(decisionDue(input)),
  };
}

export function correctionNotice(input: FactsInput): FactsOf<"correctionNotice"> {
  const { after, event, matter, profile, office } = input;
  const notified = event.type === "correctionNotified" ? event : undefined;
  const items = after.items.filter((item) => notified?.itemIds.includes(item.itemId));
  const awaits = profile.rule("notice.incompleteEffect").value === "awaitSupplement";
  const how = notified?.supplyHow ?? "";
  return {
    ...base(input, titleOf("correctionNotice", profile)),
    ...counterPaper(input),
    kind: "correctionNotice",
    basis: [law32(4), ...localBasis(profile, "notice.incompleteEffect")],
    items: noticeItems(items, matter, how),
    supplyPlace: office.address,
    consequence: awaits
      ? "申请继续有效；全部补正后，本机关应当受理。"
      : "申请材料退回申请人，本次申请不予受理；补正后可以重新提出申请。",
    ...(notified?.override === undefined
      ? {}
      : {
          override: {
            approver: input.handling.name,
            reason: OVERRIDE_REASONS[notified.override.reasonCode],
            basis: notified.override.legalBasis,
          },
        }),
  };
}

function nonAcceptanceBasis(input: FactsInput): readonly LegalBasis[] {
  const { event, profile } = input;
  switch (event.type === "notAccepted" ? event.reason.kind : "incomplete") {
    case "notOurs":
      return [law32(2), ...localBasis(profile, "nonAccept.pointToAuthority")];
    case "noPermitNeeded":
      return [law32(1), ...localBasis(profile, "nonAccept.noPermitNeeded")];
    case "incomplete":
      break;
  }
  return localBasis(profile, "notice.incompleteEffect");
}

export function nonAcceptanceNotice(input: FactsInput): FactsOf<"nonAcceptanceNotice"> {
  const { after, event, matter, profile, office } = input;
  const shared = {
    ...base(input, titleOf("nonAcceptanceNotice", profile)),
    ...counterPaper(input),
    kind: "nonAcceptanceNotice" as const,
    basis: nonAcceptanceBasis(input),
    returned: event.type === "notAccepted" ? listed(event.returned, matter) : [],
    remedies: office.remedies,
  };
  const reason = event.type === "notAccepted" ? event.reason : { kind: "incomplete" as const };
  switch (reason.kind) {
    case "notOurs":
      return {
        ...shared,
        because: {
          ground: "notOurs",
          competentAuthority: { zh: reason.rightAuthority },
          whereabouts: "具体地点和联系方式见该机关公布的服务指南",
        },
        reasons: "申请事项依法不属于本机关职权范围。",
      };
    case "noPermitNeeded":
      return { ...shared, because: { ground: "noPermitNeeded" }, reasons: reason.explanation };
    case "incomplete":
      break;
  }
  const named = event.type === "notAccepted" ? event.itemIds : [];
  const items = after.items.filter((item) => named.includes(item.itemId));
  return {
    ...shared,
    because: { ground: "incomplete", items: noticeItems(items, matter, "补正后重新提出申请时一并提交") },
    reasons: "申请材料不齐全或者不符合法定形式。",
  };
}
