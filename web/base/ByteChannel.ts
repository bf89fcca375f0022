/**
 * A full-duplex byte channel: one serial port of a machine, a pty, a socket.
 * Bytes arrive in order and in batches; batch boundaries mean nothing.
 */
export interface ByteChannel {
  /**
   * Sends bytes to the other side. Resolves when the last of them has been taken over
   * (for an emulated UART: moved into its receive queue), so awaiting it is back-pressure.
   * Rejects when the channel is closed or the signal aborts.
   */
  write(bytes: Uint8Array, options?: { signal?: AbortSignal }): Promise<void>;
  /** Calls `listener` with each batch that arrives from now on; returns the way to stop. */
  subscribe(listener: (bytes: Uint8Array) => void): () => void;
}
