/**
 * Metadata of archived AV records as data (REGULATIONS 3.6): which elements there are, and which of them a value was
 * found for. Invariant: an element nobody can fill stays in the list as null with its obligation; nothing is made up.
 */

export type MetadataElement = {
  readonly name: string;
  readonly zh: string;
  readonly group: string;
  /** M must, C where it applies, O may. */
  readonly obligation: "M" | "C" | "O";
  /** Which of our facts fills it; null: the archive does. */
  readonly source: string | null;
};

export type MetadataValue = string | number | readonly string[];
export type FilledElement = Omit<MetadataElement, "source"> & { readonly value: MetadataValue | null };

/** Throws RangeError naming what is wrong. */
export function parseMetadataElements(json: unknown): readonly MetadataElement[] {
  const { elements } = (json ?? {}) as { readonly elements?: unknown };
  if (!Array.isArray(elements)) throw new RangeError("archival metadata has no elements");
  const seen = new Set<string>();
  return elements.map((one: unknown) => {
    const { name, zh, group, obligation, source } = (one ?? {}) as Record<string, unknown>;
    if (typeof name !== "string" || typeof zh !== "string" || typeof group !== "string" || seen.has(name))
      throw new RangeError(`archival metadata: ${String(name)} is not complete or there twice`);
    seen.add(name);
    if (obligation !== "M" && obligation !== "C" && obligation !== "O")
      throw new RangeError(`archival metadata: ${name} has no obligation`);
    if (source !== null && typeof source !== "string")
      throw new RangeError(`archival metadata: ${name}.source`);
    return { name, zh, group, obligation, source };
  });
}

/** Every element in order, with what is known of it. */
export function fillMetadata(
  elements: readonly MetadataElement[],
  facts: Readonly<Record<string, MetadataValue | undefined>>,
): readonly FilledElement[] {
  return elements.map(({ source, ...element }) => ({
    ...element,
    value: source === null ? null : (facts[source] ?? null),
  }));
}
