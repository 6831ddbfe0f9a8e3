/**
 * The verifier that travels with the evidence: one Python file and a page in Chinese on how to use it. Invariant: copies
 * are byte-equal to the files beside this one, so anybody can hold the copy in an export against the source.
 */
export interface OfflineVerifierFile {
  /** Name in the export or folder. */
  readonly name: string;
  readonly url: URL;
}

export const OFFLINE_VERIFIER_FILES: readonly OfflineVerifierFile[] = [
  { name: "verify.py", url: new URL("verify.py", import.meta.url) },
  { name: "verify-zh.txt", url: new URL("verify-zh.txt", import.meta.url) },
];
