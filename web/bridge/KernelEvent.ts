/**
 * One record of the kernel's monitor, as the rest of the product sees it.
 * Source of the layout: include/uapi/linux/ddlink.h, struct ddlink_event.
 */
export const KERNEL_EVENT_TYPES = [
  "overflow",
  "create",
  "write",
  "queue",
  "post",
  "drop",
  "read",
  "poll",
  "wake",
  "ioctl",
  "hangup",
  "release",
  "fork",
  "exec",
  "exit",
  "enter",
] as const;
export type KernelEventType = (typeof KERNEL_EVENT_TYPES)[number];

export interface KernelEvent {
  readonly type: KernelEventType;
  /** DDLINK_EVF_* bits. */
  readonly flags: number;
  /** Counts up by one per event of one monitor, lost ones included. */
  readonly seq: number;
  /** Guest CLOCK_MONOTONIC in nanoseconds (exact below 2^53, 104 days). */
  readonly timeNs: number;
  /** Link id, 0 for process events. */
  readonly link: number;
  /** Item id, 0 where there is none. */
  readonly item: number;
  /** What the call returned, or -errno. */
  readonly result: number;
  /** By type: poll mask, ioctl command, child pid, drop reason, lost events. */
  readonly value: number;
  /** Length of the message or item in bytes. */
  readonly len: number;
  /** Items and payload bytes queued on the link after the event. */
  readonly items: number;
  readonly bytes: number;
  readonly pid: number;
  readonly tgid: number;
  readonly comm: string;
  /** The first bytes of the message, item, path or kind. */
  readonly payload: Uint8Array;
}
