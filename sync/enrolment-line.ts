/** The one line that a technician carries from the archive to a gateway: address, CA fingerprint, one-time code. */

export interface EnrolmentLine {
  readonly url: URL;
  /** SHA-256 of the archive's CA certificate, lower-case hex. */
  readonly fingerprint: string;
  readonly code: string;
}

export function formatEnrolmentLine(line: EnrolmentLine): string {
  return `${line.url.origin}#${line.fingerprint}:${line.code}`;
}

/** Throws RangeError when the text is not such a line. */
export function parseEnrolmentLine(text: string): EnrolmentLine {
  const match = /^(https:\/\/[^#\s]{1,200})#([0-9a-f]{64}):([A-Za-z0-9_-]{16,64})$/.exec(text.trim());
  const [, address, fingerprint, code] = match ?? [];
  if (address === undefined || fingerprint === undefined || code === undefined)
    throw new RangeError("not an enrolment line");
  return { url: new URL(address), fingerprint, code };
}
