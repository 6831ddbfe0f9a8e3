/**
 * The kiosk's routes: bound device, what the clerk presents, an applicant's claim, signing, wiping. Invariant: what
 * is shown here was presented at this counter or claimed at it, and showing it is a row of the access ledger. What
 * belongs to a sealed matter is answered as if it weren't there: nobody here may learn even that there is a seal.
 */
import {
  type ApplicationId,
  type CounterId,
  type DocumentId,
  type UserId,
  commandId,
  userId,
} from "../domain/ids.ts";
import { CodedError } from "../domain/errors.ts";
import type { KioskCaller } from "./caller.ts";
import { type KioskState, kioskRoutes } from "./contract/kiosk.ts";
import { DONE } from "./contract/fields.ts";
import { contentView } from "./content-answer.ts";
import type { Cookies } from "./cookies.ts";
import type { HttpDeps } from "./deps.ts";
import { CLAIM_IDLE_MS, type KioskBoard } from "./kiosk-board.ts";
import { streamStates } from "./kiosk-stream.ts";
import type { Mount } from "./mount.ts";
import { bilingual } from "./wording.ts";

/** The kiosk wipes itself after this long without a touch; the gateway's own limit is longer. */
const IDLE_WIPE_MS = 60_000;
/** Showing the notice may meet the clerk's own change of the application this often. */
const CONFLICT_TRIES = 5;
/** Who prints at a kiosk: an applicant, who has no account. */
const KIOSK_USER = userId("kiosk");

export function mountKiosk(mount: Mount, deps: HttpDeps, board: KioskBoard, cookies: Cookies): void {
  const { access, people, intake, fleet, documents, printers, signatures, recorders, clock } = deps;
  const deviceOf = (counter: CounterId): string => `kiosk/${counter}`;

  async function state(counter: CounterId): Promise<KioskState> {
    const wanted = await fleet.wanted();
    const { revision, screen: onBoard, claim: onClaim } = board.state(counter);
    const isShut = onBoard.kind === "document" && (await access.isSealed(onBoard.applicationId));
    const screen = isShut ? ({ kind: "idle" } as const) : onBoard;
    const claim =
      onClaim === undefined || (await access.isSealed(onClaim.applicationId)) ? undefined : onClaim;
    return {
      counterId: counter,
      counterName: wanted.counters.find(({ id }) => id === counter)?.name ?? counter,
      authority: bilingual(deps.office.authority.name),
      revision,
      screen,
      claim:
        claim === undefined
          ? null
          : { applicationId: claim.applicationId, until: Math.round(clock.wallMs() + claim.leftMs) },
      recording: wanted.cameras.some(
        (camera) => camera.counterId === counter && recorders.status(camera.id)?.state === "recording",
      ),
      idleWipeMs: Math.min(IDLE_WIPE_MS, CLAIM_IDLE_MS),
    };
  }
  async function opened(caller: KioskCaller, document: DocumentId): Promise<ApplicationId> {
    const application = board.opens(caller.counterId, document);
    if (application === undefined || (await access.isSealed(application)))
      throw new CodedError("people.notYours");
    return application;
  }
  /** Logs the showing of the notice, also when the clerk changes the application in the same moment. */
  async function logNotice(
    caller: KioskCaller,
    notice: {
      readonly applicationId: ApplicationId;
      readonly noticeVersion: string;
      readonly lang: "zh" | "en";
      /** The clerk whose counter session it is: they act, the kiosk is where. */
      readonly by: UserId;
    },
  ): Promise<void> {
    const { applicationId, noticeVersion, lang } = notice;
    for (let attempt = 1; ; attempt++) {
      const view = await intake.get(applicationId);
      try {
        await intake.showNotice({
          applicationId,
          noticeVersion,
          language: lang,
          expectedVersion: view.state.version,
          actor: { userId: notice.by, role: "clerk" },
          device: deviceOf(caller.counterId),
          commandId: commandId(crypto.randomUUID()),
        });
        return;
      } catch (error) {
        if (!(error instanceof CodedError) || error.code !== "intake.conflict" || attempt >= CONFLICT_TRIES)
          throw error;
      }
    }
  }

  mount.route(kioskRoutes.makeBindingCode, async ({ caller, body }) => {
    const { counters } = await fleet.wanted();
    if (!counters.some(({ id }) => id === body.counterId)) throw new CodedError("people.noSuchCounter");
    const { code, expiresAtMs } = people.kiosks.makeCode(body.counterId, caller.userId);
    return { code, expiresAt: Math.round(expiresAtMs) };
  });
  mount.route(kioskRoutes.bindKiosk, async ({ body, reply }) => {
    const { cookie, kiosk } = await people.kiosks.bind(body.code);
    cookies.set(reply, "kiosk", cookie);
    board.wipe(kiosk.counterId, "done");
    return { counterId: kiosk.counterId, csrfToken: kiosk.csrfToken };
  });
  mount.route(kioskRoutes.readBinding, ({ caller }) => ({
    counterId: caller.counterId,
    csrfToken: caller.csrfToken,
  }));
  mount.route(kioskRoutes.kioskState, ({ caller }) => state(caller.counterId));
  mount.stream(kioskRoutes.kioskStream, (socket, caller) => {
    streamStates(socket, {
      logger: deps.logger,
      read: () => state(caller.counterId),
      subscribe: (listener) => board.subscribe(caller.counterId, listener),
    });
  });
  mount.route(kioskRoutes.noticeShown, async ({ caller, body }) => {
    const { screen, by } = board.state(caller.counterId);
    // A notice that is no longer on the board was shown all the same, but only its own showing may be logged.
    if (
      by === undefined ||
      screen.kind !== "recordingNotice" ||
      screen.applicationId !== body.applicationId ||
      screen.noticeVersion !== body.noticeVersion
    )
      return state(caller.counterId);
    if (!screen.shown) {
      await logNotice(caller, { ...body, by });
      board.show(caller.counterId, { ...screen, shown: true }, by);
    }
    return state(caller.counterId);
  });
  mount.route(kioskRoutes.claim, async ({ caller, body }) => {
    const result = await intake.claim({ ...body, kioskId: caller.counterId });
    if (await access.isSealed(result.applicationId)) throw new CodedError("intake.claimRefused");
    // The intake has logged the try itself, right or wrong.
    board.openClaim(caller.counterId, result);
    return state(caller.counterId);
  });
  mount.route(kioskRoutes.kioskPapers, async ({ caller }) => {
    if (await access.isSealed(caller.claim.applicationId)) throw new CodedError("people.noClaim");
    const { applicationId, matter, phase, papers: own } = caller.claim.opened;
    return {
      applicationId,
      matter: bilingual(matter),
      phase,
      papers: own.map(({ documentId, kind, title, number, issuedMs, served }) => ({
        documentId,
        kind,
        title: bilingual(title),
        number,
        issuedAt: issuedMs,
        served,
      })),
    };
  });
  mount.route(kioskRoutes.kioskContent, async ({ caller, params, query }) => {
    const applicationId = await opened(caller, params.id);
    await people.access.record({
      by: deviceOf(caller.counterId),
      act: "view",
      subject: `document/${params.id}`,
      applicationId,
    });
    board.useClaim(caller.counterId);
    return contentView(await documents.preview(params.id, query.lang ?? "zh"));
  });
  mount.route(kioskRoutes.kioskPrint, async ({ caller, params }) => {
    await opened(caller, params.id);
    const wanted = await fleet.wanted();
    const bound = wanted.printers.find(({ counterId }) => counterId === caller.counterId);
    const printer = bound === undefined ? undefined : printers.find(bound.id);
    if (printer === undefined) throw new CodedError("devices.notBound");
    const actor = { user: KIOSK_USER, counter: caller.counterId };
    const { count } = await documents.print(params.id, { printer, actor });
    return { copyNo: count };
  });
  mount.route(kioskRoutes.kioskSign, async ({ caller, params, body }) => {
    const applicationId = await opened(caller, params.id);
    const { screen, by } = board.state(caller.counterId);
    const isPresented = screen.kind === "document" && screen.documentId === params.id;
    const ref = await signatures.sign({
      documentId: params.id,
      applicationId,
      device: deviceOf(caller.counterId),
      ground: isPresented ? "presented" : "claimed",
      ...body,
    });
    board.useClaim(caller.counterId);
    if (isPresented && by !== undefined) board.show(caller.counterId, { ...screen, signed: true }, by);
    return { ref };
  });
  mount.route(kioskRoutes.wipe, ({ caller, body }) => {
    board.wipe(caller.counterId, body.cause);
    return DONE;
  });
}
