// SPDX-License-Identifier: MIT
/** One emulated 16550 as the host sees it: collects what the guest sends, feeds what it shall receive. */
import { OutputBuffer } from "./OutputBuffer.ts";
import { ReceiveQueue } from "./ReceiveQueue.ts";
import type { Cpu, Uart } from "./v86.ts";

/** Divisor latch access: writes to the data register set the baud rate. */
const LCR_DLAB = 0x80;
const MCR_LOOPBACK = 0x10;
const LSR_DATA_READY = 0x01;
const FCR_FIFO = 0x01;
/** Interrupt sources, by v86's numbers. */
const TRANSMITTER_EMPTY = 2;
const DATA_READY = 4;
const FIFO_TIMEOUT = 12;

export class Port {
  readonly output = new OutputBuffer();
  readonly #uart: Uart;
  /** Called with each byte at the moment the guest sends it. */
  onByte: ((byte: number) => void) | undefined;

  constructor(cpu: Cpu, uart: Uart, address: number) {
    this.#uart = uart;
    uart.input = new ReceiveQueue();
    this.#takeOverTransmitter(cpu, address);
  }

  /** False while the guest has not yet read what it got: more would only queue up (and beyond 128 KiB, be lost). */
  get ready(): boolean {
    return this.#uart.input.length === 0;
  }

  /** Bytes fed and not yet read by the guest. */
  get unread(): Uint8Array {
    return this.#uart.input.toBytes();
  }

  /** Puts bytes back after a restore, whose saved state has the interrupt but not the bytes. */
  set unread(bytes: Uint8Array) {
    this.#uart.input = new ReceiveQueue();
    this.#uart.input.append(bytes);
  }

  feed(bytes: Uint8Array): void {
    const uart = this.#uart;
    uart.input.append(bytes);
    uart.lsr |= LSR_DATA_READY;
    uart.ThrowInterrupt(uart.fifo_control & FCR_FIFO ? FIFO_TIMEOUT : DATA_READY);
  }

  /** v86 would send each byte through its event bus; this is the same without the bus. */
  #takeOverTransmitter(cpu: Cpu, address: number): void {
    const port = cpu.io.ports[address];
    if (!port) throw new Error(`v86 has no I/O port 0x${address.toString(16)}`);
    const uart = this.#uart;
    const original = port.write8;
    port.write8 = (byte) => {
      if (uart.line_control & LCR_DLAB || uart.modem_control & MCR_LOOPBACK) {
        original.call(uart, byte);
        return;
      }
      uart.ThrowInterrupt(TRANSMITTER_EMPTY);
      this.output.push(byte);
      this.onByte?.(byte);
    };
  }
}
