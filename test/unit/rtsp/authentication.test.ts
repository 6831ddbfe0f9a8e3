/** Digest and basic answers against the vectors of the RFCs, and the choice between what a camera offers. */
import { describe, expect, it } from "vitest";
import {
  Authenticator,
  chooseChallenge,
  parseChallenge,
} from "../../../device-drivers/rtsp/authentication.ts";

// RFC 7616 3.9.1, with the client nonce it gives.
const REALM = 'realm="http-auth@example.org", qop="auth, auth-int"';
const NONCE =
  'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';
const CLIENT_NONCE = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
const MUFASA = { user: "Mufasa", password: "Circle of Life" };

function responseTo(challenge: string): string | undefined {
  const chosen = chooseChallenge([challenge]);
  if (chosen === undefined) return undefined;
  const text = new Authenticator(chosen, MUFASA, CLIENT_NONCE).authorization("GET", "/dir/index.html");
  return /response="([0-9a-f]+)"/.exec(text)?.[1];
}

describe("digest", () => {
  it("answers with MD5 as RFC 7616 3.9.1", () => {
    expect(responseTo(`Digest ${REALM}, algorithm=MD5, ${NONCE}`)).toBe("8ca523f5e9506fed4657c9700eebdbec");
  });

  it("answers with SHA-256 as RFC 7616 3.9.1", () => {
    expect(responseTo(`Digest ${REALM}, algorithm=SHA-256, ${NONCE}`)).toBe(
      "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
    );
  });

  it("answers without qop as RFC 2617 and counts its uses with it", () => {
    const old = parseChallenge('Digest realm="r", nonce="n=="');
    expect(old?.parameters.get("nonce")).toBe("n==");
    const chosen = chooseChallenge(['Digest realm="r", nonce="n", qop="auth"']);
    if (chosen === undefined) throw new Error("no challenge");
    const one = new Authenticator(chosen, MUFASA, "c");
    expect(one.authorization("A", "u")).toContain("nc=00000001");
    expect(one.authorization("A", "u")).toContain("nc=00000002");
  });

  it("takes SHA-256 before MD5 before basic and refuses what it does not know", () => {
    const basic = 'Basic realm="r"';
    const md5 = 'Digest realm="r", nonce="a"';
    const sha = 'Digest realm="r", nonce="b", algorithm=SHA-256';
    expect(chooseChallenge([basic, md5, sha])?.parameters.get("nonce")).toBe("b");
    expect(chooseChallenge([basic, md5])?.parameters.get("nonce")).toBe("a");
    expect(chooseChallenge([basic])?.scheme).toBe("basic");
    expect(chooseChallenge(['Digest realm="r", nonce="a", algorithm=SHA-512', "Bearer x"])).toBeUndefined();
  });

  it("keeps a hostile realm inside its quotes", () => {
    const chosen = chooseChallenge(['Digest realm="a\\"\\\\b", nonce="n"']);
    if (chosen === undefined) throw new Error("no challenge");
    expect(new Authenticator(chosen, MUFASA, "c").authorization("A", "u")).toContain('realm="a\\"\\\\b"');
  });
});
