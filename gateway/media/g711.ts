/** G.711 to linear samples (ITU-T G.711); pure. Invariant: each byte is one sample of 16 bits. */

function fromALaw(byte: number): number {
  const bits = byte ^ 0x55;
  const segment = (bits & 0x70) >> 4;
  const step = (bits & 0x0f) << 4;
  const size = segment === 0 ? step + 8 : (step + 0x108) << (segment - 1);
  return (bits & 0x80) === 0 ? -size : size;
}

function fromMuLaw(byte: number): number {
  const bits = ~byte & 0xff;
  const size = ((((bits & 0x0f) << 3) + 0x84) << ((bits & 0x70) >> 4)) - 0x84;
  return (bits & 0x80) === 0 ? size : -size;
}

const tableOf = (decode: (byte: number) => number): Int16Array =>
  Int16Array.from({ length: 256 }, (_, byte) => decode(byte));

/** Sample of each byte, by the type of its sample entry. */
export const G711_SAMPLES: Readonly<Record<"alaw" | "ulaw", Int16Array>> = {
  alaw: tableOf(fromALaw),
  ulaw: tableOf(fromMuLaw),
};
