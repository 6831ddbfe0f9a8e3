/**
 * Checking papers, and taking the digital receipt along. Invariant: the check is open to anybody and tells no more
 * than the paper; every receipt and PDF that is handed out is a row of the access ledger before. What belongs to a
 * sealed matter is answered as if it weren't there: nobody here may learn even that there is a seal.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { PaperCheck } from "../documents/paper-check.ts";
import { CodedError } from "../domain/errors.ts";
import type { ApplicationId, DocumentId } from "../domain/ids.ts";
import { type PaperCheckAnswer, paperRoutes } from "./contract/papers.ts";
import type { HttpDeps } from "./deps.ts";
import type { KioskBoard } from "./kiosk-board.ts";
import type { Mount } from "./mount.ts";
import { createTakeCodes } from "./take-codes.ts";
import { bilingual } from "./wording.ts";

function answerOf(check: PaperCheck): PaperCheckAnswer {
  if (check.result === "erased") return { result: "erased", issuedAt: check.issuedMs };
  if (check.result !== "genuine") return check;
  const { issuedMs, title, ...rest } = check;
  return { ...rest, title: bilingual(title), issuedAt: issuedMs };
}

const PIN = /(<script type="application\/json" id="pinned">)\s*\[\]\s*(<\/script>)/;

async function readOfflinePage(folder: string): Promise<string> {
  try {
    return await readFile(join(folder, "offline.html"), "utf8");
  } catch (cause) {
    throw new CodedError("http.notFound", {}, { cause });
  }
}

/** The page with these keys in it; their characters are those of base64, a name and plus signs. */
function pinned(page: string, keys: readonly string[]): string {
  if (!PIN.test(page)) throw new CodedError("http.notFound");
  const list = JSON.stringify(keys).replaceAll("<", "\\u003c");
  return page.replace(PIN, (_, open: string, close: string) => `${open}${list}${close}`);
}

export function mountPapers(mount: Mount, deps: HttpDeps, board: KioskBoard): void {
  const { documents, people, access } = deps;
  const codes = createTakeCodes(deps);

  const copied = async (
    by: string,
    paper: { readonly documentId: DocumentId; readonly applicationId: ApplicationId },
  ): Promise<void> => {
    const { documentId, applicationId } = paper;
    await people.access.record({ by, act: "copy", subject: `document/${documentId}`, applicationId });
  };

  const taken = async (code: string): Promise<DocumentId> => {
    const { documentId, applicationId } = codes.use(code);
    if (await access.isSealed(applicationId)) throw new CodedError("people.takeCodeWrong");
    return documentId;
  };

  mount.route(paperRoutes.checkPaper, async ({ body }) =>
    answerOf(await documents.check(body, (matter) => access.isSealed(matter))),
  );
  mount.route(paperRoutes.offlinePage, async ({ reply }) => {
    const page = await readOfflinePage(deps.pagesFolder);
    reply.header("content-disposition", 'attachment; filename="verify-offline.html"');
    return new TextEncoder().encode(pinned(page, deps.verifierKeys()));
  });
  mount.route(paperRoutes.kioskTake, async ({ caller, params }) => {
    const applicationId = board.opens(caller.counterId, params.id);
    if (applicationId === undefined || (await access.isSealed(applicationId)))
      throw new CodedError("people.notYours");
    await copied(`kiosk/${caller.counterId}`, { documentId: params.id, applicationId });
    const { code, untilMs } = codes.make({ documentId: params.id, applicationId });
    return { code, until: untilMs };
  });
  mount.route(paperRoutes.takeReceipt, async ({ body, reply }) => {
    const receipt = await documents.receipt(await taken(body.code));
    reply.type("text/plain; charset=utf-8");
    return new TextEncoder().encode(receipt);
  });
  mount.route(paperRoutes.takePdf, async ({ body }) => (await documents.pdf(await taken(body.code))).bytes);
}
