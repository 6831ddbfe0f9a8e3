/** The clerk's routes: each command goes to the use case of its name; starting and closing also turn the kiosk's page. */
import type { ApplicationId } from "../domain/ids.ts";
import type { CommandResult } from "../intake/results.ts";
import type { Actor } from "../intake/requests.ts";
import type { PersonCaller } from "./caller.ts";
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
/** The clerk's browser is not bound to a counter; the counter session says where it was done. */
const DEVICE = "desk";

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

  async function answer(result: CommandResult): Promise<CommandAnswer> {
    return commandAnswer(result, await intake.get(result.applicationId), clock.wallMs());
  }
  /** What every request on an application carries, from the caller, the address and the body. */
  function request<Body extends object>(
    caller: PersonCaller,
    id: ApplicationId,
    body: Body,
  ): Body & { actor: Actor; device: string; applicationId: ApplicationId } {
    return { ...body, actor: actorOf(caller), device: DEVICE, applicationId: id };
  }
  async function showNotice(result: CommandResult): Promise<void> {
    const { state } = await intake.get(result.applicationId);
    const counter = state.sessions.at(-1)?.counterId;
    if (counter === undefined) return;
    const notice = deps.office.recordingNotice();
    board.show(counter, {
      kind: "recordingNotice",
      applicationId: result.applicationId,
      noticeVersion: notice.version,
      text: bilingual(notice.text),
      shown: false,
    });
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
    const view = await intake.get(params.id);
    await views.once({
      by: caller.userId,
      act: "view",
      subject: `application/${params.id}`,
      applicationId: params.id,
    });
    return intakeView(view, clock.wallMs());
  });
  mount.route(intakeRoutes.intakeFootage, async ({ params }) =>
    intakeFootage(await intake.footageOf(params.id)),
  );

  mount.route(intakeRoutes.startIntake, async ({ caller, body }) => {
    const wanted = await deps.fleet.wanted();
    if (!wanted.counters.some(({ id }) => id === body.counterId))
      throw new CodedError("people.noSuchCounter");
    const result = await intake.start({ ...body, actor: actorOf(caller), device: DEVICE });
    await showNotice(result);
    return answer(result);
  });
  mount.route(intakeRoutes.reopen, async ({ caller, params, body }) => {
    const result = await intake.reopen(request(caller, params.id, body));
    await showNotice(result);
    return answer(result);
  });
  mount.route(intakeRoutes.register, async ({ caller, params, body }) =>
    answer(await intake.register(request(caller, params.id, body))),
  );
  mount.route(intakeRoutes.receive, async ({ caller, params, body }) =>
    answer(await intake.receive(request(caller, params.id, body))),
  );
  mount.route(intakeRoutes.judge, async ({ caller, params, body }) =>
    answer(await intake.judge(request(caller, params.id, body))),
  );
  mount.route(intakeRoutes.supplementOnSpot, async ({ caller, params, body }) =>
    answer(await intake.supplementOnSpot(request(caller, params.id, body))),
  );
  mount.route(intakeRoutes.correctOnSpot, async ({ caller, params, body }) =>
    answer(await intake.correctOnSpot(request(caller, params.id, body))),
  );
  mount.route(intakeRoutes.accept, async ({ caller, params, body }) =>
    answer(await intake.accept(request(caller, params.id, body))),
  );
  mount.route(intakeRoutes.notifyCorrection, async ({ caller, params, body }) =>
    answer(await intake.notifyCorrection(request(caller, params.id, body))),
  );
  mount.route(intakeRoutes.notAccept, async ({ caller, params, body }) =>
    answer(await intake.notAccept(request(caller, params.id, body))),
  );
  mount.route(intakeRoutes.receiveSupplement, async ({ caller, params, body }) =>
    answer(await intake.receiveSupplement(request(caller, params.id, body))),
  );
  mount.route(intakeRoutes.remind, async ({ caller, params, body }) =>
    answer(await intake.remind(request(caller, params.id, body))),
  );
  mount.route(intakeRoutes.withdraw, async ({ caller, params, body }) =>
    answer(await intake.withdraw(request(caller, params.id, body))),
  );
  mount.route(intakeRoutes.handOver, async ({ caller, params, body }) =>
    answer(await intake.handOver(request(caller, params.id, body))),
  );
  mount.route(intakeRoutes.reissueClaimCode, async ({ caller, params, body }) =>
    answer(await intake.reissueClaimCode(request(caller, params.id, body))),
  );
  mount.route(intakeRoutes.closeSession, async ({ caller, params, body }) => {
    const { state } = await intake.get(params.id);
    const result = await intake.closeSession(request(caller, params.id, body));
    const counter = state.sessions.at(-1)?.counterId;
    if (counter !== undefined) board.wipe(counter, "done");
    return answer(result);
  });
  mount.route(intakeRoutes.present, async ({ params, body }) => {
    const { state, papers } = await intake.get(params.id);
    const paper = papers.find(({ documentId }) => documentId === body.documentId);
    const counter = state.sessions.at(-1);
    if (paper === undefined) throw new CodedError("intake.noSuchDocument");
    if (counter === undefined || counter.toMs !== undefined) throw new CodedError("intake.sessionClosed");
    board.show(counter.counterId, {
      kind: "document",
      applicationId: params.id,
      documentId: body.documentId,
      title: bilingual(paper.title),
      purpose: body.purpose,
      signed: false,
    });
    return { presented: board.isWatched(counter.counterId) };
  });
}
