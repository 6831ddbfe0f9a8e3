/** The built screens as files. Invariant: only what the build put into the folder is given out, and no page is framed by others. */
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";

/** Address of each page and the file it is. */
export const PAGES = {
  "/": "index.html",
  "/clerk": "clerk.html",
  "/technician": "technician.html",
  "/supervisor": "supervisor.html",
  "/verify": "verify.html",
} as const;

/** Built files carry a hash in their names. */
const ASSET_MAX_AGE_MS = 365 * 86_400_000;

export async function mountPages(app: FastifyInstance, folder: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: folder,
    prefix: "/",
    wildcard: true,
    index: false,
    dotfiles: "deny",
    cacheControl: false,
    decorateReply: true,
    setHeaders(reply, path) {
      void reply.header(
        "cache-control",
        path.includes("/assets/") ? `public, max-age=${ASSET_MAX_AGE_MS / 1000}, immutable` : "no-cache",
      );
    },
  });
  for (const [url, file] of Object.entries(PAGES))
    app.get(url, { schema: { hide: true } }, (_request, reply) => reply.sendFile(file));
}
