/** Timestamps and durations between the wire (seconds as a string, and nanoseconds) and the model (numbers). */
export interface WireTime {
  seconds: string | number;
  nanos: number;
}

export function secondsOf(duration: WireTime): number {
  return Number(duration.seconds) + duration.nanos / 1e9;
}

export function durationOf(seconds: number): WireTime {
  const whole = Math.floor(seconds);
  return { seconds: String(whole), nanos: Math.round((seconds - whole) * 1e9) };
}

/** Whole milliseconds, rounded up: no message published before the time counts as published after it. */
export function millisecondsOf(timestamp: WireTime): number {
  return Number(timestamp.seconds) * 1000 + Math.ceil(timestamp.nanos / 1e6);
}

export function timestampOf(milliseconds: number): WireTime {
  const seconds = Math.floor(milliseconds / 1000);
  return { seconds: String(seconds), nanos: (milliseconds - seconds * 1000) * 1e6 };
}
