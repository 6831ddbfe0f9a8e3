/**
 * What a clerk tells of an attempt, parted into the transition without names and the words that the 送达回证 prints.
 * Invariant: every word its way of serving has to state is there, or the attempt is refused by the field's name.
 */
import { civilDate, isCivilDate } from "../../domain/calendar.ts";
import type { ServiceMade } from "../../domain/document.ts";
import { CodedError } from "../../domain/errors.ts";
import type { UserId } from "../../domain/ids.ts";
import type { PersonRecord } from "../../domain/intake/party.ts";
import type { NamedOfficer } from "../../domain/officers/officer.ts";
import type { AttemptMade, AttemptState, PlaceKind, ServiceState } from "../../domain/service/service.ts";
import { type CivilDate, beijingDate } from "../../domain/time.ts";

type Way =
  | {
      readonly method: "direct";
      readonly signee: string;
      /** Left out: the recipient in person. */ readonly relation?: string;
    }
  | { readonly method: "postal"; readonly mail: "registered" | "express"; readonly postalNo: string }
  | {
      readonly method: "leaving";
      readonly refusal: string;
      readonly refusedOn: string;
      readonly witness?: string;
    }
  | { readonly method: "entrusted" | "forwarded"; readonly through: string; readonly reason: string }
  | {
      readonly method: "publicNotice";
      readonly medium: string;
      readonly publishedOn: string;
      readonly periodDays: number;
      /** 原因和经过. */
      readonly reason: string;
    };

export type AttemptAsked = Way & {
  readonly servers: readonly UserId[];
  /** UTC ms; when it happened. */
  readonly happenedMs: number;
  readonly placeKind: PlaceKind;
  readonly place: string;
  readonly credentialsShown: boolean;
};

const LONGEST = 500;
const POSTAL_NO = /^[0-9A-Z]{8,30}$/;

function text(typed: string | undefined, field: string): string {
  const plain = (typed ?? "").trim();
  if (plain === "" || plain.length > LONGEST || /[\p{Cc}<>]/u.test(plain))
    throw new CodedError("service.badText", { field });
  return plain;
}
function date(typed: string, field: string): CivilDate {
  if (!isCivilDate(typed)) throw new CodedError("service.badTime", { field });
  return civilDate(typed);
}

const METHODS: Readonly<Record<AttemptState["method"], string>> = {
  direct: "直接送达",
  postal: "邮寄送达",
  leaving: "留置送达",
  entrusted: "委托送达",
  forwarded: "转交送达",
  publicNotice: "公告送达",
};
const WHY: Readonly<Record<NonNullable<AttemptState["failed"]>["why"], string>> = {
  absent: "受送达人不在",
  refused: "拒绝签收",
  moved: "已迁离",
  unknownAddress: "地址不详",
  returned: "邮件退回",
  other: "未能送达",
};

function triedBefore(failed: readonly AttemptState[]): readonly string[] {
  return failed.map(
    (one) => `${METHODS[one.method]}（${beijingDate(one.happenedMs)}，${WHY[one.failed?.why ?? "other"]}）`,
  );
}

/** Throws `service.badText` or `service.badTime` with the field. */
export function attemptOf(
  asked: AttemptAsked,
  known: {
    readonly state: ServiceState;
    readonly named: readonly NamedOfficer[];
    readonly personId: string;
    readonly recipient: string | undefined;
    readonly failed: readonly AttemptState[];
  },
): { readonly attempt: AttemptMade; readonly words: Extract<PersonRecord, { readonly role: "service" }> } {
  const { state, named, personId } = known;
  const base = {
    attemptId: `${state.paper.documentId}.a${state.version + 1}`,
    happenedMs: asked.happenedMs,
    servers: named.map(({ officerId, certNo }) => ({
      officerId,
      ...(certNo === undefined ? {} : { certNo }),
    })),
    credentialsShown: asked.credentialsShown,
    placeKind: asked.placeKind,
    personId,
  };
  const { made, attempt } = wayOf(asked, base, known.failed);
  return {
    attempt,
    words: {
      role: "service",
      recipient: text(known.recipient, "recipient"),
      place: text(asked.place, "place"),
      served: [{ title: state.paper.title, number: state.paper.number, copies: 1 }],
      made,
    },
  };
}

function wayOf(
  asked: AttemptAsked,
  base: Omit<AttemptMade, "method" | "toRecipient">,
  failed: readonly AttemptState[],
): { readonly made: ServiceMade; readonly attempt: AttemptMade } {
  switch (asked.method) {
    case "direct": {
      const signee = text(asked.signee, "signee");
      const relation = asked.relation === undefined ? undefined : text(asked.relation, "relation");
      return {
        made: { method: "direct", signee, ...(relation === undefined ? {} : { relation }) },
        attempt: { ...base, method: "direct", toRecipient: relation === undefined },
      };
    }
    case "postal": {
      const postalNo = asked.postalNo.normalize("NFKC").replace(/\s/g, "").toUpperCase();
      if (!POSTAL_NO.test(postalNo)) throw new CodedError("service.badText", { field: "postalNo" });
      return {
        made: { method: "postal", postalNo, mail: asked.mail },
        attempt: { ...base, method: "postal", mail: asked.mail },
      };
    }
    case "leaving": {
      const refusedOn = date(asked.refusedOn, "refusedOn");
      const witness = asked.witness?.trim() ?? "";
      return {
        made: {
          method: "leaving",
          refusal: text(asked.refusal, "refusal"),
          refusedOn,
          witness: witness === "" ? "无" : text(witness, "witness"),
        },
        attempt: { ...base, method: "leaving", refusedOn, witnessed: witness !== "" },
      };
    }
    case "publicNotice": {
      const publishedOn = date(asked.publishedOn, "publishedOn");
      const { periodDays } = asked;
      return {
        made: {
          method: "publicNotice",
          medium: text(asked.medium, "medium"),
          reason: text(asked.reason, "reason"),
          publishedOn,
          periodDays,
          failedAttempts: triedBefore(failed),
        },
        attempt: {
          ...base,
          method: "publicNotice",
          publishedOn,
          periodDays,
          after: failed.map(({ attemptId }) => attemptId),
        },
      };
    }
    case "entrusted":
    case "forwarded": {
      const through = text(asked.through, "through");
      const reason = text(asked.reason, "reason");
      const { method } = asked;
      return { made: { method, through, reason }, attempt: { ...base, method } };
    }
    default:
      throw new RangeError("a way of serving of no known kind");
  }
}
