/**
 * A connection that ends when a packet announces more bytes than it may have; the broker itself would collect up
 * to 256 MiB before anybody was admitted. Invariant: bytes pass unchanged and in order, with back-pressure.
 */
import type { Socket } from "node:net";
import { Duplex } from "node:stream";

/** Follows the framing of MQTT 3.1.1 (2.2): one byte, a length of one to four bytes, that many bytes. */
export class PacketLengths {
  readonly #limitBytes: number;
  #state: "head" | "length" | "body" = "head";
  #length = 0;
  #shift = 0;
  #left = 0;
  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** False as soon as a packet is too long or its length is malformed. */
  take(piece: Uint8Array): boolean {
    let at = 0;
    while (at < piece.length) {
      if (this.#state === "body") {
        const taken = Math.min(this.#left, piece.length - at);
        at += taken;
        this.#left -= taken;
        if (this.#left === 0) this.#state = "head";
        continue;
      }
      const byte = piece[at] ?? 0;
      at += 1;
      if (this.#state === "head") {
        this.#state = "length";
        this.#length = 0;
        this.#shift = 0;
        continue;
      }
      this.#length += (byte & 0x7f) * 2 ** this.#shift;
      this.#shift += 7;
      if ((byte & 0x80) === 0) {
        if (this.#length > this.#limitBytes) return false;
        this.#left = this.#length;
        this.#state = this.#left === 0 ? "head" : "body";
      } else if (this.#shift > 21) {
        return false;
      }
    }
    return true;
  }
}

export class LimitedConnection extends Duplex {
  readonly #socket: Socket;
  constructor(socket: Socket, limitBytes: number, onTooLong: () => void) {
    super({ allowHalfOpen: false });
    this.#socket = socket;
    const lengths = new PacketLengths(limitBytes);
    socket.on("data", (piece: Buffer) => {
      if (!lengths.take(piece)) {
        onTooLong();
        this.destroy();
      } else if (!this.push(piece)) {
        socket.pause();
      }
    });
    socket.once("end", () => this.push(null));
    socket.once("error", (error) => this.destroy(error));
    socket.once("close", () => this.destroy());
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(piece: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(piece, encoding, done);
  }

  override _final(done: () => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}
