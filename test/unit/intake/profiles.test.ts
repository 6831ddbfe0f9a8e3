/** The profiles as shipped: every value cites an article that exists, nothing looser than the law loads. */
import { describe, expect, it } from "vitest";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import articles from "../../law/articles.json" with { type: "json" };
import { CodedError } from "../../../gateway/domain/errors.ts";
import { articleOf } from "../../../gateway/domain/profile.ts";
import { parseProfile } from "../../../gateway/domain/profile-file.ts";
import { PARAMETERS, PARAMETER_KEYS } from "../../../gateway/domain/profile-parameters.ts";
import { loadCalendars, loadCatalogue, loadProfiles } from "../../../gateway/intake/load-rules.ts";
import { proves } from "../../law/proves.ts";

const CONFIGS = join(import.meta.dirname, "../../../firmware-configs");
const FOLDER = join(CONFIGS, "profiles");
const known = new Set(articles.articles.map((row) => row.id));

async function fileOf(id: string): Promise<{ rules: Record<string, unknown>; [key: string]: unknown }> {
  const json: unknown = JSON.parse(await readFile(join(FOLDER, `${id}.json`), "utf8"));
  return json as { rules: Record<string, unknown> };
}

function refusalOf(work: () => unknown): CodedError {
  try {
    work();
  } catch (error) {
    if (error instanceof CodedError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("profiles", () => {
  it("ships one per regulation, each naming all parameters and only articles that exist", async () => {
    const { all } = await loadProfiles(FOLDER, "changli-mr");
    expect(all.map((profile) => profile.regulation).toSorted()).toEqual(["S0", "S1", "S2", "S3", "S4"]);
    for (const profile of all)
      for (const key of PARAMETER_KEYS) {
        const rule = profile.rule(key);
        if (rule.basis !== "regulation") continue;
        const article = articleOf(rule)?.replace(/\(.*$/, "");
        expect(known, `${profile.id} ${key}`).toContain(article);
        expect(rule.source.regulation).toBe(profile.regulation);
      }
  });

  it(
    proves(["S1-6(4)"], "Changli returns and refuses what is incomplete, within two days, by its own words"),
    async () => {
      const profile = parseProfile(await fileOf("changli-mr"));
      expect(profile.rule("notice.localLimit")).toMatchObject({ value: 2, source: { article: "6(4)" } });
      expect(profile.rule("notice.incompleteEffect").value).toBe("returnAndNonAccept");
      expect(profile.switches[0]).toMatchObject({ name: "incompleteAsWritten", on: true });
      expect(profile.switches[0]?.warning.zh).toContain("第六条");
    },
  );

  it("lets the site turn Changli's return off, which is a version of its own", async () => {
    const profile = parseProfile(await fileOf("changli-mr"), { incompleteAsWritten: false });
    expect(profile.rule("notice.incompleteEffect")).toMatchObject({
      value: "awaitSupplement",
      basis: "switch",
    });
    expect(profile.version).toBe("2026.1-incompleteAsWritten");
    const installed = await loadProfiles(FOLDER, "hrss-unnamed");
    expect(
      installed.find("changli-mr", "2026.1-incompleteAsWritten")?.rule("notice.returnMaterials").value,
    ).toBe(false);
    expect(installed.find("changli-mr", "2026.1")?.rule("notice.returnMaterials").value).toBe(true);
    expect(installed.find("changli-mr", "2025.9")).toBeUndefined();
  });

  it(
    proves(["S4-9(3)"], "the fifth regulation keeps an incomplete application open with a 补正通知书"),
    async () => {
      const profile = parseProfile(await fileOf("hrss-unnamed"));
      expect(profile.rule("notice.incompleteEffect").value).toBe("awaitSupplement");
      expect(profile.rule("documents.correctionTitle").value).toBe("补正通知书");
      expect(profile.rule("officers.minCount.counter")).toMatchObject({ value: 1, basis: "switch" });
    },
  );

  const LOOSER: readonly (readonly [string, unknown])[] = [
    ["notice.statutoryLimit", 6],
    ["notice.localLimit", 10],
    ["notice.deemedAcceptance", false],
    ["notice.oneTimeOnly", false],
    ["nonAccept.pointToAuthority", false],
    ["intake.receiptRequired", false],
    ["counter.blockOnCameraFault", true],
    ["correction.signAndDate", false],
    ["retention.counterUnlinkedDays", 7],
    ["retention.inspectionAvYears", 1],
    ["intake.outcomes", ["accept"]],
    ["notice.statutoryLimit", 0],
    ["notice.onTheSpotAllowed", false],
    ["notice.onlyIfNotCorrectableOnSpot", false],
    ["nonAccept.notOursImmediate", false],
    ["officers.minCount.field", 1],
    ["officers.minCount.counter", 0],
    ["av.noEditing", false],
    ["supplement.receiptRequired", false],
    ["supplement.limit", 0],
    ["display.masking", false],
  ];
  it("names a value below the law for every parameter that has a floor", () => {
    const floors = PARAMETER_KEYS.filter((key) => "looser" in PARAMETERS[key]);
    expect([...new Set(LOOSER.map(([key]) => key))].toSorted()).toEqual(floors.toSorted());
  });
  for (const [key, value] of LOOSER)
    it(`refuses ${key} = ${String(value)} as looser than the law`, async () => {
      const file = await fileOf("bjt-drc");
      file.rules[key] = { value, source: { regulation: "S4", article: "9" } };
      const refused = refusalOf(() => parseProfile(file));
      expect(refused.code).toBe("intake.profileLooser");
      expect(refused.details["parameter"]).toBe(key);
    });

  it("keeps an older version for the applications pinned to it, and has the newest in force", async () => {
    const folder = await mkdtemp(join(tmpdir(), "profiles-"));
    try {
      const file = await fileOf("hrss-unnamed");
      const save = (name: string, json: object) => writeFile(join(folder, name), JSON.stringify(json));
      await save("hrss-unnamed.json", file);
      const stricter = { value: 3, source: { regulation: "S4", article: "9" } };
      const rules = { ...file.rules, "notice.statutoryLimit": stricter };
      await save("hrss-unnamed.2026.10.json", { ...file, version: "2026.10", rules });
      await save("hrss-unnamed.2026.9.json", { ...file, version: "2026.9" });
      const profiles = await loadProfiles(folder, "hrss-unnamed");
      expect(profiles.current().version).toBe("2026.10");
      const days = (version: string) =>
        profiles.find("hrss-unnamed", version)?.rule("notice.statutoryLimit").value;
      expect([days("2026.1"), days("2026.9"), days("2026.10"), days("2026.2")]).toEqual([5, 5, 3, undefined]);
      await save("twice.json", file);
      await expect(loadProfiles(folder, "hrss-unnamed")).rejects.toThrow(CodedError);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it("reads delegations with document and term, and steps of a chain that exist", async () => {
    const file = await fileOf("qd-xha-commerce");
    const source = { regulation: "S0", article: "38" };
    const given = { outcome: "notAccept", document: "授权书", from: "2026-01-01", until: "2026-12-31" };
    file.rules["approvals.delegated"] = { value: [given], source };
    expect(parseProfile(file).rule("approvals.delegated").value).toEqual([given]);
    for (const wrong of [
      { ...given, until: "2025-12-31" },
      { ...given, document: " " },
      { ...given, outcome: "everything" },
      { ...given, from: "2026-02-30" },
      "accept",
    ]) {
      file.rules["approvals.delegated"] = { value: [wrong], source };
      expect(refusalOf(() => parseProfile(file)).code).toBe("intake.profileInvalid");
    }
    file.rules["approvals.delegated"] = null;
    file.rules["approvals.chain"] = { value: ["handlingOfficer", "oracle"], source };
    expect(refusalOf(() => parseProfile(file)).code).toBe("intake.profileInvalid");
  });

  it("takes a stricter one", async () => {
    const file = await fileOf("hrss-unnamed");
    file.rules["notice.statutoryLimit"] = { value: 3, source: { regulation: "S4", article: "9" } };
    expect(parseProfile(file).rule("notice.statutoryLimit").value).toBe(3);
  });

  it("refuses a file with a parameter left out, unknown, or of another form", async () => {
    const without = await fileOf("zz-mr");
    delete without.rules["region"];
    expect(refusalOf(() => parseProfile(without)).details).toMatchObject({
      what: "region",
      reason: "left out",
    });
    const unknown = await fileOf("zz-mr");
    unknown.rules["notice.colour"] = null;
    expect(refusalOf(() => parseProfile(unknown)).code).toBe("intake.profileInvalid");
    const wrong = await fileOf("zz-mr");
    wrong.rules["notice.localLimit"] = { value: "two", source: { regulation: "S3", article: "A-9" } };
    expect(refusalOf(() => parseProfile(wrong)).code).toBe("intake.profileInvalid");
    expect(refusalOf(() => parseProfile({ v: 2 })).code).toBe("intake.profileInvalid");
  });

  it("is described by the schema that ships with it, parameter by parameter", async () => {
    const schema: unknown = JSON.parse(await readFile(join(CONFIGS, "schema/profile.schema.json"), "utf8"));
    const { properties } = schema as { properties: { rules: { properties: object; required: string[] } } };
    expect(Object.keys(properties.rules.properties).toSorted()).toEqual([...PARAMETER_KEYS].toSorted());
    expect(properties.rules.required.toSorted()).toEqual([...PARAMETER_KEYS].toSorted());
  });
});

describe("calendars and published matters", () => {
  it("load from the files that ship", async () => {
    const calendars = await loadCalendars(join(CONFIGS, "calendars"));
    expect(calendars.years.length).toBe((await readdir(join(CONFIGS, "calendars"))).length);
    expect(calendars.forRegion("CN").knows(2026)).toBe(true);
    const file = join(CONFIGS, "demonstration/matters.json");
    const offered = (await loadCatalogue(file, "changli-mr")).matters();
    expect(offered.map((matter) => matter.code)).toEqual([
      "food-business-licence",
      "food-workshop-registration",
    ]);
    expect((await loadCatalogue(file, "hrss-unnamed")).find("hr-service-licence")?.items.length).toBe(9);
    expect((await loadCatalogue(file)).matters().length).toBe(4);
  });
});
