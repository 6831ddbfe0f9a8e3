/**
 * What passes between the gateway and its renderer child: one job, one answer, matched by id.
 * Invariant: plain data only, and nothing in it reaches a command line or a file name.
 */
import type { PageContent } from "../../domain/document-content.ts";
import type { TextDrawing } from "../slip/slip.ts";

export type RenderJob =
  | {
      readonly type: "pdf";
      readonly content: PageContent;
      /** Creation time inside the PDF, UTC ms. */
      readonly issuedAtMs: number;
      /** SVG of the QR; absent in the draft, whose box stays empty. */
      readonly qrSvg?: string;
    }
  | { readonly type: "drawText"; readonly drawing: TextDrawing }
  /** Modules of a QR with its quiet zone, drawn `dots` printer dots each. */
  | {
      readonly type: "drawModules";
      readonly modules: readonly (readonly boolean[])[];
      readonly dots: number;
    };

export type RenderAnswer =
  | { readonly id: number; readonly ok: true; readonly bytes: Uint8Array; readonly templateVersion: string }
  /** `characters`: those without a glyph, as U+XXXX. */
  | {
      readonly id: number;
      readonly ok: false;
      readonly reason: "characterNotShown";
      readonly characters: readonly string[];
    }
  | { readonly id: number; readonly ok: false; readonly reason: "failed"; readonly message: string };

export type NumberedJob = { readonly id: number; readonly job: RenderJob };
