/** An event in the shape in which it is journaled and published: CloudEvents 1.0 in structured mode. */
export interface OutgoingEvent {
  specversion: '1.0';
  id: string;
  type: string;
  source: string;
  subject: string;
  /** RFC 3339. */
  time: string;
  datacontenttype: 'application/json';
  data: Record<string, unknown>;
}
