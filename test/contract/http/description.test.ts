/** The OpenAPI document says of every route what it takes, answers and refuses with; the table of codes has no dead row. */
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ErrorCode, errorTable } from "../../../gateway/domain/errors.ts";
import type { ErrorRow } from "../../../gateway/domain/errors/row.ts";
import { api } from "../../../gateway/http/contract/api.ts";
import { type RouteContract, isBinary } from "../../../gateway/http/contract/route.ts";
import { edgeCodes } from "../../../gateway/http/openapi.ts";
import { type TestApp, openTestApp } from "./test-app.ts";

interface Answer {
  readonly content?: Record<
    string,
    { readonly schema: { readonly properties?: { code?: { enum: string[] } } } }
  >;
}
interface Description {
  readonly openapi: string;
  readonly paths: Record<
    string,
    Record<string, { readonly summary?: string; responses: Record<string, Answer> }>
  >;
}

const routes: readonly RouteContract[] = Object.values(api);
let test: TestApp;
let description: Description;
beforeAll(async () => {
  test = await openTestApp();
  description = (await test.ask("GET", "/openapi.json")).json();
});
afterAll(() => test.close());

const pathOf = (url: string): string => url.replace(/:([A-Za-z0-9]+)/g, "{$1}").replace("*", "{*}");

describe("the OpenAPI document", () => {
  it("lists every route of the contract and no other", () => {
    const listed = Object.entries(description.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const wanted = routes.map(({ method, url }) => `${method} ${pathOf(url)}`);
    expect(listed.sort()).toEqual(wanted.sort());
    expect(description.openapi).toBe("3.1.0");
  });

  it.each(routes.map((route) => [`${route.method} ${route.url}`, route] as const))(
    "%s: names each code it refuses with under the code's own status",
    (_name, route) => {
      const operation = description.paths[pathOf(route.url)]?.[route.method.toLowerCase()];
      expect(operation?.summary).toBe(route.summary);
      const success = operation?.responses[String(route.status ?? 200)];
      expect(Object.keys(success?.content ?? {})).toEqual([
        isBinary(route.answer) ? route.answer.mediaType : "application/json",
      ]);
      for (const code of [...route.errors, ...edgeCodes(route)]) {
        const refusal = operation?.responses[String(errorTable[code].status)];
        expect(refusal?.content?.["application/json"]?.schema.properties?.code?.enum).toContain(code);
      }
    },
  );
});

function sourceFiles(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (name === "node_modules" || name === "dist") return [];
    if (statSync(path).isDirectory()) return sourceFiles(path);
    return /\.(ts|mjs)$/.test(name) && !path.includes("/domain/errors") ? [path] : [];
  });
}

describe("the table of error codes", () => {
  const codes = Object.keys(errorTable) as ErrorCode[];
  const root = new URL("../../..", import.meta.url).pathname;
  const source = ["gateway", "sync"]
    .flatMap((folder) => sourceFiles(join(root, folder)))
    .map((path) => readFileSync(path, "utf8"))
    .join("\n");

  it.each(codes)("%s is thrown or answered somewhere", (code) => {
    expect(source.includes(`"${code}"`)).toBe(true);
  });

  it.each(codes)("%s has a full row", (code) => {
    const row: ErrorRow = errorTable[code];
    expect(code).toMatch(/^[a-z][a-zA-Z]*\.[a-zA-Z]+$/);
    expect(row.status).toBeGreaterThanOrEqual(400);
    expect(row.status).toBeLessThan(600);
    expect(row.zh).toMatch(/[\u4e00-\u9fff]/);
    for (const text of [row.meaning, row.en]) expect(text.length).toBeGreaterThan(8);
  });

  it("is the only source of codes: whatever looks like one in the code is in it", () => {
    const used = [...source.matchAll(/new CodedError\(\s*"([^"]+)"/g)].map(([, code]) => code);
    expect(used.length).toBeGreaterThan(40);
    expect(used.filter((code) => code === undefined || !(code in errorTable))).toEqual([]);
  });
});
