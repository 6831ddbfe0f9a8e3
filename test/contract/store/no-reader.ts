/** For stores in tests that seal no volume: there is nothing to read, and whoever asks for work is told so. */
import type { SealedReader } from "../../../gateway/store/ports.ts";

const nothing = async (): Promise<never> => Promise.reject(new Error("this test has no reader process"));

export const NO_READER: SealedReader = {
  read: async () => undefined,
  release: async () => {},
  copy: nothing,
  remove: nothing,
  check: nothing,
};
