/** Which trace a request belongs to, as the fields of a log line (https://cloud.google.com/logging/docs/structured-logging). Pure. */

/** Header names in lower case, as Node gives them. */
export type TraceHeaders = Readonly<Record<string, string | string[] | undefined>>;

interface TraceContext {
  traceId: string;
  /** 16 hex digits. */
  spanId?: string;
  isSampled: boolean;
}

/** The trace, the span and whether it is sampled; empty where the request says nothing, or nothing that can be read. */
export function traceFields(headers: TraceHeaders, projectId: string): Record<string, string | boolean> {
  const context =
    fromTraceparent(textOf(headers.traceparent)) ?? fromCloudTrace(textOf(headers['x-cloud-trace-context']));
  if (context === null) return {};
  return {
    'logging.googleapis.com/trace': `projects/${projectId}/traces/${context.traceId}`,
    ...(context.spanId === undefined ? {} : { 'logging.googleapis.com/spanId': context.spanId }),
    'logging.googleapis.com/trace_sampled': context.isSampled,
  };
}

function textOf(value: string | string[] | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** `00-TRACE-SPAN-FLAGS` (https://www.w3.org/TR/trace-context/#traceparent-header); ids of zeros only are none. */
function fromTraceparent(text: string): TraceContext | null {
  const match = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-|$)/.exec(text);
  const [, traceId = '', spanId = '', flags = ''] = match ?? [];
  if (match === null || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return null;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** `TRACE/SPAN;o=OPTIONS`, the span in decimal (https://cloud.google.com/trace/docs/trace-context#legacy-http-header). */
function fromCloudTrace(text: string): TraceContext | null {
  const match = /^([0-9a-fA-F]{32})(?:\/(\d{1,20}))?(?:;o=(\d+))?$/.exec(text);
  const [, traceId = '', span = '0', options = '0'] = match ?? [];
  if (match === null || /^0+$/.test(traceId)) return null;
  const spanId = BigInt.asUintN(64, BigInt(span)).toString(16).padStart(16, '0');
  const isSampled = (Number(options) & 1) === 1;
  return { traceId: traceId.toLowerCase(), ...(/^0+$/.test(spanId) ? {} : { spanId }), isSampled };
}
