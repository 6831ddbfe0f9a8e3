/** The clerk's routes: each command goes to the use case of its name; starting and closing also turn the kiosk's page. */
import type { ApplicationId, UserId } from "../domain/ids.ts";
import type { CommandResult } from "../intake/results.ts";
import type { Actor } from "../intake/requests.ts";
import type { PersonCaller } from "./caller.ts";
import type { Static } from "typebox";
import type { NoticeOverride } from "../domain/intake/commands.ts";
import type { NoticeOverrideField } from "./contract/intake-fields.ts";
import { type CatalogueView, intakeRoutes } from "./contract/intake.ts";
import type { CommandAnswer } from "./contract/intake-view.ts";
import { CodedError } from "../domain/errors.ts";
import type { HttpDeps } from "./deps.ts";
import { commandAnswer, intakeFootage, intakeRow, intakeView } from "./intake-answer.ts";
import type { KioskBoard } from "./kiosk-board.ts";
import type { Mount } from "./mount.ts";
import type { ViewLog } from "./view-log.ts";
import { bilingual } from "./wording.ts";

const actorOf = (caller: PersonCaller): Actor => ({ userId: caller.userId, role: "clerk" });
/** Where something was done that belongs to no counter session. */
const DESK = "desk";

async function catalogue(deps: HttpDeps): Promise<CatalogueView> {
  const { office, intake, fleet } = deps;
  const profile = office.profile();
  const notice = office.recordingNotice();
  const wanted = await fleet.wanted();
  return {
    authority: { name: bilingual(office.authority.name), code: office.authority.code },
    profile: {
      id: profile.id,
      version: profile.version,
      title: bilingual(profile.name),
      warnings: profile.warnings.map(bilingual),
    },
    recordingNotice: { version: notice.version, text: bilingual(notice.text) },
    counters: wanted.counters.map(({ id, name }) => ({
      id,
      name,
      printers: wanted.printers.filter((printer) => printer.counterId === id).map((printer) => printer.id),
    })),
    matters: intake.matters().map((matter) => ({
      code: matter.code,
      version: matter.version,
      name: bilingual(matter.name),
      items: matter.items.map((item) => ({
        itemId: item.itemId,
        itemVersion: item.version,
        name: bilingual(item.name),
        requirement: bilingual(item.legalForm),
        basis: item.basis,
        required: item.required,
      })),
    })),
  };
}

export function mountIntake(mount: Mount, deps: HttpDeps, board: KioskBoard, views: ViewLog): void {
  const { intake, clock } = deps;

  /** What was done, and what the caller, with their role and certificate, may do next. */
  async function answer(caller: PersonCaller, result: CommandResult): Promise<CommandAnswer> {
    return commandAnswer(result, await intake.get(result.applicationId, actorOf(caller)), clock.wallMs());
  }
  /** What every request on an application carries, from the caller, the address and the body. */
  async function request<Body extends object>(
    caller: PersonCaller,
    id: ApplicationId,
    body: Body,
  ): Promise<Body & { actor: Actor; device: string; applicationId: ApplicationId }> {
    // The clerk's browser is not bound to a counter: the counter session says where it was done.
    const { state } = await intake.get(id);
    const device = state.sessions.at(-1)?.counterId ?? DESK;
    return { ...body, actor: actorOf(caller), device, applicationId: id };
  }
  /** A second notice is the supervisor's own act, proven by their password; what goes on holds none. */
  async function approved(
    override: Static<typeof NoticeOverrideField>,
  ): Promise<{ readonly override: NoticeOverride; readonly actor: Actor }> {
    const { supervisorPassword, ...rest } = override;
    const { id, roles } = await deps.people.accounts.authenticate(rest.supervisorId, supervisorPassword);
    if (!roles.includes("supervisor")) throw new CodedError("people.wrongRole");
    return { override: rest, actor: { userId: id, role: "supervisor" } };
  }
  async function showNotice(result: CommandResult, by: UserId): Promise<void> {
    const { state } = await intake.get(result.applicationId);
    const counter = state.sessions.at(-1)?.counterId;
    if (counter === undefined) return;
    const notice = deps.office.recordingNotice();
    board.show(
      counter,
      {
        kind: "recordingNotice",
        applicationId: result.applicationId,
        noticeVersion: notice.version,
        text: bilingual(notice.text),
        shown: false,
      },
      by,
    );
  }

  mount.route(intakeRoutes.catalogue, () => catalogue(deps));
  mount.route(intakeRoutes.listIntakes, async ({ query }) => {
    const { limit, open } = query;
    const rows = await intake.list({
      ...(limit === undefined ? {} : { limit }),
      ...(open === undefined ? {} : { openOnly: open }),
    });
    return rows.map((row) => intakeRow(row, clock.wallMs()));
  });
  mount.route(intakeRoutes.readIntake, async ({ caller, params }) => {
    const view = await intake.get(params.id, actorOf(caller));
    await deps.access.assertNotSealed(params.id);
    await views.once({
      by: caller.userId,
      act: "view",
      subject: `application/${params.id}`,
      applicationId: params.id,
    });
    return intakeView(view, clock.wallMs());
  });
  mount.route(intakeRoutes.intakeFootage, async ({ params }) => {
    await deps.access.assertNotSealed(params.id);
    return intakeFootage(await intake.footageOf(params.id));
  });

  mount.route(intakeRoutes.startIntake, async ({ caller, body }) => {
    const wanted = await deps.fleet.wanted();
    if (!wanted.counters.some(({ id }) => id === body.counterId))
      throw new CodedError("people.noSuchCounter");
    const result = await intake.start({ ...body, actor: actorOf(caller), device: body.counterId });
    await showNotice(result, caller.userId);
    return answer(caller, result);
  });
  mount.route(intakeRoutes.reopen, async ({ caller, params, body }) => {
    const result = await intake.reopen(await request(caller, params.id, body));
    await showNotice(result, caller.userId);
    return answer(caller, result);
  });
  mount.route(intakeRoutes.register, async ({ caller, params, body }) =>
    answer(caller, await intake.register(await request(caller, params.id, body))),
  );
  mount.route(intakeRoutes.receive, async ({ caller, params, body }) =>
    answer(caller, await intake.receive(await request(caller, params.id, body))),
  );
  mount.route(intakeRoutes.judge, async ({ caller, params, body }) =>
    answer(caller, await intake.judge(await request(caller, params.id, body))),
  );
  mount.route(intakeRoutes.supplementOnSpot, async ({ caller, params, body }) =>
    answer(caller, await intake.supplementOnSpot(await request(caller, params.id, body))),
  );
  mount.route(intakeRoutes.correctOnSpot, async ({ caller, params, body }) =>
    answer(caller, await intake.correctOnSpot(await request(caller, params.id, body))),
  );
  mount.route(intakeRoutes.accept, async ({ caller, params, body }) =>
    answer(caller, await intake.accept(await request(caller, params.id, body))),
  );
  mount.route(intakeRoutes.notifyCorrection, async ({ caller, params, body }) => {
    const { override, ...rest } = body;
    const own = await request(caller, params.id, rest);
    const overridden = override === undefined ? {} : await approved(override);
    return answer(caller, await intake.notifyCorrection({ ...own, ...overridden }));
  });
  mount.route(intakeRoutes.notAccept, async ({ caller, params, body }) =>
    answer(caller, await intake.notAccept(await request(caller, params.id, body))),
  );
  mount.route(intakeRoutes.receiveSupplement, async ({ caller, params, body }) =>
    answer(caller, await intake.receiveSupplement(await request(caller, params.id, body))),
  );
  mount.route(intakeRoutes.remind, async ({ caller, params, body }) =>
    answer(caller, await intake.remind(await request(caller, params.id, body))),
  );
  mount.route(intakeRoutes.withdraw, async ({ caller, params, body }) =>
    answer(caller, await intake.withdraw(await request(caller, params.id, body))),
  );
  mount.route(intakeRoutes.handOver, async ({ caller, params, body }) =>
    answer(caller, await intake.handOver(await request(caller, params.id, body))),
  );
  mount.route(intakeRoutes.reissueClaimCode, async ({ caller, params, body }) =>
    answer(caller, await intake.reissueClaimCode(await request(caller, params.id, body))),
  );
  mount.route(intakeRoutes.closeSession, async ({ caller, params, body }) => {
    const { state } = await intake.get(params.id);
    const result = await intake.closeSession(await request(caller, params.id, body));
    const counter = state.sessions.at(-1)?.counterId;
    if (counter !== undefined) board.wipe(counter, "done");
    return answer(caller, result);
  });
  mount.route(intakeRoutes.recallProposal, async ({ caller, params, body }) =>
    answer(caller, await intake.recallProposal(await request(caller, params.id, body))),
  );
  mount.route(intakeRoutes.handToColleague, async ({ caller, params, body }) => {
    const own = await request(caller, params.id, body);
    const colleague = await deps.people.accounts.find(body.toUserId);
    if (colleague === undefined || colleague.disabled || !colleague.roles.includes("clerk"))
      throw new CodedError("intake.noSuchColleague");
    return answer(caller, await intake.handToColleague(own));
  });
  mount.route(intakeRoutes.voidPaper, async ({ caller, params, body }) =>
    answer(caller, await intake.voidPaper(await request(caller, params.id, body))),
  );
  mount.route(intakeRoutes.colleagues, async ({ caller }) =>
    (await deps.people.accounts.list())
      .filter(({ id, roles, disabled }) => id !== caller.userId && !disabled && roles.includes("clerk"))
      .map(({ id, name }) => ({ id, name })),
  );
  mount.route(intakeRoutes.present, async ({ caller, params, body }) => {
    const { state, papers } = await intake.get(params.id);
    const paper = papers.find(({ documentId }) => documentId === body.documentId);
    const counter = state.sessions.at(-1);
    if (paper === undefined) throw new CodedError("intake.noSuchDocument");
    if (counter === undefined || counter.toMs !== undefined) throw new CodedError("intake.sessionClosed");
    board.show(
      counter.counterId,
      {
        kind: "document",
        applicationId: params.id,
        documentId: body.documentId,
        title: bilingual(paper.title),
        purpose: body.purpose,
        signed: false,
      },
      caller.userId,
    );
    return { presented: board.isWatched(counter.counterId) };
  });
}
