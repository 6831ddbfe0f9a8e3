/** A wait that ends: the promise, or a coded error after the limit. */
import { CodedError, type ErrorCode } from "../domain/errors.ts";

export async function within<T>(promise: Promise<T>, limitMs: number, code: ErrorCode): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new CodedError(code, { limitMs }));
  }, limitMs);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

export async function pause(ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  setTimeout(() => {
    resolve(undefined);
  }, ms);
  await promise;
}
