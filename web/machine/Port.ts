// SPDX-License-Identifier: MIT
/**
 * One emulated 16550 as the host sees it: collects what the guest sends, feeds what it shall receive.
 * The four register accesses that happen once per byte are ours: v86's own go through its event bus and format a
 * debug message each time, which costs as much as the guest's driver. They behave the same otherwise.
 */
import { OutputBuffer } from "./OutputBuffer.ts";
import { ReceiveQueue } from "./ReceiveQueue.ts";
import type { Cpu, IoPort, Uart } from "./v86.ts";

/** Register offsets. */
const DATA = 0;
const INTERRUPT_ID = 2;
const LINE_STATUS = 5;
/** Divisor latch access: the data register is the baud rate now. */
const LCR_DLAB = 0x80;
const MCR_RTS = 0x02;
const MCR_LOOPBACK = 0x10;
const LSR_DATA_READY = 0x01;
const FCR_FIFO = 0x01;
const IIR_FIFO = 0xc0;
/** The other end is there, and ready to receive: carrier, data set ready, clear to send. */
const MSR_CONNECTED = 0xb0;
/** As often as somebody is told that there is output, in bytes; a power of two. */
const PIECE_BYTES = 64;
/** Interrupt sources, by v86's numbers. */
const TRANSMITTER_EMPTY = 2;
const DATA_READY = 4;
const FIFO_TIMEOUT = 12;

export class Port {
  readonly output = new OutputBuffer();
  readonly #uart: Uart;
  /** Called with each byte at the moment the guest sends it. */
  onByte: ((byte: number) => void) | undefined;
  /** Called now and then while the guest sends, at each moment in the middle of its work. */
  onPiece: (() => void) | undefined;

  constructor(cpu: Cpu, uart: Uart, address: number) {
    this.#uart = uart;
    uart.input = new ReceiveQueue();
    uart.modem_status |= MSR_CONNECTED;
    const register = (offset: number): IoPort => {
      const port = cpu.io.ports[address + offset];
      if (!port) throw new Error(`v86 has no I/O port 0x${(address + offset).toString(16)}`);
      return port;
    };
    register(DATA).read8 = () => this.#receive();
    const { write8 } = register(DATA);
    register(DATA).write8 = (byte) => this.#send(byte, write8);
    register(INTERRUPT_ID).read8 = () => this.#interruptId();
    register(LINE_STATUS).read8 = () => uart.lsr;
  }

  /**
   * The guest wants input: it has the line open (RTS is on; with CRTSCTS its driver turns it off when the reader
   * cannot keep up, and without, Linux drops what is more than 64 KiB ahead of the reader), and has taken what it
   * got (a backlog of 128 KiB would make its driver give up on the interrupt).
   */
  get ready(): boolean {
    return (this.#uart.modem_control & MCR_RTS) !== 0 && this.#uart.input.length === 0;
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

  #receive(): number {
    const uart = this.#uart;
    if (uart.line_control & LCR_DLAB) return uart.baud_rate & 0xff;
    const byte = uart.input.shift();
    if (uart.input.length === 0) {
      uart.lsr &= ~LSR_DATA_READY;
      uart.ClearInterrupt(FIFO_TIMEOUT);
      uart.ClearInterrupt(DATA_READY);
    }
    return byte;
  }

  #send(byte: number, original: IoPort["write8"]): void {
    const uart = this.#uart;
    if (uart.line_control & LCR_DLAB || uart.modem_control & MCR_LOOPBACK) {
      original.call(uart, byte);
      return;
    }
    uart.ThrowInterrupt(TRANSMITTER_EMPTY);
    this.output.push(byte);
    this.onByte?.(byte);
    if (this.onPiece && this.output.length % PIECE_BYTES === 0) this.onPiece();
  }

  #interruptId(): number {
    const uart = this.#uart;
    const id = uart.iir & 0x0f;
    if (uart.iir === TRANSMITTER_EMPTY) uart.ClearInterrupt(TRANSMITTER_EMPTY);
    return uart.fifo_control & FCR_FIFO ? id | IIR_FIFO : id;
  }
}
