/**
 * The use cases of the counter: each turns a request into a domain command, with personal data checked and set apart.
 */
import {
  checkedAgent,
  checkedApplicant,
  checkedSignatory,
  requiredText,
} from "../domain/intake/party-checks.ts";
import type { LateEntry, SignatureGiven } from "../domain/intake/commands.ts";
import { applicationId } from "../domain/ids.ts";
import { beijingDate } from "../domain/time.ts";
import { claimCodeHash, drawClaimCode } from "./claim-codes.ts";
import type { Intake, IntakeOptions } from "./intake.ts";
import type { NewPerson } from "./issue.ts";
import type { Perform, Plan, Work } from "./perform.ts";
import type { ApplicationRequest, IssueRequest } from "./requests.ts";

type UseCases = Pick<
  Intake,
  | "start"
  | "reopen"
  | "showNotice"
  | "register"
  | "receive"
  | "judge"
  | "supplementOnSpot"
  | "correctOnSpot"
  | "accept"
  | "notifyCorrection"
  | "notAccept"
  | "receiveSupplement"
  | "remind"
  | "withdraw"
  | "handOver"
  | "recordService"
  | "reissueClaimCode"
  | "closeSession"
  | "approve"
  | "recallProposal"
  | "handToColleague"
  | "voidPaper"
  | "closeOnScan"
>;

/** Crockford's alphabet in lower case: no letter that could be taken for a digit. */
const ID_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const ID_CHARACTERS = 10;

function on(request: ApplicationRequest, plan: Work["plan"] | Plan): Work {
  return {
    request,
    applicationId: request.applicationId,
    expectedVersion: request.expectedVersion,
    plan: typeof plan === "function" ? plan : () => plan,
  };
}

function issuing(request: IssueRequest, plan: Work["plan"] | Plan): Work {
  const { responsibleOfficerId } = request;
  return { ...on(request, plan), ...(responsibleOfficerId === undefined ? {} : { responsibleOfficerId }) };
}

const lately = (late: LateEntry | undefined) => (late === undefined ? {} : { late });
const signed = (signature: SignatureGiven | undefined) => (signature === undefined ? {} : { signature });

export function useCases(options: IntakeOptions, perform: Perform): UseCases {
  const newId = () => {
    const random = [...options.random.bytes(ID_CHARACTERS)].map(
      (byte) => ID_ALPHABET[byte % ID_ALPHABET.length],
    );
    const day = beijingDate(options.clock.wallMs()).replaceAll("-", "");
    return applicationId(`${options.office.gatewayCode.toLowerCase()}-${day}-${random.join("")}`);
  };
  return {
    async start(request) {
      const id = newId();
      const { counterId } = request;
      const cameraIds = options.office.camerasOf(counterId);
      return perform({
        request,
        applicationId: id,
        plan: () => ({ command: { type: "start", applicationId: id, counterId, cameraIds } }),
      });
    },
    async reopen(request) {
      const { counterId } = request;
      const cameraIds = options.office.camerasOf(counterId);
      return perform(on(request, { command: { type: "reopen", counterId, cameraIds } }));
    },
    async showNotice(request) {
      const { noticeVersion, language } = request;
      return perform(on(request, { command: { type: "showNotice", noticeVersion, language } }));
    },
    async register(request) {
      const { matterCode, previousApplicationId: previousId, oral } = request;
      return perform({
        ...on(request, ({ personId, today }) => {
          const applicant = checkedApplicant(request.applicant, today);
          const persons: NewPerson[] = [
            { personId: personId("applicant"), person: { role: "applicant", applicant } },
          ];
          if (request.agent !== undefined) {
            const agent = checkedAgent(request.agent, today);
            persons.push({ personId: personId("agent"), person: { role: "agent", agent } });
          }
          if (oral !== undefined) {
            const signatory = checkedSignatory(oral.signatory);
            const statement = requiredText(oral.statement, "statement");
            const person = { role: "oralApplicant", signatory, statement } as const;
            persons.push({ personId: personId("oral"), person });
          }
          return {
            persons,
            command: {
              type: "register",
              matterCode,
              applicantKind: applicant.kind,
              applicantPersonId: personId("applicant"),
              ...(request.agent === undefined ? {} : { agentPersonId: personId("agent") }),
              ...(oral === undefined
                ? {}
                : { oral: { signatoryPersonId: personId("oral"), signature: oral.signature } }),
              ...(previousId === undefined ? {} : { previousApplicationId: previousId }),
            },
          };
        }),
        matterCode,
        ...(previousId === undefined ? {} : { previousId }),
      });
    },
    async receive(request) {
      const { items, late } = request;
      return perform(issuing(request, { command: { type: "receive", items, ...lately(late) } }));
    },
    async judge(request) {
      const { itemId, verdict, comment } = request;
      const command = {
        type: "judge",
        itemId,
        verdict,
        ...(comment === undefined ? {} : { comment }),
      } as const;
      return perform(on(request, { command }));
    },
    async supplementOnSpot(request) {
      return perform(issuing(request, { command: { type: "supplementOnSpot", item: request.item } }));
    },
    async correctOnSpot(request) {
      const { itemId, place, entitled, signature } = request;
      return perform(
        on(request, ({ personId }) => ({
          persons: [
            {
              personId: personId("corrector"),
              person: {
                role: "corrector",
                signatory: checkedSignatory(request.corrector),
                before: requiredText(request.before, "before"),
                after: requiredText(request.after, "after"),
              },
            },
          ],
          command: {
            type: "correctOnSpot",
            itemId,
            place,
            entitled,
            correctorPersonId: personId("corrector"),
            ...signed(signature),
          },
        })),
      );
    },
    async accept(request) {
      return perform(issuing(request, { command: { type: "accept" } }));
    },
    async notifyCorrection(request) {
      const { override, supplyHow } = request;
      return perform(
        issuing(request, {
          command: {
            type: "notifyCorrection",
            ...(supplyHow === undefined ? {} : { supplyHow }),
            ...(override === undefined ? {} : { override }),
          },
        }),
      );
    },
    async notAccept(request) {
      return perform(issuing(request, { command: { type: "notAccept", reason: request.reason } }));
    },
    async receiveSupplement(request) {
      const { items, late } = request;
      return perform(issuing(request, { command: { type: "receiveSupplement", items, ...lately(late) } }));
    },
    async remind(request) {
      return perform(on(request, { command: { type: "remind" } }));
    },
    async withdraw(request) {
      return perform(on(request, { command: { type: "withdraw", signature: request.signature } }));
    },
    async handOver(request) {
      const { documentId, signature } = request;
      return perform(
        on(request, ({ personId }) => {
          const signatory = checkedSignatory(request.recipient);
          return {
            persons: [{ personId: personId("recipient"), person: { role: "recipient", signatory } }],
            command: {
              type: "handOver",
              documentId,
              recipientPersonId: personId("recipient"),
              relation: signatory.relation,
              ...signed(signature),
            },
          };
        }),
      );
    },
    async recordService(request) {
      const { step, documentId: paperId, method, person, personId, foreign, servedMs } = request;
      return perform(
        on(request, {
          ...(person === undefined ? {} : { persons: [{ personId, person }] }),
          command: {
            type: "recordService",
            step,
            documentId: paperId,
            method,
            personId,
            foreign,
            ...(servedMs === undefined ? {} : { servedMs }),
          },
        }),
      );
    },
    async reissueClaimCode(request) {
      const claimCode = drawClaimCode(options.random);
      const codeHash = claimCodeHash(options.claimKey, claimCode);
      return perform(on(request, { command: { type: "reissueClaimCode", codeHash }, claimCode }));
    },
    async closeSession(request) {
      return perform(on(request, { command: { type: "closeSession" } }));
    },
    async approve(request) {
      const { step, decision, opinion, signature } = request;
      return perform(on(request, { command: { type: "approve", step, decision, opinion, signature } }));
    },
    async recallProposal(request) {
      return perform(on(request, { command: { type: "recallProposal" } }));
    },
    async handToColleague(request) {
      const { toUserId, reason } = request;
      const command = { type: "handToColleague", toUserId, reason } as const;
      return perform({ ...on(request, { command }), colleagueId: toUserId });
    },
    async voidPaper(request) {
      const { documentId, reason } = request;
      return perform(on(request, { command: { type: "voidPaper", documentId, reason } }));
    },
    async closeOnScan(request) {
      const { documentId, scan } = request;
      return perform(on(request, { command: { type: "closeOnScan", documentId, scan } }));
    },
  };
}
