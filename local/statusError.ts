/** What a local service refuses: the one error that its model throws and that every wire translates. */
export class StatusError extends Error {
  /** google.rpc.Code, as in `STATUS_CODES` of shared/core/errors. */
  readonly code: number;

  constructor(code: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StatusError';
    this.code = code;
  }
}
