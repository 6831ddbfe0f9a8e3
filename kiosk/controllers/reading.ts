/** How a person wants to read: text size and contrast, kept as attributes of <html> and nowhere else. */

export interface Reading {
  readonly largeText: boolean;
  readonly highContrast: boolean;
}

export function reading(): Reading {
  const { dataset } = document.documentElement;
  return { largeText: dataset["text"] === "large", highContrast: dataset["contrast"] === "high" };
}

export function setReading(wanted: Partial<Reading>): void {
  const next = { ...reading(), ...wanted };
  const { dataset } = document.documentElement;
  if (next.largeText) dataset["text"] = "large";
  else delete dataset["text"];
  if (next.highContrast) dataset["contrast"] = "high";
  else delete dataset["contrast"];
}
